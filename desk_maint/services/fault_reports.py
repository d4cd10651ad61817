"""Reporting a fault: a ticket number and the moment by which it will be repaired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from desk_maint.db.models import Device, Fault, FaultNote, Outlet
from desk_maint.domain.devices import GROUP_OF, DeviceState, Group
from desk_maint.domain.errors import InputError
from desk_maint.domain.faults import Grade, Impact, TicketState
from desk_maint.domain.messages import At, Message, msg
from desk_maint.domain.repair_limits import default_grade
from desk_maint.domain.tickets import OPEN_STATES
from desk_maint.services import attachments
from desk_maint.services.deadlines import DeadlineBook
from desk_maint.services.permissions import require
from desk_maint.services.records import fetch, fill, look_up
from desk_maint.services.ticket_numbers import TicketNumbers
from desk_maint.services.tickets import CLOCKS_DIFFER_BY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from desk_maint.db.change import Changes, Work
    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = ["GradeOffer", "Reported", "enter", "offer_grade", "report"]


@dataclass(frozen=True, slots=True)
class GradeOffer:
    """The grade a report has by default, and the higher one that may be chosen."""

    default: Grade
    higher: Grade | None
    """Grade 1 where the whole outlet is stopped or this is its last ATM; None: no reason for it."""
    why: Message | None


@dataclass(frozen=True, slots=True)
class Reported:
    """The answer to a report."""

    id: int
    number: str
    repair_due_at: int | None
    """UTC seconds; None: no repair limit for such a fault."""
    joined: bool
    """The device had this open fault already; the report was added to it."""
    changes: Changes


def offer_grade(database: Database, actor: Actor, device_id: int, impact: Impact) -> GradeOffer:
    """Return the grade of a fault that is about to be reported.

    It is offered to raise it where, with this device stopped, the outlet has no ATM left that
    serves, or no networked terminal.
    """
    require(actor, "device.read")
    with database.read() as session:
        device = look_up(session, Device, device_id)
        require(actor, "device.read", device.outlet_id)
        return _offer(session, device, impact)


def report(
    database: Database,
    actor: Actor,
    device_id: int,
    impact: Impact,
    symptom: str | None,
    *,
    occurred_at: int | None = None,
    note: str | None = None,
    grade: Grade | None = None,
    grade_reason: str | None = None,
    pictures: Sequence[attachments.NewAttachment] = (),
    at: int,
) -> Reported:
    """Report a fault at the instant ``at``.

    ``occurred_at`` None: unknown, so that the report stands for it and is marked an estimate.
    ``grade`` None: by impact; another one than was offered wants ``grade_reason``.  Where the
    device has an open fault the report joins it: what was seen and the note are added to it.
    """
    require(actor, "ticket.report")
    if not (symptom and symptom.strip()) and not (note and note.strip()):
        raise InputError(msg("Choose a symptom or write a note: what is wrong with the device?"))
    if occurred_at is not None and occurred_at > at + CLOCKS_DIFFER_BY:
        raise InputError(
            msg(
                "{moment} is still to come. Give the time at which it happened.",
                moment=At(occurred_at),
            )
        )
    with database.change(actor, "ticket.report", at=at) as work:
        session = work.session
        # The device is locked: of two reports at once the second finds the first one's fault.
        device = fetch(session, Device, device_id)
        require(actor, "ticket.report", device.outlet_id)
        if device.state is DeviceState.SCRAPPED:
            raise InputError(
                msg("{tag} has been scrapped; no fault is reported on it any more.", tag=device.tag)
            )
        fault, joined = enter(
            work,
            actor,
            device,
            impact,
            symptom,
            occurred_at=occurred_at,
            note=note,
            grade=grade,
            grade_reason=grade_reason,
            at=at,
        )
        attachments.keep(session, actor, fault.id, pictures, at=at)
        answer = fault.id, fault.number, fault.repair_due_at, joined
    return Reported(*answer, work.changes)


def enter(
    work: Work,
    actor: Actor,
    device: Device,
    impact: Impact,
    symptom: str | None,
    *,
    occurred_at: int | None = None,
    note: str | None = None,
    grade: Grade | None = None,
    grade_reason: str | None = None,
    at: int,
) -> tuple[Fault, bool]:
    """Return the fault of a locked ``device`` within a change under way, and whether it was open.

    A device without an open fault gets a new one; otherwise the words are added to what is open.
    The rest as for :func:`report`.
    """
    session = work.session
    fault = _open_fault(session, device.id)
    joined = fault is not None
    if fault is None:
        fault = Fault(
            device_id=device.id,
            outlet_id=device.outlet_id,
            state=TicketState.REPORTED,
            occurred_at=at if occurred_at is None else min(occurred_at, at),
            occurred_estimated=occurred_at is None,
            reported_at=at,
            impact=impact,
            grade=_grade(session, device, impact, grade, grade_reason),
        )
        fill(
            fault,
            {"symptom": symptom, "reported_by": actor.name, "grade_reason": grade_reason},
        )
        book = DeadlineBook(session)
        fault.number = TicketNumbers(session, book.calendars.zone).next(at)
        dues = book.due(fault)
        fault.accept_due_at, fault.on_site_due_at = dues.accept, dues.on_site
        fault.repair_due_at = dues.repair
        session.add(fault)
        session.flush()
    _add_words(session, fault, actor, (note,) if not joined else (symptom, note), at)
    work.touched("fault", [fault.id])
    return fault, joined


def _offer(session: Session, device: Device, impact: Impact) -> GradeOffer:
    group = GROUP_OF[device.category]
    default = default_grade(impact)
    if impact is not Impact.OUT_OF_SERVICE or group is Group.SAFETY:
        return GradeOffer(default, None, None)
    stopped = select(Fault.device_id).where(
        Fault.outlet_id == device.outlet_id,
        Fault.state.in_(OPEN_STATES),
        Fault.impact == Impact.OUT_OF_SERVICE,
    )
    others = session.scalar(
        select(func.count(Device.id)).where(
            Device.outlet_id == device.outlet_id,
            Device.category.in_([each for each, its in GROUP_OF.items() if its is group]),
            Device.state == DeviceState.IN_USE,
            Device.id != device.id,
            Device.id.not_in(stopped),
        )
    )
    if others:
        return GradeOffer(default, None, None)
    outlet = look_up(session, Outlet, device.outlet_id).name
    why = (
        msg("{outlet} has no other ATM that serves.", outlet=outlet)
        if group is Group.ATM
        else msg("{outlet} has no other networked terminal that serves.", outlet=outlet)
    )
    return GradeOffer(default, Grade.WHOLE_OUTLET, why)


def _grade(
    session: Session, device: Device, impact: Impact, grade: Grade | None, reason: str | None
) -> int:
    """Return the grade of a new fault; another one than was offered needs a reason."""
    default = default_grade(impact)
    if grade is None or grade is default or (reason and reason.strip()):
        return int(default if grade is None else grade)
    if grade is not _offer(session, device, impact).higher:
        raise InputError(
            msg(
                "The grade of such a fault is {default}. Give a reason for grade {grade}.",
                default=int(default),
                grade=int(grade),
            )
        )
    return int(grade)


def _open_fault(session: Session, device_id: int) -> Fault | None:
    return session.scalars(
        select(Fault)
        .where(Fault.device_id == device_id, Fault.state.in_(OPEN_STATES))
        .order_by(Fault.reported_at.desc())
        .limit(1)
    ).one_or_none()


def _add_words(
    session: Session, fault: Fault, actor: Actor, words: tuple[str | None, ...], at: int
) -> None:
    text = "\n".join(word.strip() for word in words if word and word.strip())
    if text:
        session.add(FaultNote(fault_id=fault.id, at=at, author=actor.name, text=text))
