"""The demo: a lifelike district with a year of faults, the same for the same seed and moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from desk_maint.db.models import Device, Fault, Outlet, Setting
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import local_date
from desk_maint.domain.messages import msg
from desk_maint.services import calendar_book
from desk_maint.services.deadlines import DeadlineBook
from desk_maint.services.demo.district import build_devices, build_people, build_units
from desk_maint.services.demo.inspections import build_inspections
from desk_maint.services.demo.places import BUREAU_NAME
from desk_maint.services.demo.repairs import Repairs
from desk_maint.services.demo.standstills import build_stoppages
from desk_maint.services.permissions import require
from desk_maint.services.ticket_numbers import TicketNumbers

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk_maint.db.change import Changes
    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = ["Demo", "fill_demo"]

SEED = 20180325
_DAYS_A_MONTH = 365 / 12


@dataclass(frozen=True, slots=True)
class Demo:
    """How much was made."""

    outlets: int
    devices: int
    faults: int
    changes: Changes


def fill_demo(
    database: Database, actor: Actor, *, months: int = 12, at: int, seed: int = SEED
) -> Demo:
    """Fill an empty database with a district whose last ``months`` end at the instant ``at``.

    Raises :class:`InputError` where units or devices are known already; people and settings
    may be there.  The same ``seed`` and ``at`` make the same district.
    """
    require(actor, "demo")
    random = Random(seed)  # noqa: S311  (nothing secret: the same district every time)
    with database.change(actor, "demo", at=at) as work:
        session = work.session
        _refuse_full(session, database.location)
        _name_bureau(session)
        tz = calendar_book.load(session).zone
        today = local_date(at, tz)
        first = today - timedelta(days=round(months * _DAYS_A_MONTH))
        outlets = build_units(session, random, first, today)
        build_people(session, outlets)
        posts = build_devices(session, random, outlets, first, today)
        build_stoppages(session, random, posts, outlets, first=first, now=at, tz=tz)
        deadlines = DeadlineBook(session)
        repairs = Repairs(random, deadlines.calendars, first, at)
        faults = [fault for post in posts for fault in repairs.of(post)]
        busy = {fault.device_id for fault in faults if fault.confirmed_at is None}
        idle = [post for post in posts if post.device.id not in busy]
        faults += repairs.showcase(idle)
        faults.sort(key=lambda fault: (fault.reported_at, fault.device_id))
        numbers = TicketNumbers(session, tz)
        deadlines.preload()
        for fault in faults:
            fault.number = numbers.next(fault.reported_at)
            dues = deadlines.due(fault)
            fault.accept_due_at, fault.on_site_due_at = dues.accept, dues.on_site
            fault.repair_due_at = dues.repair
        session.add_all(faults)
        # Chance of their own: the faults of a seed stay what they were.
        rounds = Random(seed)  # noqa: S311
        build_inspections(session, rounds, posts, first=first, today=today, tz=tz)
    return Demo(len(outlets), len(posts), len(faults), work.changes)


def _refuse_full(session: Session, location: str) -> None:
    for model in (Outlet, Device, Fault):
        if session.scalar(select(func.count()).select_from(model)):
            raise InputError(
                msg(
                    "{where} holds data already; the demo goes into an empty database only. Name "
                    "another one with --database, and make it first with: desk-maint database "
                    "init.",
                    where=location,
                )
            )


def _name_bureau(session: Session) -> None:
    row = session.get(Setting, "bureau_name")
    if row is None:
        session.add(Setting(key="bureau_name", value=BUREAU_NAME))
    elif not row.value:
        row.value = BUREAU_NAME
