"""The settings that are plain lists of records: units and inspection plans."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from desk_maint.domain.devices import Category
from desk_maint.domain.inspections import IntervalUnit
from desk_maint.domain.messages import Term, msg
from desk_maint.domain.outlets import OutletKind, Zone
from desk_maint.services import inspections, outlets
from desk_maint.services.inspections import PlanData
from desk_maint.services.outlets import OutletData
from desk_maint.services.permissions import may
from ui.managers.records import Records
from ui.managers.rows_model import Field
from ui.managers.settings.fields import calendar_choices, label, words
from ui.widgets.record_form import YES_OR_NO, FieldKind, FormField
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ui.context import Context
    from ui.texts import Text

__all__ = ["outlet_records", "plan_records"]


def outlet_records(context: Context) -> Records:
    """Return the units of the bureau."""
    say = context.texts.say
    kind, zone = "outlet", label("outlet", "zone")
    may_edit = may(context.actor, "outlet.edit")

    def choices() -> Mapping[str, Sequence[tuple[Any, Text | str]]]:
        units = outlets.list_choices(context.database, context.actor)
        parents: list[tuple[Any, Text | str]] = [
            (None, msg("None above it")),
            *((unit.id, f"{unit.code} {unit.name}") for unit in units),
        ]
        return {"parent_id": parents, "calendar_id": calendar_choices(context)}

    def add(values: Mapping[str, Any]) -> object:
        data = OutletData(**values)
        return outlets.create(context.database, context.actor, data, at=context.now())

    def edit(row: Any, values: Mapping[str, Any]) -> object:
        return outlets.edit(
            context.database,
            context.actor,
            row.id,
            OutletData(**values),
            version=row.version,
            at=context.now(),
        )

    def remove(row: Any) -> object:
        return outlets.remove(
            context.database, context.actor, row.id, version=row.version, at=context.now()
        )

    return Records(
        name="outlets",
        title=Term("outlet"),
        columns=[
            Field(label(kind, "code"), lambda row: "　" * row.depth + row.data.code),
            Field(label(kind, "name"), lambda row: row.data.name),
            Field(zone, lambda row: say(word(row.data.zone))),
            Field(
                Term("total_units"),
                lambda row: str(row.all_devices),
                lambda row: row.all_devices,
                right=True,
            ),
        ],
        fields=[
            FormField("code", label(kind, "code"), needed=True, example="0101"),
            FormField("name", label(kind, "name"), needed=True),
            FormField("parent_id", msg("Belongs to"), FieldKind.CHOICE),
            FormField("kind", label(kind, "kind"), FieldKind.CHOICE, words(OutletKind)),
            FormField("zone", zone, FieldKind.CHOICE, words(Zone)),
            FormField("calendar_id", label(kind, "calendar_id"), FieldKind.CHOICE),
            FormField("networked", label(kind, "networked"), FieldKind.CHOICE, YES_OR_NO),
            FormField("manager", label(kind, "manager")),
            FormField("phone", label(kind, "phone")),
            FormField("address", label(kind, "address")),
            FormField("remarks", label(kind, "remarks"), FieldKind.LINES),
        ],
        read=lambda: outlets.tree(context.database, context.actor),
        values_of=lambda row: {
            part.name: getattr(row.data, part.name) for part in fields(OutletData)
        },
        add=add if may_edit else None,
        edit=edit if may_edit else None,
        remove=remove if may_edit else None,
        fresh={"kind": OutletKind.OUTLET, "zone": Zone.CITY, "networked": True},
        choices=choices,
    )


def plan_records(context: Context) -> Records:
    """Return the inspection plans: what the counter asks to be looked at, and how often."""
    say = context.texts.say
    may_edit = may(context.actor, "inspection_plan.edit")
    every_kind = msg("All without a plan of their own")

    def add(values: Mapping[str, Any]) -> object:
        return inspections.add_plan(
            context.database, context.actor, PlanData(**values), at=context.now()
        )

    def edit(row: Any, values: Mapping[str, Any]) -> object:
        return inspections.edit_plan(
            context.database,
            context.actor,
            row.id,
            PlanData(**values),
            version=row.version,
            at=context.now(),
        )

    def remove(row: Any) -> object:
        return inspections.remove_plan(
            context.database, context.actor, row.id, version=row.version, at=context.now()
        )

    def name_of(field: str) -> Term:
        return label("inspection_plan", field)

    return Records(
        name="plans",
        title=Term("inspection_plan"),
        columns=[
            Field(name_of("name"), lambda row: row.data.name),
            Field(name_of("category"), lambda row: say(word(row.data.category))),
            Field(
                name_of("outlet_kind"),
                lambda row: say(word(row.data.outlet_kind) if row.data.outlet_kind else every_kind),
            ),
            Field(name_of("every"), lambda row: f"{row.data.every} {say(word(row.data.unit))}"),
        ],
        fields=[
            FormField("name", name_of("name"), needed=True),
            FormField("category", name_of("category"), FieldKind.CHOICE, words(Category)),
            FormField(
                "outlet_kind",
                name_of("outlet_kind"),
                FieldKind.CHOICE,
                [(None, every_kind), *words(OutletKind)],
            ),
            FormField("every", name_of("every"), FieldKind.NUMBER, needed=True),
            FormField("unit", name_of("unit"), FieldKind.CHOICE, words(IntervalUnit)),
            FormField("items", msg("Items, one a line"), FieldKind.LINES),
        ],
        read=lambda: inspections.list_plans(context.database, context.actor),
        values_of=lambda row: {
            part.name: getattr(row.data, part.name) for part in fields(PlanData)
        },
        add=add if may_edit else None,
        edit=edit if may_edit else None,
        remove=remove if may_edit else None,
        fresh={"category": Category.FIRE_EXTINGUISHER, "every": 1, "unit": IntervalUnit.MONTHS},
    )
