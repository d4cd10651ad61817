"""A page filled in any order and written row by row at the end: for the sheets of a few rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from desk_maint.exchange.writing import display_width, text_cell

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from desk_maint.exchange.managers_workbook.style import Look

__all__ = ["Grid"]

_LINE_POINTS = 13.5


class Grid:
    """The cells of a page by row and column, both from 1."""

    def __init__(self, page: Worksheet, widths: list[float]) -> None:
        self.page = page
        self._widths = widths
        self._cells: dict[tuple[int, int], Cell] = {}
        for number, width in enumerate(widths, start=1):
            page.column_dimensions[get_column_letter(number)].width = width

    def text(self, row: int, column: int, text: str, look: Look) -> None:
        """Put a text into a cell."""
        self._cells[row, column] = look.on(text_cell(self.page, text))

    def number(
        self, row: int, column: int, value: float | None, look: Look, form: str = "General"
    ) -> None:
        """Put a number, or nothing, into a cell."""
        cell = WriteOnlyCell(self.page, value)
        cell.number_format = form
        self._cells[row, column] = look.on(cell)

    def formula(
        self, row: int, column: int, formula: str, look: Look, form: str = "General"
    ) -> None:
        """Put a formula of the program's own into a cell."""
        cell = WriteOnlyCell(self.page, formula)
        cell.number_format = form
        self._cells[row, column] = look.on(cell)

    def span(self, row: int, first: int, last: int, text: str, look: Look) -> None:
        """Put a text over several columns, in as many lines as it needs."""
        for column in range(first, last + 1):
            self.text(row, column, text if column == first else "", look)
        self.page.merged_cells.add(f"{self.at(row, first)}:{self.at(row, last)}")
        room = sum(self._widths[first - 1 : last])
        # Letters are a little narrower than the figures by which columns are measured: room
        # enough for the fonts of other PCs.
        lines = sum(max(1, -(-display_width(line) // int(room))) for line in text.split("\n"))
        if lines > 1:
            self.height(row, lines * _LINE_POINTS)

    def height(self, row: int, points: float) -> None:
        """Set the height of a row, at least."""
        dimension = self.page.row_dimensions[row]
        dimension.height = max(dimension.height or 0, points)

    def height_of(self, first: int, last: int) -> float:
        """Return how high these rows are together, in points."""
        heights = (self.page.row_dimensions[row].height for row in range(first, last + 1))
        return sum(_LINE_POINTS if height is None else height for height in heights)

    @staticmethod
    def at(row: int, column: int, *, fixed: bool = False) -> str:
        """Return the name of a cell, ``C7``, or ``$C$7``."""
        letter = get_column_letter(column)
        return f"${letter}${row}" if fixed else f"{letter}{row}"

    def write(self) -> None:
        """Write all rows."""
        for row in range(1, 1 + max(row for row, _ in self._cells)):
            last = max((column for at, column in self._cells if at == row), default=0)
            self.page.append([self._cells.get((row, column)) for column in range(1, last + 1)])
