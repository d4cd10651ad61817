"""Problems by blame: the person's input and the environment in a sentence, our own as a report."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.errors import Cancelled, DeskMaintError, EnvironmentProblem
from desk_maint.domain.messages import msg
from ui.theme import Space
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from ui.texts import Texts

__all__ = ["CrashDialog", "ExceptionHook", "show_problem"]

_log = logging.getLogger(__name__)


def show_problem(parent: QWidget | None, texts: Texts, error: Exception) -> None:
    """Show ``error`` as its blame asks; returns when the person has read it."""
    if isinstance(error, DeskMaintError):
        icon = (
            QMessageBox.Icon.Critical
            if isinstance(error, EnvironmentProblem)
            else QMessageBox.Icon.Warning
        )
        box = QMessageBox(icon, texts.say(msg("DeskMaint")), texts.say(error.message))
        box.setParent(parent, box.windowFlags())
        box.setObjectName("problem")
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.exec()
        box.deleteLater()
        return
    _log.error("unexpected problem", exc_info=error)
    dialog = CrashDialog(parent, texts, error)
    dialog.exec()
    dialog.deleteLater()


class CrashDialog(QDialog):
    """Our own fault: an apology, and exactly the text that a report would hold."""

    def __init__(self, parent: QWidget | None, texts: Texts, error: BaseException) -> None:
        super().__init__(parent)
        self.setObjectName("crash_report")
        self.setMinimumSize(560, 360)
        texts.bind(self, self.setWindowTitle, msg("A fault of this program"))
        layout = QVBoxLayout(self)
        layout.setSpacing(Space.M)
        apology = named(QLabel(wordWrap=True), "crash_apology")
        texts.bind(
            apology,
            apology.setText,
            msg(
                "This should not have happened, and it is our fault, not yours. What you saved "
                "is safe. Copy the text below and give it to whoever looks after this program."
            ),
        )
        layout.addWidget(apology)
        from desk_maint.cli.crash_report import crash_text

        self.report = named(QPlainTextEdit(crash_text(error), readOnly=True), "crash_text")
        texts.bind(self.report, self.report.setAccessibleName, msg("Text of the report"))
        layout.addWidget(self.report)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton("", QDialogButtonBox.ButtonRole.ActionRole)
        copy.setObjectName("crash_copy")
        texts.bind(copy, copy.setText, msg("Copy"))
        copy.clicked.connect(lambda: QApplication.clipboard().setText(self.report.toPlainText()))
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)


class ExceptionHook(QObject):
    """Brings exceptions of any thread to the window's thread before a dialog opens."""

    caught = Signal(object)

    def __init__(self, show: Callable[[Exception], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before = sys.excepthook
        self.caught.connect(show, Qt.ConnectionType.QueuedConnection)
        sys.excepthook = self._catch

    def _catch(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Cancelled):
            _log.info("given up: %s", kind.__name__)
        elif isinstance(error, Exception):
            self.caught.emit(error)
        else:
            self._before(kind, error, trace)

    def remove(self) -> None:
        """Give Python its own hook back."""
        sys.excepthook = self._before
