"""Bringing a file in: from its tables to the database, and a report of what became of each row.

An empty cell leaves what the database knows as it is, like a column that is not there: an old copy
of a ledger cannot wipe out what has been entered since.  What is to be cleared is cleared in the
program.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from desk_maint.domain.devices import Category
from desk_maint.domain.errors import Cancelled, InputError
from desk_maint.domain.instants import zone
from desk_maint.domain.messages import Message, Term, msg
from desk_maint.domain.stoppages import StoppageScope
from desk_maint.exchange.columns import SHEETS, Column, Kind, fold, sheet
from desk_maint.exchange.layout import (
    Layout,
    Source,
    find_layout,
    layout_by_profile,
    make_source,
    table_of,
)
from desk_maint.exchange.profiles import Profile, read_profile
from desk_maint.exchange.reading import Cell, open_tables
from desk_maint.exchange.refused import RefusedCells, write_refused
from desk_maint.exchange.values import LocalClock, Reader, Value, shown
from desk_maint.language import LANGUAGES, term
from desk_maint.services.imports import Batch, Outcome, Refusal, Row, import_batch

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = [
    "ImportReport",
    "RefusedRow",
    "SheetReport",
    "UnknownColumn",
    "import_file",
]

_ROWS_AT_ONCE = 5000
_ROWS_AT_A_LOOK = 1000

Progress = Callable[[str, int, int], None]
"""Told the table's name, how many of its rows are done, and about how many there are."""


@dataclass(slots=True)
class SheetReport:
    """How many rows of one table did what, as records of one kind."""

    sheet: str
    """The table's own name."""
    kind: str
    """Which of our sheets it was taken for; also that of records a profile made from it."""
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    left_out: int = 0
    """Subtotals, signatures, repeated headers and what a profile leaves out."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken, and why."""

    sheet: str
    row: int
    """Its number in the table, as a spreadsheet program counts."""
    column: str | None
    """The header in the user's table, or our key; None: the row as a whole."""
    value: str
    """The cell as it stands there."""
    reason: Message


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A column that was left alone."""

    sheet: str
    title: str


@dataclass(slots=True)
class ImportReport:
    """What became of a file."""

    path: Path
    timezone: ZoneInfo
    """In which moments in the reasons are to be told."""
    dry_run: bool
    applied: bool = False
    """Whether the accepted rows are in the database now."""
    sheets: list[SheetReport] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    unknown_columns: list[UnknownColumn] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    refused_file: Path | None = None
    """Where the refused rows went."""
    refused_cells: list[RefusedCells] = field(default_factory=list, repr=False)

    def save_refused(self, lang: str) -> Path:
        """Write the refused rows with their reasons beside the file, and return where.

        For a report of which nothing went in; otherwise they stand in :attr:`refused_file`.
        """
        self.refused_file = write_refused(self.path, self.refused_cells, lang, self.timezone)
        return self.refused_file


def import_file(  # noqa: PLR0913  (what a person can say about an import)
    database: Database,
    actor: Actor,
    path: Path,
    *,
    profile: Path | Profile | None = None,
    dry_run: bool = False,
    create_devices: bool = False,
    skip_bad_rows: bool = False,
    at: int,
    lang: str,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Bring the file at ``path`` in at the instant ``at`` (UTC seconds).

    Either all rows go in or, where one is refused, none; with ``skip_bad_rows`` the good ones do,
    and the others are written to ``FILE-refused.xlsx`` with their reasons in ``lang``.  Raises
    :class:`InputError` where the file or the profile cannot be made sense of at all, and
    :class:`Cancelled`, with nothing done, once ``cancelled`` says so.
    """
    if isinstance(profile, Path):
        profile = read_profile(profile)
    layouts, warnings = _layouts(path, profile)
    with _no_search_for_cycles(), import_batch(database, actor, at=at, reason=path.name) as batch:
        report = ImportReport(path, batch.zone, dry_run, warnings=warnings)
        for layout in layouts:
            run = _TableRun(batch, layout, profile, report, create_devices=create_devices)
            report.refused_cells.append(run.refused)
            run.take(progress, cancelled)
        report.timezone = batch.zone
        if dry_run and not report.refused:
            batch.finish()  # what only shows at the end is told as well
        batch.keep = not dry_run and (skip_bad_rows or not report.refused)
        if batch.keep and report.refused:
            report.save_refused(lang)
        report.applied = batch.keep
    return report


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Let the garbage collector rest: millions of values come and go here, and no cycles of them.

    Looking for some took a seventh of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _layouts(path: Path, profile: Profile | None) -> tuple[list[Layout], list[Message]]:
    """Return the tables of a file that can be taken, in the order in which they go in."""
    tables = open_tables(path)
    warnings: list[Message] = []
    if profile is not None:
        return [layout_by_profile(table_of(tables, profile, path), profile)], warnings
    layouts: list[Layout] = []
    explanations = {fold(term("explanation", lang)) for lang in LANGUAGES}
    for table in tables:
        if fold(table.name) in explanations:
            continue
        layout = find_layout(table)
        if layout is not None:
            layouts.append(layout)
        else:
            warnings.append(
                msg(
                    "“{sheet}” was passed over: it is none of the sheets that can be imported.",
                    sheet=table.name,
                )
            )
    if not layouts:
        raise InputError(
            msg(
                "Nothing in {path} can be imported: no sheet has the columns of the exchange "
                "workbook. Give a profile that says what its columns mean.",
                path=path.name,
            )
        )
    order = {each.key: place for place, each in enumerate(SHEETS)}
    return sorted(layouts, key=lambda layout: order[layout.sheet.key]), warnings


class _Read(NamedTuple):
    """A row whose cells could all be read."""

    row: Row
    cells: list[Cell]


class _TableRun:
    """Takes one table through: reads its cells, makes what is missing, writes, reports."""

    def __init__(
        self,
        batch: Batch,
        layout: Layout,
        profile: Profile | None,
        report: ImportReport,
        *,
        create_devices: bool,
    ) -> None:
        self._batch = batch
        self._layout = layout
        self._report = report
        self._kind = layout.sheet.key
        self._sheet = SheetReport(layout.table.name, self._kind)
        self.refused = RefusedCells(layout, profile is not None and profile.counts_rows)
        self._told: list[RefusedRow] = []
        report.sheets.append(self._sheet)
        report.unknown_columns += [
            UnknownColumn(layout.table.name, title) for title in layout.unknown
        ]
        self._columns = _Columns(batch, layout.sources, layout, profile)
        self._outlets = self._maker("outlets", profile.outlet if profile else {}, profile)
        self._devices = self._maker(
            "devices", profile.device if profile and create_devices else {}, profile
        )

    def _maker(self, kind: str, cells: Mapping[str, str], profile: Profile | None) -> _Maker | None:
        if not cells or kind == self._kind:
            return None
        places = {fold(shown(c)): i for i, c in enumerate(self._layout.titles) if c is not None}
        sources = tuple(
            make_source(sheet(kind).column(key), template, places)
            for key, template in cells.items()
        )
        counts = SheetReport(self._layout.table.name, kind)
        self._report.sheets.insert(len(self._report.sheets) - 1, counts)
        return _Maker(
            self._batch, kind, _Columns(self._batch, sources, self._layout, profile), counts
        )

    def take(self, progress: Progress | None, cancelled: Callable[[], bool] | None) -> None:
        """Take all rows."""
        table = self._layout.table
        whole = self._batch.takes_whole(self._kind)
        chunk: list[_Read] = []
        for number, cells in self._layout.rows():
            if self._columns.nothing_in(cells):
                continue
            self._sheet.read += 1
            read = self._read(number, cells)
            if read is not None:
                chunk.append(read)
            if len(chunk) >= _ROWS_AT_ONCE and not whole:
                self._write(chunk)
                chunk = []
            if self._sheet.read % _ROWS_AT_A_LOOK:
                continue
            if cancelled is not None and cancelled():
                raise Cancelled
            if progress is not None:
                progress(table.name, self._sheet.read, table.row_count)
        self._write(chunk)
        # Rows are refused when read or when written; the reader of the report goes by their place.
        self.refused.rows.sort(key=itemgetter(0))
        self._report.refused += sorted(self._told, key=lambda refused: refused.row)
        self._sheet.left_out = self._layout.left_out
        if progress is not None:
            progress(table.name, self._sheet.read, self._sheet.read)

    def _read(self, number: int, cells: list[Cell]) -> _Read | None:
        try:
            values = self._columns.values(number, cells)
        except _BadCellError as bad:
            self._refuse(number, cells, bad.source, bad.reason)
            return None
        return _Read(Row(number, values), cells)

    def _write(self, chunk: list[_Read]) -> None:
        if self._outlets is not None or self._devices is not None:
            chunk = [read for read in chunk if self._make_missing(read)]
        if not chunk:
            return
        results = self._batch.write(self._kind, [read.row for read in chunk])
        for read, result in zip(chunk, results, strict=True):
            if isinstance(result, Refusal):
                source = self._columns.source(result.column)
                self._refuse(read.row.number, read.cells, source, result.reason, result.column)
            elif result is Outcome.ADDED:
                self._sheet.added += 1
            elif result is Outcome.CHANGED:
                self._sheet.changed += 1
            else:
                self._sheet.unchanged += 1

    def _make_missing(self, read: _Read) -> bool:
        """Make the outlet and the device that a row names and nobody knows yet."""
        for maker in (self._outlets, self._devices):
            if maker is not None:
                refusal = maker.make(read)
                if refusal is not None:
                    source, reason = refusal
                    self._refuse(read.row.number, read.cells, source, reason)
                    return False
        return True

    def _refuse(
        self,
        number: int,
        cells: list[Cell],
        source: Source | None,
        reason: Message,
        column: str | None = None,
    ) -> None:
        self._sheet.refused += 1
        self.refused.rows.append((number, cells, reason))
        self._told.append(
            RefusedRow(
                sheet=self._layout.table.name,
                row=number,
                column=source.title if source is not None else column,
                value=shown(source.cell(number, cells)) if source is not None else "",
                reason=reason,
            )
        )


class _BadCellError(Exception):
    """A cell that cannot be read, or a required one that is empty."""

    def __init__(self, source: Source | None, reason: Message) -> None:
        super().__init__(reason)
        self.source = source
        self.reason = reason


class _Columns:
    """Reads the values of rows, column by column."""

    def __init__(
        self,
        batch: Batch,
        sources: Sequence[Source],
        layout: Layout,
        profile: Profile | None,
    ) -> None:
        tz = zone(profile.timezone) if profile is not None and profile.timezone else batch.zone
        words = profile.values if profile is not None else {}
        self._reader = Reader(
            LocalClock(tz),
            year=layout.year,
            date_formats=profile.date_formats if profile is not None else (),
            words={
                key: {fold(theirs): ours for theirs, ours in table.items()}
                for key, table in words.items()
            },
        )
        self._sources = {source.column.key: source for source in sources}
        self._plan = [
            (source.column.key, source, self._reader.converter(source.column)) for source in sources
        ]
        self._converters = {key: convert for key, _, convert in self._plan}
        self._places = [source.index for source in sources if source.index is not None]
        self._fills_empty = {key for key, table in words.items() if "" in table}
        self._required = [source for source in sources if source.column.required]

    def source(self, key: str | None) -> Source | None:
        """Return where a column of ours comes from; None where it does not."""
        return self._sources.get(key) if key is not None else None

    def value(self, key: str, number: int, cells: Sequence[Cell]) -> Value:
        """Return the value of one cell of a row."""
        source = self._sources[key]
        cell = source.cell(number, cells)
        try:
            return self._converters[key](cell)
        except InputError as error:
            raise _BadCellError(source, error.message) from error

    def nothing_in(self, cells: Sequence[Cell]) -> bool:
        """Whether a row has no cell in any column that is taken from the table."""
        width = len(cells)
        return all(index >= width or cells[index] is None for index in self._places)

    def values(self, number: int, cells: Sequence[Cell]) -> dict[str, object]:
        """Return the values of the filled cells of a row."""
        values: dict[str, object] = {}
        width = len(cells)
        for key, source, convert in self._plan:
            index = source.index
            if index is None:
                cell = source.cell(number, cells)
            else:
                cell = cells[index] if index < width else None
            if cell is None and key not in self._fills_empty:
                continue
            try:
                value = convert(cell)
            except InputError as error:
                raise _BadCellError(source, error.message) from error
            if value is not None:
                values[key] = value
        for source in self._required:
            if source.column.key not in values:
                raise _BadCellError(
                    source,
                    msg(
                        "The cell is empty, but “{title}” is needed. Fill it in.",
                        title=Term(source.column.title),
                    ),
                )
        if values.get("scope") is StoppageScope.CATEGORY and "key" in values:
            self._read_category(values)
        return values

    def _read_category(self, values: dict[str, object]) -> None:
        """Read the key of a stoppage as a category, which is what its scope makes it."""
        column = Column("key", Kind.WORD, "equipment_category", words=Category)
        try:
            values["key"] = self._reader.converter(column)(values["key"])
        except InputError as error:
            raise _BadCellError(self._sources["key"], error.message) from error


class _Maker:
    """Makes the outlets or devices that a profile's table names and the database lacks."""

    def __init__(self, batch: Batch, kind: str, columns: _Columns, counts: SheetReport) -> None:
        self._batch = batch
        self._kind = kind
        self._columns = columns
        self._counts = counts

    def make(self, read: _Read) -> tuple[Source | None, Message] | None:
        """Make what the row names, if nobody knows it; return why it cannot be."""
        number, cells = read.row.number, read.cells
        try:
            name: object
            if self._kind == "outlets":
                name = self._columns.value("code", number, cells)
                known = name is None or self._batch.knows_outlet(str(name))
            else:
                name = read.row.values["tag"]
                known = self._batch.knows_device(str(name))
            if known:
                return None
            values = self._columns.values(number, cells)
        except _BadCellError as bad:
            return bad.source, bad.reason
        if self._kind == "devices":
            values["tag"] = name
        self._counts.read += 1
        (result,) = self._batch.write(self._kind, [Row(number, values)])
        if isinstance(result, Refusal):
            self._counts.refused += 1
            return self._columns.source(result.column), result.reason
        self._counts.added += 1
        return None
