"""A small form that is asked before something is done, and stays until it is.

A refusal is said in the dialog, and what was entered stays there.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.errors import InputError, StaleError
from desk_maint.domain.messages import Term
from ui.operations import perform
from ui.theme import Space, Tone, set_tone
from ui.widgets.form_field import align_label
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

    from desk_maint.domain.messages import Message
    from ui.context import Context
    from ui.texts import Text

__all__ = ["FormDialog"]


@dataclass(frozen=True, slots=True)
class _Deed:
    """What is done at OK."""

    prepare: Callable[[], Callable[[], Any] | None]
    success: Message | Callable[[Any], Message] | None
    done: Callable[[Any], object] | None
    look_again: Callable[[], object] | None
    title: Message | None


class FormDialog(QDialog):
    """A titled form with OK and Cancel; OK stays off until all that is needed is there."""

    def __init__(self, context: Context, parent: QWidget | None, title: Text, name: str) -> None:
        super().__init__(parent)
        self.context = context
        self.setObjectName(name)
        self.setMinimumWidth(440)
        self.setWindowTitle(context.texts.say(title))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        self._layout.setSpacing(Space.L)
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(Space.L)
        self.form.setVerticalSpacing(Space.M)
        self._layout.addLayout(self.form)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self.accept_button = self.buttons.button(kinds.Ok)
        self.accept_button.setObjectName(f"{name}_ok")
        self.accept_button.setProperty("role", "primary")
        self.accept_button.setText(context.texts.say(title))
        self.buttons.button(kinds.Cancel).setText(context.texts.say(Term("ui_cancel")))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.problem = named(QLabel(wordWrap=True), f"{name}_problem")
        set_tone(self.problem, Tone.DANGER)
        self.problem.hide()
        self._layout.addWidget(self.problem)
        self._layout.addWidget(self.buttons)
        self._deed: _Deed | None = None

    def run(
        self,
        prepare: Callable[[], Callable[[], Any] | None],
        *,
        success: Message | Callable[[Any], Message] | None = None,
        done: Callable[[Any], object] | None = None,
        look_again: Callable[[], object] | None = None,
        title: Message | None = None,
    ) -> None:
        """Ask, and close only once it is done.

        ``prepare`` is called at each OK, on the window's thread: it reads the fields and returns
        the call into the core, or None where a field is wrong and says so.  ``look_again`` is
        called where somebody else was faster, so that the next OK knows of it.  The rest as for
        :func:`~ui.operations.perform`.
        """
        self._deed = _Deed(prepare, success, done, look_again, title)
        self.exec()

    def accept(self) -> None:
        """Close, or do what :meth:`run` was asked for and close then."""
        deed = self._deed
        if deed is None:
            super().accept()
            return
        call = deed.prepare()
        if call is None:
            return
        self.problem.hide()
        self.accept_button.setEnabled(False)
        perform(
            self,
            self.context,
            call,
            success=deed.success,
            done=self._finish,
            failed=self._refused,
            title=deed.title,
        )

    def _finish(self, result: Any) -> None:
        super().accept()
        if self._deed is not None and self._deed.done is not None:
            self._deed.done(result)

    def _refused(self, error: Exception) -> bool:
        self.accept_button.setEnabled(True)
        if not isinstance(error, InputError):
            return False
        text = self.context.texts.say(error.message)
        if error.field is None or not self.refuse_field(error.field, text):
            self.problem.setText(text)
            self.problem.show()
        look_again = None if self._deed is None else self._deed.look_again
        if isinstance(error, StaleError) and look_again is not None:
            look_again()
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Begin at the first field and end at the buttons, which were there before the fields."""
        super().showEvent(event)
        fields: list[QWidget] = []
        widget = self.nextInFocusChain()
        while widget is not None and widget is not self:
            reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
            if reached and not self.buttons.isAncestorOf(widget):
                fields.append(widget)
            widget = widget.nextInFocusChain()
        for before, after in pairwise([*fields[-1:], *self.buttons.buttons()]):
            self.setTabOrder(before, after)
        if fields:
            fields[0].setFocus()

    def refuse_field(self, _field: str, _text: str) -> bool:
        """Say beside a field why it was refused; False where the dialog has no such field."""
        return False

    def row(self, label: Text, field: QWidget) -> None:
        """Add a field under its label."""
        words = align_label(QLabel(self.context.texts.say(label)))
        words.setBuddy(field)
        field.setAccessibleName(self.context.texts.say(label))
        if isinstance(field, QComboBox) and (inner := field.lineEdit()) is not None:
            inner.setAccessibleName(self.context.texts.say(label))
        self.form.addRow(words, field)
