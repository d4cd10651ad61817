"""Who may do what: one table, looked up by every service before it does anything.

The keys are the actions that the history records, e.g. ``ticket.accept``.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from desk_maint.domain.errors import PermissionDeniedError
from desk_maint.domain.messages import Term, msg
from desk_maint.domain.people import Actor, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PERMISSIONS", "may", "require"]

_ALL = frozenset(Role)
_BRANCH = frozenset({Role.REPORTER, Role.MANAGER, Role.ADMINISTRATOR})
_REPAIR = frozenset({Role.TECHNICIAN, Role.MANAGER, Role.ADMINISTRATOR})
_MANAGE = frozenset({Role.MANAGER, Role.ADMINISTRATOR})
_ADMINISTER = frozenset({Role.ADMINISTRATOR})

PERMISSIONS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        # A reporter does these for the outlets he is bound to only.
        "ticket.read": _ALL,
        "ticket.report": _ALL,
        "ticket.note": _ALL,
        "ticket.attach": _ALL,
        "ticket.cancel": _ALL,
        "ticket.confirm": _BRANCH,
        "ticket.send_back": _BRANCH,
        "ticket.accept": _REPAIR,
        "ticket.assign": _REPAIR,
        "ticket.arrive": _REPAIR,
        "ticket.hold": _REPAIR,
        "ticket.resume": _REPAIR,
        "ticket.spare": _REPAIR,
        "ticket.restore": _REPAIR,
        "ticket.grade": _REPAIR,
        "ticket.propose_exemption": _REPAIR,
        "ticket.approve_exemption": _MANAGE,
        "ticket.refuse_exemption": _MANAGE,
        "ticket.edit": _MANAGE,
        "ticket.escalate": _ADMINISTER,
        "device.read": _ALL,
        "device.edit": _MANAGE,
        "outlet.read": _ALL,
        "outlet.edit": _MANAGE,
        "calendar.read": _ALL,
        "calendar.edit": _MANAGE,
        "repair_limit.read": _ALL,
        "repair_limit.edit": _MANAGE,
        "stoppage.read": _ALL,
        "stoppage.propose": _REPAIR,
        "stoppage.withdraw": _REPAIR,
        "stoppage.approve": _MANAGE,
        "stoppage.refuse": _MANAGE,
        "symptom.read": _ALL,
        "symptom.edit": _MANAGE,
        "inspection.read": _ALL,
        "inspection.record": _ALL,
        "inspection_plan.read": _ALL,
        "inspection_plan.edit": _MANAGE,
        "settings.read": _ALL,
        "settings.edit": _MANAGE,
        "history.read": _MANAGE,
        "uptime.read": _ALL,
        "import": _MANAGE,
        "export": _REPAIR,
        "person.read": _MANAGE,
        "person.edit": _ADMINISTER,
        "demo": _ADMINISTER,
        "database.backup": _ADMINISTER,
        "database.restore": _ADMINISTER,
    }
)
"""Which roles may do each action."""

_ROLE_WORDS = {
    Role.REPORTER: "role_reporter",
    Role.TECHNICIAN: "role_technician",
    Role.MANAGER: "role_manager",
    Role.ADMINISTRATOR: "role_administrator",
}


def may(actor: Actor, action: str, outlet_id: int | None = None) -> bool:
    """Whether ``actor`` may do ``action``, for an outlet where one is named.

    A window asks this to offer only what will be accepted.
    """
    allowed = actor.role in PERMISSIONS[action]
    return allowed and (outlet_id is None or actor.may_see(outlet_id))


def require(actor: Actor, action: str, outlet_id: int | None = None) -> None:
    """Raise :class:`PermissionDeniedError` unless :func:`may`."""
    if actor.role not in PERMISSIONS[action]:
        raise PermissionDeniedError(
            msg(
                "The role “{role}” may not do this. Ask a manager or an administrator.",
                role=Term(_ROLE_WORDS[actor.role]),
            )
        )
    if outlet_id is not None and not actor.may_see(outlet_id):
        raise PermissionDeniedError(
            msg("This belongs to an outlet that is not yours. Ask its own staff or a manager.")
        )
