"""The history of changes for people who read it: who did what, when, and what it altered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    cast,
    func,
    or_,
    select,
    true,
)
from sqlalchemy import Enum as EnumColumn

from desk_maint.db.models import (
    Base,
    Calendar,
    CalendarVersion,
    Change,
    ChangedField,
    Device,
    DeviceStateChange,
    Fault,
    FaultNote,
    Hold,
    Inspection,
    InspectionPlan,
    Outlet,
    Person,
    Placement,
    RepairLimit,
    SpecialDay,
    Stoppage,
    Symptom,
)
from desk_maint.db.models.faults import Attachment
from desk_maint.db.types import Instant
from desk_maint.domain.messages import Term
from desk_maint.language.words import word_key
from desk_maint.services.paging import Page
from desk_maint.services.permissions import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor, Role

__all__ = [
    "ChangeRow",
    "FieldRow",
    "HistoryFilter",
    "ValueKind",
    "describe",
    "list_actors",
    "list_changes",
    "list_device_changes",
    "list_fields",
]

FIELDS_SHOWN = 40


class ValueKind(Enum):
    """What an old or new value is, so that the reader's window can write it in his manner."""

    TEXT = "text"
    INSTANT = "instant"
    """Text of whole UTC seconds."""
    DATE = "date"
    """ISO date."""
    WORD = "word"
    """A member of ``FieldRow.words``."""
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One value of one record, before and after."""

    kind: str
    """Table; its word is ``language.fields.kind_key(kind)``."""
    record_id: str
    record: str | tuple[Term | str, ...]
    """The record as people call it: ticket number, tag, name, or words; its key where it is gone
    and nothing else tells of it."""
    field: str
    """Column; its word is ``language.fields.field_key(kind, field)``.  Empty: the record itself
    was added (``old`` is None) or removed (``new`` is None)."""
    old: str | None
    new: str | None
    value_kind: ValueKind
    words: type[StrEnum] | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One thing that somebody did."""

    id: int
    at: int
    """UTC seconds."""
    actor: str
    role: Role
    action: str
    """Its words are ``language.fields.action_key(action)``."""
    reason: str | None
    field_count: int
    fields: tuple[FieldRow, ...]
    """The first of them; :func:`list_fields` has the rest."""


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which changes are asked for; None leaves a condition out."""

    actor: str | None = None
    action: str | None = None
    since: int | None = None
    until: int | None = None
    """UTC seconds, not included."""
    kind: str | None = None
    """Table of a record that was changed."""
    record_id: str | None = None
    """With ``kind``: only changes of this record."""


def list_changes(
    database: Database,
    actor: Actor,
    wanted: HistoryFilter = HistoryFilter(),
    *,
    offset: int = 0,
    limit: int = 100,
) -> Page[ChangeRow]:
    """Return the changes that match, newest first."""
    require(actor, "history.read")
    with database.read() as session:
        return _read_page(session, _matching(wanted), true(), offset, limit)


def list_device_changes(
    database: Database, actor: Actor, device_id: int, *, offset: int = 0, limit: int = 100
) -> Page[ChangeRow]:
    """Return what was done to a device, its places and its states, newest first.

    Of a change that altered many devices only the fields of this one are told.
    """
    require(actor, "history.read")
    with database.read() as session:
        of_device = _of_device(device_id)
        query = select(ChangedField.change_id).where(of_device)
        return _read_page(session, query, of_device, offset, limit)


def _of_device(device_id: int) -> ColumnElement[bool]:
    parts = [
        and_(
            ChangedField.kind == model.__tablename__,
            ChangedField.record_id.in_(
                select(cast(model.id, String)).where(model.device_id == device_id)
            ),
        )
        for model in (Placement, DeviceStateChange)
    ]
    own = and_(ChangedField.kind == "device", ChangedField.record_id == str(device_id))
    return or_(own, *parts)


def _read_page(
    session: Session,
    query: Select[int],
    of_fields: ColumnElement[bool],
    offset: int,
    limit: int,
) -> Page[ChangeRow]:
    """Return a page of the changes whose keys ``query`` selects, with the fields that match."""
    wanted = Change.id.in_(query)
    total = session.scalar(select(func.count()).select_from(Change).where(wanted)) or 0
    changes = session.scalars(
        select(Change)
        .where(wanted)
        .order_by(Change.at.desc(), Change.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    keys = [change.id for change in changes]
    counts = _field_counts(session, keys, of_fields)
    fields = _first_fields(session, keys, of_fields)
    labels = _Labels(session)
    labels.read(row for rows in fields.values() for row in rows)
    return Page(
        tuple(
            ChangeRow(
                id=change.id,
                at=change.at,
                actor=change.actor,
                role=change.role,
                action=change.action,
                reason=change.reason,
                field_count=counts.get(change.id, 0),
                fields=tuple(labels.row(row) for row in fields.get(change.id, ())),
            )
            for change in changes
        ),
        total,
    )


def list_fields(
    database: Database, actor: Actor, change_id: int, *, offset: int = 0, limit: int = 200
) -> Page[FieldRow]:
    """Return what one change altered, in the order it happened (an import alters thousands)."""
    require(actor, "history.read")
    with database.read() as session:
        query = select(ChangedField).where(ChangedField.change_id == change_id)
        total = session.scalar(select(func.count()).where(ChangedField.change_id == change_id))
        rows = session.scalars(query.order_by(ChangedField.id).offset(offset).limit(limit)).all()
        return Page(describe(session, rows), total or 0)


def list_actors(database: Database, actor: Actor) -> tuple[str, ...]:
    """Return everybody who ever changed anything, by name."""
    require(actor, "history.read")
    with database.read() as session:
        return tuple(session.scalars(select(Change.actor).distinct().order_by(Change.actor)))


def describe(session: Session, rows: Sequence[ChangedField]) -> tuple[FieldRow, ...]:
    """Return lines of the history with records and values as people call them."""
    labels = _Labels(session)
    labels.read(rows)
    return tuple(labels.row(row) for row in rows)


def _matching(wanted: HistoryFilter) -> Select[int]:
    query = select(Change.id)
    if wanted.actor is not None:
        query = query.where(Change.actor == wanted.actor)
    if wanted.action is not None:
        query = query.where(Change.action == wanted.action)
    if wanted.since is not None:
        query = query.where(Change.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Change.at < wanted.until)
    if wanted.kind is not None:
        of_record = select(ChangedField.change_id).where(ChangedField.kind == wanted.kind)
        if wanted.record_id is not None:
            of_record = of_record.where(ChangedField.record_id == wanted.record_id)
        query = query.where(Change.id.in_(of_record))
    return query


def _field_counts(
    session: Session, keys: list[int], of_fields: ColumnElement[bool]
) -> dict[int, int]:
    found = session.execute(
        select(ChangedField.change_id, func.count())
        .where(ChangedField.change_id.in_(keys), of_fields)
        .group_by(ChangedField.change_id)
    )
    return dict(found.all())


def _first_fields(
    session: Session, keys: list[int], of_fields: ColumnElement[bool]
) -> dict[int, list[ChangedField]]:
    """Return the first fields of each change; one query each, for one change may have 200,000."""
    return {
        key: list(
            session.scalars(
                select(ChangedField)
                .where(ChangedField.change_id == key, of_fields)
                .order_by(ChangedField.id)
                .limit(FIELDS_SHOWN)
            )
        )
        for key in keys
    }


class _Labels:
    """The names by which people know records, read table by table for all rows of a page."""

    # Column that names the record, or the table and column that it is a part of.
    _NAMED: ClassVar[dict[str, Callable[[], Select[int, str]]]] = {
        "calendar": lambda: select(Calendar.id, Calendar.name),
        "calendar_version": lambda: select(CalendarVersion.id, Calendar.name).join(Calendar),
        "device": lambda: select(Device.id, Device.tag),
        "device_state_change": lambda: select(DeviceStateChange.id, Device.tag).join(Device),
        "fault": lambda: select(Fault.id, Fault.number),
        "fault_note": lambda: select(FaultNote.id, Fault.number).join(
            Fault, Fault.id == FaultNote.fault_id
        ),
        "attachment": lambda: select(Attachment.id, Fault.number).join(
            Fault, Fault.id == Attachment.fault_id
        ),
        "hold": lambda: select(Hold.id, Fault.number).join(Fault),
        "inspection": lambda: select(Inspection.id, Device.tag).join(Device),
        "inspection_plan": lambda: select(InspectionPlan.id, InspectionPlan.name),
        "outlet": lambda: select(Outlet.id, Outlet.name),
        "person": lambda: select(Person.id, Person.name),
        "placement": lambda: select(Placement.id, Device.tag).join(Device),
        "special_day": lambda: select(SpecialDay.id, SpecialDay.day),
        "stoppage": lambda: select(Stoppage.id, Stoppage.reason),
        "symptom": lambda: select(Symptom.id, Symptom.text),
    }
    # What a record that came or went is told by, where that is a word of a vocabulary.
    _TOLD_BY: ClassVar[dict[str, str]] = {
        "device_state_change": "state",
        "hold": "reason",
        "inspection": "result",
    }
    # Columns that hold the key of a record of another table.
    _REFERENCES: ClassVar[dict[str, str]] = {
        "calendar_id": "calendar",
        "device_id": "device",
        "fault_id": "fault",
        "outlet_id": "outlet",
        "parent_id": "outlet",
    }

    def __init__(self, session: Session) -> None:
        self._session = session
        self._names: dict[str, dict[str, str | tuple[Term | str, ...]]] = {}
        self._left: dict[tuple[str, str], str] = {}
        """The names that records came with, or left when they went."""

    def read(self, rows: Iterable[ChangedField]) -> None:
        """Look up every record that the rows speak of."""
        wanted: dict[str, set[int]] = {}
        for row in rows:
            if not row.field and row.kind not in self._TOLD_BY:
                self._left[row.kind, row.record_id] = row.old or row.new or row.record_id
            if row.kind in self._NAMED or row.kind == "repair_limit":
                wanted.setdefault(row.kind, set()).add(int(row.record_id))
            target = self._REFERENCES.get(row.field)
            for value in (row.old, row.new):
                if target is not None and value is not None and value.isdecimal():
                    wanted.setdefault(target, set()).add(int(value))
        for kind, keys in wanted.items():
            if kind == "repair_limit":
                self._names[kind] = self._limits(keys)
                continue
            query = self._NAMED[kind]()
            key_column = query.selected_columns[0]
            self._names[kind] = {
                str(key): str(name)
                for key, name in self._session.execute(query.where(key_column.in_(keys)))
            }

    def _limits(self, keys: set[int]) -> dict[str, str | tuple[Term | str, ...]]:
        """Return what limits are for: the grade, the zone, and the category if it has its own."""
        return {
            str(row.id): (
                Term(f"fault_level_{row.grade}"),
                Term(word_key(row.zone)),
                *((Term(word_key(row.category)),) if row.category is not None else ()),
            )
            for row in self._session.scalars(select(RepairLimit).where(RepairLimit.id.in_(keys)))
        }

    def row(self, row: ChangedField) -> FieldRow:
        """Return a row with its record and its values as people call them."""
        told_by = row.field or self._TOLD_BY.get(row.kind, "")
        value_kind, words = _value_kind(row.kind, told_by)
        plain = FieldRow(
            kind=row.kind,
            record_id=row.record_id,
            record=self._names.get(row.kind, {}).get(
                row.record_id, self._left.get((row.kind, row.record_id), row.record_id)
            ),
            field=row.field,
            old=row.old,
            new=row.new,
            value_kind=value_kind,
            words=words,
        )
        target = self._REFERENCES.get(row.field)
        if target is None:
            return plain
        names = self._names.get(target, {})
        return replace(
            plain,
            old=None if row.old is None else str(names.get(row.old, row.old)),
            new=None if row.new is None else str(names.get(row.new, row.new)),
        )


def _value_kind(kind: str, field: str) -> tuple[ValueKind, type[StrEnum] | None]:
    table = Base.metadata.tables.get(kind)
    column = None if table is None else table.c.get(field)
    if column is None:
        return ValueKind.TEXT, None
    if isinstance(column.type, Instant):
        return ValueKind.INSTANT, None
    if isinstance(column.type, Date):
        return ValueKind.DATE, None
    if isinstance(column.type, Boolean):
        return ValueKind.YES_NO, None
    if isinstance(column.type, EnumColumn) and column.type.enum_class is not None:
        return ValueKind.WORD, column.type.enum_class  # type: ignore[return-value]
    return ValueKind.TEXT, None
