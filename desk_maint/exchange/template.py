"""The empty exchange workbook: headers in the user's language, drop-downs, an explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.exchange.columns import SHEETS, Column, Kind
from desk_maint.exchange.writing import display_width, put_in_place
from desk_maint.language import term
from desk_maint.language.words import WORDS

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["write_template"]

_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.MOMENT: "yyyy-mm-dd hh:mm"}
"""Everything else is text: a code keeps its zeros, ``08:00-12:00`` does not become a time."""
_PLAIN = {Kind.INTEGER: "0", Kind.GRADE: "0"}
_WIDTHS = {Kind.DATE: 13, Kind.MOMENT: 18, Kind.YES_NO: 10, Kind.GRADE: 10, Kind.INTEGER: 12}
_HEADER_FILL = "FFDCE6F1"
_REQUIRED_FILL = "FFFFE699"


def write_template(path: Path, lang: str) -> None:
    """Write the empty exchange workbook to ``path``; raise :class:`EnvironmentProblem` if not."""
    from openpyxl import Workbook  # noqa: PLC0415  (120 ms)

    workbook = Workbook()
    explanation = workbook.worksheets[0]
    explanation.title = term("explanation", lang)
    for sheet in SHEETS:
        page = workbook.create_sheet(sheet.title_in(lang))
        for number, column in enumerate(sheet.columns, start=1):
            _column(page, number, column, lang)
        page.freeze_panes = "A2"
        page.auto_filter.ref = page.dimensions
    _explain(explanation, lang)
    workbook.active = 1
    with put_in_place(path) as partial:
        workbook.save(partial)


def _column(page: Worksheet, number: int, column: Column, lang: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415  (120 ms)
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  (120 ms)
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415  (120 ms)

    letter = get_column_letter(number)
    title = column.title_in(lang)
    cell = page.cell(row=1, column=number, value=f"{title} *" if column.required else title)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    fill = _REQUIRED_FILL if column.required else _HEADER_FILL
    cell.fill = PatternFill("solid", start_color=fill, end_color=fill)
    dimension = page.column_dimensions[letter]
    dimension.width = max(_WIDTHS.get(column.kind, 16), 2 + display_width(str(cell.value)))
    dimension.number_format = _FORMATS.get(column.kind) or _PLAIN.get(column.kind, "@")
    choices = _choices(column, lang)
    if choices:
        validation = DataValidation(
            type="list", formula1='"{}"'.format(",".join(choices)), allow_blank=True
        )
        validation.add(f"{letter}2:{letter}1048576")
        page.add_data_validation(validation)


def _choices(column: Column, lang: str) -> list[str]:
    """Return what a drop-down offers; the words hold no comma, which would part them."""
    if column.kind is Kind.YES_NO:
        return [term("yes", lang), term("no", lang)]
    if column.kind is Kind.GRADE:
        return ["1", "2", "3", "4"]
    if column.words is not None:
        return [term(key, lang) for key in WORDS[column.words].values()]
    return []


def _explain(page: Worksheet, lang: str) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415  (120 ms)

    page.append(
        [
            term("sheet", lang),
            term("column_title", lang),
            term("column_key", lang),
            term("ui_required", lang),
            term("column_content", lang),
        ]
    )
    for sheet in SHEETS:
        for column in sheet.columns:
            page.append(
                [
                    sheet.title_in(lang),
                    column.title_in(lang),
                    f"{sheet.key}.{column.key}",
                    term("yes", lang) if column.required else "",
                    _content(column, lang),
                ]
            )
    for cell in page[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDE", (18, 24, 34, 8, 80), strict=True):
        page.column_dimensions[letter].width = width
    for row in page.iter_rows(min_row=2, min_col=5, max_col=5):
        row[0].alignment = Alignment(wrap_text=True)
    page.freeze_panes = "A2"


def _content(column: Column, lang: str) -> str:
    if column.words is not None:
        return f"{term('kind_word', lang)} {' | '.join(_choices(column, lang))}"
    kind = Kind.TEXT if column.kind is Kind.REMARK else column.kind
    return term(f"kind_{kind.value}", lang)
