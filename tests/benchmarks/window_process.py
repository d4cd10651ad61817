"""What one process of the window's benchmark does: a bare window, the start, the queue.

Kept apart from `window`, so that a measured process imports nothing but what is measured.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

TYPED = "D000123"


def _since_start() -> float:
    return time.time() - float(os.environ["BEGUN"])


def _print(**figures: float) -> None:
    import resource

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
    from ui.preferences import Preferences

    application = make_application(sys.argv)
    from pathlib import Path

    from PySide6.QtCore import QSettings

    folder = os.environ["XDG_CONFIG_HOME"]
    settings = QSettings(str(Path(folder) / "window.ini"), QSettings.Format.IniFormat)
    settings.setValue("login", "ma")
    program = Program(
        application,
        location=sys.argv[1],
        language="zh_CN",
        preferences=Preferences(settings),
        clock=lambda: 1_780_243_200.0,
    )
    program.window.resize(1280, 720)
    return program


def start() -> None:
    """Open the workshop desk; tell when the frame was painted, and when its data were.

    Nothing is polled: a look each few milliseconds would take the interpreter from the program.
    """
    # The program first: as when it is started, nothing of Qt is there before it.
    program = _program()
    from PySide6.QtCore import QEvent, QEventLoop, QObject
    from PySide6.QtWidgets import QStackedWidget

    figures: dict[str, float] = {}
    loop = QEventLoop()

    class Eye(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                figures["frame"] = _since_start()
                watched.removeEventFilter(self)
            return False

    def watch_queue(_index: int) -> None:
        queue = _queue(program)
        if queue is not None:
            pages.currentChanged.disconnect(watch_queue)
            queue.model.loaded.connect(lambda: loop.quit() if queue.model.rowCount() else None)

    eye = Eye()
    program.window.installEventFilter(eye)
    pages = program.window.findChild(QStackedWidget, "pages")
    pages.currentChanged.connect(watch_queue)
    program.start()
    loop.exec()
    # What has come is also painted.
    program.application.processEvents()
    figures["usable"] = _since_start()
    _print(**figures)
    os._exit(0)


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
