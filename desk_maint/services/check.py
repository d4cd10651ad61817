"""Proof that what the database keeps ready follows from the rest: ``database check``.

Lists and figures read states, places and deadlines from columns of their own.  Here they are
found anew from the moments, holds, placements, calendars and limits, and compared.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from desk_maint.db.check import check_structure
from desk_maint.db.models import Device, DeviceStateChange, Fault, Hold, Placement
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import local_date
from desk_maint.domain.messages import Message, msg
from desk_maint.domain.tickets import Moments, check_holds, check_moments, state_of
from desk_maint.services import calendar_book, settings
from desk_maint.services.deadlines import DeadlineBook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from desk_maint.db.engine import Database
    from desk_maint.domain.faults import HoldReason, TicketState

__all__ = ["check"]

_SHOWN = 10
_ROWS_AT_ONCE = 5000


def check(database: Database) -> tuple[Message, ...]:
    """Return everything that is wrong with a database, one sentence each; nothing is changed.

    Where the database itself is not whole, that is all that is told: the rest cannot be read.
    """
    found = check_structure(database)
    if found:
        return found
    findings: list[Message] = []
    with database.read() as session:
        try:
            zone = settings.load(session).zone
            book = DeadlineBook(session, calendar_book.load(session, zone))
            for key in book.calendars.names:
                book.calendars.by_id(key)
            findings.extend(_devices(session))
            findings.extend(_faults(session, book, zone))
        except InputError as error:  # a setting, calendar or limit that cannot be used
            findings.append(error.message)
    return tuple(findings)


class _Strays:
    """Records of which something does not hold: how many, and the first of them by name."""

    def __init__(self) -> None:
        self._count = 0
        self._names: list[str] = []

    def add(self, name: str) -> None:
        self._count += 1
        if len(self._names) < _SHOWN:
            self._names.append(name)

    def __bool__(self) -> bool:
        return self._count > 0

    @property
    def names(self) -> tuple[str, ...]:
        return (*self._names, "…") if self._count > len(self._names) else tuple(self._names)

    @property
    def count(self) -> int:
        return self._count


def _devices(session: Session) -> Iterator[Message]:
    """Prove outlet, position and state of every device by its placements and states."""
    places = _last_entries(
        session,
        select(Placement.device_id, Placement.from_on, Placement.outlet_id, Placement.position),
    )
    states = _last_entries(
        session,
        select(DeviceStateChange.device_id, DeviceStateChange.from_on, DeviceStateChange.state),
    )
    nowhere, elsewhere, otherwise = _Strays(), _Strays(), _Strays()
    for key, tag, *place, state in session.execute(
        select(Device.id, Device.tag, Device.outlet_id, Device.position, Device.state).order_by(
            Device.tag
        )
    ):
        if key not in places or key not in states:
            nowhere.add(tag)
        elif places[key] != tuple(place):
            elsewhere.add(tag)
        elif states[key] != (state,):
            otherwise.add(tag)
    if nowhere:
        yield msg(
            "{count} devices lack the entry of where or in which state they began: {names}.",
            count=nowhere.count,
            names=nowhere.names,
        )
    if elsewhere:
        yield msg(
            "{count} devices do not stand where their last move took them: {names}.",
            count=elsewhere.count,
            names=elsewhere.names,
        )
    if otherwise:
        yield msg(
            "{count} devices are not in the state that was entered last: {names}.",
            count=otherwise.count,
            names=otherwise.names,
        )


def _last_entries(session: Session, entries: Select[*tuple[Any, ...]]) -> dict[int, object]:
    """Return what the last entry of each device says, of those whose first is of ``date.min``.

    ``entries`` are rows of device, day and what holds from then on.
    """
    device, day, *_ = entries.selected_columns
    last: dict[int, object] = {}
    for key, from_on, *said in session.execute(entries.order_by(device, day)):
        if key in last or from_on == date.min:
            last[key] = tuple(said)
    return last


class _Hold(NamedTuple):
    from_at: int
    to_at: int | None
    reason: HoldReason


class _Fault(NamedTuple):
    device_id: int
    outlet_id: int
    grade: int
    reported_at: int
    holds: Sequence[_Hold]


_MOMENTS = (
    Fault.occurred_at,
    Fault.reported_at,
    Fault.accepted_at,
    Fault.on_site_at,
    Fault.restored_at,
    Fault.confirmed_at,
    Fault.cancelled_at,
)
_DUE = (Fault.accept_due_at, Fault.on_site_due_at, Fault.repair_due_at)


def _faults(session: Session, book: DeadlineBook, zone: ZoneInfo) -> Iterator[Message]:
    """Prove moments, state, place and deadlines of every ticket."""
    holds: dict[int, list[_Hold]] = defaultdict(list)
    for hold in session.execute(select(Hold.fault_id, Hold.from_at, Hold.to_at, Hold.reason)):
        holds[hold.fault_id].append(_Hold(hold.from_at, hold.to_at, hold.reason))
    stays: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for entry in session.execute(
        select(Placement.device_id, Placement.from_on, Placement.outlet_id).order_by(
            Placement.device_id, Placement.from_on.desc()
        )
    ):
        stays[entry.device_id].append((entry.from_on, entry.outlet_id))
    book.preload()
    states, elsewhere, dues = _Strays(), _Strays(), _Strays()
    query = (
        select(Fault.id, Fault.number, Fault.device_id, Fault.outlet_id, Fault.grade, Fault.state)
        .add_columns(*_MOMENTS, *_DUE)
        .order_by(Fault.id)
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    with session.execute(query) as rows:
        for row in rows:
            key, number, device_id, outlet_id, grade, state = row[:6]
            moments, due = Moments(*row[6:13]), tuple(row[13:])
            rests = holds.get(key, [])
            yield from _moments(number, moments, rests)
            if state is not _state(moments, rests):
                states.add(number)
            day = local_date(moments.reported_at, zone)
            if outlet_id != next((there for on, there in stays[device_id] if on <= day), None):
                elsewhere.add(number)
            found = book.due(_Fault(device_id, outlet_id, grade, moments.reported_at, rests))
            if due != (found.accept, found.on_site, found.repair):
                dues.add(number)
    if states:
        yield msg(
            "The state of {count} tickets does not follow from their moments and holds: {names}.",
            count=states.count,
            names=states.names,
        )
    if elsewhere:
        yield msg(
            "{count} tickets belong to another outlet than their device when they were reported: "
            "{names}.",
            count=elsewhere.count,
            names=elsewhere.names,
        )
    if dues:
        yield msg(
            "The deadlines of {count} tickets do not follow from the calendars and repair limits: "
            "{names}. Saving the repair limits of their grade and zone finds them anew.",
            count=dues.count,
            names=dues.names,
        )


def _moments(number: str, moments: Moments, holds: Sequence[_Hold]) -> Iterator[Message]:
    try:
        check_moments(moments)
        check_holds(moments, [(hold.from_at, hold.to_at) for hold in holds])
    except InputError as error:
        yield msg("Ticket {number}: {problem}", number=number, problem=error.message)


def _state(moments: Moments, holds: Sequence[_Hold]) -> TicketState:
    return state_of(moments, held=any(hold.to_at is None for hold in holds))
