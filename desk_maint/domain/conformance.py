"""The contract's format of conformance cases: reading a case and the calendar that it names.

Whatever is missing or of the wrong kind raises :class:`UnreadableCaseError` with the field's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from desk_maint.domain.calendars import (
    CLOSED,
    CalendarVersion,
    HolidaySource,
    ServiceCalendar,
    SpecialDay,
    SpecialDayKind,
)
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import DAY, HOUR, MINUTE, from_local, to_local, zone
from desk_maint.domain.intervals import Interval, union
from desk_maint.domain.messages import msg

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from desk_maint.domain.opening_hours import DayHours

__all__ = [
    "Calendars",
    "Case",
    "UnreadableCaseError",
    "fraction",
    "moment",
    "pauses",
    "period",
    "same_moment",
    "spans",
    "whole",
]

Case = Mapping[str, object]


_DECIMAL = re.compile(r"\d{1,15}(\.\d{1,15})?")


class UnreadableCaseError(InputError):
    """The case itself is wrong, which is not the same as input that was rightly refused."""

    def __init__(self, field: str) -> None:
        super().__init__(
            msg("The case has no usable “{field}”. Correct the file of cases.", field=field)
        )


def whole(case: Case, field: str) -> int:
    """Return a whole number."""
    value = case.get(field)
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnreadableCaseError(field)
    return value


def fraction(case: Case, field: str) -> Fraction:
    """Return a number, exactly as it is written."""
    written = str(case.get(field))
    if _DECIMAL.fullmatch(written) is None:
        raise UnreadableCaseError(field)
    return Fraction(written)


def moment(case: Case, field: str, clock: ServiceCalendar) -> int:
    """Return the instant of a time that is local to the calendar unless it names its offset."""
    return from_local(_time(case.get(field), field), _zone(clock))


def same_moment(case: Case, clock: ServiceCalendar, got: int) -> tuple[str, bool]:
    """Return an instant in the writing of ``expected``, and whether it is the expected one.

    Of a local time that comes twice either one will do: the case does not say which it means.
    """
    expected = _time(case.get("expected"), "expected")
    if expected.tzinfo is None:
        local = to_local(got, _zone(clock)).replace(tzinfo=None)
        return local.isoformat(), got == moment(case, "expected", clock) or local == expected
    text = datetime.fromtimestamp(got, expected.tzinfo).isoformat()
    if str(case["expected"]).endswith("Z"):
        text = text.removesuffix("+00:00") + "Z"
    return text, got == moment(case, "expected", clock)


def pauses(case: Case, clock: ServiceCalendar) -> list[tuple[int, int]]:
    """Return the holds of a case as instants."""
    found = []
    for pause in _list(case, "pauses"):
        match pause:
            case [str(start), str(end)]:
                found.append(
                    (
                        from_local(_time(start, "pauses"), _zone(clock)),
                        from_local(_time(end, "pauses"), _zone(clock)),
                    )
                )
            case _:
                raise UnreadableCaseError("pauses")
    return found


def period(case: Case) -> tuple[int, int]:
    """Return the period of a case in epoch seconds; it may be one that has to be refused."""
    match case.get("period"):
        case [int(start), int(end)]:
            return start, end
        case _:
            raise UnreadableCaseError("period")


def spans(case: Case, field: str, open_end: int) -> list[Interval]:
    """Return intervals of epoch seconds; one without an end goes on to ``open_end``."""
    found = []
    for span in _list(case, field):
        match span:
            case [int(start), int(end)]:
                found.append(Interval(start, end))
            case [int(start), None]:
                found.append(Interval(start, open_end))
            case _:
                raise UnreadableCaseError(field)
    return found


class Calendars:
    """The calendars of a document, each made when a case first names it."""

    def __init__(self, written: object) -> None:
        self._written = written if isinstance(written, dict) else {}
        self._made: dict[str, ServiceCalendar] = {}

    def of(self, case: Case) -> ServiceCalendar:
        """Return the calendar that a case names."""
        name = _text(case, "calendar")
        if name not in self._made:
            written = self._written.get(name)
            if not isinstance(written, dict):
                raise UnreadableCaseError("calendar")
            self._made[name] = _calendar(name, written)
        return self._made[name]


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_ANNUAL = range(1900, 2200)
"""The years for which holidays given as month and day are spread out."""


def _calendar(name: str, written: Case) -> ServiceCalendar:
    """Make a calendar as written: days that are missing are closed, and so are its holidays.

    Our own additions to the format: ``"holidays": "cn"`` follows the published rest days, and
    ``makeup_days`` are dates with Monday's hours.
    """
    week = written.get("week")
    if not isinstance(week, dict) or not set(week) <= set(_WEEKDAYS):
        raise UnreadableCaseError("week")
    published = written.get("holidays") == HolidaySource.CN.value
    rest = set() if published else {_date(text, "holidays") for text in _list(written, "holidays")}
    for text in _list(written, "annual_holidays"):
        # 29 February is a holiday where there is one.
        _date(f"2000-{text}", "annual_holidays")
        rest |= {day for year in _ANNUAL if (day := _date_or_none(f"{year}-{text}"))}
    return ServiceCalendar(
        name,
        [
            CalendarVersion(
                valid_from=date.min,
                zone=zone(_text(written, "tz")),
                week=tuple(_hours(_list(week, day)) for day in _WEEKDAYS),
                rest_day=CLOSED,
                holidays=HolidaySource.CN if published else HolidaySource.NONE,
            )
        ],
        [
            *(SpecialDay(day, SpecialDayKind.REST) for day in sorted(rest)),
            *(
                SpecialDay(_date(text, "makeup_days"), SpecialDayKind.WORK)
                for text in _list(written, "makeup_days")
            ),
        ],
    )


def _hours(written: Iterable[object]) -> DayHours:
    spans = []
    for interval in written:
        match interval:
            case [str(start), str(end)]:
                spans.append((_clock(start), _clock(end)))
            case _:
                raise UnreadableCaseError("week")
        if not 0 <= spans[-1][0] < spans[-1][1] <= DAY:
            raise UnreadableCaseError("week")
    return tuple((span.start, span.end) for span in union(spans))


def _clock(text: str) -> int:
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise UnreadableCaseError("week")
    return int(found[1]) * HOUR + int(found[2]) * MINUTE + int(found[3] or 0)


def _zone(clock: ServiceCalendar) -> ZoneInfo:
    return clock.zone_on(date.max)


def _time(value: object, field: str) -> datetime:
    try:
        return datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise UnreadableCaseError(field) from None


def _date(value: object, field: str) -> date:
    day = _date_or_none(value)
    if day is None:
        raise UnreadableCaseError(field)
    return day


def _date_or_none(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _text(case: Case, field: str) -> str:
    value = case.get(field)
    if not isinstance(value, str):
        raise UnreadableCaseError(field)
    return value


def _list(case: Case, field: str) -> list[object]:
    """Return a list; one that is not given is empty."""
    value = case.get(field)
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnreadableCaseError(field)
    return value
