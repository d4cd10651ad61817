"""The life of a repair ticket: its moments, its state, and what may be done when (section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from desk_maint.domain.errors import InputError
from desk_maint.domain.faults import TicketState
from desk_maint.domain.instants import DAY
from desk_maint.domain.messages import At, Term, msg
from desk_maint.domain.repair_limits import REPEAT_FAULT_DAYS

__all__ = [
    "ALLOWED",
    "OPEN_STATES",
    "Moments",
    "TicketAction",
    "check_action",
    "check_holds",
    "check_moments",
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

A fault that was mended by telephone is restored without anybody having been on site; one that
waits is held from accepted too.  Cancelling is for reports that were none: reported or accepted.
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

    Confirming needs a restoration, and a restored ticket cannot have been cancelled.
    """
    given = [(name, getattr(moments, name)) for name in _ORDER]
    for (earlier, before), (later, after) in pairwise(
        [(name, value) for name, value in given if value is not None]
    ):
        if after < before:
            raise InputError(
                msg(
                    "“{later}” ({after}) lies before “{earlier}” ({before}). Mend one of the two.",
                    later=Term(_WORDS[later]),
                    after=At(after),
                    earlier=Term(_WORDS[earlier]),
                    before=At(before),
                )
            )
    if moments.confirmed_at is not None and moments.restored_at is None:
        raise InputError(
            msg("A fault that is not restored cannot be confirmed. Give the moment of restoration.")
        )
    if moments.cancelled_at is not None:
        if moments.restored_at is not None or moments.on_site_at is not None:
            raise InputError(
                msg("Work has begun on this ticket, so it can no longer be cancelled.")
            )
        latest = max(moments.reported_at, moments.accepted_at or moments.reported_at)
        if moments.cancelled_at < latest:
            raise InputError(
                msg(
                    "“{later}” ({after}) lies before “{earlier}” ({before}). Mend one of the two.",
                    later=Term("cancelled_at"),
                    after=At(moments.cancelled_at),
                    earlier=Term("accepted_at" if moments.accepted_at else "reported_at"),
                    before=At(latest),
                )
            )


def check_holds(moments: Moments, holds: Sequence[tuple[int, int | None]]) -> None:
    """Raise :class:`InputError` unless the holds lie in order inside the ticket's life.

    A hold begins no earlier than the report and ends no later than the restoration; only the
    last may still run, and none may overlap another.
    """
    ordered = sorted(holds, key=lambda hold: hold[0])
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
                    "A hold begins ({start}) before the fault was reported ({reported}).",
                    start=At(start),
                    reported=At(moments.reported_at),
                )
            )
        if moments.restored_at is not None and (end is None or end > moments.restored_at):
            raise InputError(
                msg(
                    "A hold that began {start} lasts beyond the restoration ({restored}).",
                    start=At(start),
                    restored=At(moments.restored_at),
                )
            )
    for (first, first_end), (second, _) in pairwise(ordered):
        if first_end is None or first_end > second:
            raise InputError(
                msg(
                    "Two holds overlap: the one that began {first} still runs when the next "
                    "begins ({second}).",
                    first=At(first),
                    second=At(second),
                )
            )


def is_repeat(symptom: str | None, occurred_at: int, earlier: Iterable[tuple[str | None, int]]) -> bool:
    """Whether a fault repeats one of ``earlier`` (symptom, restored) of the same device."""
    return symptom is not None and any(
        other == symptom and 0 <= occurred_at - restored <= REPEAT_FAULT_DAYS * DAY
        for other, restored in earlier
    )


_STATE_WORDS = {
    TicketState.REPORTED: "ts_reported",
    TicketState.ACCEPTED: "ts_accepted",
    TicketState.ON_SITE: "ts_on_site",
    TicketState.ON_HOLD: "ts_on_hold",
    TicketState.RESTORED: "ts_pending_check",
    TicketState.CLOSED: "ts_closed",
    TicketState.CANCELLED: "ts_cancelled",
}
