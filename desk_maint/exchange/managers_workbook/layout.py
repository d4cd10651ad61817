"""What the sheets with one row per thing have in common: columns, header, totals, print set-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from desk_maint.exchange.managers_workbook.style import (
    Looks,
    colour_negative,
    colour_verdicts,
    rule_off,
    set_up_print,
)
from desk_maint.exchange.writing import ColumnCells, plain_text, text_cell
from desk_maint.language import term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from desk_maint.exchange.managers_workbook.style import PrintText

__all__ = [
    "DATE",
    "DEVICES",
    "EVIDENCE",
    "FIRST_ROW",
    "MOMENT",
    "MONTH",
    "NUMBER",
    "OUTLETS",
    "PERCENT",
    "RULES",
    "SECONDS",
    "SHORT_MOMENT",
    "SUMMARY",
    "TEXT",
    "TICKETS",
    "WHOLE",
    "WORD",
    "Field",
    "Formula",
    "Table",
]

SUMMARY, OUTLETS, DEVICES = "Summary", "Outlets", "Devices"
EVIDENCE, TICKETS, RULES = "Evidence", "Tickets", "Rules"
"""The sheets have these names in every language: formulas and readers refer to them."""

TEXT, WORD, NUMBER, WHOLE = "@", "General", "0", "#,##0_)"
"""What users wrote; a word of the program's own; a number of a row; a count."""
SECONDS, PERCENT = "#,##0 _)", "0.00%_)"
"""Space at the right by the format: not every program keeps the indent of numbers."""
DATE, MOMENT, SHORT_MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "yy-mm-dd hh:mm"
MONTH = '0000"-"00'
"""A month as the number 202606: as text some programs would take it for a date."""

_TITLE_ROW, _SUBTITLE_ROW, _TOTAL_ROW, _HEADER_ROW = 1, 2, 3, 4
FIRST_ROW = 5
_LAST_ROW = 1_048_576


_RIGHT, _MIDDLE = Alignment(horizontal="right"), Alignment(horizontal="center")
_ALIGNMENTS = {
    WORD: _MIDDLE,
    NUMBER: _MIDDLE,
    WHOLE: _RIGHT,
    SECONDS: _RIGHT,
    PERCENT: _RIGHT,
    MOMENT: _MIDDLE,
    SHORT_MOMENT: _MIDDLE,
    MONTH: _MIDDLE,
}


class Formula(str):
    """A formula of the program's own, told apart from texts that only look like one."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its key in this package, its title, and how its cells look."""

    key: str
    title: str
    """Key of a word of the glossary."""
    width: float
    form: str = TEXT
    """One of the number formats above."""
    total: bool = False
    """Whether the sum of the rows stands above it."""
    printed: bool = True
    """Columns that are not printed stand to the right of those that are."""
    month: str | None = None
    """A month (``2026-06``) that goes before the title."""

    def title_in(self, lang: str) -> str:
        """Return the title with its unit."""
        words = term(self.title, lang)
        if self.month is not None:
            words = f"{self.month} {words}"
        return f"{words}\n{term('unit_seconds', lang)}" if self.form == SECONDS else words


class Table:
    """A sheet with a title, a row of totals, a header and one row per thing.

    The totals follow the filter: they are of the rows that are shown.
    """

    def __init__(self, page: Worksheet, fields: Sequence[Field], lang: str, *, frozen: str) -> None:
        self.page = page
        self._fields = fields
        self._lang = lang
        self._letters = {
            field.key: get_column_letter(number) for number, field in enumerate(fields, start=1)
        }
        self._printed = get_column_letter(sum(field.printed for field in fields))
        self._writers = [self._writer(field) for field in fields]
        self.row = FIRST_ROW
        """The row that is written next."""
        for field in fields:
            page.column_dimensions[self._letters[field.key]].width = field.width
        page.freeze_panes = f"{self._letters[frozen]}{FIRST_ROW}"

    def begin(self, title: str, text: PrintText) -> None:
        """Write what stands above the rows, and set up the printing."""
        page, lang, looks = self.page, self._lang, Looks(self._lang)
        set_up_print(page, text)
        page.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
        page.row_dimensions[_TITLE_ROW].height = 24
        page.row_dimensions[_HEADER_ROW].height = 42
        page.append([looks.title.on(text_cell(page, title))])
        page.append([looks.subtitle.on(text_cell(page, text.subtitle))])
        if any(field.total for field in self._fields):
            page.append([looks.total.on(cell) for cell in self._totals()])
        else:
            page.append([])
        page.append(
            [looks.header.on(text_cell(page, field.title_in(lang))) for field in self._fields]
        )

    def _totals(self) -> Iterable[Cell]:
        for number, field in enumerate(self._fields):
            if field.total:
                shown = self.local(field.key, FIRST_ROW) + ":" + self.local(field.key, _LAST_ROW)
                cell = WriteOnlyCell(self.page, f"=SUBTOTAL(9,{shown})")
                cell.number_format = field.form
            else:
                word = term("total_shown", self._lang) if number == 1 else ""
                cell = text_cell(self.page, word)
            yield cell

    def append(self, values: Iterable[object]) -> int:
        """Write a row and return its number."""
        self.page.append([write(value) for write, value in zip(self._writers, values, strict=True)])
        self.row += 1
        return self.row - 1

    def finish(self, *, verdicts: Iterable[str] = (), negative: Iterable[str] = ()) -> None:
        """Set what depends on the number of rows, and colour some fields by what they say."""
        last = max(self.row - 1, FIRST_ROW)
        right = self._letters[self._fields[-1].key]
        self.page.auto_filter.ref = f"A{_HEADER_ROW}:{right}{last}"
        self.page.print_area = f"A1:{self._printed}{last}"
        for key in verdicts:
            letter = self._letters[key]
            colour_verdicts(self.page, f"{letter}{FIRST_ROW}:{letter}{last}", self._lang)
        for key in negative:
            letter = self._letters[key]
            colour_negative(self.page, f"{letter}{FIRST_ROW}:{letter}{last}")
        # At the end, for some programs apply the first only of those that meet in a cell.
        rule_off(self.page, f"A{FIRST_ROW}:{right}{last}")

    def local(self, key: str, row: int) -> str:
        """Return the cell of a field, as a formula of the same row names it: ``G5``."""
        return f"{self._letters[key]}{row}"

    def at(self, key: str, row: int) -> str:
        """Return the cell of a field, as formulas on other sheets name it: ``Devices!$G$5``."""
        return f"{self.page.title}!${self._letters[key]}${row}"

    def all(self, key: str, first: int = FIRST_ROW, last: int | None = None) -> str:
        """Return the cells of a field as a range, those of all rows unless said otherwise."""
        letter = self._letters[key]
        end = max(last if last is not None else self.row - 1, first)
        return f"{self.page.title}!${letter}${first}:${letter}${end}"

    def _writer(self, field: Field) -> Callable[[object], object]:
        if field.form == TEXT:
            return self._text
        cells = ColumnCells(self.page, field.form, alignment=_ALIGNMENTS[field.form])

        def write(value: object) -> object:
            if isinstance(value, Formula):
                return cells.formula(str(value))
            if isinstance(value, str):
                return cells.text(value)
            return cells.number(value)  # type: ignore[arg-type]

        return write

    def _text(self, value: object) -> object:
        if value is None or isinstance(value, Formula):
            return value
        return plain_text(self.page, str(value))
