"""The life of a repair ticket: its moments, its state, and what may be done when (section 3)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from desk_maint.domain.errors import InputError
from desk_maint.domain.faults import TicketState
from desk_maint.domain.instants import DAY
from desk_maint.domain.messages import At, Term, msg

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "ALLOWED",
    "OPEN_STATES",
    "REPEAT_FAULT_DAYS",
    "Moments",
    "TicketAction",
    "check_action",
    "check_holds",
    "check_moments",
    "in_time",
    "is_open",
    "is_repeat",
    "state_of",
]


class TicketAction(StrEnum):
    """What a person can do to a ticket."""

    ACCEPT = "accept"
    ARRIVE = "arrive"
    HOLD = "hold"
    RESUME = "resume"
    SPARE = "spare"
    RESTORE = "restore"
    CONFIRM = "confirm"
    SEND_BACK = "send_back"
    CANCEL = "cancel"


_S = TicketState
OPEN_STATES = frozenset({_S.REPORTED, _S.ACCEPTED, _S.ON_SITE, _S.ON_HOLD})
"""The states in which the fault still lasts."""
REPEAT_FAULT_DAYS = 7
"""The same symptom on the same device within so many days of restoration is a repeat fault."""
ALLOWED: Mapping[TicketAction, frozenset[TicketState]] = MappingProxyType(
    {
        TicketAction.ACCEPT: frozenset({_S.REPORTED}),
        TicketAction.ARRIVE: frozenset({_S.ACCEPTED}),
        TicketAction.HOLD: frozenset({_S.ACCEPTED, _S.ON_SITE}),
        TicketAction.RESUME: frozenset({_S.ON_HOLD}),
        TicketAction.SPARE: frozenset({_S.REPORTED, _S.ACCEPTED, _S.ON_SITE, _S.ON_HOLD}),
        TicketAction.RESTORE: frozenset({_S.ACCEPTED, _S.ON_SITE, _S.ON_HOLD}),
        TicketAction.CONFIRM: frozenset({_S.RESTORED}),
        TicketAction.SEND_BACK: frozenset({_S.RESTORED}),
        TicketAction.CANCEL: frozenset({_S.REPORTED, _S.ACCEPTED}),
    }
)
"""The states from which each action may be taken.

A fault that was mended by telephone is restored without anybody having been on site; one whose
site nobody can get into is held from accepted too.  Cancelling is for reports that were none.
"""


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments of a ticket in UTC seconds; None: not (yet) known."""

    occurred_at: int
    reported_at: int
    accepted_at: int | None = None
    on_site_at: int | None = None
    restored_at: int | None = None
    confirmed_at: int | None = None
    cancelled_at: int | None = None


_ORDER = ("occurred_at", "reported_at", "accepted_at", "on_site_at", "restored_at", "confirmed_at")
_WORDS = {
    "occurred_at": "occurred_at",
    "reported_at": "reported_at",
    "accepted_at": "accepted_at",
    "on_site_at": "arrived_at",
    "restored_at": "service_restored_at",
    "confirmed_at": "verified_at",
    "cancelled_at": "cancelled_at",
}


def state_of(moments: Moments, *, held: bool = False) -> TicketState:
    """Return the state that follows from the moments; ``held``: a hold is running."""
    if moments.cancelled_at is not None:
        return TicketState.CANCELLED
    if moments.confirmed_at is not None:
        return TicketState.CLOSED
    if moments.restored_at is not None:
        return TicketState.RESTORED
    if held:
        return TicketState.ON_HOLD
    if moments.on_site_at is not None:
        return TicketState.ON_SITE
    return TicketState.REPORTED if moments.accepted_at is None else TicketState.ACCEPTED


def is_open(state: TicketState) -> bool:
    """Whether the fault still lasts: neither restored nor cancelled."""
    return state in OPEN_STATES


def check_action(action: TicketAction, state: TicketState, number: str) -> None:
    """Raise :class:`InputError` unless ``action`` may be taken in ``state``."""
    if state not in ALLOWED[action]:
        raise InputError(
            msg(
                "Ticket {number} is “{state}” now, so this cannot be done. Look at it again.",
                number=number,
                state=Term(_STATE_WORDS[state]),
            )
        )


def check_moments(moments: Moments) -> None:
    """Raise :class:`InputError` where moments run backwards, naming both of them.

    Moments that are not known are passed over: a ledger brought in need not tell when a fault was
    accepted.  Confirming needs a restoration, and work that has begun cannot be cancelled.
    """
    given = [(name, at) for name in _ORDER if (at := getattr(moments, name)) is not None]
    for earlier, later in pairwise(given):
        _in_order(earlier, later)
    if moments.confirmed_at is not None and moments.restored_at is None:
        raise InputError(
            msg(
                "The fault is confirmed ({confirmed}) but was never restored. Give the moment of "
                "restoration.",
                confirmed=At(moments.confirmed_at),
            )
        )
    if moments.cancelled_at is not None:
        latest, at = given[-1]
        if latest not in {"reported_at", "accepted_at"}:
            raise InputError(
                msg(
                    "The ticket was cancelled ({cancelled}), yet “{work}” ({at}) is recorded. "
                    "Take out one of the two.",
                    cancelled=At(moments.cancelled_at),
                    work=Term(_WORDS[latest]),
                    at=At(at),
                )
            )
        _in_order(given[-1], ("cancelled_at", moments.cancelled_at))


def _in_order(earlier: tuple[str, int], later: tuple[str, int]) -> None:
    if later[1] < earlier[1]:
        raise InputError(
            msg(
                "“{later}” ({after}) lies before “{earlier}” ({before}). Mend one of the two.",
                later=Term(_WORDS[later[0]]),
                after=At(later[1]),
                earlier=Term(_WORDS[earlier[0]]),
                before=At(earlier[1]),
            )
        )


def check_holds(moments: Moments, holds: Iterable[tuple[int, int | None]]) -> None:
    """Raise :class:`InputError` unless the holds lie one after the other in the ticket's life.

    A hold begins no earlier than the report and ends no later than the restoration or the
    cancelling; only the last may still run (end None), and none may overlap another.
    """
    ordered = sorted(holds, key=lambda hold: hold[0])
    over = moments.restored_at if moments.restored_at is not None else moments.cancelled_at
    for start, end in ordered:
        if end is not None and end < start:
            raise InputError(
                msg(
                    "A hold ends ({end}) before it begins ({start}). Mend one of the two.",
                    end=At(end),
                    start=At(start),
                )
            )
        if start < moments.reported_at:
            raise InputError(
                msg(
                    "A hold begins ({start}) before the fault was reported ({reported}). Mend one "
                    "of the two.",
                    start=At(start),
                    reported=At(moments.reported_at),
                )
            )
        if over is not None and (end is None or end > over):
            raise InputError(
                msg(
                    "The hold that began {start} outlasts the ticket, whose work was over at "
                    "{over}. Give the hold an earlier end.",
                    start=At(start),
                    over=At(over),
                )
            )
    for (first, end), (second, _) in pairwise(ordered):
        if end is None or end > second:
            raise InputError(
                msg(
                    "Two holds overlap: the one that began {first} still runs when the next "
                    "begins ({second}). End the first one earlier.",
                    first=At(first),
                    second=At(second),
                )
            )


def is_repeat(
    symptom: str | None, occurred_at: int, earlier: Iterable[tuple[str | None, int]]
) -> bool:
    """Whether a fault repeats one of ``earlier`` (symptom, restored) of the same device.

    The seven days count by the clock, to the second; symptoms are compared without regard to
    case, width and blanks around them.  A fault without a symptom repeats nothing.
    """
    own = _fold(symptom)
    return bool(own) and any(
        _fold(other) == own and 0 <= occurred_at - restored <= REPEAT_FAULT_DAYS * DAY
        for other, restored in earlier
    )


def in_time(restored_at: int | None, due_at: int | None, now: int) -> bool | None:
    """Whether a ticket was repaired within its limit; None while open inside it, or without one.

    An open ticket past its limit is a miss already.  The moment of the limit itself is in time.
    """
    if due_at is None:
        return None
    if restored_at is not None:
        return restored_at <= due_at
    return False if now > due_at else None


def _fold(symptom: str | None) -> str:
    return unicodedata.normalize("NFKC", symptom or "").strip().casefold()


_STATE_WORDS = {
    TicketState.REPORTED: "ts_reported",
    TicketState.ACCEPTED: "ts_accepted",
    TicketState.ON_SITE: "ts_on_site",
    TicketState.ON_HOLD: "ts_on_hold",
    TicketState.RESTORED: "ts_pending_check",
    TicketState.CLOSED: "ts_closed",
    TicketState.CANCELLED: "ts_cancelled",
}
