"""Repair deadlines: how a limit, a clock and its holds make a moment, and why (section 1 and 3)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from desk_maint.domain.calendars import LONGEST_SEARCH_YEARS, opens_too_seldom
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import HOUR, MINUTE, wall_clock
from desk_maint.domain.intervals import Interval, intersect, subtract, union
from desk_maint.domain.messages import msg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from desk_maint.domain.calendars import ServiceCalendar

__all__ = [
    "Deadline",
    "Limit",
    "Step",
    "StepKind",
    "after_working_days",
    "clock_seconds",
    "due_at",
    "explain",
    "parse_limit",
]


@dataclass(frozen=True, slots=True)
class Limit:
    """So many seconds of the clock, or so many of its working days: exactly one of the two."""

    seconds: int | None = None
    working_days: int | None = None

    def __post_init__(self) -> None:
        """Refuse both and neither (a fault of the program)."""
        if (self.seconds is None) == (self.working_days is None):
            problem = "a limit is either seconds or working days"
            raise ValueError(problem)

    def __str__(self) -> str:
        """Return the limit in the contract's writing, e.g. ``30m``, ``8h`` or ``2wd``."""
        if self.seconds is None:
            return f"{self.working_days}wd"
        if self.seconds % HOUR == 0:
            return f"{self.seconds // HOUR}h"
        return f"{self.seconds // MINUTE}m"


_LIMIT = re.compile(
    r"(\d{1,5}(?:\.\d{1,4})?)"
    r"(m|min|分|分钟|分鐘|h|小时|小時|wd|workingdays?|个工作日|個工作日|工作日)"
)


def parse_limit(text: str) -> Limit:
    """Read ``30m``, ``8h`` or ``2wd`` (also 30分钟, 8小时, 2个工作日, 2 working days).

    Raises :class:`InputError` for anything else, for zero and for parts of a minute or a day.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
    found = _LIMIT.fullmatch(plain)
    if found is not None:
        unit = found[2]
        if unit.startswith("w") or unit.endswith("工作日"):
            if found[1].isdecimal() and int(found[1]) > 0:
                return Limit(working_days=int(found[1]))
        else:
            seconds = Decimal(found[1]) * (HOUR if unit in {"h", "小时", "小時"} else MINUTE)
            if seconds > 0 and seconds % MINUTE == 0:
                return Limit(seconds=int(seconds))
    raise InputError(
        msg(
            "“{text}” is no time limit. Write minutes, hours or working days, such as 30m, 8h "
            "or 2wd.",
            text=text,
        )
    )


class StepKind(StrEnum):
    """What happened to the clock in a stretch of time."""

    COUNTED = "counted"
    HELD = "held"
    CLOSED = "closed"
    WORKING_DAY = "working_day"
    """A working day of a limit in days; ``seconds`` is its number."""
    MOVED = "moved"
    """The deadline of a limit in days moved on by the open time of its holds."""


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch ``[start, end)`` of the way to a deadline, and the clock seconds in it.

    ``seconds`` are those that counted towards the limit (for ``HELD``: those taken out).
    """

    kind: StepKind
    start: int
    end: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment and the steps by which anybody can follow it."""

    due_at: int
    steps: tuple[Step, ...]


def due_at(
    limit: Limit, clock: ServiceCalendar, start: int, holds: Iterable[tuple[int, int]] = ()
) -> int:
    """Return the instant by which a limit runs out that began at ``start``.

    Only open time of the clock outside ``holds`` counts.  Holds are closed intervals of time:
    what to make of one that still runs is for the caller to say.  Raises :class:`InputError`
    where the clock opens too seldom.
    """
    if limit.seconds is not None:
        return clock.after_open_seconds(start, limit.seconds, holds)
    return after_working_days(clock, start, limit.working_days or 0, holds)


def after_working_days(
    clock: ServiceCalendar,
    start: int,
    days: int,
    holds: Iterable[tuple[int, int]] = (),
    *,
    end_of_day: bool = False,
) -> int:
    """Return the same time of day ``days`` open days later, moved on by the holds.

    A start while closed counts from the next opening.  Where that day is already closed by then,
    its closing time is meant (``end_of_day``: always).  A time before that day's opening or in
    its midday break stays as it is: the day is not over, and no work is lost in between.

    The deadline moves on by the open time inside the holds, those included that it meets on its
    way.  Negative ``days`` go back the same way, from the closing before where ``start`` is
    closed; holds do not matter to them.
    """
    base = _days_later(clock, start, days, end_of_day=end_of_day)
    stops = union(holds)
    held = sum(clock.open_seconds(max(a, start), min(b, base)) for a, b in stops)
    return clock.after_open_seconds(base, held, stops) if held else base


def _days_later(clock: ServiceCalendar, start: int, days: int, *, end_of_day: bool = False) -> int:
    day, time_of_day = _beginning(clock, start, days)
    step = timedelta(days=1 if days > 0 else -1)
    left, horizon = abs(days), LONGEST_SEARCH_YEARS * 366
    while left:
        day += step
        left -= bool(clock.hours_on(day))
        horizon -= 1
        if not horizon:
            raise opens_too_seldom(clock.name)
    hours = clock.hours_on(day)
    if hours and (end_of_day or time_of_day > hours[-1][1]):
        time_of_day = hours[-1][1]
    return wall_clock(day, time_of_day, clock.zone_on(day))


def _beginning(clock: ServiceCalendar, start: int, days: int) -> tuple[date, int]:
    """Return the open day from which days are counted, and the time of day in seconds."""
    if clock.is_open(start):
        begin = start
    elif days >= 0:
        opening = clock.next_open(start)
        if opening is None:
            raise opens_too_seldom(clock.name)
        begin = opening
    else:
        # A day that closes at midnight ends on its own date, at 24:00.
        last = clock.local(clock.after_open_seconds(start, -1))
        return last.date(), _time_of_day(last) + 1
    local = clock.local(begin)
    return local.date(), _time_of_day(local)


def _time_of_day(local: datetime) -> int:
    return local.hour * HOUR + local.minute * MINUTE + local.second


def clock_seconds(
    clock: ServiceCalendar, start: int, end: int, holds: Iterable[tuple[int, int]] = ()
) -> tuple[int, int]:
    """Return the clock seconds in ``[start, end)`` outside the holds, and those inside them."""
    held = sum(clock.open_seconds(max(a, start), min(b, end)) for a, b in union(holds))
    return clock.open_seconds(start, end) - held, held


def explain(
    limit: Limit, clock: ServiceCalendar, start: int, holds: Iterable[tuple[int, int]] = ()
) -> Deadline:
    """Return the deadline of :func:`due_at` with the steps that lead to it.

    Of a limit in seconds the steps are every stretch from the start to the deadline, in order;
    the counted seconds add up to the limit.  A limit in working days names each day, then each
    hold, and last how far they moved the deadline on.
    """
    stops = union(holds)
    due = due_at(limit, clock, start, stops)
    if limit.seconds is not None:
        return Deadline(due, tuple(_stretches(clock, start, due, stops)))
    base = _days_later(clock, start, limit.working_days or 0)
    steps = list(_working_days(clock, start, limit.working_days or 0))
    if due > base:
        for hold in intersect(stops, [Interval(start, due)]):
            seconds = clock.open_seconds(hold.start, hold.end)
            if seconds:
                steps.append(Step(StepKind.HELD, hold.start, hold.end, seconds))
        steps.append(Step(StepKind.MOVED, base, due, clock.open_seconds(base, due)))
    return Deadline(due, tuple(steps))


def _stretches(
    clock: ServiceCalendar, start: int, due: int, holds: list[Interval]
) -> Iterator[Step]:
    """Cut ``[start, due)`` into counted, held and closed stretches, in order."""
    whole = [Interval(start, due)] if due > start else []
    held = intersect(whole, holds)
    opened = clock.open_spans(start, due)
    counted = subtract(opened, held)
    closed = subtract(subtract(whole, opened), held)
    steps = [
        *(Step(StepKind.COUNTED, a, b, b - a) for a, b in counted),
        *(Step(StepKind.HELD, a, b, clock.open_seconds(a, b)) for a, b in held),
        *(Step(StepKind.CLOSED, a, b, 0) for a, b in closed),
    ]
    yield from sorted(steps, key=lambda step: step.start)


def _working_days(clock: ServiceCalendar, start: int, days: int) -> Iterator[Step]:
    begin = clock.next_open(start)
    if begin is None:
        return
    if begin > start:
        yield Step(StepKind.CLOSED, start, begin, 0)
    for number in range(1, days + 1):
        following = _days_later(clock, start, number)
        yield Step(StepKind.WORKING_DAY, begin, following, number)
        begin = following
