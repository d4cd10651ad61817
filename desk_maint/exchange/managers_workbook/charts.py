"""The charts of the summary: the months against the target, and the outlets with most downtime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
)

from desk_maint.exchange.managers_workbook.style import SERIES_COLOURS, TARGET_COLOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Corners", "Curve", "bar_chart", "trend_chart"]

Corners = tuple[tuple[int, int], tuple[int, int]]
"""Row and column of the first and of the last cell that a chart covers, from 1."""

_SIZE = 800
"""Hundredths of a point."""
_GRID = "D9DEE3"
_MARKERS = ("circle", "square", "triangle")
"""Shapes too, for those who print without colours."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A column of figures with its name above, on the page of the chart."""

    column: int
    is_target: bool = False


def trend_chart(  # noqa: PLR0913  (where it is, and what it shows)
    page: Worksheet,
    corners: Corners,
    title: str,
    *,
    rows: tuple[int, int],
    labels: int,
    curves: Sequence[Curve],
    lowest: float,
    font: str,
) -> None:
    """Draw shares by month.

    ``rows`` are the first and last below the names, columns from 1.  The axis goes
    from ``lowest`` to 100 %.
    """
    chart: Any = LineChart()
    _dress(chart, title, font)
    first, last = rows
    lines = iter(zip(SERIES_COLOURS, _MARKERS, strict=True))
    for curve in curves:
        values = Reference(page, min_col=curve.column, min_row=first - 1, max_row=last)
        series = Series(values, title_from_data=True)
        series.smooth = False
        if curve.is_target:
            series.marker.symbol = "none"
            series.graphicalProperties.line = LineProperties(
                solidFill=TARGET_COLOUR, w=12700, prstDash="dash"
            )
        else:
            colour, marker = next(lines)
            series.graphicalProperties.line = LineProperties(solidFill=colour, w=25400)
            series.marker.symbol, series.marker.size = marker, 7
            series.marker.graphicalProperties = GraphicalProperties(solidFill=colour)
            series.marker.graphicalProperties.line = LineProperties(solidFill=colour)
        chart.series.append(series)
    chart.set_categories(Reference(page, min_col=labels, min_row=first, max_row=last))
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = lowest, 1.0
    chart.y_axis.number_format = "0.00%"
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=_GRID))
    chart.legend.position = "b"
    chart.dispBlanksAs = "gap"
    _place(page, chart, corners)


def bar_chart(  # noqa: PLR0913  (where it is, and what it shows)
    page: Worksheet,
    corners: Corners,
    title: str,
    *,
    rows: tuple[int, int],
    labels: int,
    values: int,
    font: str,
) -> None:
    """Draw one bar for each row, the first on top."""
    chart: Any = BarChart()
    chart.type = "bar"
    _dress(chart, title, font)
    first, last = rows
    series = Series(Reference(page, min_col=values, min_row=first, max_row=last))
    series.graphicalProperties.solidFill = SERIES_COLOURS[0]
    chart.series.append(series)
    chart.set_categories(Reference(page, min_col=labels, min_row=first, max_row=last))
    chart.gapWidth = 40
    chart.legend = None
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"
    chart.y_axis.number_format = "0"
    chart.y_axis.scaling.min = 0
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=_GRID))
    _place(page, chart, corners)


def _place(page: Worksheet, chart: Any, corners: Corners) -> None:  # noqa: ANN401  (untyped library)
    """Let the chart cover its cells to their edges, however wide a program draws them."""
    (top, left), (bottom, right) = corners
    chart.anchor = TwoCellAnchor(
        editAs="twoCell",
        _from=AnchorMarker(col=left - 1, row=top - 1),
        to=AnchorMarker(col=right, row=bottom),
    )
    page.add_chart(chart)


def _dress(chart: Any, title: str, font: str) -> None:  # noqa: ANN401  (untyped library)
    chart.title = title
    chart.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=_characters(font, bold=True))
    chart.title.tx.rich.p[0].r[0].rPr = _characters(font, bold=True)
    chart.title.overlay = False
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.txPr = _text(font)
        axis.spPr = GraphicalProperties(ln=LineProperties(solidFill=_GRID))
    if chart.legend is not None:
        chart.legend.txPr = _text(font)


def _characters(font: str, *, bold: bool = False) -> CharacterProperties:
    typeface = Font(typeface=font)
    return CharacterProperties(
        sz=_SIZE + 200 if bold else _SIZE, b=bold, latin=typeface, ea=typeface
    )


def _text(font: str) -> RichText:
    paragraph = Paragraph(
        pPr=ParagraphProperties(defRPr=_characters(font)), endParaRPr=_characters(font)
    )
    return RichText(p=[paragraph])
