"""What stands beside uptime: how fast faults are repaired, how often they come, and whose they are.

Everything is read in one transaction with the figures it goes with, and judged as the statement
of the period judges it.
"""

from __future__ import annotations

import statistics as numbers
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import or_, select

from desk_maint.db.models import Device, Fault
from desk_maint.domain.devices import GROUP_OF
from desk_maint.domain.instants import DAY
from desk_maint.domain.percent import cut_percent
from desk_maint.domain.tickets import REPEAT_FAULT_DAYS, in_time, is_repeat
from desk_maint.services import calendar_book
from desk_maint.services.permissions import require
from desk_maint.services.statement import Statement
from desk_maint.services.ticket_rows import TicketRow, read_rows
from desk_maint.services.uptime import By, uptime_report
from desk_maint.services.uptime_inputs import GROUPS, load_inventory, load_keyed_faults

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.devices import Group
    from desk_maint.domain.faults import Responsibility
    from desk_maint.domain.people import Actor
    from desk_maint.services.evidence import EvidenceRow
    from desk_maint.services.ticket_clocks import TicketClock
    from desk_maint.services.uptime import UptimeReport

__all__ = [
    "GroupEvidence",
    "GroupStatistics",
    "Kept",
    "Share",
    "Statistics",
    "group_evidence",
    "statistics",
]


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of the tickets that are judged kept a limit; without a limit none is judged."""

    kept: int
    judged: int

    @property
    def percent(self) -> str | None:
        """The share cut to two decimals; None: nothing to judge."""
        return cut_percent(self.kept, self.judged)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the downtime, in scheduled seconds: a cause or a party; None: not stated."""

    of: str | Responsibility | None
    seconds: int


@dataclass(frozen=True, slots=True)
class GroupStatistics:
    """The statistics of one group in a period; times are whole seconds, cut."""

    group: Group
    faults: int
    """Counted faults that touch the period."""
    restored: int
    """Tickets restored in the period, exempt ones too."""
    mean_to_restore: int | None
    """MTTR of those: from the fault to the restoration in calendar time; None: there are none."""
    median_to_restore: int | None
    mean_between_faults: int | None
    """MTBF: required time without downtime ÷ faults; None: there was no fault."""
    accepted: Kept
    on_site: Kept
    repaired: Kept
    """Repaired in time: an open ticket past its limit is a miss."""
    repeats: int
    """Faults that occurred in the period and repeat one of the same device and symptom."""
    by_cause: tuple[Share, ...]
    """Downtime by cause, the longest first; all add up to the downtime of the group."""
    by_holder: tuple[Share, ...]
    """The same by who held it."""
    in_use: int
    """Devices in use in the last second of the period, or before *now* where that is earlier."""
    intact: int
    """Those of them without a fault that counts."""
    outlets: int
    """Outlets with devices in use at that moment."""
    intact_outlets: int
    """Those of them where every device is intact."""

    @property
    def intact_percent(self) -> str | None:
        """Intact rate at that moment, cut to two decimals; None: nothing is in use."""
        return cut_percent(self.intact, self.in_use)


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of a period and the statistics that go with them."""

    report: UptimeReport
    groups: tuple[GroupStatistics, ...]


@dataclass(frozen=True, slots=True)
class GroupEvidence:
    """Line by line, what the :class:`GroupStatistics` of a group consist of."""

    cut_off: int
    """Up to which moment the tickets are judged, UTC seconds."""
    pieces: tuple[EvidenceRow, ...]
    """Downtime, exempt left out: the seconds add up to each share."""
    tickets: tuple[TicketClock, ...]
    """The tickets that are judged, with their limits; those restored make the times to restore."""
    repeats: tuple[TicketRow, ...]
    not_intact: tuple[TicketRow, ...]
    """Tickets of the faults that keep devices from being intact."""


def statistics(
    database: Database, actor: Actor, first: date, last: date, *, as_of: int
) -> Statistics:
    """Return the statistics of the local dates from ``first`` to before ``last``, as at ``as_of``.

    Raises :class:`~desk_maint.domain.errors.InputError` where the period is empty.
    """
    require(actor, "export")
    with database.read() as session:
        by = (By.OUTLET, By.MONTH)
        report = uptime_report(session, actor, first, last, as_of=as_of, by=by)
        statement = Statement(session, actor, report)
        tickets: dict[Group, list[TicketClock]] = defaultdict(list)
        for ticket in statement.tickets():
            tickets[ticket.group].append(ticket)
        causes: dict[Group, Counter[str | None]] = defaultdict(Counter)
        holders: dict[Group, Counter[Responsibility | None]] = defaultdict(Counter)
        for piece in statement.evidence():
            if not piece.exempt:
                causes[piece.group][piece.cause] += piece.seconds
                holders[piece.group][piece.responsibility] += piece.seconds
        repeats = _repeats(session, report)
        moments = _at_moment(session, statement)
    groups = []
    for row in report.groups:
        figures, judged = row.figures, tickets[row.group]
        up = figures.required_seconds - figures.down_seconds
        took = [each.restored_at - each.occurred_at for each in judged if each.restored_at]
        groups.append(
            GroupStatistics(
                group=row.group,
                faults=figures.faults,
                restored=len(took),
                mean_to_restore=sum(took) // len(took) if took else None,
                median_to_restore=int(numbers.median(took)) if took else None,
                mean_between_faults=up // figures.faults if figures.faults else None,
                accepted=_kept(
                    in_time(each.accepted_at, each.accept_due_at, statement.cut_off)
                    for each in judged
                ),
                on_site=_kept(
                    in_time(each.on_site_at, each.on_site_due_at, statement.cut_off)
                    for each in judged
                ),
                repaired=_kept(each.in_time for each in judged),
                repeats=len(repeats[row.group]),
                by_cause=_shares(causes[row.group]),
                by_holder=_shares(holders[row.group]),
                **moments[row.group].counts,
            )
        )
    return Statistics(report, tuple(groups))


def group_evidence(
    database: Database, actor: Actor, group: Group, first: date, last: date, *, as_of: int
) -> GroupEvidence:
    """Return what the statistics of one group and period consist of, as :func:`statistics` does."""
    require(actor, "export")
    with database.read() as session:
        report = uptime_report(session, actor, first, last, as_of=as_of, by=())
        statement = Statement(session, actor, report)
        return GroupEvidence(
            cut_off=statement.cut_off,
            pieces=tuple(
                piece for piece in statement.evidence() if piece.group is group and not piece.exempt
            ),
            tickets=tuple(each for each in statement.tickets() if each.group is group),
            repeats=tuple(read_rows(session, _repeats(session, report)[group])),
            not_intact=tuple(read_rows(session, _at_moment(session, statement)[group].faults)),
        )


def _kept(verdicts: Iterable[bool | None]) -> Kept:
    found = Counter(verdicts)
    return Kept(found[True], found[True] + found[False])


def _shares(seconds: Counter[str | None] | Counter[Responsibility | None]) -> tuple[Share, ...]:
    return tuple(Share(of, amount) for of, amount in seconds.most_common())


def _repeats(session: Session, report: UptimeReport) -> dict[Group, list[int]]:
    """Return the keys of the faults that occurred in the period and repeat one, by group."""
    start, end = report.period.start, min(report.period.end, report.period.as_of)
    rows = session.execute(
        select(
            Fault.id,
            Fault.device_id,
            Device.category,
            Fault.symptom,
            Fault.occurred_at,
            Fault.restored_at,
        )
        .join(Device)
        .where(
            Fault.cancelled_at.is_(None),
            Fault.occurred_at < end,
            or_(
                Fault.occurred_at >= start,
                Fault.restored_at >= start - REPEAT_FAULT_DAYS * DAY,
            ),
        )
        .order_by(Fault.device_id, Fault.occurred_at, Fault.id)
    )
    found: dict[Group, list[int]] = defaultdict(list)
    device: int | None = None
    earlier: list[tuple[str | None, int]] = []
    for key, device_id, category, symptom, occurred_at, restored_at in rows:
        if device_id != device:
            device, earlier = device_id, []
        if occurred_at >= start and is_repeat(symptom, occurred_at, earlier):
            found[GROUP_OF[category]].append(key)
        if restored_at is not None:
            earlier.append((symptom, restored_at))
    return found


@dataclass(frozen=True, slots=True)
class _Moment:
    """One group at one moment."""

    counts: dict[str, int]
    """The fields of the :class:`GroupStatistics` that speak of the moment."""
    faults: list[int]
    """Keys of the faults that keep its devices from being intact."""


def _at_moment(session: Session, statement: Statement) -> dict[Group, _Moment]:
    """Return devices and outlets, and the intact ones, in the last second that is looked at."""
    moment = statement.cut_off - 1
    book = calendar_book.load(session, statement.settings.zone)
    inventory = load_inventory(session, book, moment, moment + 1)
    faults, keys = load_keyed_faults(session, inventory, statement.settings, moment, moment + 1)
    faulty = np.zeros(len(inventory.device_ids), np.bool_)
    there = ~faults.exempt & (faults.start <= moment) & (faults.end > moment)
    faulty[faults.device[there]] = True
    # In one second a device stands at one place, so a stay is a device.
    device, group = inventory.stays.device, inventory.stay_group
    found = {}
    for number, each in enumerate(GROUPS):
        own = group == number
        outlets = set(inventory.outlet[own].tolist())
        broken = set(inventory.outlet[own & faulty[device]].tolist())
        found[each] = _Moment(
            {
                "in_use": int(own.sum()),
                "intact": int((own & ~faulty[device]).sum()),
                "outlets": len(outlets),
                "intact_outlets": len(outlets - broken),
            },
            keys[there & np.isin(faults.device, device[own])].tolist(),
        )
    return found
