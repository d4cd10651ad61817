"""A form for one record, made of a list of fields.

It keeps what was typed until it is saved.  Where somebody else has changed the same record
meanwhile it shows both versions, and the person takes theirs, field by field, or keeps her own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.messages import Message, Term, msg
from ui.theme import Space, Tone, set_tone
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ui.context import Context
    from ui.texts import Text

__all__ = ["YES_OR_NO", "FieldKind", "FormField", "RecordForm"]

YES_OR_NO = ((True, Term("yes")), (False, Term("no")))
"""The choices of a field that is one or the other."""

_DATE_PARTS = 3


class FieldKind(Enum):
    """How a value is entered."""

    TEXT = "text"
    LINES = "lines"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"


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


class _Line(QWidget):
    """A field's editor, what is wrong with it, and what somebody else has made of it."""

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

    def _make_editor(self, name: str) -> QWidget:
        kind = self.field.kind
        if kind is FieldKind.CHOICE:
            box = named(QComboBox(), name)
            policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            box.setSizeAdjustPolicy(policy)
            box.setMinimumContentsLength(8)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            return box
        if kind is FieldKind.LINES:
            lines = named(QPlainTextEdit(), name)
            lines.setTabChangesFocus(True)
            lines.setFixedHeight(64)
            return lines
        text = named(QLineEdit(), name)
        example = "2026-06-01" if kind is FieldKind.DATE else self.field.example
        text.setPlaceholderText(example)
        return text

    def fill_choices(self) -> None:
        """Put in the choices, in the present language."""
        if isinstance(self.editor, QComboBox):
            kept = self.editor.currentIndex()
            self.editor.clear()
            for _, words in self.field.choices:
                self.editor.addItem(self._words(words))
            self.editor.setCurrentIndex(max(kept, 0))

    def _words(self, words: Text | str) -> str:
        return words if isinstance(words, str) else self._context.texts.say(words)

    def show_value(self, value: Any) -> None:
        editor = self.editor
        if isinstance(editor, QComboBox):
            values = [choice for choice, _ in self.field.choices]
            editor.setCurrentIndex(values.index(value) if value in values else 0)
        elif isinstance(editor, QPlainTextEdit):
            editor.setPlainText(self.words_of(value))
        elif isinstance(editor, QLineEdit):
            editor.setText(self.words_of(value))

    def words_of(self, value: Any) -> str:
        """Return a value as it stands in the field."""
        if value is None:
            return ""
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
        if isinstance(editor, QPlainTextEdit):
            return self._typed(editor.toPlainText().strip())
        return self._typed(editor.text().strip() if isinstance(editor, QLineEdit) else "")

    def _typed(self, text: str) -> tuple[Any, Message | None]:
        if not text:
            return None, msg("This has to be filled in.") if self.field.needed else None
        if self.field.kind is FieldKind.DATE:
            return _date(text)
        if self.field.kind is FieldKind.NUMBER:
            return (int(text), None) if text.isdecimal() else (None, msg("Write a whole number."))
        return text, None

    def show_problem(self, text: str) -> None:
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


class RecordForm(QWidget):
    """The fields of one record, under each other."""

    edited = Signal()
    """Something was typed or chosen."""

    def __init__(self, context: Context, fields: Sequence[FormField], *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._context = context
        self._given: dict[str, Any] = {}
        self._lines: dict[str, _Line] = {}
        self._labels: dict[str, QLabel] = {}
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(Space.M)
        layout.setVerticalSpacing(Space.S)
        layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for field in fields:
            line = _Line(context, field, name)
            label = QLabel()
            label.setBuddy(line.editor)
            context.texts.bind(label, label.setText, field.label)
            context.texts.bind(line.editor, line.editor.setAccessibleName, field.label)
            line.fill_choices()
            self._listen(line)
            line.take.clicked.connect(lambda _=False, line=line: self._take(line))
            layout.addRow(label, line)
            self._lines[field.key], self._labels[field.key] = line, label
        context.texts.changed.connect(self._fill_choices)

    def _listen(self, line: _Line) -> None:
        editor = line.editor
        if isinstance(editor, QComboBox):
            editor.activated.connect(lambda _index: self.edited.emit())
        elif isinstance(editor, QPlainTextEdit):
            editor.textChanged.connect(self.edited)
        elif isinstance(editor, QLineEdit):
            editor.textEdited.connect(lambda _text: self.edited.emit())

    def _fill_choices(self) -> None:
        for line in self._lines.values():
            line.fill_choices()

    def offer(self, key: str, choices: Sequence[tuple[Any, Text | str]]) -> None:
        """Give a choice other values; what is chosen stays if it is among them."""
        line = self._lines[key]
        chosen, _ = line.value()
        old = line.field
        line.field = FormField(old.key, old.label, old.kind, choices, old.needed, old.example)
        line.fill_choices()
        line.show_value(chosen)

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show a record; what is said of an earlier one is forgotten."""
        self._given = dict(values)
        for key, line in self._lines.items():
            line.show_value(values.get(key))
            line.show_problem("")
            line.show_theirs(None)

    def show_only(self, keys: Sequence[str] | None) -> None:
        """Show some of the fields; None: all."""
        for key, line in self._lines.items():
            there = keys is None or key in keys
            line.setVisible(there)
            self._labels[key].setVisible(there)

    def allow(self, *, editing: bool) -> None:
        """Let the person edit, or only look."""
        for line in self._lines.values():
            editor = line.editor
            if isinstance(editor, QLineEdit | QPlainTextEdit):
                editor.setReadOnly(not editing)
            else:
                editor.setEnabled(editing)

    def values(self) -> dict[str, Any] | None:
        """Return what the fields say; None where one is wrong, which is said beside it."""
        found: dict[str, Any] = {}
        first_wrong: QWidget | None = None
        for key, line in self._lines.items():
            value, wrong = line.value()
            line.show_problem("" if wrong is None else self._context.texts.say(wrong))
            if wrong is not None and first_wrong is None:
                first_wrong = line.editor
            found[key] = value
        if first_wrong is None:
            return found
        first_wrong.setFocus()
        return None

    def show_theirs(self, theirs: Mapping[str, Any]) -> int:
        """Show what others have made of the record; returns in how many fields it differs."""
        differing = 0
        for key, line in self._lines.items():
            mine, _ = line.value()
            value = theirs.get(key)
            if value == mine or value == self._given.get(key):
                line.show_theirs(None)
                continue
            differing += 1
            line.offered = value
            line.show_theirs(line.words_of(value))
        # Fields that only they have changed, and nobody here, take theirs.
        for key, line in self._lines.items():
            mine, _ = line.value()
            if mine == self._given.get(key) and theirs.get(key) != mine:
                line.show_value(theirs.get(key))
                line.show_theirs(None)
                differing -= 1
        self._given = dict(theirs)
        return differing

    def refuse(self, key: str, text: str) -> bool:
        """Say beside a field why the record was refused; False where there is no such field."""
        line = self._lines.get(key)
        if line is None or line.isHidden():
            return False
        line.show_problem(text)
        line.editor.setFocus()
        return True

    def take_all(self) -> None:
        """Take what others have made of the record, in every field where it differs."""
        for line in self._lines.values():
            if line.is_offered:
                self._take(line)

    def keep_mine(self) -> None:
        """Leave what stands in the fields; the next save writes it over theirs."""
        for line in self._lines.values():
            line.show_theirs(None)

    def _take(self, line: _Line) -> None:
        line.show_value(line.offered)
        line.show_theirs(None)
        self.edited.emit()

    def focus_first(self) -> None:
        """Put the focus into the first field."""
        next(iter(self._lines.values())).editor.setFocus()


def _date(text: str) -> tuple[date | None, Message | None]:
    parts = re.findall(r"\d+", text)
    try:
        if len(parts) == _DATE_PARTS:
            year, month, day = map(int, parts)
            return date(year, month, day), None
    except ValueError:
        pass
    return None, msg("Write the date as 2026-06-01.")
