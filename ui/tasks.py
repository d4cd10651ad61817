"""Two lanes of background work, so that the window never freezes.

The *database* lane does one thing at a time, in the order asked (what a person does, and the
reading of a page); the *free* lane takes long independent work such as an export.  A result
comes back on the window's thread, and only while its owner lives.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Qt, QThreadPool, QTimer, Signal, Slot
from shiboken6 import isValid

from desk_maint.domain.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_maint.domain.messages import Message

__all__ = ["Job", "Tasks"]

PROGRESS_AFTER_MS = 600
_log = logging.getLogger(__name__)


class Job(QObject):
    """One piece of background work; its signals arrive on the window's thread.

    It lives until its outcome has been delivered, and :class:`Tasks` ends it.
    """

    done = Signal(object)
    failed = Signal(object)
    progressed = Signal(int, int)
    """Done and total, total 0 while unknown."""
    slow = Signal()
    """The job has run for 0.6 s: time to show progress."""
    ended = Signal()

    def __init__(
        self,
        call: Callable[..., Any],
        owner: QObject,
        title: Message | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.title = title
        self._call = call
        self._owner = owner
        self._cancel = threading.Event()
        self.finished = False

    def cancel(self) -> None:
        """Ask the job to stop; it ends when the core next looks."""
        self._cancel.set()

    def cancelled(self) -> bool:
        """Whether cancelling has been asked for (handed to the core as the token)."""
        return self._cancel.is_set()

    def progress(self, done: int, total: int = 0) -> None:
        """Tell the window how far the work is (called on the job's thread)."""
        self.progressed.emit(done, total)

    def run(self) -> _Outcome:
        """Do the work on the calling thread and return what came of it."""
        try:
            return _Outcome(self, self._call(self), None)
        except Exception as problem:  # noqa: BLE001  (sorted by blame on the window's thread)
            return _Outcome(self, None, problem)

    def deliver(self, result: object, error: Exception | None) -> None:
        """Give the outcome to the owner, unless it is gone or the job was cancelled."""
        self.finished = True
        try:
            if isValid(self._owner):
                if error is None:
                    self.done.emit(result)
                elif not isinstance(error, Cancelled):
                    self.failed.emit(error)
        finally:
            self.ended.emit()


class _Outcome(NamedTuple):
    job: Job
    result: object
    error: Exception | None


class Tasks(QObject):
    """The runner of both lanes; it waits for its work at shutdown.

    What a job was made of (the call, often with a page or a dialog in it) must not be let go of
    last on a lane's thread: Python would destroy it there, and Qt allows that for no widget.  So
    a lane lays the outcome down and holds nothing of the job when it tells the window's thread,
    which ends it.
    """

    slow = Signal(object)
    """A job with a title has run for 0.6 s."""
    unhandled = Signal(object)
    """A job failed and its owner had no ear for it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._database = QThreadPool(self)
        self._database.setMaxThreadCount(1)
        self._database.setExpiryTimeout(-1)
        self._free = QThreadPool(self)
        self._free.setMaxThreadCount(2)
        self._running: set[Job] = set()
        self._outcomes: deque[_Outcome] = deque()
        self._laid_down.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        owner: QObject,
        call: Callable[[Job], Any],
        *,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        title: Message | None = None,
        free: bool = False,
    ) -> Job:
        """Run ``call(job)`` in a lane; ``done`` or ``failed`` is called on the window's thread.

        ``title`` says what is going on, once it has taken 0.6 s.  Without ``failed`` the error
        goes to :attr:`unhandled`, where the window shows it by blame.
        """
        job = Job(call, owner, title, self)
        self._running.add(job)
        if done is not None:
            job.done.connect(done)
        job.failed.connect(failed if failed is not None else self.unhandled.emit)
        if title is not None:
            QTimer.singleShot(PROGRESS_AFTER_MS, job, lambda: self._tell_slow(job))
        handed = [job]
        (self._free if free else self._database).start(lambda: self._run(handed))
        return job

    _laid_down = Signal()

    def _run(self, handed: list[Job]) -> None:
        """Do the one job handed over, on the lane's thread."""
        self._outcomes.append(handed.pop().run())
        self._laid_down.emit()

    @Slot()
    def _deliver(self) -> None:
        job, result, error = self._outcomes.popleft()
        try:
            job.deliver(result, error)
        finally:
            self._running.discard(job)
            job.deleteLater()

    def _tell_slow(self, job: Job) -> None:
        if not job.finished:
            job.slow.emit()
            self.slow.emit(job)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way and every result has been delivered."""
        return not self._running

    def finish_changes(self) -> None:
        """Wait for the database lane: what a person has begun to save is saved as hers."""
        self._database.waitForDone()

    def shut_down(self) -> None:
        """Cancel what can be cancelled and wait for the rest, so that nothing is cut in half."""
        for job in list(self._running):
            job.cancel()
        self._database.waitForDone()
        self._free.waitForDone()
        _log.debug("background work has ended")
