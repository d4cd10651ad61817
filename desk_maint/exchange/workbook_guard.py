"""Looks over an .xlsx file before any library unpacks it, in bounded memory.

A workbook is a zip of XML and comes from anywhere.  One pass over its parts, a megabyte at a
time, finds what would harm (a bomb, a lone cell at the far corner that makes a reader allocate
the whole grid) and what the fast reader does not tell: which cells hold a formula or an error.
"""

from __future__ import annotations

import copy
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.parsers import expat

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = [
    "CellError",
    "Formula",
    "Survey",
    "column_letters",
    "column_number",
    "damaged",
    "inspect_workbook",
    "locked",
]

_CHUNK = 1 << 20
_SMALL = 8 << 20
_MAX_UNPACKED = 1 << 30
_FREE_UNPACKED = 64 << 20
_MAX_RATIO = 150
"""How many times its packed size a workbook may unpack to once it is past ``_FREE_UNPACKED``;
honest sheets stay below 40, bombs are near 1000."""
_MAX_PARTS = 5000
_MAX_ROWS = 1_048_576
_MAX_COLUMNS = 16_384
_MAX_AREA = 30_000_000
"""Cells of the smallest rectangle around all filled ones, which is what the reader allocates."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula, and the value a spreadsheet program last stored for it."""

    text: str
    stored: object = None

    def __str__(self) -> str:
        """Return the formula as the spreadsheet program shows it."""
        return f"={self.text}"


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that holds an error such as ``#REF!``."""

    text: str

    def __str__(self) -> str:
        """Return the error's sign."""
        return self.text


@dataclass(slots=True)
class Survey:
    """What one sheet holds besides values; places are (row, column), both from 0."""

    special: dict[tuple[int, int], Formula | CellError] = field(default_factory=dict)
    rows: int = 0
    last_row: int = -1
    last_column: int = -1
    first_row: int = _MAX_ROWS
    first_column: int = 1 << 30

    @property
    def area(self) -> int:
        """Cells of the smallest rectangle around all filled ones."""
        if self.last_row < 0:
            return 0
        return (self.last_row - self.first_row + 1) * (self.last_column - self.first_column + 1)


def damaged(path: Path) -> InputError:
    """Return the error for a workbook that cannot be taken apart."""
    return InputError(
        msg(
            "The file {path} is damaged or not a workbook. "
            "Open it in a spreadsheet program, save it as .xlsx and try again.",
            path=path.name,
        )
    )


def locked(path: Path) -> InputError:
    """Return the error for a workbook that a password protects."""
    return InputError(
        msg(
            "The file {path} is protected by a password. "
            "Open it, save it without the password and try again.",
            path=path.name,
        )
    )


def _too_big(path: Path) -> InputError:
    return InputError(
        msg(
            "The file {path} unpacks to far more than a ledger holds and was not opened. "
            "Copy the rows into a new workbook and try again.",
            path=path.name,
        )
    )


def inspect_workbook(path: Path) -> Mapping[str, Survey]:
    """Return a survey of each sheet of the workbook at ``path``, by the sheet's name.

    Raises :class:`InputError` for what is not a workbook, is protected by a password, is damaged,
    has no sheet, or would take an unreasonable amount of memory to read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _inspect(path, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise damaged(path) from error
    except (ET.ParseError, expat.ExpatError, KeyError, UnicodeDecodeError) as error:
        raise damaged(path) from error


def _inspect(path: Path, archive: zipfile.ZipFile) -> Mapping[str, Survey]:
    allowance = _allowance(path, archive)
    sheets = _sheet_parts(archive)
    if not sheets:
        raise InputError(
            msg(
                "The workbook {path} has no sheet with cells. "
                "Put the table on a sheet and try again.",
                path=path.name,
            )
        )
    names = {part: name for name, part in sheets.items()}
    surveys: dict[str, Survey] = {}
    for part in archive.infolist():
        name = names.get(part.filename)
        quick = _look(path, archive, part, allowance, is_sheet=name is not None)
        allowance -= part.file_size
        if name is not None:
            surveys[name] = _judge(path, name, archive, part, quick)
    return {name: surveys[name] for name in sheets}


def _allowance(path: Path, archive: zipfile.ZipFile) -> int:
    """Return how many bytes the parts may have together, going by what the archive lists."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise InputError(
            msg(
                "The file {path} is a workbook, but not an .xlsx one. "
                "Save it as .xlsx and try again.",
                path=path.name,
            )
        )
    if "xl/workbook.xml" not in names or len(names) < len(parts):
        raise damaged(path)
    if any(part.flag_bits & 1 for part in parts):
        raise locked(path)
    allowance = min(_MAX_UNPACKED, max(_FREE_UNPACKED, _MAX_RATIO * path.stat().st_size))
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > allowance:
        raise _too_big(path)
    return allowance


def _look(
    path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo, allowance: int, *, is_sheet: bool
) -> _Quick:
    """Unpack a part, keeping nothing of it, and return what can be seen on the way."""
    # The listed size is only a claim: the reader behind us unpacks until the stream ends.
    endless = copy.copy(part)
    endless.file_size = 1 << 62
    is_xml = is_sheet or part.filename.lower().endswith((".xml", ".rels"))
    quick = _Quick(path)
    size = 0
    with archive.open(endless) as stream:
        for chunk in _chunks(stream):
            size += len(chunk)
            if size > allowance:
                raise _too_big(path)
            if is_xml:
                quick.feed(chunk, is_sheet=is_sheet)
    if size != part.file_size:
        raise damaged(path)
    return quick


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the worksheets' parts in the archive by the sheets' names, in order."""
    targets: dict[str, str] = {}
    for relation in _parse(archive, "xl/_rels/workbook.xml.rels"):
        if relation.get("Type", "").endswith("/worksheet"):
            target = posixpath.normpath(posixpath.join("/xl", relation.get("Target", "")))
            targets[relation.get("Id", "")] = target.lstrip("/")
    sheets: dict[str, str] = {}
    for element in _parse(archive, "xl/workbook.xml").iter():
        if _local(element.tag) == "sheet":
            key = next((v for k, v in element.attrib.items() if _local(k) == "id"), "")
            if key in targets:
                sheets[element.get("name", "")] = targets[key]
    return sheets


def _parse(archive: zipfile.ZipFile, name: str) -> ET.Element:
    """Parse a part that is small in every honest workbook; more of it counts as damage."""
    with archive.open(name) as stream:
        content = stream.read(_SMALL + 1)
    if len(content) > _SMALL or b"<!DOCTYPE" in content:
        raise zipfile.BadZipFile(name)
    return ET.fromstring(content)  # noqa: S314  (without a DOCTYPE there are no entities)


# Each begins with plain bytes, which the pattern matcher finds fast.
_ROW = re.compile(rb"<row[\s/>]")
_ROW_NUMBER = re.compile(rb'<row [^>]*?\br="(\d+)"')
_FAR_COLUMN = re.compile(rb' r="([A-Z]{2,3})\d')
_LONG_REFERENCE = re.compile(rb' r="[A-Z]{1,3}\d{6}')
_LONGER_REFERENCE = re.compile(rb' r="[A-Z]{1,3}\d{7}')
_SPECIAL = (b"<f>", b"<f ", b"<f/", b' t="e"', b"<c>")
_LETTERS = 26
_SHORT_BOUND, _LONG_BOUND = 99_999, 999_999
"""Last rows that references of at most five and of six digits can name."""
_LONGEST_TEXT = 8 << 20


class _Quick:
    """Looks at the bytes of a part; says whether :class:`_Exact` has to look again.

    It assumes the plain shape that spreadsheet programs write (``<row r=…><c r=…>``) and notices
    when a sheet is not so.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tail = b""
        self._rows = 0
        self._last_row = 0
        self._columns = _LETTERS
        self._bound = _SHORT_BOUND
        self._odd = False
        self._plain = False

    def feed(self, chunk: bytes, *, is_sheet: bool) -> None:
        text = self._tail + chunk
        cut = text.rfind(b">") + 1
        text, self._tail = text[:cut], text[cut:]
        if len(self._tail) > _LONGEST_TEXT or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise damaged(self._path)
        if not is_sheet:
            return
        self._plain = self._plain or b"<sheetData" in text
        rows = len(_ROW.findall(text))
        self._rows += rows
        self._last_row = max(self._last_row, *map(int, _ROW_NUMBER.findall(text)), 0)
        for letters in set(_FAR_COLUMN.findall(text)):
            self._columns = max(self._columns, column_number(letters.decode()) + 1)
        if self._bound < _LONG_BOUND and _LONG_REFERENCE.search(text):
            self._bound = _LONG_BOUND
        self._odd = (
            self._odd
            or any(sign in text for sign in _SPECIAL)
            or text.count(b' r="') != text.count(b"<c ") + rows
            or (self._bound == _LONG_BOUND and _LONGER_REFERENCE.search(text) is not None)
        )

    @property
    def rows(self) -> int:
        """At least as many rows as the sheet has, empty ones included."""
        return max(self._rows, self._last_row)

    @property
    def look_again(self) -> bool:
        """Whether formulas, errors, far-off cells or an unusual shape ask for the exact look."""
        bound = max(self.rows, self._bound if self._columns > _LETTERS else 0)
        return self._odd or not self._plain or bound * self._columns > _MAX_AREA


class _Exact:
    """Walks through the XML of one sheet and notes where its cells really are."""

    def __init__(self) -> None:
        self.survey = Survey()
        self._row = -1
        self._column = -1
        self._type = ""
        self._text: list[str] | None = None
        self._formula: str | None = None
        self._stored: str | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        self._parser.Parse(chunk, last)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._cell(attributes)
        elif name == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
            self.survey.rows = max(self.survey.rows, self._row + 1)
        elif name in {"f", "v"}:
            self._text = []
        elif name == "is":
            self._filled()

    def _cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        if place is None:
            self._column += 1
        else:
            letters = place.rstrip("0123456789")
            self._column = column_number(letters)
            self._row = int(place[len(letters) :]) - 1
        self._type = attributes.get("t", "n")
        self._formula = self._stored = None

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "f":
            self._formula, self._text = "".join(self._text or ()), None
        elif name == "v":
            self._stored, self._text = "".join(self._text or ()), None
        elif name == "c":
            if self._formula is not None:
                self.survey.special[self._row, self._column] = Formula(self._formula, self._stored)
            elif self._type == "e":
                self.survey.special[self._row, self._column] = CellError(self._stored or "#N/A")
            if self._formula is not None or self._stored:
                self._filled()

    def _filled(self) -> None:
        survey = self.survey
        survey.first_row = min(survey.first_row, self._row)
        survey.last_row = max(survey.last_row, self._row)
        survey.first_column = min(survey.first_column, self._column)
        survey.last_column = max(survey.last_column, self._column)


def column_number(letters: str) -> int:
    """Return the number, from 0, of the column that a spreadsheet calls ``letters``."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """Return what a spreadsheet calls the column ``number``, counted from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _judge(
    path: Path, name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo, quick: _Quick
) -> Survey:
    """Return the survey of one sheet, looking at it exactly where need be."""
    survey = Survey(rows=quick.rows)
    if quick.look_again and quick.rows <= _MAX_ROWS:
        exact = _Exact()
        with archive.open(part) as stream:
            for chunk in _chunks(stream):
                exact.feed(chunk)
            exact.feed(b"", last=True)
        survey = exact.survey
    if (
        survey.rows > _MAX_ROWS
        or survey.last_row >= _MAX_ROWS
        or survey.last_column >= _MAX_COLUMNS
    ):
        raise InputError(
            msg(
                "Sheet “{sheet}” of {path} has {rows} rows, more than a sheet can hold. "
                "Delete the empty rows below the table and try again.",
                sheet=name,
                path=path.name,
                rows=max(survey.rows, survey.last_row + 1),
            )
        )
    if survey.area > _MAX_AREA:
        raise InputError(
            msg(
                "Sheet “{sheet}” of {path} has a cell far away from the table, near {cell}. "
                "Delete the rows and columns beyond the table and try again.",
                sheet=name,
                path=path.name,
                cell=f"{column_letters(survey.last_column)}{survey.last_row + 1}",
            )
        )
    return survey
