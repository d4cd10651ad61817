"""A form for one record, made of a list of fields.

It keeps what was typed until it is saved.  Where somebody else has changed the same record
meanwhile it shows both versions, and the person takes theirs, field by field, or keeps her own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from desk_maint.domain.messages import msg
from ui.theme import Space
from ui.widgets.basics import caption
from ui.widgets.form_field import YES_OR_NO, FieldKind, FieldLine, FormField, align_label

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from ui.context import Context
    from ui.texts import Text

__all__ = ["YES_OR_NO", "FieldKind", "FormField", "RecordForm"]


class RecordForm(QWidget):
    """The fields of one record, under each other; those that are needed carry an asterisk."""

    edited = Signal()
    """Something was typed or chosen."""

    def __init__(
        self, context: Context, fields: Sequence[FormField], *, name: str, legend: bool = True
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self._context = context
        self._given: dict[str, Any] = {}
        self._lines: dict[str, FieldLine] = {}
        self._labels: dict[str, QLabel] = {}
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(Space.M)
        layout.setVerticalSpacing(Space.S)
        layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for field in fields:
            line = FieldLine(context, field, name)
            label = align_label(QLabel())
            label.setBuddy(line.editor)
            setter = _marked(label) if field.needed else label.setText
            context.texts.bind(label, setter, field.label)
            line.edited.connect(self.edited)
            line.take.clicked.connect(lambda _=False, line=line: self._take(line))
            layout.addRow(label, line)
            self._lines[field.key], self._labels[field.key] = line, label
        if legend and any(field.needed for field in fields):
            layout.addRow(caption(context, msg("* has to be filled in"), name=f"{name}_needed"))
        context.texts.changed.connect(self._fill_choices)

    def _fill_choices(self) -> None:
        for line in self._lines.values():
            line.fill_choices()

    def offer(self, key: str, choices: Sequence[tuple[Any, Text | str]]) -> None:
        """Give a choice other values; what is chosen stays if it is among them."""
        self._lines[key].offer(choices)

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

    def allow(self, *, editing: bool, but: Collection[str] = ()) -> None:
        """Let the person edit, or only look; the fields ``but`` she may only look at."""
        for key, line in self._lines.items():
            line.allow(editing=editing and key not in but)
            fixed = editing and key in but
            said = self._context.texts.say(msg("Chosen once, when it is new")) if fixed else ""
            line.setToolTip(said)

    def current(self) -> dict[str, Any]:
        """Return what the fields say now, right or wrong."""
        return {key: line.value()[0] for key, line in self._lines.items()}

    def values(self) -> dict[str, Any] | None:
        """Return what the fields say; None where one is wrong, which is said beside it.

        What is hidden is never wrong: it is of no matter then.
        """
        found: dict[str, Any] = {}
        first_wrong: QWidget | None = None
        for key, line in self._lines.items():
            value, wrong = line.value()
            if line.isHidden():
                wrong = None
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

    def _take(self, line: FieldLine) -> None:
        line.show_value(line.offered)
        line.show_theirs(None)
        self.edited.emit()

    def focus_first(self) -> None:
        """Put the focus into the first field."""
        next(iter(self._lines.values())).editor.setFocus()


def _marked(label: QLabel) -> Callable[[str], None]:
    return lambda text: label.setText(f"{text} *")
