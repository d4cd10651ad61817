"""Tables of cells out of .xlsx and CSV files, whatever their state, in bounded memory.

Values come as the spreadsheet program shows their kind: text, numbers, truth values, dates.  A
cell that holds a formula or an error comes as :class:`Formula` or :class:`CellError`, so that
nobody takes yesterday's result of a formula for a fact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg
from desk_maint.exchange.text_tables import TextTable, open_text
from desk_maint.exchange.workbook_guard import (
    CellError,
    Formula,
    Survey,
    damaged,
    inspect_workbook,
    locked,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from python_calamine import CalamineWorkbook

__all__ = ["Cell", "CellError", "Formula", "Table", "open_tables"]

Cell = str | float | int | bool | date | datetime | time | timedelta | Formula | CellError | None

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TEXT_SUFFIXES = {".csv", ".tsv", ".txt"}


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a workbook, or a text file as a whole."""

    name: str
    """The sheet's name; for a text file the file's, without its suffix."""
    row_count: int
    """About how many rows there are, for the progress display."""
    is_text: bool
    """Whether every cell is text."""
    _read: Callable[[], Iterator[tuple[int, list[Cell]]]] = field(repr=False)

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield each row's number, as a spreadsheet program counts it, and its cells.

        Empty cells are None; rows without any cell are left out.
        """
        return self._read()


def _text_rows(text: TextTable) -> Iterator[tuple[int, list[Cell]]]:
    for number, cells in text.rows():
        yield number, list(cells)


def _sheet_rows(
    workbook: CalamineWorkbook, name: str, survey: Survey
) -> Iterator[tuple[int, list[Cell]]]:
    sheet = workbook.get_sheet_by_name(name)
    rows: Iterator[Sequence[Cell]] = iter(()) if sheet.start is None else sheet.iter_rows()
    indent: list[Cell] = [] if sheet.start is None else [None] * sheet.start[1]
    special = _by_row(survey)
    for number, cells in enumerate(rows, start=1):
        row: list[Cell] = [None if cell == "" else cell for cell in cells]
        if indent:
            row = indent + row
        if number - 1 in special:
            _put(row, special.pop(number - 1))
        if any(cell is not None for cell in row):
            yield number, row
    # The fast reader ends with the last value; formulas without a stored one may follow.
    for index in sorted(special):
        row = []
        _put(row, special[index])
        yield index + 1, row


def _by_row(survey: Survey) -> dict[int, dict[int, Formula | CellError]]:
    rows: dict[int, dict[int, Formula | CellError]] = {}
    for (row, column), cell in survey.special.items():
        rows.setdefault(row, {})[column] = cell
    return rows


def _put(row: list[Cell], special: dict[int, Formula | CellError]) -> None:
    row.extend([None] * (max(special) + 1 - len(row)))
    for column, cell in special.items():
        row[column] = cell


def open_tables(path: Path) -> list[Table]:
    """Return the tables of the file at ``path``; raise :class:`InputError` where it has none.

    Nothing that the file claims about itself is believed: the content decides what it is, and
    a workbook is looked over before it is unpacked.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
            if start == _OLE:
                raise _ole(path, stream.read(1 << 20))
    except FileNotFoundError as error:
        raise InputError(
            msg("There is no file {path}. Check the name and try again.", path=path)
        ) from error
    except OSError as error:
        raise InputError(
            msg("The file {path} cannot be read: {reason}.", path=path, reason=error.strerror)
        ) from error
    if not start:
        raise InputError(
            msg("The file {path} is empty. Choose the file with the table.", path=path.name)
        )
    if start.startswith(b"PK"):
        return _workbook_tables(path)
    if path.suffix.lower() in _TEXT_SUFFIXES:
        text = open_text(path)
        return [Table(path.stem, text.row_count, is_text=True, _read=partial(_text_rows, text))]
    raise InputError(
        msg(
            "The file {path} is not a workbook. Save the table as .xlsx or .csv and try again.",
            path=path.name,
        )
    )


def _ole(path: Path, content: bytes) -> InputError:
    """Return the error for the container that old and encrypted workbooks share."""
    if _ENCRYPTED in content:
        return locked(path)
    return InputError(
        msg(
            "The file {path} is in the old .xls form. Save it as .xlsx and try again.",
            path=path.name,
        )
    )


def _workbook_tables(path: Path) -> list[Table]:
    from python_calamine import (  # noqa: PLC0415  (a native library that only imports need)
        CalamineError,
        load_workbook,
    )

    surveys = inspect_workbook(path)
    try:
        workbook = load_workbook(str(path))
        return [
            Table(
                name, survey.rows, is_text=False, _read=partial(_sheet_rows, workbook, name, survey)
            )
            for name, survey in surveys.items()
        ]
    except (CalamineError, OSError) as error:
        raise damaged(path) from error
