"""Instants (UTC epoch seconds, ``int``) and their local faces.

Inside the program every moment is a whole number of seconds since 1970-01-01 00:00 UTC.  Local
dates and times exist only at the edges: on screen, in spreadsheets, on the command line.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg

__all__ = [
    "DAY",
    "DEFAULT_ZONE",
    "HOUR",
    "MINUTE",
    "day_start",
    "from_local",
    "iso",
    "local_date",
    "to_local",
    "wall_clock",
    "zone",
]

MINUTE = 60
HOUR = 3600
DAY = 86400
DEFAULT_ZONE = "Asia/Shanghai"


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """Return the IANA zone called ``name``; raise :class:`InputError` where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(
            msg(
                "There is no time zone called “{name}”. Use an IANA name such as Asia/Shanghai.",
                name=name,
            )
        ) from error


def from_local(moment: datetime, tz: ZoneInfo) -> int:
    """Return the instant of the wall-clock time ``moment`` in ``tz`` (an aware one keeps its own).

    Where the clock is put back the first of the two is meant; a time that the clock skips is
    read with the offset in force before the jump, which lands as far after the jump as the time
    was after its beginning.  Fractions of a second are cut.
    """
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=tz)
    return (aware.astimezone(UTC) - _EPOCH) // _SECOND


def to_local(instant: int, tz: ZoneInfo) -> datetime:
    """Return the aware local time of ``instant`` in ``tz``."""
    return (_EPOCH + timedelta(seconds=instant)).astimezone(tz)


def local_date(instant: int, tz: ZoneInfo) -> date:
    """Return the local calendar date on which ``instant`` falls."""
    return to_local(instant, tz).date()


def day_start(day: date, tz: ZoneInfo) -> int:
    """Return the instant at which ``day`` begins in ``tz`` (the first that bears its date)."""
    return wall_clock(day, 0, tz)


def wall_clock(day: date, seconds: int, tz: ZoneInfo) -> int:
    """Return the instant at which the clocks in ``tz`` show ``seconds`` after midnight of ``day``.

    86,400 is the midnight that ends the day.  A time that the clock skips falls on the moment of
    the jump; of a time that comes twice the first is meant.  So later times never come earlier,
    and hours that touch on the clock touch in time.
    """
    if seconds == DAY:
        day, seconds = day + timedelta(days=1), 0
    naive = datetime.combine(day, time.min) + timedelta(seconds=seconds)
    instant = from_local(naive, tz)
    if to_local(instant, tz).replace(tzinfo=None) == naive:
        return instant
    # Skipped: the jump lies between the two readings of the time.
    before = from_local(naive.replace(tzinfo=tz, fold=1), tz)
    offset = to_local(before, tz).utcoffset()
    while instant - before > 1:
        middle = (before + instant) // 2
        if to_local(middle, tz).utcoffset() == offset:
            before = middle
        else:
            instant = middle
    return instant


def iso(instant: int | None, tz: ZoneInfo) -> str | None:
    """Return ``instant`` as ISO 8601 with its offset, or None for None."""
    return None if instant is None else to_local(instant, tz).isoformat()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
