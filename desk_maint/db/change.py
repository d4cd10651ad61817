"""One thing a person does: one transaction, with its lines in the append-only history.

What changed is read off the session itself, so that no service can forget to record it; only
bulk writers, who go past the session, say it themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from types import MappingProxyType

from sqlalchemy import event, insert, inspect
from sqlalchemy.orm import Session

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
    Outlet,
    Person,
    Placement,
    RepairLimit,
    Setting,
    SpecialDay,
    Stoppage,
    Symptom,
)
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

    def __init__(self, session: Session, actor: Actor, action: str, at: int, reason: str | None):
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
        self._rows: list[dict[str, object]] = []
        self._ids: dict[str, set[int | str]] = {}
        self._added: list[Base] = []
        event.listen(session, "before_flush", self._before_flush)
        event.listen(session, "after_flush", self._after_flush)

    def record(
        self, kind: str, record_id: int | str, field: str, old: object, new: object
    ) -> None:
        """Record a change that the session does not see; ``field`` empty: it came or went."""
        self._ids.setdefault(kind, set()).add(record_id)
        self._rows.append(
            {
                "kind": kind,
                "record_id": str(record_id),
                "field": field,
                "old": _text(old),
                "new": _text(new),
            }
        )
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

    def _before_flush(self, session: Session, *_unused: object) -> None:
        self._added = [record for record in session.new if type(record) in _NAMED_BY]
        for record in session.deleted:
            if type(record) in _NAMED_BY:
                self.record(record.__tablename__, _key(record), "", _name(record), None)
        for record in session.dirty:
            if type(record) in _NAMED_BY:
                self._record_fields(record)

    def _after_flush(self, _session: Session, *_unused: object) -> None:
        for record in self._added:
            self.record(record.__tablename__, _key(record), "", None, _name(record))
        self._added = []

    def _record_fields(self, record: Base) -> None:
        state = inspect(record)
        for column in state.mapper.column_attrs:
            if column.key in _UNRECORDED:
                continue
            history = state.attrs[column.key].history
            if not history.has_changes():
                continue
            old = history.deleted[0] if history.deleted else None
            new = history.added[0] if history.added else None
            if old == new:
                continue
            if column.key in _SECRET:
                old, new = old and "•••", new and "•••"
            self.record(record.__tablename__, _key(record), column.key, old, new)

    def _write_rows(self) -> None:
        if not self._rows:
            return
        rows, self._rows = self._rows, []
        if self._change_id is None:
            # An own flush would run this again from within; the head is one plain row.
            result = self.session.execute(
                insert(Change).values(**self._head).returning(Change.id)
            )
            self._change_id = result.scalar_one()
        self.session.execute(
            insert(ChangedField), [{**row, "change_id": self._change_id} for row in rows]
        )


def _key(record: Base) -> int | str:
    identity = inspect(record).identity
    if identity is None:  # just flushed: the state knows its key only after the flush
        identity = inspect(record).mapper.primary_key_from_instance(record)
    return identity[0]  # type: ignore[no-any-return]


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
