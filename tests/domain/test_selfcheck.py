from __future__ import annotations

import copy
import json
from importlib import resources

import pytest

from desk_maint.domain.errors import InputError
from desk_maint.domain.selfcheck import run

OURS = json.loads(
    resources.files("desk_maint.domain").joinpath("selfcheck_cases.json").read_text("utf-8")
)
WEEK = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
CALENDARS = {
    "utc": {"tz": "UTC", "week": WEEK, "holidays": ["2026-06-03"], "annual_holidays": ["12-25"]},
    "berlin": {"tz": "Europe/Berlin", "week": {day: [["00:00", "24:00"]] for day in WEEK}},
    "leap": {"tz": "UTC", "week": WEEK, "annual_holidays": ["02-29"]},
    "no zone": {"tz": "Europe/Atlantis", "week": WEEK},
    "no week": {"tz": "UTC", "week": {"monday": []}},
    "backward": {"tz": "UTC", "week": {"mon": [["17:00", "09:00"]]}},
    "no hours": {"tz": "UTC", "week": {"mon": ["09:00-17:00"]}},
    "no date": {"tz": "UTC", "week": WEEK, "holidays": ["3 June"]},
    "no month": {"tz": "UTC", "week": WEEK, "annual_holidays": ["13-01"]},
    "never": {"tz": "UTC", "week": {}},
}
DEADLINE = {
    "id": "1",
    "kind": "deadline",
    "calendar": "utc",
    "start": "2026-06-01T16:00:00",
    "seconds": 7200,
    "pauses": [],
    "expected": "2026-06-02T10:00:00",
}
AVAILABILITY = {
    "id": "2",
    "kind": "availability",
    "period": [1000, 2000],
    "as_of": None,
    "in_service_from": None,
    "down": [[1900, None]],
    "planned": [],
    "unknown": [],
    "service_windows": None,
    "expected": {"required_seconds": 1000, "down_seconds": 100},
}


def one(case, **changes):
    (result,) = run({"calendars": CALENDARS, "cases": [case | changes]})
    return result


def test_the_published_cases_pass_whole(conformance):
    results = run(json.loads(conformance.read_text("utf-8")))
    assert results
    assert [result for result in results if not result.ok] == []


def test_our_own_cases_pass_and_name_their_source():
    results = run(OURS)
    assert [result for result in results if not result.ok] == []
    assert len({result.id for result in results}) == len(results) == len(OURS["cases"])
    assert all(case["source"] and case["description"] for case in OURS["cases"])


def _spoilt(value):
    """Return another value than the expected one, of the same form."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, dict):
        return {name: number + 1 for name, number in value.items()}
    return "2031-01-01T00:00:00" if "T" in value else value + "1"


def test_every_case_of_ours_fails_where_something_else_is_expected():
    document = copy.deepcopy(OURS)
    for case in document["cases"]:
        case["expected"] = _spoilt(case["expected"])
    results = run(document)
    assert [result for result in results if result.ok is not False] == []
    assert all(result.got != result.expected for result in results)


def test_a_kind_that_is_not_known_is_skipped_and_never_passed():
    result = one({"id": "x", "kind": "prophecy", "expected": 1})
    assert (result.ok, result.got, result.kind) == (None, None, "prophecy")


@pytest.mark.parametrize(
    ("expected", "ok"),
    [
        ("2026-06-02T10:00:00", True),
        ("2026-06-02T10:00:00Z", True),
        ("2026-06-02T12:00:00+02:00", True),
        ("2026-06-02T10:00:01", False),
    ],
)
def test_a_moment_is_compared_whatever_its_offset(expected, ok):
    result = one(DEADLINE, expected=expected)
    assert result.ok is ok
    if ok:
        assert result.got == expected


def test_a_local_time_that_comes_twice_may_be_either():
    case = {
        "id": "1",
        "kind": "deadline",
        "calendar": "berlin",
        "start": "2024-10-25T12:00:00",
        "pauses": [],
    }
    calendars = {"berlin": CALENDARS["berlin"] | {"week": {"sun": [["00:00", "24:00"]]}}}
    for seconds in (9000, 12600):
        changed = case | {"seconds": seconds, "expected": "2024-10-27T02:30:00"}
        (result,) = run({"calendars": calendars, "cases": [changed]})
        assert result.ok


def test_working_days_take_pauses_too():
    case = {
        "id": "1",
        "kind": "deadline_days",
        "calendar": "utc",
        "start": "2026-06-01T10:00:00",
        "working_days": 2,
        "end_of_working_day": False,
        "pauses": [["2026-06-01T11:00:00", "2026-06-01T12:00:00"]],
        # The 3rd is a holiday.
        "expected": "2026-06-04T11:00:00",
    }
    assert one(case).ok


def test_annual_holidays_come_every_year_and_29_february_in_leap_years():
    asked = {"id": "1", "kind": "is_open", "calendar": "utc", "expected": False}
    assert one(asked, at="2019-12-25T10:00:00").ok
    assert one(asked, at="2031-12-25T10:00:00").ok
    assert one(asked, at="2024-02-29T10:00:00", calendar="leap").ok
    assert one(asked, at="2026-02-27T10:00:00", calendar="leap", expected=True).ok


def test_a_calendar_that_never_opens_has_no_next_opening():
    asked = {"id": "1", "kind": "next_open", "calendar": "never", "at": "2026-06-01T10:00:00"}
    assert one(asked, expected=None).ok
    assert not one(asked, expected="2026-06-02T09:00:00").ok


@pytest.mark.parametrize(
    ("changes", "required", "down"),
    [
        ({}, 1000, 100),
        ({"as_of": 1950}, 950, 50),
        ({"as_of": 900}, 0, 0),
        ({"in_service_from": 1900}, 100, 100),
        ({"service_windows": [[0, 1200], [1500, 1950], [1800, 1960]]}, 660, 60),
        ({"service_windows": []}, 0, 0),
        ({"planned": [[1100, 1200]], "unknown": [[1150, 1300], [1950, None]]}, 750, 50),
        ({"exempt": [[1850, 1950]]}, 950, 100),
    ],
)
def test_availability_by_the_uptime_engine(changes, required, down):
    expected = {"required_seconds": required, "down_seconds": down}
    result = one(AVAILABILITY, expected=expected, **changes)
    assert result.ok, result


@pytest.mark.parametrize("period", [[1000, 1000], [2000, 1000]])
def test_an_empty_period_is_refused(period):
    case = {"id": "1", "kind": "availability_error", "period": period, "expected": "error"}
    assert one(case).ok
    result = one(AVAILABILITY, period=period)
    assert not result.ok
    assert "ends before it begins" in str(result.reason)


def test_a_period_that_is_none_is_a_bad_case_and_no_refusal():
    case = {"id": "1", "kind": "availability_error", "period": [1000], "expected": "error"}
    assert one(case).ok is False


@pytest.mark.parametrize(
    "changes",
    [
        {"calendar": None},
        {"calendar": "unheard of"},
        *({"calendar": name} for name in CALENDARS if name.startswith(("no ", "backward"))),
        {"calendar": "never"},
        {"start": "yesterday"},
        {"start": 7},
        {"start": "9999-12-31T23:00:00", "expected": "9999-12-31T23:00:00"},
        {"seconds": "7200"},
        {"seconds": True},
        {"seconds": 10**30},
        {"pauses": "none"},
        {"pauses": [["2026-06-01T11:00:00"]]},
        {"pauses": [["2026-06-01T11:00:00", None]]},
        {"expected": 7},
        {"kind": "elapsed", "end": "2026-06-02", "expected": None},
        {"kind": "rounding", "value": "1e999999999", "decimals": 2},
        {"kind": "rounding", "value": "99.9", "decimals": 10**9},
        {"kind": "rounding", "value": None, "decimals": 2},
        {"kind": "error_budget", "scheduled_seconds": 1, "down_seconds": 1},
        {"kind": "availability", "period": [0, 10], "down": [[5, 3]]},
        {"kind": "availability", "period": [0, 10], "down": [[5, "6"]]},
        {"kind": "availability", "period": [0, 10], "down": 5},
        {"kind": "availability", "period": [0, 10**17]},
    ],
)
def test_a_case_that_cannot_be_read_or_computed_fails_with_the_reason(changes):
    result = one(DEADLINE, **changes)
    assert (result.ok, result.got) == (False, None)
    assert result.reason is not None
    assert str(result.reason).endswith(".")


def test_a_case_without_its_parts_fails_with_the_reason():
    assert run({"cases": [7]})[0].ok is False
    result = run({"calendars": [], "cases": [{"id": "a", "kind": "deadline"}]})[0]
    assert "expected" in str(result.reason)


@pytest.mark.parametrize(
    "document", [None, [], {}, {"cases": {}}, {"format": "else/1", "cases": []}]
)
def test_what_is_no_file_of_cases_is_refused(document):
    with pytest.raises(InputError, match="Choose"):
        run(document)
