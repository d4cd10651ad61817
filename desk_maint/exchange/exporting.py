"""Taking records out: as the exchange workbook or as CSV, so that they can be imported again.

Sheets, columns and titles are those of :mod:`desk_maint.exchange.columns`; words are in the
reader's language, moments local to the bureau's zone.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import Message, msg
from desk_maint.exchange.columns import SHEETS, Column, Kind, Sheet, sheet
from desk_maint.exchange.text_tables import guard
from desk_maint.exchange.writing import (
    LAST_ROW,
    ColumnCells,
    LocalTimes,
    Pace,
    date_number,
    display_width,
    new_page,
    plain_text,
    put_in_place,
    write_workbook,
)
from desk_maint.language import term
from desk_maint.language.words import word_key
from desk_maint.services.exports import Records, open_records

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from enum import StrEnum
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = ["WHAT", "Exported", "export"]

WHAT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "inventory": (
            "settings",
            "calendars",
            "special_days",
            "outlets",
            "devices",
            "moves",
            "repair_limits",
        ),
        # With what takes time out of them: else the same faults would give other figures.
        "faults": ("faults", "holds", "stoppages"),
        "tickets": ("faults", "holds"),
        "all": tuple(each.key for each in SHEETS),
        **{each.key: (each.key,) for each in SHEETS if each.key != "faults"},
    }
)
"""What can be exported: a name for it, and the sheets it consists of."""

_TABLE_OF = {**{each.key: each.key for each in SHEETS}, "tickets": "faults"}
"""The one table that a CSV file holds, where it has to be one."""
_DATE, _MOMENT, _TEXT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "@"
_WIDTHS = {Kind.DATE: 12, Kind.MOMENT: 20, Kind.REMARK: 30}
_HEADER_FILL = "FFDCE6F1"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    path: Path
    rows: Mapping[str, int]
    """Number of rows by sheet."""
    notes: tuple[Message, ...] = ()
    """What the reader has to know about it."""


def export(  # noqa: PLR0913  (the parts of the task)
    database: Database,
    actor: Actor,
    what: str,
    path: Path,
    *,
    lang: str,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Exported:
    """Write the records that ``what`` (a key of :data:`WHAT`) names to ``path``, .xlsx or .csv.

    ``progress`` is told the rows done and about how many there are; while ``cancelled`` answers
    True the work is given up (:class:`Cancelled`) and nothing is left of it.  Raises
    :class:`InputError` where it cannot be done so, :class:`EnvironmentProblem` where the file
    cannot be written.
    """
    if what not in WHAT:
        raise InputError(
            msg(
                "“{what}” cannot be exported. Choose one of: {known}.",
                what=what,
                known=", ".join(WHAT),
            )
        )
    as_text = _is_text(path)
    kinds = WHAT[what]
    started = partial(Pace, progress=progress, cancelled=cancelled)
    with open_records(database, actor) as records:
        if as_text:
            return _export_text(records, what, path, lang, started)
        counts = {kind: records.count(kind) for kind in kinds}
        _refuse_too_long(counts, lang)
        pace = started(sum(counts.values()))
        with write_workbook(path, lang) as workbook:
            rows = {
                kind: _write_sheet(workbook, sheet(kind), records, lang, pace) for kind in kinds
            }
            pace.look()
    return Exported(path, rows)


def _is_text(path: Path) -> bool:
    suffix = path.suffix.casefold()
    if suffix not in {".xlsx", ".csv"}:
        raise InputError(
            msg(
                "{path} is neither an .xlsx nor a .csv file. Give the file one of these endings.",
                path=path.name,
            )
        )
    return suffix == ".csv"


def _refuse_too_long(counts: Mapping[str, int], lang: str) -> None:
    for kind, count in counts.items():
        if count >= LAST_ROW:
            raise InputError(
                msg(
                    "“{sheet}” has {count} rows; a workbook can hold {most}. Export it to .csv.",
                    sheet=sheet(kind).title_in(lang),
                    count=count,
                    most=LAST_ROW - 1,
                )
            )


def _write_sheet(workbook: Workbook, kind: Sheet, records: Records, lang: str, pace: Pace) -> int:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  (120 ms that only writing needs)

    page = new_page(workbook, kind.title_in(lang))
    page.freeze_panes = "A2"
    for number, column in enumerate(kind.columns, start=1):
        dimension = page.column_dimensions[get_column_letter(number)]
        dimension.width = max(
            _WIDTHS.get(column.kind, 14), 2 + display_width(column.title_in(lang))
        )
        dimension.number_format = _format(column)
    header = _header(page)
    page.append([header(column.title_in(lang)) for column in kind.columns])
    writers = [_cell_writer(page, column, records, lang) for column in kind.columns]
    count = 0
    with records.rows(kind.key) as rows:
        for row in rows:
            page.append([write(value) for write, value in zip(writers, row, strict=True)])
            pace.step()
            count += 1
    last = get_column_letter(len(kind.columns))
    page.auto_filter.ref = f"A1:{last}{count + 1}"
    return count


def _header(page: Worksheet) -> Callable[[str], object]:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415

    fill = PatternFill("solid", start_color=_HEADER_FILL, end_color=_HEADER_FILL)

    def cell(title: str) -> object:
        made = WriteOnlyCell(page, title)
        made.font, made.fill = Font(bold=True), fill
        made.alignment = Alignment(wrap_text=True, vertical="center")
        return made

    return cell


def _format(column: Column) -> str:
    """Return how the cells of a column are shown; text stays text, so codes keep their zeros."""
    return {
        Kind.DATE: _DATE,
        Kind.MOMENT: _MOMENT,
        Kind.GRADE: "0",
        Kind.INTEGER: "0",
    }.get(column.kind, _TEXT)


def _cell_writer(
    page: Worksheet, column: Column, records: Records, lang: str
) -> Callable[[object], object]:
    """Return what makes a cell of a record's value."""
    if column.kind is Kind.DATE:
        dates = ColumnCells(page, _DATE)
        return lambda value: (
            None if value is None else dates.number(date_number(cast("date", value)))
        )
    if column.kind is Kind.MOMENT:
        return _moment_writer(page, records)
    if column.kind in {Kind.GRADE, Kind.INTEGER}:
        return lambda value: value
    words = _words(column, lang)
    if words is not None:
        return words
    if column.kind in {Kind.TEXT, Kind.REMARK}:
        return lambda value: plain_text(page, cast("str | None", value))
    codes = ColumnCells(page, _TEXT)
    return lambda value: codes.text(cast("str | None", value))


def _moment_writer(page: Worksheet, records: Records) -> Callable[[object], object]:
    times = LocalTimes(records.zone)
    cells, texts = ColumnCells(page, _MOMENT), ColumnCells(page, _TEXT)

    def write(value: object) -> object:
        if value is None:
            return None
        instant = cast("int", value)
        number = times.number(instant)
        return texts.text(times.text(instant)) if number is None else cells.number(number)

    return write


def _words(column: Column, lang: str) -> Callable[[object], str | None] | None:
    """Return what turns a value of a vocabulary into the reader's word; None: no such column."""
    if column.kind is Kind.YES_NO:
        return lambda value: None if value is None else term("yes" if value else "no", lang)
    if column.kind is not Kind.WORD:
        return None
    word = cache(lambda value: term(word_key(value), lang))
    return lambda value: None if value is None else word(cast("StrEnum", value))


def _export_text(
    records: Records, what: str, path: Path, lang: str, started: Callable[[int], Pace]
) -> Exported:
    kind = _TABLE_OF.get(what)
    if kind is None:
        raise InputError(
            msg(
                "A CSV file holds one table, and “{what}” has several. Give the file the ending "
                ".xlsx, or export one of: {kinds}.",
                what=what,
                kinds=", ".join(WHAT[what]),
            )
        )
    pace = started(records.count(kind))
    with put_in_place(path) as unfinished:
        # With its mark, so that spreadsheet programs take it for UTF-8.
        with unfinished.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([column.title_in(lang) for column in sheet(kind).columns])
            writers = [_text_writer(column, records, lang) for column in sheet(kind).columns]
            with records.rows(kind) as rows:
                for row in rows:
                    pace.step()
                    writer.writerow(
                        "" if value is None else write(value)
                        for write, value in zip(writers, row, strict=True)
                    )
        pace.look()
    left_out = [each for each in WHAT[what] if each != kind]
    notes = (
        msg(
            "A CSV file holds one table. Not in it: {kinds}; export them by themselves, or "
            "everything to .xlsx.",
            kinds=", ".join(left_out),
        ),
    )
    return Exported(path, {kind: pace.done}, notes if left_out else ())


def _text_writer(column: Column, records: Records, lang: str) -> Callable[[object], str]:
    """Return what writes a record's value as text; it is never None."""
    if column.kind is Kind.DATE:
        return lambda value: cast("date", value).isoformat()
    if column.kind is Kind.MOMENT:
        times = LocalTimes(records.zone)
        return lambda value: times.text(cast("int", value))
    words = _words(column, lang)
    if words is not None:
        return lambda value: words(value) or ""
    return lambda value: guard(str(value))
