"""Deadlines kept in columns: in bulk the same as one by one."""

from __future__ import annotations

import random

from sqlalchemy import select, update

from desk_maint.db.models import CalendarVersion, Fault, Hold
from desk_maint.domain.faults import HoldReason, Impact
from desk_maint.domain.instants import HOUR
from desk_maint.domain.people import Actor, Role
from desk_maint.services import calendars, devices
from desk_maint.services.deadlines import DeadlineBook, Dues, stopping
from tests.services.conftest import local

IMPORTER = Actor("导入", Role.ADMINISTRATOR)
AT = local("2026-06-01 08:00")


def _fill(district, count=120):
    """Faults of all grades and devices with holds, their deadlines not yet known."""
    chance = random.Random(7)  # noqa: S311  (repeatable, not secret)
    places = {
        district.atm: district.north,
        district.terminal: district.north,
        district.camera: district.south,
        district.south_atm: district.south,
    }
    with district.database.change(IMPORTER, "import", at=AT) as work:
        for number in range(count):
            device = chance.choice(list(places))
            reported = local("2026-01-01 00:00") + chance.randint(0, 200 * 24 * HOUR)
            fault = Fault(
                number=f"F{number}",
                device_id=device,
                outlet_id=places[device],
                occurred_at=reported,
                reported_at=reported,
                impact=Impact.OUT_OF_SERVICE,
                grade=chance.randint(1, 4),
            )
            start = reported + chance.randint(0, 9 * HOUR)
            for reason in chance.sample(list(HoldReason), chance.randint(0, 2)):
                end = start + chance.randint(0, 30 * HOUR)
                fault.holds.append(Hold(from_at=start, to_at=end, reason=reason))
                start = end
            if chance.random() < 0.1:
                fault.holds.append(Hold(from_at=start, to_at=None, reason=HoldReason.THIRD_PARTY))
            work.session.add(fault)


def _columns(fault):
    return Dues(fault.accept_due_at, fault.on_site_due_at, fault.repair_due_at)


def test_in_bulk_is_the_same_as_one_by_one(district):
    _fill(district)
    with district.database.change(IMPORTER, "import", at=AT) as work:
        moved = DeadlineBook(work.session).recompute(work.session, None)
        work.touched("fault", moved)
    assert len(moved) == len(work.changes.ids["fault"]) == 120
    with district.database.read() as session:
        faults = session.scalars(select(Fault)).all()
        for fault in faults:
            # A book of its own reads device and outlet one by one.
            assert DeadlineBook(session).due(fault) == _columns(fault)
        assert {fault.version for fault in faults} == {1}
    with district.database.change(IMPORTER, "import", at=AT) as work:
        assert DeadlineBook(work.session).recompute(work.session, None) == frozenset()


def test_records_already_read_show_the_new_deadlines(district):
    reported = district.report()
    with district.database.change(IMPORTER, "import", at=AT) as work:
        fault = work.session.get_one(Fault, reported.id)
        fault.grade = 1
        moved = DeadlineBook(work.session).recompute(work.session, [reported.id])
        assert moved == {reported.id}
        assert fault.repair_due_at == local("2026-06-01 13:00")


def test_only_ended_or_known_rests_stop_the_clock():
    parts = Hold(from_at=100, to_at=200, reason=HoldReason.WAITING_FOR_PARTS)
    ended = Hold(from_at=300, to_at=400, reason=HoldReason.NO_ACCESS)
    running = Hold(from_at=500, to_at=None, reason=HoldReason.THIRD_PARTY)
    holds = [parts, ended, running]
    assert stopping(holds) == [(300, 400)]
    assert stopping(holds, 450) == [(300, 400)]
    assert stopping(holds, 350) == [(300, 350)]
    assert stopping(holds, 700) == [(300, 400), (500, 700)]


def test_a_calendar_that_never_opens_takes_the_report_without_a_deadline(district):
    never = calendars.CalendarData(None, ("closed",) * 7)
    key = calendars.create(district.database, district.manager, "停业", never, at=AT).id
    with district.database.read() as session:
        row = session.get_one(devices.Device, district.terminal)
        version = row.version
    devices.bulk_edit(
        district.database,
        district.manager,
        {district.terminal: version},
        {"calendar_id": key},
        at=AT,
    )
    assert district.report(district.terminal).repair_due_at is None


def test_a_day_that_can_move_nothing_recomputes_nothing(district):
    reported = district.report()
    with district.database.change(IMPORTER, "import", at=AT) as work:
        # Past the services: all hours gone, so that whatever is looked at would move.
        work.session.execute(
            update(CalendarVersion).values(
                dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "closed")
            )
        )
        book = DeadlineBook(work.session)
        early, late = local("2026-05-20 00:00"), local("2026-07-01 00:00")
        days = [book_day(each) for each in (early, late)]
        assert book.recompute_days(work.session, days[1], None) == frozenset()
        assert book.recompute_days(work.session, None, days[0]) == frozenset()
        assert book.recompute_days(work.session, *days) == {reported.id}


def book_day(instant):
    from desk_maint.domain.instants import local_date
    from tests.services.conftest import SHANGHAI

    return local_date(instant, SHANGHAI)
