from __future__ import annotations

import pytest
from hypothesis import given

from desk_maint.domain.errors import InputError
from desk_maint.domain.opening_hours import format_hours, parse_hours
from tests.domain.plans import hours_of_day


@given(hours_of_day)
def test_what_is_written_is_read_back(hours):
    assert parse_hours(format_hours(hours)) == hours


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("08:00-12:00 13:00-17:30", "08:00-12:00 13:00-17:30"),
        ("13:00-17:30,8:00-12:00", "08:00-12:00 13:00-17:30"),
        ("８：００～１２：００；１３：００－１７：３０", "08:00-12:00 13:00-17:30"),
        ("8时至12时，13时00分至17时30分", "08:00-12:00 13:00-17:30"),
        ("8點－17點30分", "08:00-17:30"),
        ("08:00:00 — 17:30:00", "08:00-17:30"),
        ("00:00-12:00 12:00-24:00", "24h"),
        ("24H", "24h"),
        ("24 小时", "24h"),
        ("24小時服務", "24h"),
        ("Closed", "closed"),
        ("休息", "closed"),
        ("不營業", "closed"),
        ("—", "closed"),
    ],
)
def test_the_usual_ways_of_writing_hours(text, canonical):
    assert format_hours(parse_hours(text)) == canonical


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "are no opening hours"),
        ("from eight", "are no opening hours"),
        ("8-12", "are no opening hours"),
        ("08:00-12:00 and", "are no opening hours"),
        ("12:00-08:00", "do not end after they begin"),
        ("22:00-06:00", "Split hours over midnight"),
        ("08:00-08:00", "do not end after they begin"),
        ("08:60-09:00", "do not end after they begin"),
        ("08:00-24:01", "do not end after they begin"),
        ("08:00-12:00 11:59-13:00", "overlap"),
    ],
)
def test_what_is_wrong_with_hours_is_told(text, sentence):
    with pytest.raises(InputError, match=sentence):
        parse_hours(text)
