"""Roles and the person on whose behalf something is done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Actor", "Role"]


class Role(StrEnum):
    """What a person may do; each role is a desk of the window."""

    REPORTER = "reporter"
    TECHNICIAN = "technician"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does a thing: an argument of every service, and a line of the history."""

    name: str
    role: Role
    outlet_ids: frozenset[int] = frozenset()
    """The outlets a reporter is bound to; the other roles reach all of them."""
    person_id: int | None = None
    """None: the operator of the command line, the scheduler or the demo."""

    def may_see(self, outlet_id: int) -> bool:
        """Whether the actor's work reaches this outlet."""
        return self.role is not Role.REPORTER or outlet_id in self.outlet_ids
