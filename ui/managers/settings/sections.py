"""The settings that are lists of records: units, people, symptoms, inspection plans, limits."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from desk_maint.domain.devices import Category
from desk_maint.domain.faults import Grade, Impact
from desk_maint.domain.inspections import IntervalUnit
from desk_maint.domain.messages import Term, msg
from desk_maint.domain.outlets import OutletKind, Zone
from desk_maint.domain.people import Role
from desk_maint.domain.repair_limits import ELAPSED_CLOCK, SERVICE_CLOCK
from desk_maint.language.fields import field_key
from desk_maint.services import calendars, inspections, outlets, people, repair_limits, symptoms
from desk_maint.services.inspections import PlanData
from desk_maint.services.outlets import OutletData
from desk_maint.services.people import PersonData
from desk_maint.services.permissions import may
from desk_maint.services.repair_limits import RepairLimitData
from ui.formats import limit
from ui.managers.records import Records
from ui.managers.rows_model import Field
from ui.widgets.record_form import YES_OR_NO, FieldKind, FormField
from ui.words import grade_word, word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from enum import StrEnum

    from desk_maint.services.people import PersonRow
    from ui.context import Context
    from ui.texts import Text

__all__ = ["limit_records", "outlet_records", "people_records", "plan_records", "symptom_records"]


def _label(kind: str, field: str) -> Term:
    return Term(field_key(kind, field))


def _words(members: type[StrEnum]) -> list[tuple[Any, Text]]:
    return [(member, word(member)) for member in members]


def _calendar_choices(context: Context) -> list[tuple[int | None, Text | str]]:
    rows = calendars.list_calendars(context.database, context.actor)
    return [(None, msg("That of the category")), *((row.id, row.name) for row in rows)]


def outlet_records(context: Context) -> Records:
    """Return the units of the bureau."""
    say = context.texts.say
    kind, zone = "outlet", _label("outlet", "zone")
    may_edit = may(context.actor, "outlet.edit")

    def choices() -> Mapping[str, Sequence[tuple[Any, Text | str]]]:
        units = outlets.list_choices(context.database, context.actor)
        parents: list[tuple[Any, Text | str]] = [
            (None, msg("None above it")),
            *((unit.id, f"{unit.code} {unit.name}") for unit in units),
        ]
        return {"parent_id": parents, "calendar_id": _calendar_choices(context)}

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
            Field(_label(kind, "code"), lambda row: "　" * row.depth + row.data.code),
            Field(_label(kind, "name"), lambda row: row.data.name),
            Field(zone, lambda row: say(word(row.data.zone))),
            Field(
                Term("total_units"),
                lambda row: str(row.all_devices),
                lambda row: row.all_devices,
                right=True,
            ),
        ],
        fields=[
            FormField("code", _label(kind, "code"), needed=True, example="0101"),
            FormField("name", _label(kind, "name"), needed=True),
            FormField("parent_id", msg("Belongs to"), FieldKind.CHOICE),
            FormField("kind", _label(kind, "kind"), FieldKind.CHOICE, _words(OutletKind)),
            FormField("zone", zone, FieldKind.CHOICE, _words(Zone)),
            FormField("calendar_id", _label(kind, "calendar_id"), FieldKind.CHOICE),
            FormField("networked", _label(kind, "networked"), FieldKind.CHOICE, YES_OR_NO),
            FormField("manager", _label(kind, "manager")),
            FormField("phone", _label(kind, "phone")),
            FormField("address", _label(kind, "address")),
            FormField("remarks", _label(kind, "remarks"), FieldKind.LINES),
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


def people_records(context: Context) -> Records:
    """Return the people, their roles and, of reporters, their outlets."""
    say = context.texts.say
    may_edit = may(context.actor, "person.edit")

    codes: dict[int, str] = {}

    def read() -> Sequence[PersonRow]:
        units = outlets.list_choices(context.database, context.actor)
        codes.update({unit.id: unit.code for unit in units})
        return people.list_people(context.database, context.actor)

    def data_of(values: Mapping[str, Any]) -> PersonData:
        given = (values["outlets"] or "").replace(",", " ").replace("，", " ").split()
        found = [outlets.find_code(context.database, context.actor, code) for code in given]
        return PersonData(
            values["login"],
            values["name"],
            values["role"],
            frozenset(unit.id for unit in found),
        )

    def add(values: Mapping[str, Any]) -> object:
        return people.add(
            context.database,
            context.actor,
            data_of(values),
            values["password"],
            at=context.now(),
        )

    def edit(row: Any, values: Mapping[str, Any]) -> object:
        database, actor, now = context.database, context.actor, context.now()
        data = data_of(values)
        version = row.version
        changes = None
        if data != row.data:
            changes = people.edit(database, actor, row.id, data, version=version, at=now)
            version += 1
        if values["active"] != row.active:
            changes = people.set_active(
                database, actor, row.id, active=values["active"], version=version, at=now
            )
            version += 1
        if values["password"]:
            changes = people.set_password(
                database, actor, row.id, values["password"], version=version, at=now
            )
        return changes

    return Records(
        name="people",
        title=Term("user_account"),
        columns=[
            Field(_label("person", "name"), lambda row: row.name),
            Field(_label("person", "role"), lambda row: say(word(row.role))),
            Field(_label("person", "outlets"), lambda row: row.outlets),
            Field(
                _label("person", "active"),
                lambda row: say(Term("yes") if row.active else Term("no")),
            ),
        ],
        fields=[
            FormField("name", _label("person", "name"), needed=True),
            FormField("login", _label("person", "login"), needed=True),
            FormField("role", _label("person", "role"), FieldKind.CHOICE, _words(Role)),
            FormField("outlets", msg("Outlets of a reporter (codes)"), example="0101 0102"),
            FormField("active", _label("person", "active"), FieldKind.CHOICE, YES_OR_NO),
            FormField("password", msg("New password (empty: as before)")),
        ],
        read=read,
        values_of=lambda row: {
            "name": row.name,
            "login": row.login,
            "role": row.role,
            "outlets": " ".join(sorted(codes[key] for key in row.outlet_ids)) or None,
            "active": row.active,
            "password": None,
        },
        add=add if may_edit else None,
        edit=edit if may_edit else None,
        fresh={"role": Role.REPORTER, "active": True},
    )


def symptom_records(context: Context) -> Records:
    """Return the usual symptoms, in the order of their buttons at the counter."""
    say = context.texts.say
    may_edit = may(context.actor, "symptom.edit")

    def add(values: Mapping[str, Any]) -> object:
        return symptoms.add(
            context.database,
            context.actor,
            values["category"],
            values["text"],
            values["impact"],
            at=context.now(),
        )

    def edit(row: Any, values: Mapping[str, Any]) -> object:
        return symptoms.edit(
            context.database,
            context.actor,
            row.id,
            values["text"],
            values["impact"],
            version=row.version,
            at=context.now(),
        )

    def remove(row: Any) -> object:
        return symptoms.remove(
            context.database, context.actor, row.id, version=row.version, at=context.now()
        )

    return Records(
        name="symptoms",
        title=Term("fault_symptom"),
        columns=[
            Field(_label("symptom", "category"), lambda row: say(word(row.category))),
            Field(_label("symptom", "text"), lambda row: row.text),
            Field(_label("symptom", "impact"), lambda row: say(word(row.impact))),
        ],
        fields=[
            FormField("text", _label("symptom", "text"), needed=True),
            FormField("impact", _label("symptom", "impact"), FieldKind.CHOICE, _words(Impact)),
            FormField(
                "category",
                _label("symptom", "category"),
                FieldKind.CHOICE,
                _words(Category),
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

    def label(field: str) -> Term:
        return _label("inspection_plan", field)

    return Records(
        name="plans",
        title=Term("inspection_plan"),
        columns=[
            Field(label("name"), lambda row: row.data.name),
            Field(label("category"), lambda row: say(word(row.data.category))),
            Field(
                label("outlet_kind"),
                lambda row: say(word(row.data.outlet_kind) if row.data.outlet_kind else every_kind),
            ),
            Field(label("every"), lambda row: f"{row.data.every} {say(word(row.data.unit))}"),
        ],
        fields=[
            FormField("name", label("name"), needed=True),
            FormField("category", label("category"), FieldKind.CHOICE, _words(Category)),
            FormField(
                "outlet_kind",
                label("outlet_kind"),
                FieldKind.CHOICE,
                [(None, every_kind), *_words(OutletKind)],
            ),
            FormField("every", label("every"), FieldKind.NUMBER, needed=True),
            FormField("unit", label("unit"), FieldKind.CHOICE, _words(IntervalUnit)),
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
        return {"clock": [*clocks, *((row.name, row.name) for row in rows)]}

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

    def label(field: str) -> Term:
        return _label("repair_limit", field)

    return Records(
        name="limits",
        title=Term("repair_limits"),
        columns=[
            Field(
                label("category"),
                lambda row: say(word(row.data.category) if row.data.category else all_of_them),
            ),
            Field(label("grade"), lambda row: say(grade_word(row.data.grade))),
            Field(label("zone"), lambda row: say(word(row.data.zone))),
            Field(label("accept"), lambda row: limit(context.texts, row.data.accept)),
            Field(label("on_site"), lambda row: limit(context.texts, row.data.on_site)),
            Field(label("repair"), lambda row: limit(context.texts, row.data.repair)),
        ],
        fields=[
            FormField(
                "category",
                label("category"),
                FieldKind.CHOICE,
                [(None, all_of_them), *_words(Category)],
            ),
            FormField(
                "grade",
                label("grade"),
                FieldKind.CHOICE,
                [(grade, grade_word(grade)) for grade in Grade],
            ),
            FormField("zone", label("zone"), FieldKind.CHOICE, _words(Zone)),
            FormField("clock", label("clock"), FieldKind.CHOICE),
            FormField("accept", label("accept"), example=limit(context.texts, "30m")),
            FormField("on_site", label("on_site"), example=limit(context.texts, "2h")),
            FormField(
                "repair",
                label("repair"),
                needed=True,
                example=f"{limit(context.texts, '8h')} / {limit(context.texts, '2wd')}",
            ),
        ],
        read=lambda: repair_limits.list_limits(context.database, context.actor),
        values_of=values_of,
        add=(lambda values: save(values, None)) if may_edit else None,
        edit=(lambda row, values: save(values, row.version)) if may_edit else None,
        remove=remove if may_edit else None,
        fresh={"grade": Grade.DEVICE_STOPPED, "zone": Zone.CITY, "clock": SERVICE_CLOCK},
        choices=choices,
    )
