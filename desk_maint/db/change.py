"""One thing a person does: one transaction, with its lines in the append-only history.

What changed is read off the session itself, so that no service can forget to record it; only
bulk writers, who go past the session, say it themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from sqlalchemy import event, insert, inspect, select
from sqlalchemy.orm import object_session

from desk_maint.db.bulk_insert import insert_rows
from desk_maint.db.models import (
    Attachment,
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
    Setting,
    SpecialDay,
    Stoppage,
    Symptom,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection, Table
    from sqlalchemy.orm import Session

    from desk_maint.domain.people import Actor

__all__ = ["Changes", "Work"]

# What stands for a record where it comes or goes: the name that people know it by.
_NAMED_BY: Mapping[type[Base], str] = {
    Attachment: "file_name",
    Calendar: "name",
    CalendarVersion: "valid_from",
    Device: "tag",
    DeviceStateChange: "state",
    Fault: "number",
    FaultNote: "text",
    Hold: "reason",
    Inspection: "result",
    InspectionPlan: "name",
    Outlet: "code",
    Person: "login",
    Placement: "from_on",
    RepairLimit: "grade",
    Setting: "value",
    SpecialDay: "day",
    Stoppage: "reason",
    Symptom: "text",
}
_SECRET = frozenset({"password_hash"})
_UNRECORDED = frozenset({"version", "content"})
_ROWS_AT_ONCE = 5000
_WORK = "desk_maint_work"
_CHANGE = cast("Table", Change.__table__)
_CHANGED_FIELD = cast("Table", ChangedField.__table__)
_FIELD_COLUMNS = ("change_id", "kind", "record_id", "field", "old", "new")


@dataclass(frozen=True, slots=True)
class Changes:
    """What kinds of records changed, and which: a window refreshes by it."""

    ids: Mapping[str, frozenset[int | str]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def kinds(self) -> frozenset[str]:
        """The tables that changed."""
        return frozenset(self.ids)

    def __bool__(self) -> bool:
        """Whether anything changed at all."""
        return bool(self.ids)


class Work:
    """A transaction under way.  ``changes`` is complete once the block has been left."""

    def __init__(
        self, session: Session, actor: Actor, action: str, at: int, reason: str | None
    ) -> None:
        self.session = session
        self.changes = Changes()
        self._head = {
            "at": at,
            "actor": actor.name,
            "role": actor.role,
            "action": action,
            "reason": reason,
        }
        self._change_id: int | None = None
        self._rows: list[tuple[str, str, str, str | None, str | None]] = []
        self._ids: dict[str, set[int | str]] = {}
        session.info[_WORK] = self

    def record(self, kind: str, record_id: int | str, field: str, old: object, new: object) -> None:
        """Record a change that the session does not see; ``field`` empty: it came or went."""
        self._ids.setdefault(kind, set()).add(record_id)
        self._rows.append((kind, str(record_id), field, _text(old), _text(new)))
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._write_rows()

    def record_added(self, kind: str, named: Iterable[tuple[int | str, str]]) -> None:
        """Record many new records by their ids and the names that people know them by."""
        for record_id, name in named:
            self.record(kind, record_id, "", None, name)

    def touched(self, kind: str, ids: Iterable[int | str]) -> None:
        """Tell that records changed whose new values only follow from others: no history line."""
        found = set(ids)
        if found:
            self._ids.setdefault(kind, set()).update(found)

    def finish(self) -> None:
        """Flush, write the history and fill ``changes`` (called before the commit)."""
        self.session.flush()
        self._write_rows()
        self.changes = Changes(
            MappingProxyType({kind: frozenset(ids) for kind, ids in self._ids.items()})
        )

    def _write_rows(self) -> None:
        if not self._rows:
            return
        rows, self._rows = self._rows, []
        if self._change_id is None:
            # Beneath the session, since this may be called from within its flush.
            self._change_id = (
                self.session.connection()
                .execute(insert(_CHANGE).values(**self._head).returning(_CHANGE.c.id))
                .scalar_one()
            )
        change_id = self._change_id
        insert_rows(
            self.session, _CHANGED_FIELD, _FIELD_COLUMNS, ((change_id, *row) for row in rows)
        )


def _work_of(record: Base) -> Work | None:
    """Return the transaction that flushes a record; None where nobody keeps a history of it."""
    session = object_session(record)
    return None if session is None else session.info.get(_WORK)


def _added(_mapper: object, _connection: object, record: Base) -> None:
    if (work := _work_of(record)) is not None:
        work.record(record.__tablename__, _key(record), "", None, _name(record))


def _removed(_mapper: object, _connection: object, record: Base) -> None:
    """Keep the last values too: they are nowhere else any more."""
    if (work := _work_of(record)) is None:
        return
    kind, key = record.__tablename__, _key(record)
    work.record(kind, key, "", _name(record), None)
    for name in _recorded_columns(record):
        old = getattr(record, name)
        if old is not None:
            work.record(kind, key, name, _hidden(name, old), None)


def _edited(_mapper: object, connection: Connection, record: Base) -> None:
    if (work := _work_of(record)) is None:
        return
    attributes = inspect(record).attrs
    for name in _recorded_columns(record):
        history = attributes[name].history
        if not history.has_changes():
            continue
        old = history.deleted[0] if history.deleted else _stored(connection, record, name)
        new = history.added[0] if history.added else None
        if old != new:
            kind, key = record.__tablename__, _key(record)
            work.record(kind, key, name, _hidden(name, old), _hidden(name, new))


# The mapper's events and not the session's: they also see what a relationship adds or removes.
for _model in _NAMED_BY:
    event.listen(_model, "after_insert", _added)
    event.listen(_model, "before_update", _edited)
    event.listen(_model, "before_delete", _removed)


def _recorded_columns(record: Base) -> Iterator[str]:
    mapper = inspect(record).mapper
    for column in mapper.column_attrs:
        if column.key not in _UNRECORDED and not column.columns[0].primary_key:
            yield column.key


def _stored(connection: Connection, record: Base, name: str) -> object:
    """Return the old value of a column that was set without having been read."""
    table = record.__table__
    key = next(iter(table.primary_key))
    return connection.execute(select(table.c[name]).where(key == _key(record))).scalar()


def _hidden(name: str, value: object) -> object:
    return "•••" if name in _SECRET and value is not None else value


def _key(record: Base) -> int | str:
    return inspect(record).mapper.primary_key_from_instance(record)[0]  # type: ignore[no-any-return]


def _name(record: Base) -> object:
    return getattr(record, _NAMED_BY[type(record)])


def _text(value: object) -> str | None:
    """Return a value as the history keeps it: instants as seconds, enums by value."""
    if value is None:
        return None
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
