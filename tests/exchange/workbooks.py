"""Makes workbooks for the tests: honest ones, and raw ones that no program would write."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = ["make_workbook", "make_workbook_of_parts", "raw_workbook"]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>'.encode()
TAIL = b"</sheetData></worksheet>"


def make_workbook(path: Path, sheets: Mapping[str, Iterable[Sequence[object]]]) -> Path:
    """Write rows by sheet name; a text that begins with "=" becomes a formula."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        page = workbook.create_sheet(name)
        for row in rows:
            page.append(list(row))
    workbook.save(path)
    return path


def make_workbook_of_parts(path: Path, parts: Mapping[str, bytes]) -> Path:
    """Write a zip of the given parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def frame(sheets: Sequence[str]) -> dict[str, bytes]:
    """Return the parts around the sheets' own."""
    entries = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/worksheet" '
        f'Target="worksheets/sheet{number}.xml"/>'
        for number, _ in enumerate(sheets, start=1)
    )
    return {
        "[Content_Types].xml": (
            b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            b'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{RELATIONS}/'
            'officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{entries}</sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>'
        ).encode(),
    }


def raw_workbook(path: Path, pieces: Iterable[bytes], sheet: str = "devices") -> Path:
    """Write one sheet whose XML consists of ``pieces``, streamed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in frame([sheet]).items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream:
            for piece in pieces:
                stream.write(piece)
    return path


def text_cell(reference: str, text: str) -> bytes:
    """Return a cell with text in it."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()
