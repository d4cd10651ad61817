"""Opening hours of one day: their writing, and what they mean in seconds (section 1)."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import DAY, HOUR, MINUTE
from desk_maint.domain.intervals import union
from desk_maint.domain.messages import msg

__all__ = ["CLOSED", "ROUND_THE_CLOCK", "DayHours", "format_hours", "parse_hours"]

DayHours = tuple[tuple[int, int], ...]
"""Opening intervals of a day in seconds since its midnight: sorted, disjoint, up to 86,400."""
CLOSED: DayHours = ()
ROUND_THE_CLOCK: DayHours = ((0, DAY),)

_TIME = r"(\d{1,2})[:时時点點](\d{2})?分?(?::00)?"
_INTERVAL = re.compile(rf"{_TIME}-{_TIME}")
_BETWEEN = re.compile(r"[\s,;/、]+")
# The glossary's «24小时服务» and what people write for it.
_ALL_DAY = {
    "24",
    "24h",
    "24-hourservice",
    "24hours",
    "24小时",
    "24小时服务",
    "24小時",
    "24小時服務",
    "全天",
}
_NOT_AT_ALL = {"closed", "休息", "休", "关闭", "關閉", "不营业", "不營業", "无", "無", "-"}


def parse_hours(text: str) -> DayHours:
    """Read ``08:00-12:00 13:00-17:30``, ``24h`` or ``closed`` (also in Chinese).

    Raises :class:`InputError` for what is neither, for an interval that ends before it begins
    and for two that overlap; intervals that touch become one.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    plain = re.sub(r"\s*[-–—~至到]+\s*", "-", plain)
    if plain.replace(" ", "") in _ALL_DAY:
        return ROUND_THE_CLOCK
    if plain in _NOT_AT_ALL:
        return CLOSED
    spans: list[tuple[int, int]] = []
    for part in _BETWEEN.split(_BETWEEN.sub(" ", plain).strip()):
        found = _INTERVAL.fullmatch(part)
        if found is None:
            raise InputError(
                msg(
                    "“{text}” are no opening hours. Write for example 08:00-12:00 13:00-17:30, "
                    "24h or closed.",
                    text=text,
                )
            )
        start = int(found[1]) * HOUR + int(found[2] or 0) * MINUTE
        end = int(found[3]) * HOUR + int(found[4] or 0) * MINUTE
        wrong = int(found[2] or 0) >= 60 or int(found[4] or 0) >= 60  # noqa: PLR2004
        if wrong or end > DAY or start >= end:
            raise InputError(
                msg(
                    "The opening hours “{part}” do not end after they begin on the same day. "
                    "Split hours over midnight: 22:00-24:00 on one day, 00:00-06:00 on the next.",
                    part=part,
                )
            )
        spans.append((start, end))
    spans.sort()
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise InputError(
            msg("The opening hours “{text}” overlap. Write each hour only once.", text=text)
        )
    return tuple((span.start, span.end) for span in union(spans))


def format_hours(hours: DayHours) -> str:
    """Return hours in the contract's writing; :func:`parse_hours` reads it back."""
    if hours == ROUND_THE_CLOCK:
        return "24h"
    return " ".join(f"{_clock(start)}-{_clock(end)}" for start, end in hours) or "closed"


def _clock(seconds: int) -> str:
    return f"{seconds // HOUR:02d}:{seconds % HOUR // MINUTE:02d}"
