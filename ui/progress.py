"""The strip at the foot of the window that shows long work: what, how far, and a way to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from desk_maint.domain.messages import Term, msg
from ui.theme import Space
from ui.widgets.naming import named

if TYPE_CHECKING:
    from ui.context import Context
    from ui.tasks import Job

__all__ = ["ProgressStrip"]


class ProgressStrip(QFrame):
    """Appears when a job has run for 0.6 s and goes when it ends; of several the latest."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self.setObjectName("progress")
        self.setProperty("role", "topbar")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        layout.setSpacing(Space.M)
        self._what = named(QLabel(), "progress_what")
        self._bar = named(QProgressBar(textVisible=False), "progress_bar")
        self._stop = named(QPushButton(), "progress_cancel")
        context.texts.bind(self._stop, self._stop.setText, Term("ui_cancel"))
        context.texts.bind(self._bar, self._bar.setAccessibleName, msg("Progress"))
        self._stop.clicked.connect(self._cancel)
        layout.addWidget(self._what)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self._stop)
        self.hide()
        context.tasks.slow.connect(self.show_job)

    def show_job(self, job: Job) -> None:
        """Show ``job`` until it ends."""
        if job.finished or job.title is None:
            return
        self._job = job
        self._what.setText(self._context.texts.say(job.title))
        self._bar.setRange(0, 0)
        self._stop.setEnabled(True)
        job.progressed.connect(self._advance)
        job.ended.connect(self._end)
        self.show()

    def _advance(self, done: int, total: int) -> None:
        if self.sender() is self._job:
            self._bar.setRange(0, total)
            self._bar.setValue(done)

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._stop.setEnabled(False)

    def _end(self) -> None:
        if self.sender() is self._job:
            self._job = None
            self.hide()
