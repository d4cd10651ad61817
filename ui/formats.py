"""Moments, dates and durations as people read them, in their language and the bureau's zone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from desk_maint.domain.deadlines import parse_limit
from desk_maint.domain.instants import DAY, HOUR, MINUTE, to_local
from desk_maint.domain.messages import Message, msg

if TYPE_CHECKING:
    from datetime import date

    from ui.texts import Texts

__all__ = ["day", "duration", "moment", "moment_near", "number", "percent"]


def moment(texts: Texts, instant: int | None) -> str:
    """Return date and time to the minute, ``2026-06-03 08:05``; an em dash for None."""
    return "—" if instant is None else f"{to_local(instant, texts.zone):%Y-%m-%d %H:%M}"


def moment_near(texts: Texts, instant: int | None, now: int) -> str:
    """Return a moment in few words: today's time alone, tomorrow's with the word, else the date."""
    if instant is None:
        return "—"
    local, today = to_local(instant, texts.zone), to_local(now, texts.zone).date()
    clock = f"{local:%H:%M}"
    near = {
        today - timedelta(days=1): msg("yesterday {clock}", clock=clock),
        today: msg("today {clock}", clock=clock),
        today + timedelta(days=1): msg("tomorrow {clock}", clock=clock),
    }
    if local.date() in near:
        return texts.say(near[local.date()])
    return f"{local:%m-%d %H:%M}" if local.year == today.year else moment(texts, instant)


def day(value: date | None) -> str:
    """Return a date, ``2026-06-03``; an em dash for None.

    The same in every language, as GB/T 7408 has it and as fields, moments and workbooks do: the
    short forms of the languages cut the year or put the month first.
    """
    return "—" if value is None else value.isoformat()


def duration(texts: Texts, seconds: int) -> str:
    """Return a length of time in its two largest units, e.g. ``3 h 20 min``."""
    return texts.say(duration_message(abs(seconds)))


def limit(texts: Texts, written: str | None) -> str:
    """Return a repair limit (``30m``, ``2wd``) in words that can be read back; a dash for none."""
    if written is None:
        return "—"
    parsed = parse_limit(written)
    if parsed.working_days is not None:
        if parsed.working_days == 1:
            return texts.say(msg("1 working day"))
        return texts.say(msg("{count} working days", count=parsed.working_days))
    hours, rest = divmod(parsed.seconds or 0, HOUR)
    if rest:
        return texts.say(msg("{minutes} min", minutes=(parsed.seconds or 0) // MINUTE))
    return texts.say(msg("{hours} h", hours=hours))


def duration_message(seconds: int) -> Message:
    """Return :func:`duration` as a message, for use inside another sentence."""
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    if days:
        return msg("{days} d {hours} h", days=days, hours=hours)
    if hours:
        return msg("{hours} h {minutes} min", hours=hours, minutes=minutes)
    if minutes or not seconds:
        return msg("{minutes} min", minutes=minutes)
    return msg("{seconds} s", seconds=seconds)


def number(texts: Texts, value: int) -> str:
    """Return a whole number with the separators of the language."""
    return texts.locale.toString(value)


def percent(text: str | None, not_applicable: str) -> str:
    """Return a percentage that the core has cut (``97.75``) with its sign."""
    return not_applicable if text is None else f"{text} %"
