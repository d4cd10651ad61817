"""The vocabulary of faults and their repair (domain rules, section 3)."""

from __future__ import annotations

from enum import IntEnum, StrEnum

__all__ = [
    "STOPPING_HOLDS",
    "ExemptState",
    "Grade",
    "HoldReason",
    "Impact",
    "Responsibility",
    "TicketState",
]


class Impact(StrEnum):
    """How far a fault takes the device out of service."""

    OUT_OF_SERVICE = "out_of_service"
    DEGRADED = "degraded"


class Grade(IntEnum):
    """Urgency of a fault: 1 whole outlet, 2 one device stopped, 3 degraded, 4 minor."""

    WHOLE_OUTLET = 1
    DEVICE_STOPPED = 2
    DEGRADED = 3
    MINOR = 4


class Responsibility(StrEnum):
    """Who held the device while it was down."""

    BRANCH = "branch"
    MAINTENANCE = "maintenance"
    CARRIER = "carrier"
    POWER = "power"
    UPPER_LEVEL = "upper_level"
    EXTERNAL = "external"


class ExemptState(StrEnum):
    """Whether a fault leaves the required time; only ``APPROVED`` does, pending ones count."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


class HoldReason(StrEnum):
    """Why work on a ticket rests."""

    NO_ACCESS = "no_access"
    THIRD_PARTY = "third_party"
    WAITING_FOR_PARTS = "waiting_for_parts"


STOPPING_HOLDS = frozenset({HoldReason.NO_ACCESS, HoldReason.THIRD_PARTY})
"""Only these stop the clock; waiting for parts is recorded but does not (put a spare in)."""


class TicketState(StrEnum):
    """Where a repair ticket stands; always derived from its moments, holds included."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    ON_SITE = "on_site"
    ON_HOLD = "on_hold"
    RESTORED = "restored"
    CLOSED = "closed"
    CANCELLED = "cancelled"
