"""What one process of the window's benchmark does: a bare window, the start, the queue.

Kept apart from `window`, so that a measured process imports nothing but what is measured.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

TYPED = "D000123"
NOW = 1_780_243_200
"""2026-06-01 00:00 in Shanghai: the district ends then."""


def _since_start() -> float:
    return time.time() - float(os.environ["BEGUN"])


def _print(**figures: float) -> None:
    import resource

    figures["processor"] = time.process_time()
    figures["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(repr(figures), flush=True)


def bare() -> None:
    """Show a window with an empty table; tell when it was painted."""
    from PySide6.QtGui import QStandardItemModel
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

    class Table(QTableView):
        def paintEvent(self, event: Any) -> None:
            super().paintEvent(event)
            _print(frame=_since_start())
            os._exit(0)

    application = QApplication(sys.argv)
    window = QMainWindow()
    table = Table()
    table.setModel(QStandardItemModel(0, 8))
    window.setCentralWidget(table)
    window.resize(1280, 720)
    window.show()
    application.exec()


def _program() -> Any:
    from ui.app import Program, make_application

    program = Program(make_application(sys.argv), location=sys.argv[1], clock=lambda: float(NOW))
    program.window.resize(1280, 720)
    return program


def start() -> None:
    """Open the workshop desk by the front door; tell when it was painted, and when its data were.

    Nothing is polled: a look each few milliseconds would take the interpreter from the program.
    """
    # The front door first: as when the program is started, nothing is there before it.
    from desk_maint.cli import main as front_door

    os.environ["DESK_MAINT_DATABASE"] = sys.argv.pop()
    front_door.defer()
    import ui.app
    from PySide6.QtCore import QEvent, QObject  # isort: skip  (the program brings Qt in)
    from PySide6.QtWidgets import QStackedWidget  # isort: skip

    figures: dict[str, float] = {}

    class Eye(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                figures["frame"] = _since_start()
                watched.removeEventFilter(self)
            return False

    class Watched(ui.app.Program):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more, clock=lambda: float(NOW))
            self.window.resize(1280, 720)
            self._eye = Eye()
            self.window.installEventFilter(self._eye)
            self._stack = self.window.findChild(QStackedWidget, "pages")
            self._stack.currentChanged.connect(self._watch_queue)

        def _watch_queue(self, _index: int) -> None:
            queue = _queue(self)
            if queue is not None:
                self._stack.currentChanged.disconnect(self._watch_queue)
                queue.model.loaded.connect(lambda: self._tell(queue))

        def _tell(self, queue: Any) -> None:
            if queue.model.rowCount():
                # What has come is also painted.
                self.application.processEvents()
                figures["usable"] = _since_start()
                _print(**figures)
                os._exit(0)

    ui.app.Program = Watched  # type: ignore[misc]
    front_door.main([])


def queue() -> None:
    """Open, scroll, filter and sort the queue of all tickets."""
    program = _program()
    program.start()
    _wait(program, lambda: _queue(program) is not None and _queue(program).model.rowCount() > 0)
    queue = _queue(program)
    figures = {}
    begun = time.perf_counter()
    queue.use_chip("all")
    _wait(program, lambda: queue.model.rowCount() > 100_000 or _idle(program))
    figures["open"] = time.perf_counter() - begun
    bar = queue.table.verticalScrollBar()
    begun, longest = time.perf_counter(), 0.0
    for step in range(1, 201):
        moment = time.perf_counter()
        bar.setValue(bar.maximum() * step // 200)
        program.application.processEvents()
        longest = max(longest, time.perf_counter() - moment)
    figures["scroll"] = time.perf_counter() - begun
    figures["longest"] = longest
    _wait(program, lambda: queue.model.row(queue.model.rowCount() - 1) is not None)
    figures["last"] = time.perf_counter() - begun - figures["scroll"]
    begun = time.perf_counter()
    for length in range(1, len(TYPED) + 1):
        queue.search.setText(TYPED[:length])
        queue.refresh()
        _wait(program, lambda: _idle(program))
    figures["filter"] = (time.perf_counter() - begun) / len(TYPED)
    assert 0 < queue.model.rowCount() < 1000
    queue.search.setText("")
    queue.refresh()
    _wait(program, lambda: _idle(program))
    begun = time.perf_counter()
    queue.table.sortByColumn(2, queue.table.horizontalHeader().sortIndicatorOrder())
    _wait(program, lambda: _idle(program))
    figures["sort"] = time.perf_counter() - begun
    _print(**figures)
    os._exit(0)


def _queue(program: Any) -> Any:
    from PySide6.QtWidgets import QWidget

    return program.window.findChild(QWidget, "queue")


def _idle(program: Any) -> bool:
    return bool(program.context.tasks.idle)


def _wait(program: Any, there: Any) -> None:
    """Let the window work until something is there, without taking time from it."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    look = QTimer(interval=2)
    look.timeout.connect(lambda: loop.quit() if there() else None)
    look.start()
    loop.exec()
    # What has come is also painted.
    program.application.processEvents()
