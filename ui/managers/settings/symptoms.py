"""The usual symptoms, in the order of their buttons at the counter."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox, QPushButton

from desk_maint.domain.devices import Category
from desk_maint.domain.faults import Impact
from desk_maint.domain.messages import Term, msg
from desk_maint.services import symptoms
from desk_maint.services.permissions import may
from ui.managers.records import Records, RecordsPanel
from ui.managers.rows_model import Field
from ui.managers.settings.fields import label, words
from ui.operations import perform
from ui.widgets.basics import button
from ui.widgets.naming import named
from ui.widgets.record_form import FieldKind, FormField
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk_maint.services.symptoms import SymptomRow
    from ui.context import Context

__all__ = ["SymptomsPanel"]

_LAST_KEY = 9
"""The counter presses a symptom by its digit; those behind it by a click."""


class SymptomsPanel(RecordsPanel):
    """The list may show one category; a symptom is moved up and down among those of its own."""

    def __init__(self, context: Context) -> None:
        self._all: list[SymptomRow] = []
        self._moves: dict[int, QPushButton] = {}
        self._may_edit = may(context.actor, "symptom.edit")
        super().__init__(context, self._records_of(context))
        self.category = named(QComboBox(), "symptoms_category_shown")
        context.texts.bind(
            self.category, self.category.setAccessibleName, label("symptom", "category")
        )
        self.category.activated.connect(lambda _index: self._show_rows())
        self.head.addWidget(self.category)
        self.head.addStretch(1)
        self._moves = {
            step: button(context, text, partial(self.move_chosen, step), name=name, icon_name=icon)
            for step, text, name, icon in (
                (-1, msg("Move up"), "symptoms_up", "mdi6.arrow-up"),
                (1, msg("Move down"), "symptoms_down", "mdi6.arrow-down"),
            )
        }
        for step, made in self._moves.items():
            made.setToolTip("Alt+↑" if step < 0 else "Alt+↓")
            made.setEnabled(False)
            self.head.addWidget(made)
        self._fill_categories()
        context.texts.changed.connect(self._fill_categories)

    def _records_of(self, context: Context) -> Records:
        say = context.texts.say
        may_edit = self._may_edit

        def add(values: Mapping[str, Any]) -> object:
            return symptoms.add(
                context.database,
                context.actor,
                values["category"],
                values["text"],
                values["impact"],
                at=context.now(),
            )

        def edit(row: SymptomRow, values: Mapping[str, Any]) -> object:
            return symptoms.edit(
                context.database,
                context.actor,
                row.id,
                values["text"],
                values["impact"],
                version=row.version,
                at=context.now(),
            )

        def remove(row: SymptomRow) -> object:
            return symptoms.remove(
                context.database, context.actor, row.id, version=row.version, at=context.now()
            )

        return Records(
            name="symptoms",
            title=Term("fault_symptom"),
            columns=[
                Field(label("symptom", "text"), lambda row: row.text),
                Field(msg("Key"), self._key_of),
                Field(label("symptom", "category"), lambda row: say(word(row.category))),
                Field(label("symptom", "impact"), lambda row: say(word(row.impact))),
            ],
            fields=[
                FormField("text", label("symptom", "text"), needed=True),
                FormField("impact", label("symptom", "impact"), FieldKind.CHOICE, words(Impact)),
                FormField(
                    "category", label("symptom", "category"), FieldKind.CHOICE, words(Category)
                ),
            ],
            read=lambda: symptoms.list_symptoms(context.database, context.actor),
            values_of=lambda row: {
                "text": row.text,
                "impact": row.impact,
                "category": row.category,
            },
            add=add if may_edit else None,
            edit=edit if may_edit else None,
            remove=remove if may_edit else None,
            fresh={"impact": Impact.OUT_OF_SERVICE, "category": Category.ATM},
            fixed=("category",),
            sortable=False,
        )

    def _fill_categories(self) -> None:
        say = self.context.texts.say
        chosen = self.category.currentData()
        self.category.clear()
        self.category.addItem(say(Term("all_categories")), None)
        for category in Category:
            self.category.addItem(say(word(category)), category)
        self.category.setCurrentIndex(max(self.category.findData(chosen), 0))

    def _place(self, row: SymptomRow) -> tuple[list[int], int]:
        """Return the symptoms of a row's category in their order, and its place among them."""
        keys = [each.id for each in self._all if each.category == row.category]
        return keys, keys.index(row.id) if row.id in keys else -1

    def _key_of(self, row: SymptomRow) -> str:
        _, place = self._place(row)
        return str(place + 1) if 0 <= place < _LAST_KEY else "—"

    def visible(self, rows: Sequence[SymptomRow]) -> Sequence[SymptomRow]:
        """Return those of the category that is looked at."""
        self._all = list(rows)
        wanted = self.category.currentData()
        return [row for row in rows if wanted is None or row.category == wanted]

    def fresh(self) -> Mapping[str, Any]:
        """Begin a new one in the category that is looked at."""
        wanted = self.category.currentData()
        return super().fresh() if wanted is None else {**super().fresh(), "category": wanted}

    def _show_rows(self) -> None:
        self.show_read(self._all)

    def _show(self, row: SymptomRow | None) -> None:
        super()._show(row)
        self._allow_moves()

    def start_new(self) -> None:
        """Empty the form for a new symptom; there is none to move then."""
        super().start_new()
        self._allow_moves()

    def _allow_moves(self) -> None:
        row: SymptomRow | None = self.row
        for step, made in self._moves.items():
            keys, place = ([], -1) if row is None else self._place(row)
            made.setEnabled(self._may_edit and place >= 0 and 0 <= place + step < len(keys))

    def move_chosen(self, step: int) -> None:
        """Move the symptom in hand up (-1) or down (1) among those of its category."""
        row: SymptomRow | None = self.row
        if row is None or not self._may_edit:
            return
        if not self.settle_typed(partial(self.move_chosen, step)):
            return
        keys, place = self._place(row)
        if place < 0 or not 0 <= place + step < len(keys):
            return
        keys[place], keys[place + step] = keys[place + step], keys[place]
        # Shown at once, so that the key may be pressed again before the answer comes.
        order = {key: number for number, key in enumerate(keys)}
        rows = [each for each in self._all if each.id in order]
        moved = iter(sorted(rows, key=lambda each: order[each.id]))
        self._all = [next(moved) if each.id in order else each for each in self._all]
        self._show_rows()
        context, category = self.context, row.category
        perform(
            self,
            context,
            lambda: symptoms.reorder(
                context.database, context.actor, category, keys, at=context.now()
            ),
            failed=self._not_moved,
        )

    def _not_moved(self, error: Exception) -> bool:
        self.refresh()
        return self.problem.deal_with(error, refuse=lambda *_: False, look_again=None)

    def _saved(self) -> None:
        chosen, shown = self.form.current()["category"], self.category.currentData()
        if shown is not None and chosen != shown:
            self.category.setCurrentIndex(self.category.findData(chosen))
        super()._saved()
