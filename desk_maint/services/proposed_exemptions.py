"""The exemptions that wait for a decision: who proposed each, why, and what it would take out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select

from desk_maint.db.models import Fault
from desk_maint.domain.service_clock import ServiceClock
from desk_maint.domain.uptime import Faults, Spans, compute_cells
from desk_maint.services import calendar_book, settings
from desk_maint.services.permissions import may, require
from desk_maint.services.ticket_filter import TicketFilter, ticket_conditions
from desk_maint.services.ticket_rows import TicketRow, read_rows
from desk_maint.services.uptime import period_of
from desk_maint.services.uptime_inputs import load_inventory, load_keyed_faults

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor
    from desk_maint.services.uptime import Period

__all__ = ["ProposedExemption", "list_proposed"]


@dataclass(frozen=True, slots=True)
class ProposedExemption:
    """An exemption that nobody has decided yet."""

    ticket: TicketRow
    reason: str | None
    proposed_by: str | None
    seconds: int
    """Downtime of the period that approving this one alone would take out."""
    may_decide: bool
    """Whether the reader may: the role allows it, and it is not the reader's own."""


def list_proposed(
    database: Database, actor: Actor, first: date, last: date, *, as_of: int
) -> tuple[ProposedExemption, ...]:
    """Return all exemptions that wait, whenever the fault was, the earliest first.

    What each would take out is told for the local dates from ``first`` to before ``last``, as at
    ``as_of`` (UTC seconds).  Raises :class:`~desk_maint.domain.errors.InputError` where the period
    is empty.
    """
    require(actor, "ticket.read")
    with database.read() as session:
        conditions = ticket_conditions(session, actor, TicketFilter(exemption_proposed=True))
        query = select(Fault.id, Fault.exempt_reason, Fault.exempt_proposed_by)
        found = session.execute(
            query.where(*conditions.where).order_by(Fault.occurred_at, Fault.id)
        ).all()
        tickets = read_rows(session, [key for key, _, _ in found])
        period = period_of(settings.load(session), first, last, as_of)
        relief = _relief(session, {row.id: row.device_id for row in tickets}, period)
    decides = may(actor, "ticket.approve_exemption")
    return tuple(
        ProposedExemption(
            ticket, reason, proposer, relief.get(ticket.id, 0), decides and proposer != actor.name
        )
        for ticket, (_, reason, proposer) in zip(tickets, found, strict=True)
    )


def _relief(session: Session, proposed: Mapping[int, int], period: Period) -> dict[int, int]:
    """Return by fault how much less downtime its device has once that fault is exempt.

    ``proposed`` names the device of each.  One whose impact does not count is left out.
    """
    if not proposed:
        return {}
    in_force = settings.load(session)
    book = calendar_book.load(session, in_force.zone)
    start, end = period.start, period.end
    inventory = load_inventory(session, book, start, end, device_ids=set(proposed.values()))
    faults, keys = load_keyed_faults(session, inventory, in_force, start, end)
    clock = ServiceClock(inventory.calendars, [start, end], in_force.zone)
    device = inventory.stays.device
    nothing = np.empty(0, np.int64)

    def down(exempt: Sequence[int]) -> list[int]:
        """Return the downtime of each device where these rows are exempt too."""
        spared = faults.exempt.copy()
        spared[list(exempt)] = True
        judged = Faults(faults.device, faults.start, faults.end, spared)
        late = Spans(nothing, nothing, nothing)
        cells = compute_cells(
            inventory.stays, judged, late, inventory.stops, clock, now=period.as_of
        )
        total = np.zeros(len(inventory.device_ids), np.int64)
        np.add.at(total, device, cells.down[:, 0])
        return total.tolist()

    # Each is looked at alone: at one time only one fault of a device is taken for exempt.
    rounds: defaultdict[int, list[int]] = defaultdict(list)
    seen: defaultdict[int, int] = defaultdict(int)
    for row, key in enumerate(keys.tolist()):
        if key in proposed:
            place = int(faults.device[row])
            rounds[seen[place]].append(row)
            seen[place] += 1
    as_it_is = down(())
    return {
        int(keys[row]): as_it_is[place] - without[place]
        for rows in rounds.values()
        for without in [down(rows)]
        for row in rows
        for place in [int(faults.device[row])]
    }
