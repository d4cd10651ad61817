"""The file of refused rows: the user's own table again, with the reason beside each row.

It can be mended and imported as it is: same sheets, same rows above the header, same columns.
Whatever a user wrote is written as text, so that it can never start a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from desk_maint.domain.errors import EnvironmentProblem
from desk_maint.domain.messages import Message, msg
from desk_maint.exchange.layout import Layout
from desk_maint.exchange.reading import Cell
from desk_maint.exchange.values import shown
from desk_maint.language import render, term

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from openpyxl.cell.cell import Cell as WrittenCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

__all__ = ["RefusedCells", "write_refused"]

_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_CELL = 32_767


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

    Moments in the reasons are told in ``tz``.

    Raises :class:`EnvironmentProblem` where the folder cannot be written to.
    """
    path = source
    try:
        path, stream = _open_new(source)
        try:
            with stream:
                _save(stream, tables, lang, tz)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise EnvironmentProblem(
            msg(
                "The refused rows cannot be written to {path}: {reason}. Nothing was imported.",
                path=path,
                reason=error.strerror or str(error),
            )
        ) from error
    return path


def _open_new(source: Path) -> tuple[Path, BinaryIO]:
    """Open a file beside ``source`` that nobody has yet."""
    for path in _free_names(source):
        try:
            return path, path.open("xb")
        except FileExistsError:
            continue
    raise AssertionError


def _save(stream: BinaryIO, tables: Sequence[RefusedCells], lang: str, tz: ZoneInfo) -> None:
    from openpyxl import Workbook  # 120 ms that only this needs

    workbook = Workbook(write_only=True)
    names: set[str] = set()
    for table in tables:
        if table.rows:
            page = workbook.create_sheet(_sheet_name(table.layout, names))
            _write(page, table, lambda reason: render(reason, lang, tz=tz), lang)
    workbook.save(stream)


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


def _write(
    page: WriteOnlyWorksheet, table: RefusedCells, say: Callable[[Message], str], lang: str
) -> None:
    layout = table.layout
    width = max(len(layout.titles), *(len(cells) for _, cells, _ in table.rows))
    page.freeze_panes = f"A{layout.header_row + 1}"
    above = dict(layout.head)
    for number in range(1, layout.header_row):
        page.append([_cell(page, value) for value in above.get(number, [])])
    header = [*layout.titles, *[None] * (width - len(layout.titles))]
    page.append([_cell(page, value) for value in (*header, term("refused_because", lang))])
    written = layout.header_row
    for number, cells, reason in table.rows:
        if table.keep_places:
            for _ in range(written + 1, number):
                page.append([])
            written = number
        row = [*cells, *[None] * (width - len(cells)), say(reason)]
        page.append([_cell(page, value) for value in row])


def _cell(page: WriteOnlyWorksheet, value: Cell) -> WrittenCell | None:
    from openpyxl.cell import WriteOnlyCell  # see _save

    if value is None:
        return None
    cell = WriteOnlyCell(page)
    if isinstance(value, bool | int | float | datetime | date | time | timedelta):
        cell.value = value
        return cell
    cell.value = _ILLEGAL.sub("", shown(value))[:_LONGEST_CELL]
    # The library takes a text that begins with "=" for a formula; it is text all the same.
    cell.data_type = "s"
    return cell
