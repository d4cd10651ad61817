"""How soon the window is there, and how a queue of 200,000 tickets opens, scrolls and filters.

    python -m tests.benchmarks.window [TICKETS]

The start is measured from the start of the process, against a bare PySide6 window with an empty
table, in turns, the medians of several runs.  Works without a screen (`QT_QPA_PLATFORM`).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

RUNS = 7
LAST = date(2026, 6, 1)
TYPED = "D000123"


def main() -> None:
    """Print the tables."""
    tickets = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        location = str(Path(folder) / "district.db")
        subprocess.run([sys.executable, "-c", _BUILD, location, str(tickets)], check=True)
        _child("start", folder, location)
        runs = [
            (_child("bare", folder, location), _child("start", folder, location))
            for _ in range(RUNS)
        ]
        bare = statistics.median(run["frame"] for run, _ in runs)
        print(f"{'from the start of the process':44}{'time':>9}{'ratio':>8}{'peak MB':>9}")
        peak = statistics.median(run["peak"] for run, _ in runs)
        print(f"{'bare window with an empty table, first frame':44}{bare:8.3f}s{1:8.2f}{peak:9.0f}")
        for key, words in (("frame", "first frame"), ("usable", "desk with its data")):
            took = statistics.median(run[key] for _, run in runs)
            peak = statistics.median(run["peak"] for _, run in runs)
            print(f"{'DeskMaint, ' + words:44}{took:8.3f}s{took / bare:8.2f}{peak:9.0f}")
        print(f"\nqueue of {tickets:,} tickets")
        queue = _child("queue", folder, location)
        for key, words in (
            ("open", "open the queue, every ticket"),
            ("scroll", "scroll from end to end, 200 steps"),
            ("longest", "the longest step on the window's thread"),
            ("last", "the last rows are there"),
            ("filter", "filter as one types, each key"),
            ("sort", "sort by another column"),
        ):
            print(f"{words:44}{queue[key]:8.3f}s")
        print(f"{'peak memory':44}{queue['peak']:6.0f} MB")


_BUILD = """
import sys
from datetime import date
from desk_maint.domain.people import Actor, Role
from desk_maint.services import people
from desk_maint.services.people import PersonData
from tests.benchmarks import district, window
location, tickets = sys.argv[1], int(sys.argv[2])
database = district.build(
    location, devices=5_000, faults=tickets, first=date(2025, 6, 1), last=window.LAST
)
actor = Actor("benchmark", Role.ADMINISTRATOR)
people.add(database, actor, PersonData("ma", "马强", Role.TECHNICIAN), None, at=1_780_000_000)
database.close()
"""


def _child(what: str, folder: str, location: str) -> dict[str, Any]:
    environment = {
        "QT_QPA_PLATFORM": "offscreen",
        **os.environ,
        "BEGUN": repr(time.time()),
        "XDG_CONFIG_HOME": folder,
    }
    # As on a user's PC: what was compiled once is not compiled at every start.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-c", f"from tests.benchmarks import window; window.{what}()", location],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _since_start() -> float:
    return time.time() - float(os.environ["BEGUN"])


def _print(**figures: float) -> None:
    import resource

    figures["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(figures), flush=True)


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
    from PySide6.QtCore import QSettings

    from ui.app import Program, make_application
    from ui.preferences import Preferences

    application = make_application(sys.argv)
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
    from PySide6.QtCore import QEvent, QEventLoop, QObject
    from PySide6.QtWidgets import QStackedWidget

    program = _program()
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


if __name__ == "__main__":
    main()
