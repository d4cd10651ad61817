"""The people who work with the program: roles, outlets of reporters, passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk_maint.domain.messages import Term, msg
from desk_maint.domain.people import Role
from desk_maint.services import outlets, people
from desk_maint.services.people import PersonData
from desk_maint.services.permissions import may
from ui.managers.records import Records
from ui.managers.rows_model import Field
from ui.managers.settings.fields import label, words
from ui.widgets.record_form import YES_OR_NO, FieldKind, FormField
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk_maint.services.people import PersonRow
    from ui.context import Context
    from ui.texts import Text

__all__ = ["people_records"]

_ALWAYS = ("name", "login", "role", "active", "password")


def _data(values: Mapping[str, Any]) -> PersonData:
    """Return what is filled in; outlets matter for reporters only."""
    reporter = values["role"] is Role.REPORTER
    return PersonData(
        values["login"],
        values["name"],
        values["role"],
        values["outlets"] if reporter else frozenset(),
    )


def _values(row: PersonRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "login": row.login,
        "role": row.role,
        "outlets": row.outlet_ids,
        "active": row.active,
        "password": None,
    }


def people_records(context: Context) -> Records:
    """Return the people, their roles and, of reporters, their outlets."""
    say = context.texts.say
    may_edit = may(context.actor, "person.edit")

    def choices() -> Mapping[str, Sequence[tuple[Any, Text | str]]]:
        units = outlets.list_choices(context.database, context.actor)
        return {"outlets": [(unit.id, f"{unit.code} {unit.name}") for unit in units]}

    def add(values: Mapping[str, Any]) -> object:
        return people.add(
            context.database,
            context.actor,
            _data(values),
            values["password"],
            at=context.now(),
        )

    def edit(row: PersonRow, values: Mapping[str, Any]) -> object:
        database, actor, now = context.database, context.actor, context.now()
        data, active, password = _data(values), values["active"], values["password"]
        if password is not None and (data, active) == (row.data, row.active):
            return people.set_password(
                database, actor, row.id, password, version=row.version, at=now
            )
        return people.edit(
            database,
            actor,
            row.id,
            data,
            active=active,
            password=password,
            version=row.version,
            at=now,
        )

    return Records(
        name="people",
        title=Term("user_account"),
        columns=[
            Field(label("person", "name"), lambda row: row.name),
            Field(label("person", "role"), lambda row: say(word(row.role))),
            Field(label("person", "outlets"), lambda row: row.outlets, elastic=True),
            Field(
                label("person", "active"),
                lambda row: say(Term("yes") if row.active else Term("no")),
            ),
        ],
        fields=[
            FormField("name", label("person", "name"), needed=True),
            FormField("login", label("person", "login"), needed=True),
            FormField("role", label("person", "role"), FieldKind.CHOICE, words(Role)),
            FormField("outlets", label("person", "outlets"), FieldKind.MANY, needed=True),
            FormField("active", label("person", "active"), FieldKind.CHOICE, YES_OR_NO),
            FormField(
                "password", msg("New password"), FieldKind.SECRET, hint=msg("Empty: as before")
            ),
        ],
        read=lambda: people.list_people(context.database, context.actor),
        values_of=_values,
        add=add if may_edit else None,
        edit=edit if may_edit else None,
        fresh={"role": Role.REPORTER, "active": True},
        choices=choices,
        matters=lambda values: (
            (*_ALWAYS, "outlets") if values["role"] is Role.REPORTER else _ALWAYS
        ),
    )
