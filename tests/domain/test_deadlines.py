from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desk_maint.domain.calendars import (
    CLOSED,
    ROUND_THE_CLOCK,
    CalendarVersion,
    HolidaySource,
    ServiceCalendar,
    parse_hours,
)
from desk_maint.domain.deadlines import (
    Limit,
    Step,
    StepKind,
    after_working_days,
    clock_seconds,
    due_at,
    explain,
    parse_limit,
)
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import from_local, zone
from tests.domain.plans import Plan, holds, moments, plans

EXAMPLES = settings(max_examples=100, deadline=None)
SHANGHAI = zone("Asia/Shanghai")


def at(text: str) -> int:
    return from_local(datetime.fromisoformat(text), SHANGHAI)


def clock(*week: str, follows=HolidaySource.CN) -> ServiceCalendar:
    return ServiceCalendar(
        "clock",
        [
            CalendarVersion(
                date.min, SHANGHAI, tuple(parse_hours(day) for day in week), holidays=follows
            )
        ],
    )


WORKING = clock(*["08:00-17:30"] * 5, "closed", "closed")
MIDDAY_BREAK = clock(*["08:00-12:00 13:00-17:30"] * 5, "08:00-12:00", "closed")
LATE_MONDAY = clock("10:30-19:00", *["08:30-19:00"] * 4, "closed", "closed")


# --- Limits -------------------------------------------------------------------------------------


@given(
    st.integers(1, 90_000).map(lambda minutes: Limit(seconds=60 * minutes))
    | st.integers(1, 99_999).map(lambda days: Limit(working_days=days))
)
def test_a_limit_is_read_back_from_its_writing(limit):
    assert parse_limit(str(limit)) == limit


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("30m", Limit(seconds=1800)),
        ("8 h", Limit(seconds=28800)),
        ("1.5h", Limit(seconds=5400)),
        ("2WD", Limit(working_days=2)),
        ("３０ 分钟", Limit(seconds=1800)),
        ("8小時", Limit(seconds=28800)),
        ("2个工作日", Limit(working_days=2)),
        ("1 Working Day", Limit(working_days=1)),
        ("3個工作日", Limit(working_days=3)),
    ],
)
def test_the_usual_ways_of_writing_a_limit(text, limit):
    assert parse_limit(text) == limit


@pytest.mark.parametrize(
    "text", ["", "8", "h", "0h", "0wd", "1.5wd", "-1h", "0.001h", "8d", "9" * 400 + "h", "8h 30m"]
)
def test_what_is_no_limit_is_told(text):
    with pytest.raises(InputError, match="is no time limit"):
        parse_limit(text)


def test_a_limit_is_seconds_or_working_days_and_not_both():
    for parts in ({}, {"seconds": 60, "working_days": 1}):
        with pytest.raises(ValueError, match="either seconds or working days"):
            Limit(**parts)


# --- Limits in hours --------------------------------------------------------------------------


@EXAMPLES
@given(plans(), st.data())
def test_hours_agree_with_every_second_and_the_steps_add_up(plan: Plan, data):
    start, stops = data.draw(moments(plan)), data.draw(holds(plan))
    limit = Limit(seconds=data.draw(st.integers(0, 300_000)))
    expected = plan.period.after(start, limit.seconds, stops)
    assume(expected is not None)
    told = explain(limit, plan.calendar, start, stops)

    assert told.due_at == due_at(limit, plan.calendar, start, stops) == expected
    assert sum(s.seconds for s in told.steps if s.kind is StepKind.COUNTED) == limit.seconds
    # The steps cover the way from the start to the deadline without a gap, in order.
    edges = [start, *(step.end for step in told.steps)]
    assert [step.start for step in told.steps] == edges[:-1]
    assert edges[-1] == expected
    for step in told.steps:
        opened = plan.calendar.open_seconds(step.start, step.end)
        assert step.seconds == (0 if step.kind is StepKind.CLOSED else opened)


@EXAMPLES
@given(plans(), st.data())
def test_the_deadline_is_where_the_limit_has_been_counted(plan: Plan, data):
    start, stops = data.draw(moments(plan)), data.draw(holds(plan))
    limit = Limit(seconds=data.draw(st.integers(1, 300_000)))
    expected = plan.period.after(start, limit.seconds, stops)
    assume(expected is not None)

    counted, held = clock_seconds(plan.calendar, start, expected, stops)
    assert counted == limit.seconds
    assert counted + held == plan.calendar.open_seconds(start, expected)
    assert clock_seconds(plan.calendar, start, expected - 1, stops)[0] == limit.seconds - 1


def test_a_deadline_may_fall_on_closing_time_and_a_second_more_goes_to_the_next_opening():
    start = at("2026-06-01T09:30")
    assert due_at(Limit(seconds=8 * 3600), WORKING, start) == at("2026-06-01T17:30")
    assert due_at(Limit(seconds=8 * 3600 + 1), WORKING, start) == at("2026-06-02T08:00:01")


def test_no_length_at_all_is_over_when_the_clock_first_runs():
    none = Limit(seconds=0)
    assert due_at(none, WORKING, at("2026-06-01T09:30:07")) == at("2026-06-01T09:30:07")
    assert due_at(none, WORKING, at("2026-06-06T09:30")) == at("2026-06-08T08:00")
    later = [(at("2026-06-03T10:00"), at("2026-06-03T11:00"))]
    assert due_at(none, WORKING, at("2026-06-02T09:30"), later) == at("2026-06-02T09:30")
    night = [(at("2026-06-02T09:00"), at("2026-06-02T17:30"))]
    assert due_at(none, WORKING, at("2026-06-02T09:30"), night) == at("2026-06-03T08:00")


def test_a_clock_that_starts_inside_a_hold_runs_from_its_end():
    stops = [(at("2026-06-01T09:00"), at("2026-06-01T10:00"))]
    due = due_at(Limit(seconds=3600), WORKING, at("2026-06-01T09:30"), stops)
    assert due == at("2026-06-01T11:00")


def test_the_steps_tell_how_a_deadline_came_about():
    start = at("2026-06-01T09:30")
    stops = [(at("2026-06-01T10:00"), at("2026-06-01T15:00"))]
    told = explain(Limit(seconds=8 * 3600), WORKING, start, stops)
    assert told.due_at == at("2026-06-02T13:00")
    assert told.steps == (
        Step(StepKind.COUNTED, start, at("2026-06-01T10:00"), 1800),
        Step(StepKind.HELD, at("2026-06-01T10:00"), at("2026-06-01T15:00"), 5 * 3600),
        Step(StepKind.COUNTED, at("2026-06-01T15:00"), at("2026-06-01T17:30"), 9000),
        Step(StepKind.CLOSED, at("2026-06-01T17:30"), at("2026-06-02T08:00"), 0),
        Step(StepKind.COUNTED, at("2026-06-02T08:00"), at("2026-06-02T13:00"), 5 * 3600),
    )


# --- Limits in working days -------------------------------------------------------------------


@EXAMPLES
@given(plans(), st.data())
def test_working_days_agree_with_the_second_reading(plan: Plan, data):
    start, stops = data.draw(moments(plan)), data.draw(holds(plan))
    limit = Limit(working_days=data.draw(st.integers(1, 6)))
    expected = plan.period.working_days(start, limit.working_days, stops)
    assume(expected is not None)
    told = explain(limit, plan.calendar, start, stops)

    assert told.due_at == due_at(limit, plan.calendar, start, stops) == expected
    days = [step for step in told.steps if step.kind is StepKind.WORKING_DAY]
    assert [step.seconds for step in days] == list(range(1, limit.working_days + 1))
    moved = [step for step in told.steps if step.kind is StepKind.MOVED]
    taken = sum(step.seconds for step in told.steps if step.kind is StepKind.HELD)
    assert sum(step.seconds for step in moved) == taken
    assert told.due_at == (moved[0].end if moved else days[-1].end)


@pytest.mark.parametrize(
    ("calendar", "start", "days", "expected"),
    [
        # The time of day is kept, over the week-end too.
        (WORKING, "2026-06-04T15:00:42", 2, "2026-06-08T15:00:42"),
        # Over the Dragon Boat Festival, and onto a make-up Saturday.
        (WORKING, "2026-06-17T10:00", 2, "2026-06-22T10:00"),
        (WORKING, "2026-02-13T10:00", 1, "2026-02-14T10:00"),
        # A start while closed counts from the next opening.
        (WORKING, "2026-06-01T18:00", 1, "2026-06-03T08:00"),
        (WORKING, "2026-06-06T12:00", 1, "2026-06-09T08:00"),
        # That day is already closed by then: its closing time.
        (MIDDAY_BREAK, "2026-06-05T15:00", 1, "2026-06-06T12:00"),
        # Not yet open, or at its midday break: the time of day is kept.
        (LATE_MONDAY, "2026-06-05T09:00", 1, "2026-06-08T09:00"),
        (LATE_MONDAY, "2026-06-04T18:59", 2, "2026-06-08T18:59"),
        # A start at the midday break is a start while closed.
        (MIDDAY_BREAK, "2026-06-01T12:30", 1, "2026-06-02T13:00"),
        # Backwards, from the closing before where it is closed.
        (WORKING, "2026-06-08T15:00", -2, "2026-06-04T15:00"),
        (WORKING, "2026-06-07T15:00", -1, "2026-06-04T17:30"),
        (WORKING, "2026-06-08T07:00", -1, "2026-06-04T17:30"),
        (WORKING, "2026-06-08T10:00", 0, "2026-06-08T10:00"),
        (WORKING, "2026-06-07T10:00", 0, "2026-06-08T08:00"),
    ],
)
def test_so_many_working_days_from_a_moment(calendar, start, days, expected):
    assert after_working_days(calendar, at(start), days) == at(expected)


def test_a_time_in_a_midday_break_that_only_some_days_have_stays():
    calendar = clock("08:00-17:30", *["08:00-12:00 13:00-17:30"] * 4, "closed", "closed")
    assert after_working_days(calendar, at("2026-06-01T12:30"), 1) == at("2026-06-02T12:30")


def test_the_end_of_the_working_day():
    start = at("2026-06-01T10:00")
    assert after_working_days(WORKING, start, 2, end_of_day=True) == at("2026-06-03T17:30")
    all_day = clock(*["24h"] * 7, follows=HolidaySource.NONE)
    assert after_working_days(all_day, start, -1, end_of_day=True) == at("2026-06-01")
    closed_at_midnight = clock(*["24h"] * 5, "closed", "closed")
    assert after_working_days(closed_at_midnight, at("2026-06-07T10:00"), -1) == at("2026-06-05")


@pytest.mark.parametrize(
    ("stops", "expected"),
    [
        ([("2026-06-01T14:00", "2026-06-02T08:30")], "2026-06-02T14:00"),
        # Only closed time: nothing moves.
        ([("2026-06-01T17:30", "2026-06-02T08:00")], "2026-06-02T10:00"),
        # Before the start, and from the deadline on: nothing moves.
        ([("2026-05-29T10:00", "2026-06-01T10:00")], "2026-06-02T10:00"),
        ([("2026-06-02T10:00", "2026-06-02T11:00")], "2026-06-02T10:00"),
        # Beyond closing time it goes on at the next opening.
        ([("2026-06-01T12:00", "2026-06-01T17:30"), ("2026-06-02T08:00", "2026-06-02T10:00")],
         "2026-06-02T17:30"),
        # A hold that is met on the way moves it on as well.
        ([("2026-06-01T14:00", "2026-06-01T15:00"), ("2026-06-02T10:30", "2026-06-02T11:30")],
         "2026-06-02T12:00"),
    ],
)  # fmt: skip
def test_a_hold_moves_working_days_on_by_the_open_time_inside_it(stops, expected):
    spans = [(at(start), at(end)) for start, end in stops]
    due = due_at(Limit(working_days=1), WORKING, at("2026-06-01T10:00"), spans)
    assert due == at(expected)


def test_working_days_are_told_day_by_day():
    start = at("2026-06-05T18:00")
    stops = [(at("2026-06-08T09:00"), at("2026-06-08T11:00"))]
    told = explain(Limit(working_days=2), WORKING, start, stops)
    assert told.steps == (
        Step(StepKind.CLOSED, start, at("2026-06-08T08:00"), 0),
        Step(StepKind.WORKING_DAY, at("2026-06-08T08:00"), at("2026-06-09T08:00"), 1),
        Step(StepKind.WORKING_DAY, at("2026-06-09T08:00"), at("2026-06-10T08:00"), 2),
        Step(StepKind.HELD, at("2026-06-08T09:00"), at("2026-06-08T11:00"), 7200),
        Step(StepKind.MOVED, at("2026-06-10T08:00"), at("2026-06-10T10:00"), 7200),
    )
    assert told.due_at == at("2026-06-10T10:00")


def test_the_clock_of_working_days_is_that_of_the_zone_on_the_day():
    berlin = zone("Europe/Berlin")
    calendar = ServiceCalendar(
        "clock", [CalendarVersion(date.min, berlin, (ROUND_THE_CLOCK,) * 7, ROUND_THE_CLOCK)]
    )
    start = datetime(2026, 3, 28, 2, 30, tzinfo=berlin)
    # 02:30 is skipped on the day after: the moment of the jump.
    due = after_working_days(calendar, int(start.timestamp()), 1)
    assert due == int(datetime(2026, 3, 29, 3, 0, tzinfo=berlin).timestamp())
    due = after_working_days(calendar, int(start.timestamp()), 2)
    assert due == int((start + timedelta(days=2)).timestamp())


def test_no_working_day_is_found_in_a_calendar_that_never_opens():
    never = ServiceCalendar("never", [CalendarVersion(date.min, SHANGHAI, (CLOSED,) * 7)])
    once = clock(*["closed"] * 7)
    for days in (1, 0, -1):
        with pytest.raises(InputError, match="no deadline can be found"):
            after_working_days(never, at("2026-06-01"), days)
    with pytest.raises(InputError, match="no deadline can be found"):
        explain(Limit(working_days=1), once, at("2026-06-01"))
