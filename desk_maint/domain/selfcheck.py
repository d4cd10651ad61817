"""Recomputing published cases with the program's own arithmetic (contract, conformance cases).

The cases come from the public tests of other systems, or are our own; each goes through the same
calendars, deadlines and uptime engine as a bureau's figures.  What cannot be read is failed with
the reason; a kind that is not known is skipped, never passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_maint.domain.calendars import always_open
from desk_maint.domain.conformance import (
    Calendars,
    Case,
    UnreadableCaseError,
    fraction,
    moment,
    pauses,
    period,
    same_moment,
    spans,
    whole,
)
from desk_maint.domain.deadlines import Limit, after_working_days, clock_seconds, due_at
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import zone
from desk_maint.domain.intervals import Interval, intersect, union
from desk_maint.domain.messages import msg
from desk_maint.domain.percent import allowed_down, cut_percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from desk_maint.domain.messages import Message

__all__ = ["FORMAT", "Result", "run"]

FORMAT = "desk-maint/conformance/1"
_MOST_DECIMALS = 15


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case."""

    id: str
    kind: str
    expected: object
    got: object
    """In the writing of ``expected``; None where nothing came out."""
    ok: bool | None
    """None: skipped, the kind is not known."""
    reason: Message | None = None
    """Why nothing came out."""


def run(document: object) -> list[Result]:
    """Recompute every case of a document in the contract's format, in its order.

    Raises :class:`InputError` where it is no such document; a bad case only fails by itself.
    """
    if not isinstance(document, dict) or not isinstance(document.get("cases"), list):
        raise InputError(
            msg(
                "The file holds no cases. Choose a file of the format {format}, with “calendars” "
                "and “cases”.",
                format=FORMAT,
            )
        )
    if document.get("format", FORMAT) != FORMAT:
        raise InputError(
            msg(
                "The file says that it is of the format {found}. Choose one of the format "
                "{format}.",
                found=str(document["format"])[:80],
                format=FORMAT,
            )
        )
    calendars = Calendars(document.get("calendars"))
    return [_result(case, calendars) for case in document["cases"]]


def _result(case: object, calendars: Calendars) -> Result:
    if not isinstance(case, dict):
        return Result("", "", None, None, ok=False, reason=UnreadableCaseError("id").message)
    name, kind, expected = str(case.get("id", "")), str(case.get("kind", "")), case.get("expected")
    check = _KINDS.get(kind)
    if check is None:
        return Result(name, kind, expected, None, ok=None)
    try:
        if "expected" not in case:
            raise UnreadableCaseError("expected")
        got, ok = check(case, calendars)
    except InputError as error:
        return Result(name, kind, expected, None, ok=False, reason=error.message)
    except (OverflowError, ValueError):
        # Dates before the first or after the last year that there is.
        reason = msg("The case lies outside the time that can be computed. Correct it.")
        return Result(name, kind, expected, None, ok=False, reason=reason)
    return Result(name, kind, expected, got, ok=ok)


def _deadline(case: Case, calendars: Calendars) -> tuple[object, bool]:
    clock = calendars.of(case)
    limit = Limit(seconds=whole(case, "seconds"))
    got = due_at(limit, clock, moment(case, "start", clock), pauses(case, clock))
    return same_moment(case, clock, got)


def _deadline_days(case: Case, calendars: Calendars) -> tuple[object, bool]:
    clock = calendars.of(case)
    got = after_working_days(
        clock,
        moment(case, "start", clock),
        whole(case, "working_days"),
        pauses(case, clock),
        end_of_day=case.get("end_of_working_day") is True,
    )
    return same_moment(case, clock, got)


def _elapsed(case: Case, calendars: Calendars) -> tuple[object, bool]:
    clock = calendars.of(case)
    start, end = moment(case, "start", clock), moment(case, "end", clock)
    counted, _ = clock_seconds(clock, start, end, pauses(case, clock))
    return counted, counted == whole(case, "expected")


def _is_open(case: Case, calendars: Calendars) -> tuple[object, bool]:
    clock = calendars.of(case)
    got = clock.is_open(moment(case, "at", clock))
    return got, got is case["expected"]


def _next_open(case: Case, calendars: Calendars) -> tuple[object, bool]:
    clock = calendars.of(case)
    got = clock.next_open(moment(case, "at", clock))
    if got is None or case["expected"] is None:
        return got, got is case["expected"]
    return same_moment(case, clock, got)


def _availability(case: Case, calendars: Calendars) -> tuple[object, bool]:
    got = _figures(case, calendars)
    return got, got == case["expected"]


def _availability_error(case: Case, calendars: Calendars) -> tuple[object, bool]:
    got: object
    try:
        got = _figures(case, calendars)
    except UnreadableCaseError:
        raise
    except InputError:
        got = "error"
    return got, got == case["expected"]


def _rounding(case: Case, _calendars: Calendars) -> tuple[object, bool]:
    value, decimals = fraction(case, "value"), whole(case, "decimals")
    if not 0 <= decimals <= _MOST_DECIMALS:
        raise UnreadableCaseError("decimals")
    got = cut_percent(value.numerator, 100 * value.denominator, decimals)
    return got, got == str(case["expected"])


def _error_budget(case: Case, _calendars: Calendars) -> tuple[object, bool]:
    target = fraction(case, "target_percent") * 100
    got = allowed_down(whole(case, "scheduled_seconds"), target) - whole(case, "down_seconds")
    return got, got == whole(case, "expected")


def _figures(case: Case, calendars: Calendars) -> dict[str, int]:
    """Return required and down seconds of a case, by the uptime engine.

    Each service window is a stay in service; planned and unknown time are approved stoppages.
    Our own additions to the format: ``calendar`` (service hours) and ``exempt`` faults.
    """
    # NumPy comes with the engine, and most kinds of case never need it.
    import numpy as np  # noqa: PLC0415

    from desk_maint.domain.service_clock import ServiceClock  # noqa: PLC0415
    from desk_maint.domain.uptime import (  # noqa: PLC0415
        FOREVER,
        Faults,
        Spans,
        Stays,
        compute_cells,
    )

    start, end = period(case)
    faults = sorted(
        (*span, exempt)
        for field, exempt in (("down", False), ("exempt", True))
        for span in spans(case, field, FOREVER)
    )
    stops = spans(case, "planned", FOREVER) + spans(case, "unknown", FOREVER)
    windows = [Interval(-FOREVER, FOREVER)]
    if case.get("service_windows") is not None:
        windows = spans(case, "service_windows", FOREVER)
    if case.get("in_service_from") is not None:
        windows = intersect(windows, [(whole(case, "in_service_from"), FOREVER)])
    if any(last < first for first, last, *_ in (*faults, *stops, *windows)):
        raise InputError(
            msg("An interval of the case ends before it begins. Correct the file of cases.")
        )

    def column(values: Iterable[int]) -> NDArray[np.int64]:
        return np.fromiter(values, np.int64)

    def rows(intervals: Sequence[tuple[int, ...]]) -> dict[str, NDArray[np.int64]]:
        return {
            "device": np.zeros(len(intervals), np.int64),
            "start": column(interval[0] for interval in intervals),
            "end": column(interval[1] for interval in intervals),
        }

    # The engine wants a row for each device: one that never serves has an empty stay.
    stays = union(windows) or [Interval(start, start)]
    utc = zone("UTC")
    calendar = always_open(utc) if case.get("calendar") is None else calendars.of(case)
    cells = compute_cells(
        Stays(calendar=np.zeros(len(stays), np.int64), **rows(stays)),
        Faults(exempt=np.array([exempt for *_, exempt in faults], np.bool_), **rows(faults)),
        Spans(**rows([])),
        Spans(**rows(stops)),
        ServiceClock([calendar], [start, end], utc),
        now=end if case.get("as_of") is None else whole(case, "as_of"),
    )
    return {
        "required_seconds": int(cells.scheduled.sum() - cells.exempt.sum()),
        "down_seconds": int(cells.down.sum()),
    }


_KINDS: Mapping[str, Callable[[Case, Calendars], tuple[object, bool]]] = {
    "deadline": _deadline,
    "deadline_days": _deadline_days,
    "elapsed": _elapsed,
    "is_open": _is_open,
    "next_open": _next_open,
    "availability": _availability,
    "availability_error": _availability_error,
    "rounding": _rounding,
    "error_budget": _error_budget,
}
