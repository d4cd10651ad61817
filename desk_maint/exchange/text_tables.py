"""Tables in text files: which encoding, which separator, which row is which.

Offices on the mainland save CSV as GB18030, those in Taiwan as Big5, newer programs as UTF-8, and
«Unicode text» is UTF-16 with tabs.  The file says nothing about it; its content decides.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TextIO

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg
from desk_maint.language import terms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["TextTable", "guard", "open_text", "read_text"]

_SEPARATORS = ",\t;，|"
_LONGEST_LINE = 1 << 20
_SAMPLE = 64 * 1024
_LIKE_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r]")
"""What a spreadsheet program would compute, quoted or not; so the quoting can be undone."""


def guard(text: str) -> str:
    """Return ``text`` as a CSV file carries it, quoted if it looked like a formula otherwise."""
    return f"'{text}" if _LIKE_FORMULA.match(text) else text


def _unguarded(cell: str) -> str | None:
    """Return what :func:`guard` was given; None for a cell with nothing in it."""
    if not cell or cell.isspace():
        return None
    return cell[1:] if cell[0] == "'" and _LIKE_FORMULA.match(cell) else cell


@dataclass(frozen=True, slots=True)
class TextTable:
    """A text file that was recognised as a table."""

    path: Path
    encoding: str
    separator: str
    row_count: int

    def rows(self) -> Iterator[tuple[int, list[str | None]]]:
        """Yield the number and the cells of each row that has any; see ``Table.rows``."""
        with self.path.open(encoding=self.encoding, newline="") as stream:
            reader = csv.reader(_lines(self.path, stream), delimiter=self.separator)
            number = 0
            try:
                for number, cells in enumerate(reader, start=1):
                    row = [_unguarded(cell) for cell in cells]
                    if any(cell is not None for cell in row):
                        yield number, row
            except csv.Error as error:
                raise InputError(
                    msg(
                        "Row {row} of {path} has no end: a quotation mark is not closed there, or "
                        "a cell is longer than any ledger's. Mend it and try again.",
                        path=self.path.name,
                        row=number + 1,
                    )
                ) from error


def open_text(path: Path) -> TextTable:
    """Find out how the text file at ``path`` is written.

    Raises :class:`InputError` where it is no table of text.
    """
    encoding, lines = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        sample = stream.read(_SAMPLE)
    return TextTable(path, encoding, _separator(sample), lines)


def read_text(path: Path) -> str:
    """Return the text of a file, whatever its encoding.

    Raises :class:`InputError` where it cannot be read or is no text.
    """
    try:
        encoding, _ = _encoding(path)
        return path.read_text(encoding=encoding)
    except FileNotFoundError as error:
        raise InputError(
            msg("There is no file {path}. Check the name and try again.", path=path)
        ) from error
    except OSError as error:
        raise InputError(
            msg("The file {path} cannot be read: {reason}.", path=path, reason=error.strerror)
        ) from error


def _lines(path: Path, stream: TextIO) -> Iterator[str]:
    """Yield lines, refusing one without end before it fills the memory."""
    while line := stream.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise _not_text(path)
        yield line.replace("\0", "")


def _not_text(path: Path) -> InputError:
    return InputError(
        msg(
            "The file {path} is not a table of text. Save the table as .xlsx or .csv and try "
            "again.",
            path=path.name,
        )
    )


def _encoding(path: Path) -> tuple[str, int]:
    """Return the encoding in which the whole file can be read, and its number of lines."""
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif sample.count(b"\0"):
        raise _not_text(path)
    else:
        candidates = ["utf-8-sig", *_by_familiarity(sample)]
    for encoding in candidates:
        try:
            with path.open(encoding=encoding, newline="") as stream:
                count = 0
                while block := stream.read(1 << 20):
                    count += block.count("\n")
        except UnicodeError:
            continue
        return encoding, count + 1
    raise InputError(
        msg(
            "The characters of {path} are in no encoding that is known here. "
            "Save it as “CSV UTF-8” and try again.",
            path=path.name,
        )
    )


def _by_familiarity(sample: bytes) -> list[str]:
    """Order the two Chinese encodings by how much of the text is made of the glossary's signs.

    Nearly every text of the one can be decoded as the other too, but comes out as rare signs.
    """

    def share(encoding: str) -> float:
        signs = [sign for sign in sample.decode(encoding, errors="replace") if sign > "\x7f"]
        known = _familiar()
        return sum(sign in known for sign in signs) / (len(signs) or 1)

    return sorted(["gb18030", "big5hkscs"], key=share, reverse=True)


@cache
def _familiar() -> frozenset[str]:
    words = (word for entry in terms().values() for word in entry.values())
    return frozenset(sign for word in words for sign in word if sign > "\x7f")


def _separator(sample: str) -> str:
    """Return the separator that most rows of the sample agree about."""
    best, votes = ",", 0
    for separator in _SEPARATORS:
        widths = Counter(
            len(row)
            for row in csv.reader(sample.splitlines()[:200], delimiter=separator)
            if len(row) > 1
        )
        score = max((count * (width - 1) for width, count in widths.items()), default=0)
        if score > votes:
            best, votes = separator, score
    return best
