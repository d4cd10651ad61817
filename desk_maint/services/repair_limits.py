"""The table of repair limits; whoever changes it moves the deadlines of the tickets it rules."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from desk_maint.db.models import Device, Fault, Outlet, RepairLimit
from desk_maint.domain.deadlines import parse_limit
from desk_maint.domain.errors import InputError
from desk_maint.domain.faults import Grade
from desk_maint.domain.messages import msg
from desk_maint.domain.outlets import Zone
from desk_maint.domain.repair_limits import ELAPSED_CLOCK, SERVICE_CLOCK
from desk_maint.services import calendar_book
from desk_maint.services.calendar_book import fold_name
from desk_maint.services.deadlines import DeadlineBook
from desk_maint.services.permissions import require
from desk_maint.services.records import blaming, fetch, stale

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from desk_maint.db.change import Changes, Work
    from desk_maint.db.engine import Database
    from desk_maint.domain.devices import Category
    from desk_maint.domain.people import Actor

__all__ = [
    "RepairLimitData",
    "RepairLimitView",
    "list_limits",
    "normal_clock",
    "remove",
    "save",
]


@dataclass(frozen=True, slots=True)
class RepairLimitData:
    """The limits of one grade in one zone, in the contract's writing (``30m``, ``8h``, ``2wd``)."""

    category: Category | None
    """None: every category without limits of its own."""
    grade: Grade
    zone: Zone
    clock: str
    """``service``, ``elapsed`` or the name of a calendar."""
    accept: str | None
    on_site: str | None
    repair: str
    """None (accept, on site): no such limit."""


@dataclass(frozen=True, slots=True)
class RepairLimitView:
    """A row of the table."""

    id: int
    version: int
    data: RepairLimitData


def list_limits(database: Database, actor: Actor) -> tuple[RepairLimitView, ...]:
    """Return the table: the limits for all categories first, then by grade and zone."""
    require(actor, "repair_limit.read")
    zones = list(Zone)
    with database.read() as session:
        rows = [
            RepairLimitView(
                row.id,
                row.version,
                RepairLimitData(
                    row.category,
                    Grade(row.grade),
                    row.zone,
                    row.clock,
                    row.accept,
                    row.on_site,
                    row.repair or "",
                ),
            )
            for row in session.scalars(select(RepairLimit))
        ]
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                row.data.category or "",
                row.data.grade,
                zones.index(row.data.zone),
            ),
        )
    )


def save(
    database: Database,
    actor: Actor,
    data: RepairLimitData,
    *,
    version: int | None = None,
    at: int,
) -> Changes:
    """Set the limits of a category, grade and zone; ``version`` None: there are none yet."""
    require(actor, "repair_limit.edit")
    with database.change(actor, "repair_limit.edit", at=at) as work:
        session = work.session
        values = asdict(data)
        with blaming("clock"):
            values["clock"] = normal_clock(session, data.clock)
        for name in ("accept", "on_site"):
            with blaming(name):
                values[name] = _limit(values[name])
        with blaming("repair"):
            values["repair"] = str(parse_limit(data.repair))
        key = session.scalar(
            select(RepairLimit.id).where(
                RepairLimit.category.is_not_distinct_from(data.category),
                RepairLimit.grade == data.grade,
                RepairLimit.zone == data.zone,
            )
        )
        if key is None:
            if version is not None:
                raise stale(session, "repair_limit", "")
            row = RepairLimit()
            session.add(row)
        else:
            if version is None:
                raise InputError(
                    msg("There are limits for these devices, this grade and zone. Change those."),
                    field="category",
                )
            row = fetch(session, RepairLimit, key, version=version)
        for name, value in values.items():
            setattr(row, name, value)
        _recompute(work, data.category, data.grade, data.zone)
    return work.changes


def remove(database: Database, actor: Actor, limit_id: int, *, version: int, at: int) -> Changes:
    """Remove the limits of a category, so that those for all hold; those for all stay."""
    require(actor, "repair_limit.edit")
    with database.change(actor, "repair_limit.edit", at=at) as work:
        row = fetch(work.session, RepairLimit, limit_id, version=version)
        if row.category is None:
            raise InputError(
                msg("The limits for all categories cannot be removed; change them instead.")
            )
        work.session.delete(row)
        _recompute(work, row.category, row.grade, row.zone)
    return work.changes


def normal_clock(session: Session, text: str) -> str:
    """Return the clock that a text names; raise ``InputError`` where there is no such calendar."""
    folded = fold_name(text)
    if folded in {SERVICE_CLOCK, ELAPSED_CLOCK}:
        return folded
    book = calendar_book.load(session)
    return book.names[book.id_of(text)]


def _limit(text: str | None) -> str | None:
    return str(parse_limit(text)) if text and text.strip() else None


def _recompute(work: Work, category: Category | None, grade: int, zone: Zone) -> None:
    session = work.session
    session.flush()
    conditions: list[ColumnElement[bool]] = [
        Fault.grade == grade,
        Fault.outlet_id.in_(select(Outlet.id).where(Outlet.zone == zone)),
    ]
    if category is not None:
        conditions.append(Fault.device_id.in_(select(Device.id).where(Device.category == category)))
    work.touched("fault", DeadlineBook(session).recompute_where(session, *conditions))
