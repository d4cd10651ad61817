"""Calendars and special days: editing them, and the deadlines that they move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desk_maint.domain.calendars import HolidaySource, SpecialDayKind
from desk_maint.domain.devices import Category
from desk_maint.domain.errors import InputError, NotFoundError, PermissionDeniedError, StaleError
from desk_maint.services import calendar_book, calendars, outlets, repair_limits, special_days
from desk_maint.services.calendars import CalendarData
from desk_maint.services.special_days import SpecialDayData
from tests.services.conftest import local

AT = local("2026-06-01 08:00")
SHORT = CalendarData(None, ("09:00-12:00",) * 5 + ("closed",) * 2, holidays=HolidaySource.CN)


def _named(district, name):
    found = calendars.list_calendars(district.database, district.manager)
    return next(row for row in found if row.name == name)


def _book(district):
    with district.database.read() as session:
        return calendar_book.load(session)


def test_the_house_brings_three_calendars(district):
    names = [row.name for row in calendars.list_calendars(district.database, district.clerk)]
    assert names == ["24h", "maintenance hours", "working hours"]
    assert _named(district, "working hours").limits == 6
    for row in calendars.list_calendars(district.database, district.manager):
        with pytest.raises(InputError, match="house rules"):
            calendars.remove(
                district.database, district.manager, row.id, version=row.version, at=AT
            )


def test_a_name_is_found_whatever_its_case_and_width(district):
    book = _book(district)
    assert book.named(" Working_HOURS ") is book.named("ｗｏｒｋｉｎｇ hours")
    with pytest.raises(NotFoundError, match="Choose one of: 24h, maintenance hours"):
        book.named("nights")


def test_a_device_follows_its_own_calendar_then_its_outlets(district):
    book = _book(district)
    first, second = book.id_of("24h"), book.id_of("working hours")
    assert book.service(Category.ATM, first, second) is book.by_id(first)
    assert book.service(Category.ATM, None, second) is book.by_id(second)
    assert book.service(Category.ATM, None, None) is book.named("24h")
    assert book.service(Category.ALARM, None, None) is book.named("working hours")


def test_new_hours_hold_from_their_date_and_older_ones_stay(district):
    key = calendars.create(district.database, district.manager, "窗口", SHORT, at=AT).id
    later = replace(SHORT, valid_from=date(2026, 7, 1), week=("10:00-16:00",) * 7)
    row = _named(district, "窗口")
    calendars.set_hours(district.database, district.manager, key, later, version=row.version, at=AT)
    calendar = _book(district).by_id(key)
    assert calendar.hours_on(date(2026, 6, 30)) == ((9 * 3600, 12 * 3600),)
    assert calendar.hours_on(date(2026, 7, 1)) == ((10 * 3600, 16 * 3600),)
    with pytest.raises(StaleError):
        calendars.set_hours(
            district.database, district.manager, key, later, version=row.version, at=AT
        )
    row = _named(district, "窗口")
    assert [each.valid_from for each in row.hours] == [None, date(2026, 7, 1)]
    calendars.take_back_hours(
        district.database,
        district.manager,
        key,
        date(2026, 7, 1),
        version=row.version,
        at=AT,
    )
    row = _named(district, "窗口")
    assert len(row.hours) == 1
    with pytest.raises(InputError, match="taken back"):
        calendars.take_back_hours(
            district.database, district.manager, key, date.min, version=row.version, at=AT
        )
    calendars.remove(district.database, district.manager, key, version=row.version, at=AT)
    assert key not in _book(district).names


def test_a_calendar_in_use_stays(district):
    key = calendars.create(district.database, district.manager, "窗口", SHORT, at=AT).id
    node = outlets.read_outlet(district.database, district.manager, district.north)
    outlets.edit(
        district.database,
        district.manager,
        node.id,
        replace(node.data, calendar_id=key),
        version=node.version,
        at=AT,
    )
    with pytest.raises(InputError, match="in use"):
        calendars.remove(
            district.database,
            district.manager,
            key,
            version=_named(district, "窗口").version,
            at=AT,
        )


@pytest.mark.parametrize("name", ["Service", " ", "24 H", "elapsed"])
def test_names_that_mean_something_else_are_refused(district, name):
    with pytest.raises(InputError):
        calendars.create(district.database, district.manager, name, SHORT, at=AT)


def test_limits_follow_a_renamed_calendar(district):
    key = calendars.create(district.database, district.manager, "窗口", SHORT, at=AT).id
    limit = repair_limits.list_limits(district.database, district.manager)[0]
    repair_limits.save(
        district.database,
        district.manager,
        replace(limit.data, clock="窗口"),
        version=limit.version,
        at=AT,
    )
    calendars.rename(
        district.database,
        district.manager,
        key,
        "柜面",
        version=_named(district, "窗口").version,
        at=AT,
    )
    limit = repair_limits.list_limits(district.database, district.manager)[0]
    assert limit.data.clock == "柜面"


def test_hours_that_change_move_the_deadlines_behind_the_date(district):
    before = district.report(district.terminal, "2026-06-01 16:30")
    after = district.report(district.second_terminal, "2026-06-08 16:30")
    assert after.repair_due_at == local("2026-06-09 15:00")
    row = _named(district, "working hours")
    later = replace(
        row.hours[0], valid_from=date(2026, 6, 9), week=("10:00-17:30",) * 5 + ("closed",) * 2
    )
    changes = calendars.set_hours(
        district.database, district.manager, row.id, later, version=row.version, at=AT
    )
    assert changes.ids["fault"] == {after.id}
    assert district.ticket(after.id).row.repair_due_at == local("2026-06-09 17:00")
    assert district.ticket(before.id).row.repair_due_at == before.repair_due_at


def test_a_rest_day_moves_what_falls_on_it(district):
    reported = district.report(district.terminal, "2026-06-01 16:30")
    d = district
    rest = SpecialDayData(date(2026, 6, 2), SpecialDayKind.REST, name="局庆")
    changes = special_days.set_days(d.database, d.manager, [rest], at=AT)
    assert changes.ids["fault"] == {reported.id}
    assert d.ticket(reported.id).row.repair_due_at == local("2026-06-03 15:00")
    half = replace(rest, hours="13:00-16:00")
    special_days.set_days(d.database, d.manager, [half], at=AT)
    assert d.ticket(reported.id).row.repair_due_at == local("2026-06-03 12:00")
    special_days.clear_days(d.database, d.manager, [rest.day, date(2026, 6, 3)], at=AT)
    assert d.ticket(reported.id).row.repair_due_at == reported.repair_due_at


def test_a_calendars_own_day_goes_before_the_general_one(district):
    d = district
    key = _named(d, "working hours").id
    day = date(2026, 6, 3)
    special_days.set_days(d.database, d.manager, [SpecialDayData(day, SpecialDayKind.REST)], at=AT)
    assert _book(d).by_id(key).hours_on(day) == ()
    assert _book(d).named("24h").hours_on(day) != (), "24h follows no published days"
    special_days.set_days(
        d.database, d.manager, [SpecialDayData(day, SpecialDayKind.WORK)], key, at=AT
    )
    assert _book(d).by_id(key).hours_on(day) != ()
    view = special_days.view_year(d.database, d.clerk, key, 2026)
    shown = {each.day: each for each in view.days}
    assert len(shown) == 365
    assert (shown[day].kind, shown[day].own) == (SpecialDayKind.WORK, True)
    new_year = shown[date(2026, 1, 1)]
    assert (new_year.kind, new_year.own, new_year.hours) == (SpecialDayKind.REST, False, "closed")
    assert shown[date(2026, 6, 4)].kind is None


def test_a_year_that_nobody_knows_is_told_until_its_table_is_read(district):
    d = district
    key = _named(d, "working hours").id
    assert special_days.view_year(d.database, d.manager, key, 2026).warning is None
    assert "2031" in str(special_days.view_year(d.database, d.manager, key, 2031).warning)
    table = "date,kind,name\n2031-01-01,rest,元旦\n2031-01-04,work,元旦\n2031-10-01,rest,国庆节\n"
    read = special_days.read_table(d.database, d.manager, table, at=AT)
    assert (read.added, read.changed, read.unchanged) == (3, 0, 0)
    again = special_days.read_table(
        d.database, d.manager, table.replace("01-04,work", "01-04,rest"), at=AT
    )
    assert (again.added, again.changed, again.unchanged) == (0, 1, 2)
    assert special_days.view_year(d.database, d.manager, key, 2031).warning is None
    with d.database.read() as session:
        year = local("2031-01-01 00:00"), local("2033-06-01 00:00")
        warnings = special_days.warn_of_years(session, *year)
    assert [warning.values["year"] for warning in warnings] == [2032, 2033]
    with pytest.raises(InputError):
        special_days.read_table(d.database, d.manager, "date,kind,name\n", at=AT)


def test_a_clerk_changes_no_calendar(district):
    d = district
    day = SpecialDayData(date(2026, 6, 3), SpecialDayKind.REST)
    with pytest.raises(PermissionDeniedError):
        special_days.set_days(d.database, d.clerk, [day], at=AT)
    with pytest.raises(PermissionDeniedError):
        calendars.create(d.database, d.technician, "窗口", SHORT, at=AT)


def test_wrong_hours_name_their_day(district):
    row = _named(district, "working hours")
    for wrong, field in (
        ({"week": (*("24h",) * 4, "never", "24h", "24h")}, "fri"),
        ({"rest_day": "9"}, "rest_day"),
        ({"makeup_workday": "9"}, "makeup_workday"),
        ({"timezone": "Mars"}, "timezone"),
    ):
        with pytest.raises(InputError) as refused:
            calendars.set_hours(
                district.database,
                district.manager,
                row.id,
                replace(SHORT, **wrong),
                version=row.version,
                at=AT,
            )
        assert refused.value.field == field
    day = SpecialDayData(date(2026, 6, 3), SpecialDayKind.WORK, hours="noon")
    with pytest.raises(InputError) as refused:
        special_days.set_days(district.database, district.manager, [day], row.id, at=AT)
    assert refused.value.field == "hours"


def test_a_day_tells_what_was_entered_and_for_which_calendars(district):
    d = district
    key = _named(d, "working hours").id
    general = SpecialDayData(date(2026, 6, 3), SpecialDayKind.REST, name="局庆")
    own = replace(general, kind=SpecialDayKind.WORK, hours="09:00-12:00")

    def shown():
        view = special_days.view_year(d.database, d.clerk, key, 2026)
        day = next(each for each in view.days if each.day == general.day)
        return day.entry, day.for_all

    assert shown() == (None, False)
    special_days.set_days(d.database, d.manager, [general], at=AT)
    assert shown() == (general, True)
    special_days.set_days(d.database, d.manager, [own], key, at=AT)
    assert shown() == (own, False)
