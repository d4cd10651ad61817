"""The file of refused rows: the user's own table again, with the reason beside each row.

It can be mended and imported as it is: same sheets, same rows above the header, same columns.
Whatever a user wrote is written as text, so that it can never start a formula.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from desk_maint.domain.errors import EnvironmentProblem
from desk_maint.domain.messages import Message, msg
from desk_maint.exchange.values import shown
from desk_maint.exchange.writing import LONGEST_TEXT, new_page, plain_text, write_workbook
from desk_maint.language import render, term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from openpyxl.worksheet.worksheet import Worksheet

    from desk_maint.exchange.layout import Layout
    from desk_maint.exchange.reading import Cell

__all__ = ["RefusedCells", "write_refused"]

_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


@dataclass(slots=True)
class RefusedCells:
    """The refused rows of one table, as they stood there."""

    layout: Layout
    keep_places: bool = False
    """Whether a row has to stay at its number, since a profile builds values from it."""
    rows: list[tuple[int, Sequence[Cell], Message]] = field(default_factory=list)
    """Each row's number there, its cells, and the reason."""


def write_refused(source: Path, tables: Sequence[RefusedCells], lang: str, tz: ZoneInfo) -> Path:
    """Write ``SOURCE-refused.xlsx`` beside ``source`` (numbered where there is one already).

    Moments in the reasons are told in ``tz``.  Raises :class:`EnvironmentProblem` where the
    folder cannot be written to.
    """
    path = _reserve(source)
    try:
        with write_workbook(path, lang) as workbook:
            names: set[str] = set()
            for table in tables:
                if table.rows:
                    page = new_page(workbook, _sheet_name(table.layout, names))
                    _write(page, table, lambda reason: render(reason, lang, tz=tz), lang)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _reserve(source: Path) -> Path:
    """Take a name beside ``source`` that nobody has yet."""
    for path in _free_names(source):
        try:
            path.open("xb").close()
        except FileExistsError:
            continue
        except OSError as error:
            raise EnvironmentProblem(
                msg(
                    "The refused rows cannot be written to {path}: {reason}. Nothing was imported.",
                    path=path,
                    reason=error.strerror,
                )
            ) from error
        return path
    raise AssertionError


def _free_names(source: Path) -> Iterator[Path]:
    yield source.with_name(f"{source.stem}-refused.xlsx")
    number = 2
    while True:
        yield source.with_name(f"{source.stem}-refused-{number}.xlsx")
        number += 1


def _sheet_name(layout: Layout, taken: set[str]) -> str:
    """Return the table's own name, as far as a sheet can bear it: it may tell the kind."""
    name = _NO_SHEET_NAME.sub(" ", layout.table.name).strip("' ")[:31] or layout.sheet.key
    if name.casefold() in taken:
        name = f"{name[:26]} {len(taken)}"
    taken.add(name.casefold())
    return name


def _write(page: Worksheet, table: RefusedCells, say: Callable[[Message], str], lang: str) -> None:
    layout = table.layout
    width = max(len(layout.titles), *(len(cells) for _, cells, _ in table.rows))
    page.freeze_panes = f"A{layout.header_row + 1}"
    above = dict(layout.head)
    for number in range(1, layout.header_row):
        page.append([_as_it_stood(page, value) for value in above.get(number, [])])
    _append(page, width, layout.titles, term("refused_because", lang))
    written = layout.header_row
    for number, cells, reason in table.rows:
        if table.keep_places:
            for _ in range(written + 1, number):
                page.append([])
            written = number
        _append(page, width, cells, say(reason))


def _append(page: Worksheet, width: int, cells: Sequence[Cell], last: str) -> None:
    padding = [None] * (width - len(cells))
    page.append([*(_as_it_stood(page, value) for value in cells), *padding, last])


def _as_it_stood(page: Worksheet, value: Cell) -> object:
    if value is None or isinstance(value, bool | int | float | datetime | date | time | timedelta):
        return value
    return plain_text(page, shown(value)[:LONGEST_TEXT])
