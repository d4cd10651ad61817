"""What waits for a person, and what others did to her tickets: the tray icon and its notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, func, or_, select

from desk_maint.db.models import Change, ChangedField, Device, Fault, Stoppage
from desk_maint.domain.faults import TicketState
from desk_maint.domain.people import Role
from desk_maint.services.escalation import ESCALATED, SHARE_TOLD_TO
from desk_maint.services.permissions import may, require
from desk_maint.services.ticket_filter import EXEMPTION_PROPOSED, TicketFilter, count_tickets

if TYPE_CHECKING:
    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = ["News", "TicketNews", "Waiting", "count_waiting", "list_news"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for this person."""

    to_accept: int = 0
    """Reported tickets that nobody has accepted."""
    mine: int = 0
    """Accepted tickets in the technician's own hands, holds left out."""
    to_confirm: int = 0
    """Restored tickets of the reporter's outlets."""
    overdue: int = 0
    to_decide: int = 0
    """Exemptions and stoppages that somebody else proposed."""

    @property
    def total(self) -> int:
        """The number beside the tray icon."""
        return self.to_accept + self.mine + self.to_confirm + self.overdue + self.to_decide


@dataclass(frozen=True, slots=True)
class TicketNews:
    """Somebody else did something to a ticket of this person."""

    number: str
    tag: str
    action: str
    """Its words are ``language.fields.action_key(action)``."""
    actor: str
    at: int


@dataclass(frozen=True, slots=True)
class News:
    """The news since a change, and the change to ask from the next time."""

    items: tuple[TicketNews, ...]
    last_change: int


def count_waiting(database: Database, actor: Actor, now: int) -> Waiting:
    """Return what waits for this person at ``now`` (the tray icon)."""
    require(actor, "ticket.read")
    restored = TicketFilter(states=frozenset({TicketState.RESTORED}))
    with database.read() as session:
        if actor.role is Role.REPORTER:
            return Waiting(to_confirm=count_tickets(session, actor, restored))
        if actor.role is Role.TECHNICIAN:
            at_work = frozenset({TicketState.ACCEPTED, TicketState.ON_SITE})
            return Waiting(
                to_accept=count_tickets(
                    session, actor, TicketFilter(states=frozenset({TicketState.REPORTED}))
                ),
                mine=count_tickets(session, actor, TicketFilter(states=at_work, mine=True)),
            )
        exemptions = session.scalar(
            select(func.count(Fault.id)).where(
                EXEMPTION_PROPOSED,
                or_(Fault.exempt_proposed_by.is_(None), Fault.exempt_proposed_by != actor.name),
            )
        )
        stoppages = session.scalar(
            select(func.count(Stoppage.id)).where(
                Stoppage.approved_by.is_(None),
                Stoppage.refused_by.is_(None),
                or_(Stoppage.proposed_by.is_(None), Stoppage.proposed_by != actor.name),
            )
        )
        return Waiting(
            overdue=count_tickets(session, actor, TicketFilter(overdue_at=now)),
            to_decide=(exemptions or 0) + (stoppages or 0)
            if may(actor, "ticket.approve_exemption")
            else 0,
        )


def list_news(database: Database, actor: Actor, after_change: int | None) -> News:
    """Return what others did to this person's tickets since the change ``after_change``.

    A manager is told too which tickets have used up most of their limits.  None: nothing yet,
    only the change to ask from the next time.
    """
    require(actor, "ticket.read")
    with database.read() as session:
        last = session.scalar(select(func.max(Change.id))) or 0
        if after_change is None or last <= after_change:
            return News((), last)
        found = session.execute(
            select(Fault.number, Device.tag, Change.action, Change.actor, Change.at)
            .distinct()
            .join(ChangedField, ChangedField.change_id == Change.id)
            .join(
                Fault,
                and_(
                    ChangedField.kind == "fault",
                    ChangedField.record_id == func.cast(Fault.id, ChangedField.record_id.type),
                ),
            )
            .join(Device, Device.id == Fault.device_id)
            .where(
                Change.id > after_change,
                Change.id <= last,
                Change.action.startswith("ticket."),
                Change.actor != actor.name,
                _concerns(actor),
            )
            .order_by(Change.at)
        )
        return News(tuple(TicketNews(*row) for row in found), last)


def _concerns(actor: Actor) -> ColumnElement[bool]:
    """Return which changes of tickets are news to a person."""
    if actor.role is Role.REPORTER:
        return Fault.reported_by == actor.name
    own = Fault.technician == actor.name
    if actor.role is Role.TECHNICIAN:
        return own
    shares = [str(share) for share, role in SHARE_TOLD_TO.items() if role is Role.MANAGER]
    return or_(own, and_(ChangedField.field == ESCALATED, ChangedField.new.in_(shares)))
