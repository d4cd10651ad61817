"""Fetching a record that is about to be changed, as the caller last saw it, and filling it in."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import String, select

from desk_maint.db.models import (
    Attachment,
    Base,
    Calendar,
    Change,
    ChangedField,
    Device,
    Fault,
    InspectionPlan,
    Outlet,
    Person,
    RepairLimit,
    SpecialDay,
    Stoppage,
    Symptom,
)
from desk_maint.domain.errors import InputError, NotFoundError, StaleError
from desk_maint.domain.messages import Term, msg
from desk_maint.language.fields import field_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from desk_maint.db.models.base import Versioned

__all__ = ["blaming", "fetch", "fill", "look_up", "need_reason", "stale", "touch"]

Record = TypeVar("Record", bound=Base)

_NOUNS: dict[type[Base], str] = {
    Attachment: "attachment",
    Calendar: "service_calendar",
    Device: "equipment",
    Fault: "repair_ticket",
    InspectionPlan: "inspection_plan",
    Outlet: "outlet",
    Person: "user_account",
    RepairLimit: "repair_limit",
    SpecialDay: "special_days",
    Stoppage: "stoppages",
    Symptom: "fault_symptom",
}


@contextmanager
def blaming(field: str) -> Iterator[None]:
    """Tell of what is refused inside the block that it is about this field of the record."""
    try:
        yield
    except InputError as error:
        if error.field is None:
            error.field = field
        raise


def look_up(session: Session, model: type[Record], key: int) -> Record:
    """Return the record with this key for reading; raise :class:`NotFoundError` if it is gone."""
    record = session.get(model, key)
    if record is None:
        raise _gone(model)
    return record


def fetch(session: Session, model: type[Record], key: int, *, version: int | None = None) -> Record:
    """Return the record with this key for changing, locked until the transaction ends.

    Raises :class:`NotFoundError` where it is gone and :class:`StaleError` where it is no longer
    in the ``version`` that the caller saw.
    """
    record = session.get(model, key, with_for_update=True)
    if record is None:
        raise _gone(model)
    if version is not None and record.version != version:  # type: ignore[attr-defined]
        raise stale(session, record.__tablename__, str(key))
    return record


def need_reason(reason: str) -> None:
    """Refuse what people have to account for when they give no reason for it."""
    if not reason.strip():
        raise InputError(msg("Give a reason; it stays in the history."))


def touch(record: Versioned) -> None:
    """Move a record's version on where only rows that belong to it have changed."""
    record.version += 1


def fill(record: Base, values: Mapping[str, object]) -> None:
    """Set columns of a record: text is trimmed, blank text is no text, too long is refused."""
    table = record.__table__
    for name, value in values.items():
        column = table.c[name]
        # Members of a vocabulary are text too, but theirs is never blank nor too long.
        if type(value) is str:
            text = value.strip()
            longest = column.type.length if isinstance(column.type, String) else None
            if longest is not None and len(text) > longest:
                raise InputError(
                    msg(
                        "“{field}” is too long: at most {count} characters fit.",
                        field=Term(field_key(record.__tablename__, name)),
                        count=longest,
                    ),
                    field=name,
                )
            setattr(record, name, text or None)
        else:
            setattr(record, name, value)


def stale(session: Session, kind: str, record_id: str) -> StaleError:
    """Return the error that tells who changed a record last, and what of it."""
    last = session.execute(
        select(Change.id, Change.actor)
        .join(ChangedField)
        .where(ChangedField.kind == kind, ChangedField.record_id == record_id)
        .order_by(Change.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return StaleError(msg("This has been changed meanwhile. Look at it again before you save."))
    fields = session.scalars(
        select(ChangedField.field)
        .where(
            ChangedField.change_id == last.id,
            ChangedField.kind == kind,
            ChangedField.record_id == record_id,
        )
        .order_by(ChangedField.id)
    )
    return StaleError(
        msg(
            "{who} has changed this meanwhile ({fields}). Look at it again before you save.",
            who=last.actor,
            fields=tuple(Term(field_key(kind, field)) for field in fields if field) or "…",
        )
    )


def _gone(model: type[Base]) -> NotFoundError:
    return NotFoundError(
        msg(
            "This record of “{noun}” does not exist any more. Look at the list again.",
            noun=Term(_NOUNS[model]),
        )
    )
