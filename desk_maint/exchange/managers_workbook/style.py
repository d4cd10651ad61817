"""How the workbook looks: few colours, told apart by the colour-blind, and always with words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties

from desk_maint.exchange.writing import FONTS
from desk_maint.language import term

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = [
    "SERIES_COLOURS",
    "SIZE",
    "TARGET_COLOUR",
    "Look",
    "Looks",
    "PrintText",
    "colour_negative",
    "colour_verdicts",
    "rule_off",
    "set_up_print",
]

SIZE = 9
"""Points of the cells without a style of their own."""
SERIES_COLOURS = ("0072B2", "E69F00", "009E73")
"""Blue, orange and green of Okabe and Ito: told apart with every kind of colour vision."""
TARGET_COLOUR = "7F7F7F"

_INK, _HEADER_INK, _QUIET = "FF1F2933", "FFFFFFFF", "FF5F6B76"
_HEADER_FILL, _TOTAL_FILL, _BAND = "FF1F4E79", "FFE8EEF4", "FFF5F7FA"
_WARNING_FILL, _WARNING_INK = "FFFFF2CC", "FF7A4A00"
_GOOD_FILL, _GOOD_INK = "FFDCEBF7", "FF0B4F8A"
_BAD_FILL, _BAD_INK = "FFFBE0D0", "FF9C3F00"
_LINE = "FFB8C2CC"
_A4 = 9


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks apart from its number format."""

    font: Font
    fill: PatternFill | None = None
    alignment: Alignment | None = None
    border: Border | None = None

    def on(self, cell: Cell) -> Cell:
        """Give ``cell`` this look and return it."""
        cell.font = self.font
        if self.fill is not None:
            cell.fill = self.fill
        if self.alignment is not None:
            cell.alignment = self.alignment
        if self.border is not None:
            cell.border = self.border
        return cell


class Looks:
    """The looks of all cells in the font of one language."""

    def __init__(self, lang: str) -> None:
        name = FONTS[lang]

        def font(size: float = SIZE, colour: str = _INK, *, bold: bool = False) -> Font:
            return Font(name=name, size=size, color=colour, bold=bold)

        line = Side(style="thin", color=_LINE)
        box = Border(left=line, right=line, top=line, bottom=line)
        centred = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self.title = Look(font(16, bold=True), alignment=Alignment(vertical="center"))
        self.subtitle = Look(font(SIZE, _QUIET))
        self.section = Look(font(11, bold=True), alignment=Alignment(vertical="center"))
        self.header = Look(font(SIZE, _HEADER_INK, bold=True), _solid(_HEADER_FILL), centred, box)
        self.total = Look(font(bold=True), _solid(_TOTAL_FILL), border=box)
        self.cell = Look(font(), alignment=Alignment(vertical="center"), border=box)
        self.figure = Look(
            font(), alignment=Alignment(horizontal="right", vertical="center"), border=box
        )
        self.word = Look(font(), alignment=centred, border=box)
        self.label = Look(
            font(bold=True),
            _solid(_BAND),
            Alignment(vertical="center", wrap_text=True),
            box,
        )
        self.prominent = Look(font(11, bold=True), alignment=centred, border=box)
        self.text = Look(font(), alignment=Alignment(vertical="top", wrap_text=True))
        self.wrapped = Look(
            font(), alignment=Alignment(vertical="center", wrap_text=True), border=box
        )
        self.warning = Look(
            font(SIZE, _WARNING_INK, bold=True),
            _solid(_WARNING_FILL),
            Alignment(vertical="center", wrap_text=True),
        )
        self.quiet = Look(font(8, _QUIET))


@dataclass(frozen=True, slots=True)
class PrintText:
    """What is printed around every page."""

    title: str
    """Of the whole workbook."""
    subtitle: str
    """Period and cut-off."""
    program: str
    pages: str
    """With ``&P`` for the page and ``&N`` for how many there are."""


def set_up_print(page: Worksheet, text: PrintText) -> None:
    """Print on A4 landscape, one page wide, with headers, footers and page numbers."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _A4
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom = 0.7, 0.6
    page.page_margins.header = page.page_margins.footer = 0.3
    page.print_options.horizontalCentered = True
    # A lone "&" would be taken for the beginning of a code.
    header: Any = page.oddHeader
    footer: Any = page.oddFooter
    header.left.text = text.title.replace("&", "&&")
    header.right.text = text.subtitle.replace("&", "&&")
    footer.left.text = text.program.replace("&", "&&")
    footer.center.text = text.pages
    footer.right.text = "&A"
    for part in (header.left, header.right, footer.left, footer.center, footer.right):
        part.size = 8


def colour_verdicts(page: Worksheet, cells: str, lang: str) -> None:
    """Colour the words of verdicts: blue for kept, orange for missed, grey for not applicable."""
    for words, fill, ink in (
        (("achieved", "in_time_yes"), _GOOD_FILL, _GOOD_INK),
        (("not_achieved", "in_time_no", "check_differs"), _BAD_FILL, _BAD_INK),
        (("not_applicable", "in_time_open"), None, _QUIET),
    ):
        for word in words:
            page.conditional_formatting.add(
                cells,
                CellIsRule(  # type: ignore[no-untyped-call]
                    operator="equal",
                    formula=[f'"{term(word, lang)}"'],
                    font=Font(color=ink, bold=fill is not None),
                    fill=None if fill is None else PatternFill(bgColor=fill, fill_type="solid"),
                ),
            )


def colour_negative(page: Worksheet, cells: str) -> None:
    """Colour numbers below 0."""
    page.conditional_formatting.add(
        cells,
        CellIsRule(  # type: ignore[no-untyped-call]
            operator="lessThan",
            formula=["0"],
            font=Font(color=_BAD_INK, bold=True),
            fill=PatternFill(bgColor=_BAD_FILL, fill_type="solid"),
        ),
    )


def rule_off(page: Worksheet, cells: str) -> None:
    """Draw a thin line under every row, the cells without a style of their own included."""
    line = Border(bottom=Side(style="thin", color=_LINE))
    rule = FormulaRule(formula=["TRUE"], border=line)  # type: ignore[no-untyped-call]
    page.conditional_formatting.add(cells, rule)


def _solid(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)
