"""Why: one text that is asked before something is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.widgets.form_dialog import FormDialog
from ui.widgets.naming import named

if TYPE_CHECKING:
    from ui.context import Context
    from ui.texts import Text

__all__ = ["ReasonDialog"]


class ReasonDialog(FormDialog):
    """One text that must not be empty."""

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        title: Text,
        label: Text,
        *,
        name: str = "reason_dialog",
        required: bool = True,
    ) -> None:
        super().__init__(context, parent, title, name)
        self._text = named(QPlainTextEdit(), f"{name}_text")
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(96)
        self.row(label, self._text)
        if required:
            self.accept_button.setEnabled(False)
            self._text.textChanged.connect(lambda: self.accept_button.setEnabled(bool(self.text())))

    def text(self) -> str:
        """Return what was written."""
        return self._text.toPlainText().strip()
