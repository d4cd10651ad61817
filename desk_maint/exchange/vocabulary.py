"""The words of somebody's table where ours has a fixed vocabulary, and which of ours they are.

For the import assistant: it asks about the words that an import would refuse.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desk_maint.domain.errors import Cancelled, InputError
from desk_maint.domain.instants import zone
from desk_maint.domain.messages import Term
from desk_maint.exchange.columns import Column, Kind, fold, sheet
from desk_maint.exchange.layout import layout_by_profile, make_source, table_of
from desk_maint.exchange.reading import open_tables
from desk_maint.exchange.values import LocalClock, Reader, clean_text, shown
from desk_maint.exchange.workbook_guard import CellError, Formula
from desk_maint.language.words import word_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from desk_maint.exchange.layout import Layout, Source
    from desk_maint.exchange.profiles import Profile
    from desk_maint.exchange.reading import Cell

__all__ = [
    "Choice",
    "ColumnWords",
    "FoundWord",
    "choices",
    "read_words",
    "understood",
]

_MOST = 60
"""More different words than these are no vocabulary: another column was meant."""
_ROWS_AT_A_LOOK = 1000


@dataclass(frozen=True, slots=True)
class Choice:
    """One of our words."""

    value: str
    """As files and profiles carry it."""
    word: Term


@dataclass(frozen=True, slots=True)
class FoundWord:
    """One word that occurs in a column of theirs."""

    text: str
    """As it is written there for the first time; empty: a cell without anything in it."""
    count: int
    """In how many rows."""
    value: str | None
    """Which of ours our reader takes it for by itself; None: it would be refused."""


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """The words of the column that one of our columns is read from."""

    column: Column
    header: str
    """Theirs."""
    words: tuple[FoundWord, ...]
    """Those that would be refused first, then by how often they occur."""
    more: int
    """How many further ones there are."""

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What each of them can mean."""
        return choices(self.column)

    @property
    def unknown(self) -> tuple[FoundWord, ...]:
        """Those that would be refused."""
        return tuple(word for word in self.words if word.value is None)


def choices(column: Column) -> tuple[Choice, ...]:
    """Return the words of a column's vocabulary; none where it has no fixed one."""
    if column.words is not None:
        return tuple(Choice(each.value, Term(word_key(each))) for each in column.words)
    if column.kind is Kind.YES_NO:
        return (Choice("yes", Term("yes")), Choice("no", Term("no")))
    if column.kind is Kind.GRADE:
        return tuple(Choice(str(grade), Term(f"fault_level_{grade}")) for grade in range(1, 5))
    return ()


def understood(column: Column, text: str) -> str | None:
    """Return the word of ours that our reader takes ``text`` for by itself; None: it is refused."""
    try:
        value = Reader(LocalClock(zone("UTC"))).converter(column)(text)
    except InputError:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)


def read_words(
    path: Path, profile: Profile, *, cancelled: Callable[[], bool] | None = None
) -> tuple[ColumnWords, ...]:
    """Read the whole table that ``profile`` means and return the words of its vocabularies.

    What the profile says of words is left out of account: they are told as they stand in the
    table.  Raises :class:`InputError` where the profile does not fit the table.
    """
    layout = layout_by_profile(table_of(open_tables(path), profile, path), profile)
    found = [_Found(source) for source in _sources(layout, profile)]
    places = [source.index for source in layout.sources if source.index is not None]
    for count, (number, cells) in enumerate(layout.rows(), start=1):
        if cancelled is not None and not count % _ROWS_AT_A_LOOK and cancelled():
            raise Cancelled
        if any(place < len(cells) and cells[place] is not None for place in places):
            for each in found:
                each.take(number, cells)
    return tuple(each.words() for each in found if each.counts)


def _sources(layout: Layout, profile: Profile) -> Iterator[Source]:
    """Return where the columns with a vocabulary come from, each of them once."""
    named = {fold(shown(cell)): i for i, cell in enumerate(layout.titles) if cell is not None}
    sources = [source for source in layout.sources if source.column.key not in profile.constants]
    for kind, made in (("outlets", profile.outlet), ("devices", profile.device)):
        if kind != profile.kind:
            sources += [
                make_source(sheet(kind).column(key), template, named)
                for key, template in made.items()
                if "{" in template
            ]
    met: set[str] = set()
    for source in sources:
        key = source.column.key
        if key not in met and choices(source.column):
            met.add(key)
            yield source


@dataclass(slots=True)
class _Found:
    """Gathers the words of one column."""

    source: Source
    counts: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By the folded word: how it is written, and how often it is met."""

    def take(self, number: int, cells: Sequence[Cell]) -> None:
        cell = self.source.cell(number, cells)
        if isinstance(cell, Formula | CellError):
            return  # refused whatever it says
        text = clean_text(shown(cell))
        folded = fold(text)
        if not folded:  # a dash says nothing either
            text = ""
            if not self.source.column.required:
                return
        written, count = self.counts.get(folded, (text, 0))
        self.counts[folded] = written, count + 1

    def words(self) -> ColumnWords:
        column = self.source.column
        words = [
            FoundWord(text, count, understood(column, text)) for text, count in self.counts.values()
        ]
        words.sort(key=lambda word: (word.value is not None, -word.count, word.text))
        more = max(len(words) - _MOST, 0)
        return ColumnWords(column, self.source.title, tuple(words[:_MOST]), more)
