"""How soon a fault is to be accepted, attended and repaired, by grade and zone."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from desk_maint.domain.devices import Category
from desk_maint.domain.faults import Grade
from desk_maint.domain.messages import Term, msg
from desk_maint.domain.outlets import Zone
from desk_maint.domain.repair_limits import ELAPSED_CLOCK, SERVICE_CLOCK
from desk_maint.language.words import calendar_words
from desk_maint.services import calendars, repair_limits
from desk_maint.services.permissions import may
from desk_maint.services.repair_limits import RepairLimitData
from ui.formats import limit
from ui.managers.records import Records
from ui.managers.rows_model import Field
from ui.managers.settings.fields import label, words
from ui.widgets.record_form import FieldKind, FormField
from ui.words import grade_word, word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ui.context import Context
    from ui.texts import Text

__all__ = ["limit_records"]


def limit_records(context: Context) -> Records:
    """Return the repair limits; changing one moves the deadlines of the tickets it rules."""
    say = context.texts.say
    may_edit = may(context.actor, "repair_limit.edit")
    all_of_them = Term("all_categories")

    def choices() -> Mapping[str, Sequence[tuple[Any, Text | str]]]:
        rows = calendars.list_calendars(context.database, context.actor)
        clocks: list[tuple[Any, Text | str]] = [
            (SERVICE_CLOCK, Term("clock_service")),
            (ELAPSED_CLOCK, Term("clock_elapsed")),
        ]
        named = [(row.name, calendar_words(row.name)) for row in rows]
        return {"clock": [*clocks, *named]}

    def save(values: Mapping[str, Any], version: int | None) -> object:
        return repair_limits.save(
            context.database,
            context.actor,
            RepairLimitData(**values),
            version=version,
            at=context.now(),
        )

    def remove(row: Any) -> object:
        return repair_limits.remove(
            context.database, context.actor, row.id, version=row.version, at=context.now()
        )

    def values_of(row: Any) -> dict[str, Any]:
        values = {part.name: getattr(row.data, part.name) for part in fields(RepairLimitData)}
        for name in ("accept", "on_site", "repair"):
            if values[name] is not None:
                values[name] = limit(context.texts, values[name])
        return values

    def name_of(field: str) -> Term:
        return label("repair_limit", field)

    def clock_of(row: Any) -> str:
        clock = row.data.clock
        if clock == SERVICE_CLOCK:
            return say(Term("service_hours"))
        named = Term("clock_elapsed") if clock == ELAPSED_CLOCK else calendar_words(clock)
        return named if isinstance(named, str) else say(named)

    return Records(
        name="limits",
        title=Term("repair_limits"),
        columns=[
            Field(name_of("grade"), lambda row: say(grade_word(row.data.grade)), elastic=True),
            Field(name_of("zone"), lambda row: say(word(row.data.zone))),
            Field(
                name_of("category"),
                lambda row: say(word(row.data.category) if row.data.category else msg("All")),
                rare=True,
            ),
            Field(name_of("clock"), clock_of),
            Field(name_of("accept"), lambda row: limit(context.texts, row.data.accept)),
            Field(name_of("on_site"), lambda row: limit(context.texts, row.data.on_site)),
            Field(name_of("repair"), lambda row: limit(context.texts, row.data.repair)),
        ],
        fields=[
            FormField(
                "category",
                name_of("category"),
                FieldKind.CHOICE,
                [(None, all_of_them), *words(Category)],
            ),
            FormField(
                "grade",
                name_of("grade"),
                FieldKind.CHOICE,
                [(grade, grade_word(grade)) for grade in Grade],
            ),
            FormField("zone", name_of("zone"), FieldKind.CHOICE, words(Zone)),
            FormField("clock", name_of("clock"), FieldKind.CHOICE),
            FormField("accept", name_of("accept"), example=limit(context.texts, "30m")),
            FormField("on_site", name_of("on_site"), example=limit(context.texts, "2h")),
            FormField(
                "repair",
                name_of("repair"),
                needed=True,
                example=f"{limit(context.texts, '8h')} / {limit(context.texts, '2wd')}",
            ),
        ],
        read=lambda: repair_limits.list_limits(context.database, context.actor),
        values_of=values_of,
        fixed=("category", "grade", "zone"),
        sortable=False,
        side=320,
        add=(lambda values: save(values, None)) if may_edit else None,
        edit=(lambda row, values: save(values, row.version)) if may_edit else None,
        remove=remove if may_edit else None,
        fresh={"grade": Grade.DEVICE_STOPPED, "zone": Zone.CITY, "clock": SERVICE_CLOCK},
        choices=choices,
    )
