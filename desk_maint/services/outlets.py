"""Units of the bureau: the tree they form, and keeping it up to date."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from desk_maint.db.models import Device, Fault, Outlet, Placement, Stoppage
from desk_maint.domain.devices import DeviceState
from desk_maint.domain.errors import InputError, NotFoundError
from desk_maint.domain.messages import msg
from desk_maint.domain.outlets import OutletKind, Zone
from desk_maint.domain.tickets import OPEN_STATES
from desk_maint.services.deadlines import DeadlineBook
from desk_maint.services.permissions import require
from desk_maint.services.records import fetch, fill, look_up

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk_maint.db.change import Changes
    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = [
    "OutletChoice",
    "OutletData",
    "OutletNode",
    "OutletSaved",
    "create",
    "edit",
    "find_code",
    "list_choices",
    "read_outlet",
    "remove",
    "subtree",
    "tree",
]


@dataclass(frozen=True, slots=True)
class OutletData:
    """What is filled in about a unit."""

    code: str
    name: str
    parent_id: int | None = None
    kind: OutletKind = OutletKind.OUTLET
    zone: Zone = Zone.CITY
    networked: bool = True
    calendar_id: int | None = None
    """Service calendar of its devices, where they have none of their own."""
    manager: str | None = None
    phone: str | None = None
    address: str | None = None
    remarks: str | None = None


@dataclass(frozen=True, slots=True)
class OutletChoice:
    """A unit as it is offered for choosing."""

    id: int
    code: str
    name: str
    kind: OutletKind
    zone: Zone


@dataclass(frozen=True, slots=True)
class OutletNode:
    """A unit in its tree, with the counts of itself and of all below it."""

    id: int
    version: int
    depth: int
    """0 for a unit without a parent; a node's children follow it."""
    data: OutletData
    devices: int
    """Devices that stand there, whatever their state."""
    in_use: int
    open_faults: int
    """Faults not yet restored."""
    all_devices: int
    all_in_use: int
    all_open_faults: int


@dataclass(frozen=True, slots=True)
class OutletSaved:
    """The key of a new unit."""

    id: int
    changes: Changes


def list_choices(database: Database, actor: Actor) -> tuple[OutletChoice, ...]:
    """Return the units the actor's work reaches, by code."""
    require(actor, "outlet.read")
    with database.read() as session:
        return tuple(
            OutletChoice(row.id, row.code, row.name, row.kind, row.zone)
            for row in session.scalars(select(Outlet).order_by(Outlet.code))
            if actor.may_see(row.id)
        )


def find_code(database: Database, actor: Actor, code: str) -> OutletChoice:
    """Return the unit with this code; raise :class:`NotFoundError` where the actor sees none."""
    for choice in list_choices(database, actor):
        if choice.code == code.strip():
            return choice
    raise NotFoundError(msg("There is no outlet with the code {code}. Check the code.", code=code))


def read_outlet(database: Database, actor: Actor, outlet_id: int) -> OutletNode:
    """Return one unit with its counts (those of the units below it are left out)."""
    require(actor, "outlet.read", outlet_id)
    with database.read() as session:
        row = look_up(session, Outlet, outlet_id)
        counts = _counts(session, outlet_id).get(row.id, (0, 0, 0))
        return OutletNode(row.id, row.version, 0, _data(row), *counts, *counts)


def tree(database: Database, actor: Actor) -> tuple[OutletNode, ...]:
    """Return all units, each followed by those below it; a reporter gets his own as a flat list."""
    require(actor, "outlet.read")
    with database.read() as session:
        rows = {
            row.id: row
            for row in session.scalars(select(Outlet).order_by(Outlet.code))
            if actor.may_see(row.id)
        }
        counts = _counts(session)
    children: dict[int | None, list[Outlet]] = {}
    for row in rows.values():
        parent = row.parent_id if row.parent_id in rows else None
        children.setdefault(parent, []).append(row)
    nodes: list[OutletNode] = []

    def add(row: Outlet, depth: int) -> tuple[int, int, int]:
        place = len(nodes)
        own = counts.get(row.id, (0, 0, 0))
        nodes.append(OutletNode(row.id, row.version, depth, _data(row), *own, *own))
        total = own
        for child in children.get(row.id, ()):
            below = add(child, depth + 1)
            total = (total[0] + below[0], total[1] + below[1], total[2] + below[2])
        nodes[place] = OutletNode(row.id, row.version, depth, _data(row), *own, *total)
        return total

    for root in children.get(None, ()):
        add(root, 0)
    return tuple(nodes)


def subtree(session: Session, outlet_id: int) -> set[int]:
    """Return the keys of a unit and of all units below it."""
    below: dict[int | None, list[int]] = {}
    for key, parent in session.execute(select(Outlet.id, Outlet.parent_id)):
        below.setdefault(parent, []).append(key)
    found: set[int] = set()
    waiting = [outlet_id]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(below.get(key, ()))
    return found


def create(database: Database, actor: Actor, data: OutletData, *, at: int) -> OutletSaved:
    """Add a unit."""
    require(actor, "outlet.edit")
    with database.change(actor, "outlet.edit", at=at) as work:
        _check(work.session, data, None)
        row = Outlet()
        fill(row, asdict(data))
        work.session.add(row)
        work.session.flush()
        key = row.id
    return OutletSaved(key, work.changes)


def edit(
    database: Database, actor: Actor, outlet_id: int, data: OutletData, *, version: int, at: int
) -> Changes:
    """Change a unit; another zone or calendar moves the deadlines of its tickets."""
    require(actor, "outlet.edit")
    with database.change(actor, "outlet.edit", at=at) as work:
        session = work.session
        row = fetch(session, Outlet, outlet_id, version=version)
        _check(session, data, outlet_id)
        moves_deadlines = (row.zone, row.calendar_id) != (data.zone, data.calendar_id)
        fill(row, asdict(data))
        if moves_deadlines:
            session.flush()
            moved = DeadlineBook(session).recompute_where(session, Fault.outlet_id == outlet_id)
            work.touched("fault", moved)
    return work.changes


def remove(database: Database, actor: Actor, outlet_id: int, *, version: int, at: int) -> Changes:
    """Remove a unit that nothing ever stood in; others stay, for the figures name them."""
    require(actor, "outlet.edit")
    with database.change(actor, "outlet.edit", at=at) as work:
        session = work.session
        row = fetch(session, Outlet, outlet_id, version=version)
        if (
            session.scalar(select(Outlet.id).where(Outlet.parent_id == outlet_id).limit(1))
            or session.scalar(select(Placement.id).where(Placement.outlet_id == outlet_id).limit(1))
            or session.scalar(select(Fault.id).where(Fault.outlet_id == outlet_id).limit(1))
            or session.scalar(select(Stoppage.id).where(Stoppage.outlet_id == outlet_id).limit(1))
        ):
            raise InputError(
                msg(
                    "{name} cannot be removed: devices, faults or other units belong to it. "
                    "Move them first; what has a history stays.",
                    name=row.name,
                )
            )
        session.delete(row)
    return work.changes


def _counts(session: Session, outlet_id: int | None = None) -> dict[int, tuple[int, int, int]]:
    """Return devices, devices in use and open faults by unit."""
    devices = select(
        Device.outlet_id,
        func.count(),
        func.sum(case((Device.state == DeviceState.IN_USE, 1), else_=0)),
    ).group_by(Device.outlet_id)
    faults = (
        select(Fault.outlet_id, func.count())
        .where(Fault.state.in_(OPEN_STATES))
        .group_by(Fault.outlet_id)
    )
    if outlet_id is not None:
        devices = devices.where(Device.outlet_id == outlet_id)
        faults = faults.where(Fault.outlet_id == outlet_id)
    counts = {key: (total, used, 0) for key, total, used in session.execute(devices)}
    for key, number in session.execute(faults):
        total, used, _ = counts.get(key, (0, 0, 0))
        counts[key] = (total, used, number)
    return counts


def _data(row: Outlet) -> OutletData:
    return OutletData(**{part.name: getattr(row, part.name) for part in fields(OutletData)})


def _check(session: Session, data: OutletData, outlet_id: int | None) -> None:
    if not data.code.strip() or not data.name.strip():
        raise InputError(
            msg("A unit needs a code and a name. Fill in both."),
            field="name" if data.code.strip() else "code",
        )
    other = session.scalar(select(Outlet.id).where(Outlet.code == data.code.strip()))
    if other is not None and other != outlet_id:
        raise InputError(
            msg("The code {code} belongs to another unit. Give a different one.", code=data.code),
            field="code",
        )
    if data.parent_id is not None:
        fetch(session, Outlet, data.parent_id)
        if outlet_id is not None and data.parent_id in subtree(session, outlet_id):
            raise InputError(
                msg(
                    "A unit cannot stand below itself. Choose another superior unit for {name}.",
                    name=data.name,
                ),
                field="parent_id",
            )
