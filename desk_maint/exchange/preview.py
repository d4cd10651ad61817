"""A first look into somebody's file, for the assistant: its tables, headers, and some values.

It guesses what each table is and which of its columns are which of ours; the person corrects it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg
from desk_maint.exchange.columns import SHEETS, match_headers, sheet
from desk_maint.exchange.layout import SEARCHED, find_layout
from desk_maint.exchange.reading import open_tables
from desk_maint.exchange.values import clean_text, shown
from desk_maint.exchange.vocabulary import understood

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from desk_maint.exchange.reading import Cell, Table

    Row = tuple[int, list[Cell]]
    Guess = tuple[str | None, Mapping[str, str]]

__all__ = ["TablePreview", "preview", "preview_below"]

_GUESSED = 20
"""How many filled rows from the top a header is guessed in; one may be chosen further down."""
_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class TablePreview:
    """One table of a file and what it looks like."""

    name: str
    rows: int
    """About how many there are."""
    recognised: bool
    """Whether it can be taken as it is, without a profile."""
    kind: str | None
    """Key of the sheet of ours that it resembles most; None: none of them."""
    header_row: int
    """As a spreadsheet program counts."""
    headers: tuple[str, ...]
    """Their titles, the empty ones left out."""
    samples: Mapping[str, tuple[str, ...]]
    """Some values by title."""
    columns: Mapping[str, str]
    """Our key to their title, as far as it can be guessed."""


def preview(path: Path) -> tuple[TablePreview, ...]:
    """Return the tables of a file that hold anything.

    Raises :class:`InputError` where the file cannot be read at all.
    """
    found = (_preview(table) for table in open_tables(path))
    return tuple(each for each in found if each is not None)


def preview_below(path: Path, name: str, header_row: int) -> TablePreview:
    """Return the table called ``name`` again, its header in the row that the person says.

    Raises :class:`InputError` where that row is empty or lies too far down.
    """
    for table in open_tables(path):
        if table.name != name:
            continue
        top = list(islice(table.rows(), SEARCHED + _SAMPLES))
        places = [n for n, (number, _) in enumerate(top[:SEARCHED]) if number == header_row]
        if places:
            return _guessed(table, top, places)
    raise InputError(
        msg(
            "Row {row} of “{sheet}” has nothing in it. Choose the row in which the titles of "
            "the columns stand.",
            row=header_row,
            sheet=name,
        )
    )


def _preview(table: Table) -> TablePreview | None:
    top = list(islice(table.rows(), SEARCHED + _SAMPLES))
    if not top:
        return None
    try:
        layout = find_layout(table)
    except InputError:
        layout = None
    if layout is not None and layout.sources:
        place = next(n for n, (number, _) in enumerate(top) if number == layout.header_row)
        columns = {source.column.key: source.title for source in layout.sources}
        return _described(table, top, place, (layout.sheet.key, columns), recognised=True)
    return _guessed(table, top, range(min(len(top), _GUESSED)))


def _guessed(table: Table, top: Sequence[Row], places: Sequence[int]) -> TablePreview:
    """Take the row that names the most columns of ours for the header, else the fullest one."""
    best: tuple[int, int, int, str | None, dict[str, str]] = (0, 0, -max(places), None, {})
    for place in places:
        _, cells = top[place]
        for ours in SHEETS:
            match = match_headers(ours, cells)
            named = {
                column.key: clean_text(shown(cells[index]))
                for index, column in match.columns.items()
            }
            score = (len(named), len(_titles(cells)), -place, ours.key, named)
            if score[:3] > best[:3]:
                best = score
    named_columns, _, behind, kind, columns = best
    guess = (kind if named_columns else None, columns)
    return _described(table, top, -behind, guess, recognised=False)


def _described(
    table: Table,
    top: Sequence[Row],
    place: int,
    guess: Guess,
    *,
    recognised: bool,
) -> TablePreview:
    kind, columns = guess
    number, header = top[place]
    samples: dict[str, tuple[str, ...]] = {}
    for index, cell in enumerate(header):
        title = clean_text(shown(cell))
        if title and title not in samples:
            below = (cells[index] for _, cells in top[place + 1 :] if index < len(cells))
            values = (clean_text(shown(value)) for value in below if value is not None)
            samples[title] = tuple(islice(values, _SAMPLES))
    return TablePreview(
        name=table.name,
        rows=max(table.row_count - number, 0),
        recognised=recognised,
        kind=kind,
        header_row=number,
        headers=tuple(samples),
        samples=samples,
        columns={**_by_their_words(kind, columns, samples), **columns},
    )


def _by_their_words(
    kind: str | None, named: Mapping[str, str], samples: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Guess what no title names: a column that holds our words, as a name says the category."""
    found = {}
    for column in sheet(kind).columns if kind is not None else ():
        if not column.required or column.words is None or column.key in named:
            continue
        for title, values in samples.items():
            if values and all(understood(column, value) is not None for value in values):
                found[column.key] = title
                break
    return found


def _titles(cells: Sequence[Cell]) -> set[str]:
    return {clean_text(cell) for cell in cells if isinstance(cell, str) and cell.strip()}
