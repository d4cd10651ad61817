"""Planned stoppages: proposed by one person, approved by another, and only then of effect."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from desk_maint.db.models import Device, Outlet, Stoppage
from desk_maint.domain.errors import InputError, PermissionDeniedError
from desk_maint.domain.messages import msg
from desk_maint.domain.stoppages import StoppageScope
from desk_maint.services.permissions import may, require
from desk_maint.services.records import fetch, fill, need_reason

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk_maint.db.change import Changes
    from desk_maint.db.engine import Database
    from desk_maint.domain.devices import Category
    from desk_maint.domain.people import Actor

__all__ = [
    "StoppageData",
    "StoppageProposed",
    "StoppageRow",
    "StoppageStanding",
    "approve",
    "list_stoppages",
    "propose",
    "refuse",
    "withdraw",
]


class StoppageStanding(StrEnum):
    """Where a stoppage stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class StoppageData:
    """What is to stand still, and when: ``[from_at, to_at)`` in UTC seconds."""

    scope: StoppageScope
    from_at: int
    to_at: int
    reason: str
    device_id: int | None = None
    outlet_id: int | None = None
    category: Category | None = None
    """Exactly the one that ``scope`` asks for is filled."""


@dataclass(frozen=True, slots=True)
class StoppageRow:
    """A stoppage in the list."""

    id: int
    version: int
    data: StoppageData
    subject: str | None
    """Tag of the device or name of the outlet; None for a category or for all."""
    standing: StoppageStanding
    proposed_by: str | None
    approved_by: str | None
    refused_by: str | None
    refuse_reason: str | None
    may_decide: bool
    """Whether the reader may approve or refuse it: his role allows it and it is not his own."""


@dataclass(frozen=True, slots=True)
class StoppageProposed:
    """The key of a new proposal."""

    id: int
    changes: Changes


def list_stoppages(
    database: Database,
    actor: Actor,
    *,
    standing: StoppageStanding | None = None,
    since: int | None = None,
    until: int | None = None,
) -> tuple[StoppageRow, ...]:
    """Return the stoppages that touch ``[since, until)`` in UTC seconds, the latest first."""
    require(actor, "stoppage.read")
    query = (
        select(Stoppage, Device.tag, Outlet.name, Device.outlet_id)
        .outerjoin(Device, Device.id == Stoppage.device_id)
        .outerjoin(Outlet, Outlet.id == Stoppage.outlet_id)
        .order_by(Stoppage.from_at.desc(), Stoppage.id.desc())
    )
    if since is not None:
        query = query.where(Stoppage.to_at > since)
    if until is not None:
        query = query.where(Stoppage.from_at < until)
    with database.read() as session:
        rows = [
            _row(actor, stoppage, tag or name)
            for stoppage, tag, name, device_outlet in session.execute(query)
            if _reaches(actor, stoppage.outlet_id, device_outlet)
        ]
    return tuple(row for row in rows if standing is None or row.standing is standing)


def propose(database: Database, actor: Actor, data: StoppageData, *, at: int) -> StoppageProposed:
    """Propose a stoppage; it counts once somebody else has approved it."""
    require(actor, "stoppage.propose")
    _check(data)
    with database.change(actor, "stoppage.propose", at=at, reason=data.reason) as work:
        _check_subject(work.session, data)
        row = Stoppage(proposed_by=actor.name)
        fill(row, asdict(data))
        work.session.add(row)
        work.session.flush()
        key = row.id
    return StoppageProposed(key, work.changes)


def approve(
    database: Database, actor: Actor, stoppage_id: int, *, version: int, at: int
) -> Changes:
    """Approve a stoppage that somebody else proposed."""
    require(actor, "stoppage.approve")
    with database.change(actor, "stoppage.approve", at=at) as work:
        row = _undecided(work.session, actor, stoppage_id, version)
        row.approved_by = actor.name
    return work.changes


def refuse(
    database: Database, actor: Actor, stoppage_id: int, reason: str, *, version: int, at: int
) -> Changes:
    """Refuse a stoppage that somebody else proposed, and say why."""
    require(actor, "stoppage.refuse")
    need_reason(reason)
    with database.change(actor, "stoppage.refuse", at=at, reason=reason) as work:
        row = _undecided(work.session, actor, stoppage_id, version)
        fill(row, {"refused_by": actor.name, "refuse_reason": reason})
    return work.changes


def withdraw(
    database: Database, actor: Actor, stoppage_id: int, reason: str, *, version: int, at: int
) -> Changes:
    """Take a stoppage back: a proposal by its proposer, an approved one by a manager.

    It leaves the list and the figures; the history keeps what it was, and the reason.
    """
    require(actor, "stoppage.withdraw")
    need_reason(reason)
    with database.change(actor, "stoppage.withdraw", at=at, reason=reason) as work:
        row = fetch(work.session, Stoppage, stoppage_id, version=version)
        own_proposal = row.proposed_by == actor.name and row.approved_by is None
        if not own_proposal and not may(actor, "stoppage.approve"):
            raise PermissionDeniedError(
                msg("Only its proposer or a manager may take this stoppage back.")
            )
        work.session.delete(row)
    return work.changes


def _reaches(actor: Actor, outlet_id: int | None, device_outlet: int | None) -> bool:
    place = outlet_id if outlet_id is not None else device_outlet
    return place is None or actor.may_see(place)


def _undecided(session: Session, actor: Actor, stoppage_id: int, version: int) -> Stoppage:
    row = fetch(session, Stoppage, stoppage_id, version=version)
    if row.approved_by is not None or row.refused_by is not None:
        raise InputError(
            msg(
                "{who} has already decided this stoppage. Look at the list again.",
                who=row.approved_by or row.refused_by,
            )
        )
    if row.proposed_by == actor.name:
        raise PermissionDeniedError(
            msg("You proposed this stoppage yourself; somebody else has to decide it.")
        )
    return row


def _row(actor: Actor, row: Stoppage, subject: str | None) -> StoppageRow:
    if row.approved_by is not None:
        standing = StoppageStanding.APPROVED
    elif row.refused_by is not None:
        standing = StoppageStanding.REFUSED
    else:
        standing = StoppageStanding.PROPOSED
    return StoppageRow(
        id=row.id,
        version=row.version,
        data=StoppageData(
            scope=row.scope,
            from_at=row.from_at,
            to_at=row.to_at,
            reason=row.reason,
            device_id=row.device_id,
            outlet_id=row.outlet_id,
            category=row.category,
        ),
        subject=subject,
        standing=standing,
        proposed_by=row.proposed_by,
        approved_by=row.approved_by,
        refused_by=row.refused_by,
        refuse_reason=row.refuse_reason,
        may_decide=(
            standing is StoppageStanding.PROPOSED
            and may(actor, "stoppage.approve")
            and row.proposed_by != actor.name
        ),
    )


def _check(data: StoppageData) -> None:
    need_reason(data.reason)
    if data.to_at <= data.from_at:
        raise InputError(
            msg("A stoppage has to end after it begins. Correct one of the two times.")
        )
    filled = {
        StoppageScope.DEVICE: data.device_id,
        StoppageScope.OUTLET: data.outlet_id,
        StoppageScope.CATEGORY: data.category,
    }
    wrong = [scope for scope, key in filled.items() if (key is not None) != (scope is data.scope)]
    if wrong:
        raise InputError(
            msg("Choose what is to stand still: one device, one outlet, one category, or all.")
        )


def _check_subject(session: Session, data: StoppageData) -> None:
    if data.device_id is not None:
        fetch(session, Device, data.device_id)
    if data.outlet_id is not None:
        fetch(session, Outlet, data.outlet_id)
