"""Workbooks written as a stream: whole or not at all, and safe from what users typed.

A workbook comes into being under another name beside its place and takes it at the end, so that
nobody ever opens half of one.  Text is written as text: it can start no formula, neither when the
file is opened nor when somebody edits the cell.
"""

from __future__ import annotations

import errno
import os
import re
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, cast

from desk_maint.domain.errors import Cancelled, EnvironmentProblem, InputError
from desk_maint.domain.instants import DAY, from_local, to_local
from desk_maint.domain.messages import Message, msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = [
    "FONTS",
    "LAST_ROW",
    "ColumnCells",
    "LocalTimes",
    "Pace",
    "date_number",
    "display_width",
    "new_page",
    "plain_text",
    "put_in_place",
    "text_cell",
    "write_workbook",
]

LAST_ROW = 1_048_576
LONGEST_TEXT = 32_767
"""Characters that a cell can hold."""
FONTS = {"zh_CN": "Microsoft YaHei", "zh_TW": "Microsoft JhengHei", "en": "Arial"}
"""Fonts that office PCs have; others put their own Chinese one in their place."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LIKE_FORMULA = re.compile(r"[=+\-@＝＋－＠]")
_NEEDS_CARE = re.compile("^[=+\\-@＝＋－＠#]|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPREADSHEET_EPOCH = 25_569
"""Number of 1970-01-01 in a spreadsheet."""


def display_width(text: str) -> int:
    """Return how many Latin letters wide ``text`` is; a Chinese character takes two."""
    return sum(2 if sign > "\u2e7f" else 1 for sign in text)


class ColumnCells:
    """The cells of one column, all of one style: one object, filled anew for every row.

    The library writes a cell as soon as its row is appended, and making two million of them is
    most of the work.
    """

    def __init__(self, page: Worksheet, number_format: str, **style: object) -> None:
        self._cell = _column_cell()(page, row=1, column=1)
        self._cell.number_format = number_format
        for name, value in style.items():
            setattr(self._cell, name, value)

    def number(self, value: float | None) -> Cell | None:
        """Return the cell with a number, a date as a number included; None: nothing in it."""
        if value is None:
            return None
        self._cell.value = value
        return self._cell

    def formula(self, formula: str) -> Cell:
        """Return the cell with a formula of the program's own."""
        self._cell.value = formula
        return self._cell

    def text(self, text: str | None) -> Cell | None:
        """Return the cell with text, whatever it looks like; None: nothing in it."""
        if text is None:
            return None
        _fill_with_text(self._cell, text)
        return self._cell


@cache
def _column_cell() -> type[Cell]:
    from openpyxl.cell.cell import Cell  # noqa: PLC0415  (120 ms that only writing needs)

    class ColumnCell(Cell):
        """Knows what the library would find out anew for every row: a fifth of all its work."""

        __slots__ = ("_known_style",)

        @property
        def has_style(self) -> bool:
            return True

        @property
        def style_id(self) -> int:
            try:
                return self._known_style
            except AttributeError:
                self._known_style: int = super().style_id
                return self._known_style

        def __repr__(self) -> str:
            # The library puts it into an error that it raises, and catches, for every cell.
            return "<ColumnCell>"

    return ColumnCell


def new_page(workbook: Workbook, title: str) -> Worksheet:
    """Add a page to be filled row by row.

    It is a page of the library's write-only kind, which has all that is used of the usual kind,
    though its type says otherwise.
    """
    return cast("Worksheet", workbook.create_sheet(title))


def plain_text(page: Worksheet, text: str | None) -> str | Cell | None:
    """Return what writes ``text`` as text into a cell without a style of its own."""
    if text is None or (len(text) <= LONGEST_TEXT and not _NEEDS_CARE.search(text)):
        return text
    return text_cell(page, text)


def text_cell(page: Worksheet, text: str) -> Cell:
    """Return a cell that holds ``text`` as text, whatever it looks like.

    Raises :class:`InputError` where it is longer than a cell can hold.
    """
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  (120 ms that only writing needs)

    cell = WriteOnlyCell(page)
    _fill_with_text(cell, text)
    return cell


def _fill_with_text(cell: Cell, text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise InputError(
            msg(
                "A text is longer than the {most} characters that a cell can hold: “{begin}…”. "
                "Shorten it, or export to CSV.",
                most=LONGEST_TEXT,
                begin=text[:30],
            )
        )
    cell.value = _ILLEGAL.sub("", text)
    # The library takes "=…" for a formula and "#N/A" for an error; it is text all the same.
    cell.data_type = "s"
    # Else a spreadsheet program would compute it as soon as somebody edits the cell.
    cell.quotePrefix = bool(_LIKE_FORMULA.match(text))


def date_number(day: date) -> int:
    """Return a date as a spreadsheet keeps it."""
    return day.toordinal() - date(1970, 1, 1).toordinal() + _SPREADSHEET_EPOCH


class LocalTimes:
    """Turns instants into local times of one zone as a spreadsheet keeps them, fast for many."""

    def __init__(self, tz: ZoneInfo) -> None:
        self.zone = tz
        self._offsets: dict[int, int | None] = {}

    def number(self, instant: int) -> float | None:
        """Return the local time as a number of days.

        None where no such number means just this instant: the hour that clocks show twice.
        """
        day = instant // DAY
        try:
            offset = self._offsets[day]
        except KeyError:
            offset = self._offsets[day] = self._steady_offset(day)
        if offset is None:
            local = self.local(instant)
            if from_local(local, self.zone) != instant:
                return None
            offset = self.offset(instant)
        return (instant + offset) / DAY + _SPREADSHEET_EPOCH

    def in_step(self, one: int, other: int) -> bool:
        """Whether the local times of two instants lie as far apart as the instants themselves."""
        first, second = self.number(one), self.number(other)
        if first is None or second is None:
            return False
        return round((second - first) * DAY) == other - one

    def local(self, instant: int) -> datetime:
        """Return what the clock on the wall shows."""
        return to_local(instant, self.zone).replace(tzinfo=None, fold=0)

    def text(self, instant: int) -> str:
        """Return the local time as text that is read back as this instant."""
        local = self.local(instant)
        written = f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"
        if self.number(instant) is None:
            written = f"{to_local(instant, self.zone).isoformat(sep=' ')}"
        return written

    def offset(self, instant: int) -> int:
        """Return how many seconds the local clock is ahead of UTC."""
        return int((to_local(instant, self.zone).utcoffset() or timedelta()).total_seconds())

    def _steady_offset(self, day: int) -> int | None:
        """Return the offset of a UTC day; None if it changes then or nearly then."""
        before, after = self.offset((day - 1) * DAY), self.offset((day + 2) * DAY)
        return before if before == after == self.offset(day * DAY + DAY // 2) else None


class Pace:
    """How far a piece of writing is: tells it, and looks whether it has been cancelled.

    ``total`` is 0 where nobody knows it.
    """

    _EVERY = 1000

    def __init__(
        self,
        total: int,
        progress: Callable[[int, int], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.done = 0
        self._total = total
        self._progress = progress
        self._cancelled = cancelled

    def step(self) -> None:
        """Count one row; raise :class:`Cancelled` if the work is to be given up."""
        if self.done % self._EVERY == 0:
            self.look()
        self.done += 1

    def look(self) -> None:
        """Tell how far it is, whatever that is."""
        if self._cancelled is not None and self._cancelled():
            raise Cancelled
        if self._progress is not None:
            self._progress(self.done, max(self._total, self.done) if self._total else 0)


@contextmanager
def put_in_place(path: Path) -> Iterator[Path]:
    """Give a path to write to; what stands there at the end replaces ``path``.

    After an error, or when the work was cancelled, ``path`` is as it was and nothing is left
    over.  Raises :class:`EnvironmentProblem` where it cannot be written.
    """
    if path.is_dir():
        raise InputError(msg("{path} is a folder. Add a file name.", path=path))
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        # At once, not after a minute of work: whether one may write there at all.
        partial.touch()
        yield partial
        partial.replace(path)
    except OSError as error:
        raise EnvironmentProblem(_reason(path, error)) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


@contextmanager
def write_workbook(path: Path, lang: str, size: float = 10) -> Iterator[Workbook]:
    """Give an empty workbook to be filled row by row; it is written to ``path`` at the end.

    Unstyled cells have the language's font in ``size`` points.  See :func:`put_in_place`.
    """
    from lxml.etree import LxmlError  # noqa: PLC0415  (120 ms that only writing needs)
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils.indexed_list import IndexedList  # noqa: PLC0415

    with put_in_place(path) as partial:
        workbook = Workbook(write_only=True)
        font = Font(name=FONTS[lang], size=size)
        # What cells without a style of their own look like; the library offers no other way to it.
        workbook._fonts = IndexedList([font])  # type: ignore[attr-defined]  # noqa: SLF001
        workbook._named_styles["Normal"].font = font  # type: ignore[attr-defined]  # noqa: SLF001
        try:
            yield workbook
            workbook.save(partial)
        except LxmlError as error:
            # The sheets lie in the system's folder for such files until they are packed.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        except BaseException:
            _give_up(workbook)
            raise


def _give_up(workbook: Workbook) -> None:
    """Remove the unpacked sheets, which the library would keep until the program ends."""
    for page in workbook.worksheets:
        with suppress(Exception):
            if not page.closed:
                page.close()
        with suppress(OSError, ValueError):
            page._writer.cleanup()  # type: ignore[attr-defined]  # noqa: SLF001


def _reason(path: Path, error: OSError) -> Message:
    if error.errno in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}:
        return msg(
            "{path} cannot be written: the disk is full. Make room, or choose another place.",
            path=path,
        )
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return msg(
            "{path} cannot be written: there is no such folder. Make it, or choose another.",
            path=path,
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY}:
        return msg(
            "{path} cannot be written: it is open in another program, or nobody but its owner may "
            "write there. Close it, or choose another place.",
            path=path,
        )
    return msg(
        "{path} cannot be written: {reason}. Choose another place.",
        path=path,
        reason=error.strerror,
    )
