"""Background work: where its outcome arrives, and where what it was made of is let go."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QProgressBar
from shiboken6 import delete

from desk_maint.domain.errors import Cancelled
from desk_maint.domain.messages import msg
from ui.garbage import Collector
from ui.progress import ProgressStrip
from ui.tasks import Job, Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from desk_maint.db.engine import Database
    from tests.ui.conftest import Window


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:  # noqa: ARG001  (Qt must be up)
    """A runner of its own."""
    runner = Tasks()
    yield runner
    runner.shut_down()


class Page(QDialog):
    """A dialog with a child; Python owns it, as it does what is opened and closed again."""

    def __init__(self, ended_on: list[str]) -> None:
        super().__init__()
        self.label = QLabel("…", self)
        # Not by Qt's signal: that would be told on the thread where it is connected.
        weakref.finalize(self, lambda: ended_on.append(threading.current_thread().name))

    def work(self, _job: Job) -> str:
        """Be used by a job."""
        return self.label.text()

    def fail(self, _job: Job) -> str:
        """Be in the traceback of a job."""
        raise OSError(self.label.text())


@pytest.mark.parametrize("how", [Page.work, Page.fail], ids=["done", "failed"])
def test_what_a_job_held_last_ends_on_the_thread_of_the_window(
    qtbot: QtBot, tasks: Tasks, how: Callable[[Page, Job], str]
) -> None:
    ended_on: list[str] = []
    owner = QObject()
    errors: list[str] = []
    for number in range(200):
        page = Page(ended_on)
        tasks.start(
            owner,
            lambda job, page=page: how(page, job),
            failed=lambda error: errors.append(str(error)),
            free=bool(number % 2),
        )
        del page
    qtbot.waitUntil(lambda: tasks.idle)
    gc.collect()
    qtbot.waitUntil(lambda: len(ended_on) == 200)
    assert set(ended_on) == {threading.main_thread().name}
    assert errors == (["…"] * 200 if how is Page.fail else [])


def test_a_closed_dialog_in_a_cycle_is_not_collected_by_background_work(
    qtbot: QtBot, tasks: Tasks
) -> None:
    collector = Collector(clock=iter([0.0, 0.0, 60.0, 60.0, 60.0]).__next__)
    try:
        ended_on: list[str] = []
        page = Page(ended_on)
        page.me = page
        del page
        limit = gc.get_threshold()[0]

        def work(_job: Job) -> int:
            return len([[] for _ in range(100 * limit)])

        counted: list[int] = []
        tasks.start(collector, work, done=counted.append, free=True)
        qtbot.waitUntil(lambda: tasks.idle)
        assert counted == [100 * limit]
        assert ended_on == [], "left alone: looking for cycles is not for a lane"
        for _ in range(2):
            held = [[] for _ in range(2 * limit)]
            collector.look()
            del held
        assert ended_on == [threading.main_thread().name]
    finally:
        collector.end()
    assert gc.isenabled()


def test_a_cancelled_job_ends_without_a_word(qtbot: QtBot, tasks: Tasks) -> None:
    said: list[object] = []
    ended: list[bool] = []

    def work(job: Job) -> None:
        while not job.cancelled():
            pass
        raise Cancelled

    owner = QObject()
    job = tasks.start(owner, work, done=said.append, failed=said.append)
    job.ended.connect(lambda: ended.append(True))
    job.cancel()
    qtbot.waitUntil(lambda: tasks.idle)
    assert ended == [True]
    assert said == []


def test_of_two_slow_jobs_the_strip_shows_the_latest_to_its_end(
    make_window: Callable[..., Window], bureau: Database
) -> None:
    context = make_window(bureau).program.context
    strip, other = ProgressStrip(context), ProgressStrip(context)
    first, second = (Job(str, strip, msg("Printing…")) for _ in range(2))
    for job in (first, second):
        strip.show_job(job)
        other.show_job(job)
    bar = strip.findChild(QProgressBar, "progress_bar")
    first.progress(7, 9)
    assert bar.maximum() == 0, "what is said is not of the job that is shown"
    second.progress(3, 8)
    assert (bar.value(), bar.maximum()) == (3, 8)
    first.ended.emit()
    assert not strip.isHidden()
    delete(other)  # its dialog was closed while the work went on
    second.progress(4, 8)
    second.ended.emit()
    assert strip.isHidden()


def test_a_result_whose_owner_is_gone_is_dropped(qtbot: QtBot, tasks: Tasks) -> None:
    said: list[object] = []
    begun, go_on = threading.Event(), threading.Event()

    def work(_job: Job) -> str:
        begun.set()
        go_on.wait(20)
        return "late"

    owner = QDialog()
    tasks.start(owner, work, done=said.append)
    begun.wait(20)
    owner.deleteLater()
    qtbot.waitSignal(owner.destroyed).wait()
    go_on.set()
    qtbot.waitUntil(lambda: tasks.idle)
    assert said == []
