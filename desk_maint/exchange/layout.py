"""Where in a table what stands: its kind, its header row, its columns, its rows of data.

A sheet need not begin with its header: offices put titles above it, subtotals between the rows
and signatures below them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import Term, msg
from desk_maint.exchange.columns import (
    SHEETS,
    Column,
    Sheet,
    fold,
    match_headers,
    sheet,
    sheet_named,
)
from desk_maint.exchange.profiles import ROW_NUMBER, Profile
from desk_maint.exchange.reading import Cell, Table
from desk_maint.exchange.values import clean_text, shown
from desk_maint.language import LANGUAGES, term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = [
    "SEARCHED",
    "Layout",
    "Source",
    "find_layout",
    "layout_by_profile",
    "make_source",
    "table_of",
]

SEARCHED = 40
"""How many filled rows from the top may come before the header."""

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SUBTOTAL = re.compile(
    r"(?:本页|本頁|全部|以上)?(?:小计|小計|合计|合計|总计|總計|共计|共計|累计|累計"
    r"|sub-?\s?total|grand total|total)s?\s*(?::.*)?"
)
_SIGNATURE = re.compile(
    r"(?:制表|製表|填表|填报|填報|审核|審核|复核|複核|审批|審批|负责|負責|经办|經辦|批准|主管|单位|單位"
    r"|签字|簽字|签名|簽名|盖章|蓋章|注|备注|備註|说明|說明"
    r"|prepared by|checked by|approved by|signature|signed|note)[^:]{0,8}:"
)
_FIRST_SIGNS = frozenset(
    "本全以小合总總共累sgt制製填审審复複负負经經批主单單签簽盖蓋注备備说說pcan"
)
"""What the two patterns can begin with: most rows are told from them by their first sign."""

Row = tuple[int, list[Cell]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where one of our columns comes from."""

    column: Column
    title: str
    """The header in the user's table, or our key where the profile supplies the value."""
    index: int | None = None
    """The column of the table, from 0; None: made by ``make``."""
    make: Callable[[int, Sequence[Cell]], Cell] | None = None

    def cell(self, number: int, cells: Sequence[Cell]) -> Cell:
        """Return the cell of one row; ``number`` is the row's in the table."""
        if self.make is not None:
            return self.make(number, cells)
        if self.index is None or self.index >= len(cells):
            return None
        return cells[self.index]


@dataclass(slots=True)
class Layout:
    """One table and how to take it; its rows can be read once."""

    table: Table
    sheet: Sheet
    header_row: int
    titles: list[Cell]
    sources: tuple[Source, ...]
    unknown: tuple[str, ...]
    year: int | None
    head: list[Row]
    """The rows above the header and the header itself."""
    _rest: Iterator[Row] = field(repr=False)
    _left_out: Mapping[int, frozenset[str]] = field(default_factory=dict)
    left_out: int = 0
    """Rows passed over so far: subtotals, repeated headers, signatures, those the profile names."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows of data."""
        for number, cells in self._rest:
            if self._passed_over(cells):
                self.left_out += 1
            else:
                yield number, cells

    def _passed_over(self, cells: list[Cell]) -> bool:
        for index, words in self._left_out.items():
            if fold(shown(cells[index] if index < len(cells) else None)) in words:
                return True
        place, first = next((i, cell) for i, cell in enumerate(cells) if cell is not None)
        if not isinstance(first, str):
            return False
        if place < len(self.titles) and first == self.titles[place]:
            return all(
                cell in (None, title) for cell, title in zip(cells, self.titles, strict=False)
            )
        plain = unicodedata.normalize("NFKC", first.lstrip()[:40]).casefold()
        return plain[:1] in _FIRST_SIGNS and (
            _SUBTOTAL.fullmatch(plain.rstrip()) is not None or _SIGNATURE.match(plain) is not None
        )


def find_layout(table: Table) -> Layout | None:
    """Return how to take ``table``, or None where it is none of ours.

    Raises :class:`InputError` where it is ours by its name, but its columns cannot be made out.
    """
    rows = table.rows()
    top = list(islice(rows, SEARCHED))
    named = sheet_named(table.name)
    if not top:
        return _empty(table, named) if named is not None else None
    candidates = [named] if named is not None else list(SHEETS)
    best: tuple[int, int, Sheet, dict[int, Column]] | None = None
    for candidate in candidates:
        for place, (_, cells) in enumerate(top):
            match = match_headers(candidate, cells)
            complete = not match.missing(candidate)
            if not match.columns or (named is None and not complete):
                continue
            score = len(match.columns) + (100 if complete else 0)
            if best is None or score > best[0]:
                best = (score, place, candidate, dict(match.columns))
    if best is None:
        if named is None:
            return None
        raise _no_header(table, named)
    _, place, found, columns = best
    titles = top[place][1]
    match = match_headers(found, titles)
    if match.missing(found):
        raise _lacks(table, found, match.missing(found)[0])
    _refuse_twice(table, match.twice)
    sources = tuple(
        Source(column, clean_text(shown(titles[index])), index) for index, column in columns.items()
    )
    ignored = _ignored_titles()
    return Layout(
        table=table,
        sheet=found,
        header_row=top[place][0],
        titles=titles,
        sources=sources,
        unknown=tuple(title for title in match.unknown if fold(title) not in ignored),
        year=_year(table, top[:place]),
        head=top[: place + 1],
        _rest=chain(top[place + 1 :], rows),
    )


def _empty(table: Table, named: Sheet) -> Layout:
    return Layout(table, named, 0, [], (), (), None, [], iter(()))


def _ignored_titles() -> frozenset[str]:
    """Titles that the program itself adds to the file of refused rows."""
    return frozenset(fold(term("refused_because", lang)) for lang in LANGUAGES)


def _year(table: Table, above: Sequence[Row]) -> int | None:
    """Return the year in the rows above the header, else in the table's name, if it is one."""
    title = " ".join(shown(cell) for _, cells in above for cell in cells if cell is not None)
    for text in (title, table.name):
        years = set(_YEAR.findall(unicodedata.normalize("NFKC", text)))
        if len(years) == 1:
            return int(years.pop())
    return None


def table_of(tables: Sequence[Table], profile: Profile, path: Path) -> Table:
    """Return the table that the profile means; raise :class:`InputError` where there is none."""
    if profile.sheet is not None:
        for table in tables:
            if fold(table.name) == fold(profile.sheet) or table.is_text:
                return table
        raise InputError(
            msg(
                "The file {path} has no sheet “{sheet}”, which the profile names.",
                path=path.name,
                sheet=profile.sheet,
            )
        )
    if len(tables) > 1:
        raise InputError(
            msg(
                "The file {path} has several sheets ({sheets}). Say in the profile which one is "
                'meant: sheet = "…".',
                path=path.name,
                sheets=tuple(table.name for table in tables),
            )
        )
    return tables[0]


def layout_by_profile(table: Table, profile: Profile) -> Layout:
    """Return how to take ``table`` as ``profile`` says; raise :class:`InputError` if it cannot."""
    rest = table.rows()
    top = list(islice(rest, SEARCHED))
    wanted = {fold(header): header for header in profile.headers}
    places = [
        place
        for place, (number, _) in enumerate(top)
        if profile.header_row is None or number == profile.header_row
    ]
    scored = [
        (sum(fold(shown(cell)) in wanted for cell in top[place][1] if cell is not None), -place)
        for place in places
    ]
    score, place = max(scored, default=(0, 0))
    place = -place
    if not score and wanted:
        raise InputError(
            msg(
                "No row of “{sheet}” has the columns that the profile names ({columns}). "
                "Check the profile's header_row and columns.",
                sheet=table.name,
                columns=", ".join(sorted(wanted.values())),
            )
        )
    titles = top[place][1] if top else []
    index: dict[str, int] = {}
    for i, cell in enumerate(titles):
        if cell is not None:
            index.setdefault(fold(shown(cell)), i)
    for folded, header in sorted(wanted.items()):
        if folded not in index:
            raise InputError(
                msg(
                    "The table “{sheet}” has no column “{column}”, which the profile names. "
                    "Correct the profile or the table.",
                    sheet=table.name,
                    column=header,
                )
            )
    target = sheet(profile.kind)
    sources = tuple(_profile_sources(profile, target, index))
    found = {source.column for source in sources}
    lacking = next((each for each in target.columns if each.required and each not in found), None)
    if lacking is not None:
        raise _lacks(table, target, lacking)
    return Layout(
        table=table,
        sheet=target,
        header_row=top[place][0] if top else 0,
        titles=titles,
        sources=sources,
        unknown=tuple(
            clean_text(shown(cell))
            for cell in titles
            if cell is not None
            and fold(shown(cell)) not in wanted | dict.fromkeys(_ignored_titles())
        ),
        year=profile.year if profile.year is not None else _year(table, top[:place]),
        head=top[: place + 1],
        _rest=chain(top[place + 1 :], rest),
        _left_out={
            index[fold(header)]: frozenset(map(fold, words))
            for header, words in profile.leave_out.items()
        },
    )


def _profile_sources(profile: Profile, target: Sheet, index: Mapping[str, int]) -> Iterator[Source]:
    for column in target.columns:
        key = column.key
        if key in profile.columns:
            yield Source(column, profile.columns[key], index[fold(profile.columns[key])])
        elif key in profile.templates:
            yield make_source(column, profile.templates[key], index)
        elif key in profile.filled:
            yield _first_filled(column, profile.filled[key], index)
        elif key in profile.constants:
            yield make_source(column, profile.constants[key], {}, constant=True)


def make_source(
    column: Column, template: str, index: Mapping[str, int], *, constant: bool = False
) -> Source:
    """Return the source of a column that the profile builds: a template or a constant."""
    pieces = [template] if constant else _TEMPLATE.split(template)
    if len(pieces) == 1:
        return Source(column, column.key, make=lambda _number, _cells: template)
    fields = [None if n.strip() == ROW_NUMBER else index[fold(n)] for n in pieces[1::2]]
    texts = pieces[::2]

    def make(number: int, cells: Sequence[Cell]) -> Cell:
        parts = [texts[0]]
        filled = False
        for place, text in zip(fields, texts[1:], strict=True):
            if place is None:
                part = str(number)
            else:
                part = clean_text(shown(cells[place])) if place < len(cells) else ""
            filled = filled or bool(part)
            parts += part, text
        return "".join(parts) if filled else None

    alone = len(fields) == 1 and fields[0] is not None and not any(texts)
    if alone:  # nothing but one of their columns: keep a date a date and a number a number
        return Source(column, pieces[1].strip(), fields[0])
    return Source(column, column.key, make=make)


def _first_filled(column: Column, headers: Sequence[str], index: Mapping[str, int]) -> Source:
    places = [(index[fold(header)], header) for header in headers]

    def make(_number: int, cells: Sequence[Cell]) -> Cell:
        for place, header in places:
            if place < len(cells) and clean_text(shown(cells[place])):
                return header
        return None

    return Source(column, column.key, make=make)


def _no_header(table: Table, named: Sheet) -> InputError:
    return InputError(
        msg(
            "The sheet “{sheet}” has no header row. Its columns are called: {columns}.",
            sheet=table.name,
            columns=", ".join(column.key for column in named.columns),
        )
    )


def _lacks(table: Table, named: Sheet, column: Column) -> InputError:
    return InputError(
        msg(
            "The sheet “{sheet}” lacks the column {key} ({title}), which {kind} cannot do without. "
            "Add it and try again.",
            sheet=table.name,
            key=column.key,
            title=Term(column.title),
            kind=Term(named.title),
        )
    )


def _refuse_twice(table: Table, titles: Sequence[str]) -> None:
    if titles:
        raise InputError(
            msg(
                "The sheet “{sheet}” has the column “{column}” more than once. "
                "Delete all but one and try again.",
                sheet=table.name,
                column=titles[0],
            )
        )
