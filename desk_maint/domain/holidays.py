"""Public rest days and make-up workdays (调休): the published ones, and tables brought by users.

Next year's days are published in November and no package has them at once, so a table can be
read from a file: JSON of the form of the holiday-cn project, or CSV.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import Term, msg

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "PublishedDay",
    "begins_table",
    "is_published",
    "parse_table",
    "published_kind",
    "published_name",
]

Kind = Literal["rest", "work"]
PublishedDay = tuple[date, Kind, str]
"""A date, what it is, and the holiday it belongs to."""


_TERMS = {
    "New Year's Day": "holiday_new_year",
    "Spring Festival": "holiday_spring_festival",
    "Tomb-sweeping Day": "holiday_tomb_sweeping",
    "Labour Day": "holiday_labour_day",
    "Dragon Boat Festival": "holiday_dragon_boat",
    "National Day": "holiday_national_day",
    "Mid-autumn Festival": "holiday_mid_autumn",
    "Anti-Fascist 70th Day": "holiday_victory_day",
}


@lru_cache(maxsize=1)
def _published() -> tuple[dict[date, str], dict[date, str], frozenset[int]]:
    # Imported when a calendar is first asked: most commands never need it.
    from chinese_calendar import constants  # noqa: PLC0415

    return constants.holidays, constants.workdays, frozenset(day.year for day in constants.holidays)


def published_kind(day: date) -> Kind | None:
    """Return what the published table says of ``day``; None: an ordinary day, or no table."""
    rest, work, _ = _published()
    if day in work:
        return "work"
    return "rest" if day in rest else None


def published_name(day: date) -> Term | None:
    """Return the holiday that a published rest day or make-up workday belongs to."""
    rest, work, _ = _published()
    name = work.get(day) or rest.get(day)
    # A holiday made up for one year has no word of the glossary, but is a rest day all the same.
    return Term(_TERMS[name]) if name in _TERMS else None


def is_published(year: int) -> bool:
    """Whether the package knows the rest days of ``year``."""
    return year in _published()[2]


def parse_table(text: str) -> list[PublishedDay]:
    """Read a year's table: JSON of the form of holiday-cn (``days`` with ``date``, ``isOffDay``,
    ``name``), or CSV with the columns ``date``, ``kind`` (``rest``/``work``, 休/班) and ``name``.

    The columns of a CSV may stand in any order under a header, and in this one without it.
    Raises :class:`InputError` for a file with no days, with a date that is none, or that says two
    different things of one day.
    """  # noqa: D205  (the two forms belong together)
    stripped = text.lstrip("\ufeff \r\n\t")
    rows = _from_json(stripped) if stripped.startswith(("{", "[")) else _from_csv(stripped)
    days: dict[date, PublishedDay] = {}
    for day, kind, name in rows:
        if day in days and days[day][1] != kind:
            raise InputError(
                msg(
                    "The table says of {day} both that it is a rest day and that it is a "
                    "workday. Mend the file and read it again.",
                    day=day,
                )
            )
        days[day] = (day, kind, name)
    if not days:
        raise InputError(
            msg("The file holds no rest days. Choose the table of a year, as JSON or CSV.")
        )
    return [days[day] for day in sorted(days)]


def begins_table(cells: Sequence[str]) -> bool:
    """Whether a line of a CSV file is the first of such a table: its header, or its first day."""
    titles = {_HEADERS.get(cell.strip().casefold()) for cell in cells}
    if {"date", "kind"} <= titles:
        return True
    day, kind, *_ = [*cells, "", ""]
    return _read_date(day) is not None and kind.strip().casefold() in _KINDS


def _from_json(text: str) -> list[PublishedDay]:
    try:
        document = json.loads(text)
        entries = document["days"] if isinstance(document, dict) else document
        return [_from_entry(entry) for entry in entries]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            msg(
                "The file is not a table of rest days in JSON: each day needs date, isOffDay "
                "and name. Fetch it again, or write it as CSV."
            )
        ) from error


def _from_entry(entry: dict[str, object]) -> PublishedDay:
    off, day = entry["isOffDay"], _read_date(str(entry["date"]))
    if not isinstance(off, bool) or day is None:
        raise TypeError(entry)
    return day, "rest" if off else "work", str(entry.get("name") or "")


_HEADERS = {
    "date": "date",
    "日期": "date",
    "kind": "kind",
    "类型": "kind",
    "日期类型": "kind",
    "類型": "kind",
    "日期類型": "kind",
    "name": "name",
    "名称": "name",
    "名稱": "name",
    "节日": "name",
    "節日": "name",
}
_KINDS: dict[str, Kind] = {
    "rest": "rest",
    "work": "work",
    "休": "rest",
    "休息": "rest",
    "休息日": "rest",
    "班": "work",
    "上班": "work",
    "工作日": "work",
    "调休上班": "work",
    "调休上班日": "work",
    "補班": "work",
    "補班日": "work",
}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def _read_date(text: str) -> date | None:
    found = _DATE.fullmatch(text.strip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _from_csv(text: str) -> list[PublishedDay]:
    days: list[PublishedDay] = []
    columns = {"date": 0, "kind": 1, "name": 2}
    try:
        rows = list(csv.reader(io.StringIO(unicodedata.normalize("NFKC", text))))
    except csv.Error:
        # A field without an end, such as in a file that is no text at all.
        rows = []
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row]
        titles = [_HEADERS.get(cell.casefold()) for cell in cells]
        if not any(cells):
            continue
        if not days and {"date", "kind"} <= set(titles):
            columns = {title: place for place, title in enumerate(titles) if title}
            continue
        values = {
            title: cells[place] if place < len(cells) else "" for title, place in columns.items()
        }
        day, kind = _read_date(values["date"]), _KINDS.get(values["kind"].casefold())
        if day is None or kind is None:
            raise InputError(
                msg(
                    "Line {line} of the file is no rest day: “{text}”. Write date, kind (rest "
                    "or work) and name, such as 2027-01-01,rest,元旦.",
                    line=number,
                    text=",".join(row)[:80],
                )
            )
        days.append((day, kind, values.get("name", "")))
    return days
