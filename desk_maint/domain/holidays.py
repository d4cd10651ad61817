"""Public rest days and make-up workdays (调休): the published ones, and tables brought by users.

Next year's days are published in November and no package has them at once, so a table can be
read from a file: JSON of the form of the holiday-cn project, or CSV.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from functools import lru_cache
from typing import Literal

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg

__all__ = ["PublishedDay", "is_published", "parse_table", "published_kind", "published_name"]

Kind = Literal["rest", "work"]
PublishedDay = tuple[date, Kind, str]
"""A date, what it is, and the holiday it belongs to."""


@lru_cache(maxsize=1)
def _published() -> tuple[dict[date, str], dict[date, str], frozenset[int]]:
    # Imported when a calendar is first asked: most commands never need it.
    from chinese_calendar import constants  # noqa: PLC0415

    rest = {day: _chinese(name) for day, name in constants.holidays.items()}
    work = {day: _chinese(name) for day, name in constants.workdays.items()}
    return rest, work, frozenset(day.year for day in rest)


def _chinese(name: object) -> str:
    return str(getattr(name, "chinese", name))


def published_kind(day: date) -> Kind | None:
    """Return what the published table says of ``day``; None: an ordinary day, or no table."""
    rest, work, _ = _published()
    if day in work:
        return "work"
    return "rest" if day in rest else None


def published_name(day: date) -> str | None:
    """Return the holiday that a published rest day or make-up workday belongs to."""
    rest, work, _ = _published()
    return work.get(day) or rest.get(day)


def is_published(year: int) -> bool:
    """Whether the package knows the rest days of ``year``."""
    return year in _published()[2]


def parse_table(text: str) -> list[PublishedDay]:
    """Read a year's table: holiday-cn JSON (``days`` with ``date``, ``isOffDay``, ``name``) or CSV
    with the columns ``date``, ``kind`` (``rest``/``work`` or 休/班) and ``name``.

    Raises :class:`InputError` for a file with no days, with a date that is none, or that says two
    different things of one day.
    """
    stripped = text.lstrip("\ufeff \r\n\t")
    rows = _from_json(stripped) if stripped.startswith(("{", "[")) else _from_csv(stripped)
    days: dict[date, PublishedDay] = {}
    for day, kind, name in rows:
        before = days.get(day)
        if before is not None and before[1] != kind:
            raise InputError(
                msg(
                    "The table says of {day} both that it is a rest day and that it is a "
                    "workday. Mend the file and read it again.",
                    day=day.isoformat(),
                )
            )
        days[day] = (day, kind, name)
    if not days:
        raise InputError(
            msg("The file holds no rest days. Choose the table of a year, as JSON or CSV.")
        )
    return [days[day] for day in sorted(days)]


def _from_json(text: str) -> list[PublishedDay]:
    try:
        document = json.loads(text)
        entries = document["days"] if isinstance(document, dict) else document
        return [
            (
                date.fromisoformat(entry["date"]),
                "rest" if entry["isOffDay"] else "work",
                str(entry.get("name", "")),
            )
            for entry in entries
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            msg(
                "The file is not a table of rest days in JSON: each day needs date, isOffDay "
                "and name."
            )
        ) from error


_KINDS: dict[str, Kind] = {
    "rest": "rest",
    "work": "work",
    "休": "rest",
    "休息": "rest",
    "休息日": "rest",
    "班": "work",
    "上班": "work",
    "工作日": "work",
    "调休上班日": "work",
    "補班日": "work",
}


def _from_csv(text: str) -> list[PublishedDay]:
    days: list[PublishedDay] = []
    for number, row in enumerate(csv.reader(io.StringIO(text)), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells[0].casefold() in {"date", "日期"}):
            continue
        kind = _KINDS.get(cells[1].casefold()) if len(cells) > 1 else None
        try:
            day = date.fromisoformat(cells[0].replace("/", "-"))
        except ValueError:
            kind = None
            day = date.min
        if kind is None:
            raise InputError(
                msg(
                    "Line {line} of the file is no rest day: “{text}”. Write date, kind (rest "
                    "or work) and name, such as 2027-01-01,rest,元旦.",
                    line=number,
                    text=",".join(row),
                )
            )
        days.append((day, kind, cells[2] if len(cells) > 2 else ""))  # noqa: PLR2004
    return days
