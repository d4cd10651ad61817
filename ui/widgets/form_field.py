"""One field of a form: its editor, what is wrong with it, and what somebody else made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.instants import from_local, to_local
from desk_maint.domain.messages import Message, Term, msg
from ui.theme import Size, Space, Tone, set_tone
from ui.widgets.choice_list import ChoiceList
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from ui.context import Context
    from ui.texts import Text

__all__ = ["YES_OR_NO", "FieldKind", "FieldLine", "FormField", "align_label", "read_date"]

YES_OR_NO = ((True, Term("yes")), (False, Term("no")))
"""The choices of a field that is one or the other."""

_DATE_PARTS = 3
_MOMENT_PARTS = (5, 6)


class FieldKind(Enum):
    """How a value is entered."""

    TEXT = "text"
    SECRET = "secret"  # noqa: S105  (a kind of field)
    """Nobody who looks over the shoulder can read it; it is taken with its blanks."""
    LINES = "lines"
    DATE = "date"
    MOMENT = "moment"
    """UTC seconds, written as date and time of the bureau; seconds only where there are any."""
    NUMBER = "number"
    CHOICE = "choice"
    MANY = "many"
    """Several of the choices: a frozen set, empty where none is chosen."""


_LEAST_LETTERS, _MOST_LETTERS = 8, 24
"""Room of a box of choices, in letters as wide as an X."""
_EXAMPLES = {FieldKind.DATE: "2026-06-01", FieldKind.MOMENT: "2026-06-01 08:05"}


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a record; an empty one is None."""

    key: str
    label: Text
    kind: FieldKind = FieldKind.TEXT
    choices: Sequence[tuple[Any, Text | str]] = ()
    """Values and what they are called, for a choice."""
    needed: bool = False
    example: str = ""
    hint: Message | None = None
    """What an empty field means; it stands in the field."""


def align_label(label: QLabel) -> QLabel:
    """Let a label stand on the middle of its field, and of the first line of a tall one."""
    label.setFixedHeight(Size.CONTROL)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return label


class FieldLine(QWidget):
    """A field's editor, what is wrong with it, and what somebody else has made of it."""

    edited = Signal()
    """Something was typed or chosen by the person."""

    def __init__(self, context: Context, field: FormField, name: str) -> None:
        super().__init__()
        self.field = field
        self._context = context
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        self.editor = self._make_editor(f"{name}_{field.key}")
        layout.addWidget(self.editor)
        self.problem = named(QLabel(wordWrap=True), f"{name}_{field.key}_problem")
        set_tone(self.problem, Tone.DANGER)
        self.problem.hide()
        layout.addWidget(self.problem)
        self.offered: Any = None
        """What somebody else has made of it."""
        self._theirs = QWidget()
        beside = QHBoxLayout(self._theirs)
        beside.setContentsMargins(0, 0, 0, 0)
        self.theirs = named(QLabel(wordWrap=True), f"{name}_{field.key}_theirs")
        set_tone(self.theirs, Tone.WARNING)
        beside.addWidget(self.theirs, 1)
        self.take = named(QPushButton(), f"{name}_{field.key}_take")
        context.texts.bind(self.take, self.take.setText, msg("Take it"))
        beside.addWidget(self.take)
        self._theirs.hide()
        layout.addWidget(self._theirs)
        context.texts.bind(self.editor, self.editor.setAccessibleName, field.label)
        if field.needed:
            context.texts.bind(
                self.editor, self.editor.setAccessibleDescription, msg("Has to be filled in")
            )
        self.fill_choices()

    def _make_editor(self, name: str) -> QWidget:
        kind = self.field.kind
        if kind is FieldKind.CHOICE:
            return self._make_box(name)
        if kind is FieldKind.MANY:
            many = ChoiceList(self._context, self.field.label, name=name)
            many.edited.connect(self.edited)
            return many
        if kind is FieldKind.LINES:
            lines = named(QPlainTextEdit(), name)
            lines.setTabChangesFocus(True)
            lines.setFixedHeight(2 * Size.CONTROL)
            lines.textChanged.connect(self.edited)
            return lines
        text = named(QLineEdit(), name)
        if kind is FieldKind.SECRET:
            text.setEchoMode(QLineEdit.EchoMode.Password)
        text.textEdited.connect(lambda _text: self.edited.emit())
        example = _EXAMPLES.get(kind, self.field.example)
        hint = msg("e.g. {example}", example=example) if example else self.field.hint
        if hint is not None:
            self._context.texts.bind(text, text.setPlaceholderText, hint)
        return text

    def _make_box(self, name: str) -> QComboBox:
        box = named(QComboBox(), name)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        box.setSizeAdjustPolicy(policy)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # Where there is no room for a choice, the tool tip has all of it.
        box.currentTextChanged.connect(box.setToolTip)
        box.activated.connect(lambda _index: self.edited.emit())
        return box

    def fill_choices(self) -> None:
        """Put in the choices, in the present language."""
        if isinstance(self.editor, QComboBox):
            kept = self.editor.currentIndex()
            self.editor.clear()
            for _, words in self.field.choices:
                self.editor.addItem(self._words(words))
            self.editor.setMinimumContentsLength(self._least_length())
            self.editor.setCurrentIndex(max(kept, 0))
        elif isinstance(self.editor, ChoiceList):
            self.editor.offer([(value, self._words(words)) for value, words in self.field.choices])

    def _least_length(self) -> int:
        """Return the room of all choices in letters; little where some need more than a form has.

        A form puts a box below its label where the two have no room beside each other.
        """
        metrics = self.editor.fontMetrics()
        widths = [metrics.horizontalAdvance(self._words(words)) for _, words in self.field.choices]
        letters = -(-max(widths, default=0) // metrics.horizontalAdvance("X"))
        return letters if _LEAST_LETTERS < letters <= _MOST_LETTERS else _LEAST_LETTERS

    def offer(self, choices: Sequence[tuple[Any, Text | str]]) -> None:
        """Offer other values; what is chosen stays if it is among them."""
        chosen, _ = self.value()
        old = self.field
        self.field = FormField(
            old.key, old.label, old.kind, choices, old.needed, old.example, old.hint
        )
        self.fill_choices()
        self.show_value(chosen)

    def _words(self, words: Text | str) -> str:
        return words if isinstance(words, str) else self._context.texts.say(words)

    def show_value(self, value: Any) -> None:
        """Show a value without telling that it was edited."""
        editor = self.editor
        if isinstance(editor, QComboBox):
            values = [choice for choice, _ in self.field.choices]
            editor.setCurrentIndex(values.index(value) if value in values else 0)
        elif isinstance(editor, ChoiceList):
            editor.show_value(value or frozenset())
        elif isinstance(editor, QPlainTextEdit):
            editor.blockSignals(True)
            editor.setPlainText(self.words_of(value))
            editor.blockSignals(False)
        elif isinstance(editor, QLineEdit):
            editor.setText(self.words_of(value))

    def words_of(self, value: Any) -> str:
        """Return a value as it stands in the field."""
        if value is None:
            return ""
        if isinstance(self.editor, ChoiceList):
            return self.editor.words_of(value)
        if self.field.kind is FieldKind.MOMENT:
            local = to_local(value, self._context.zone)
            return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"
        for choice, words in self.field.choices:
            if choice == value:
                return self._words(words)
        return value.isoformat() if isinstance(value, date) else str(value)

    def value(self) -> tuple[Any, Message | None]:
        """Return the value, and what is wrong with it."""
        editor = self.editor
        if isinstance(editor, QComboBox):
            index = editor.currentIndex()
            return (self.field.choices[index][0] if index >= 0 else None), None
        if isinstance(editor, ChoiceList):
            chosen = editor.value()
            return chosen, None if chosen or not self.field.needed else _missing()
        if isinstance(editor, QPlainTextEdit):
            return self._typed(editor.toPlainText().strip())
        text = editor.text() if isinstance(editor, QLineEdit) else ""
        return self._typed(text if self.field.kind is FieldKind.SECRET else text.strip())

    def _typed(self, text: str) -> tuple[Any, Message | None]:
        if not text:
            return None, _missing() if self.field.needed else None
        if self.field.kind is FieldKind.DATE:
            return read_date(text)
        if self.field.kind is FieldKind.MOMENT:
            return _read_moment(text, self._context.zone)
        if self.field.kind is FieldKind.NUMBER:
            return (int(text), None) if text.isdecimal() else (None, msg("Write a whole number."))
        return text, None

    def allow(self, *, editing: bool) -> None:
        """Let the person edit, or only look."""
        if isinstance(self.editor, QLineEdit | QPlainTextEdit):
            self.editor.setReadOnly(not editing)
        else:
            self.editor.setEnabled(editing)

    def show_problem(self, text: str) -> None:
        """Say what is wrong with it; an empty text: nothing."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    @property
    def is_offered(self) -> bool:
        """Whether somebody else's value stands beside the field."""
        return not self._theirs.isHidden()

    def show_theirs(self, text: str | None) -> None:
        """Show what the database holds now; None: the same."""
        self._theirs.setVisible(text is not None)
        if text is not None:
            now = msg("Now in the database: {value}", value=text or "—")
            self.theirs.setText(self._context.texts.say(now))


def _missing() -> Message:
    return msg("This has to be filled in.")


def read_date(text: str) -> tuple[date | None, Message | None]:
    """Return the date that a text means, and what is wrong with it."""
    parts = re.findall(r"\d+", text)
    try:
        if len(parts) == _DATE_PARTS:
            year, month, day = map(int, parts)
            return date(year, month, day), None
    except ValueError:
        pass
    return None, msg("Write the date as 2026-06-01.")


def _read_moment(text: str, zone: ZoneInfo) -> tuple[int | None, Message | None]:
    """Return the instant that a local date and time mean, and what is wrong with them."""
    parts = [int(part) for part in re.findall(r"\d+", text)]
    try:
        if len(parts) in _MOMENT_PARTS:
            year, month, day, hour, minute, second = (*parts, 0)[:6]
            shown = date(year, month, day), time(hour, minute, second)
            return from_local(datetime.combine(*shown), zone), None
    except ValueError:
        pass
    return None, msg("Write date and time as 2026-06-01 08:05.")
