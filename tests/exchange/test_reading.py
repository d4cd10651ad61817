"""Files of every kind and state, as tables of cells."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from desk_maint.domain.errors import InputError
from desk_maint.exchange.reading import Formula, open_tables
from desk_maint.exchange.text_tables import read_text
from desk_maint.exchange.workbook_guard import CellError, column_letters, column_number
from tests.exchange.workbooks import (
    HEAD,
    TAIL,
    frame,
    make_workbook,
    make_workbook_of_parts,
    raw_workbook,
    text_cell,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_cells_of_a_workbook_keep_their_kind(tmp_path: Path) -> None:
    rows = [
        (None, "title", None),
        (None, None, None),
        ("tag", 101, 1.5, True, datetime(2026, 3, 5, 9, 5), date(2026, 3, 5), "0101", " x "),
        (None, None, None, None),
        ("=1+1", "last"),
    ]
    (table,) = open_tables(make_workbook(tmp_path / "a.xlsx", {"devices": rows}))
    assert table.name == "devices"
    assert list(table.rows()) == [
        (1, [None, "title", None, None, None, None, None, None]),
        (3, [*rows[2]]),
        (5, [Formula("1+1", ""), "last", None, None, None, None, None, None]),
    ]


def test_dates_of_the_1904_system(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active.append([datetime(2026, 3, 5, 9, 5)])
    workbook.save(tmp_path / "mac.xlsx")
    (table,) = open_tables(tmp_path / "mac.xlsx")
    assert list(table.rows()) == [(1, [datetime(2026, 3, 5, 9, 5)])]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = raw_workbook(
        tmp_path / "a.xlsx", [HEAD, b'<row r="1">', text_cell("A1", "=1+1"), b"</row>", TAIL]
    )
    (table,) = open_tables(path)
    assert list(table.rows()) == [(1, ["=1+1"])]


def test_formulas_and_errors_are_told_from_values(tmp_path: Path) -> None:
    path = raw_workbook(
        tmp_path / "a.xlsx",
        [
            HEAD,
            b'<row r="2"><c r="B2"><f>SUM(1,1)</f><v>2</v></c>',
            b'<c r="C2" t="e"><v>#REF!</v></c></row>',
            b'<row r="3"><c r="D3"><f>NOW()</f></c></row>',
            TAIL,
        ],
    )
    (table,) = open_tables(path)
    assert list(table.rows()) == [
        (2, [None, Formula("SUM(1,1)", "2"), CellError("#REF!")]),
        (3, [None, None, None, Formula("NOW()")]),
    ]


@pytest.mark.parametrize(
    "sheet",
    [
        (
            b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            b"<x:sheetData><x:row><x:c><x:f>1</x:f><x:v>1</x:v></x:c></x:row></x:sheetData>"
            b"</x:worksheet>"
        ),
        HEAD + b"<row><c><f>1</f><v>1</v></c></row>" + TAIL,
        HEAD + b"<row r='1'><c t='n' r='A1'><f a='1'>1</f><v>1</v></c></row>" + TAIL,
    ],
    ids=["prefix", "no references", "single quotes"],
)
def test_formulas_are_found_in_unusual_xml(tmp_path: Path, sheet: bytes) -> None:
    (table,) = open_tables(raw_workbook(tmp_path / "a.xlsx", [sheet]))
    assert list(table.rows()) == [(1, [Formula("1", "1")])]


def test_styled_but_empty_cells_far_away_do_no_harm(tmp_path: Path) -> None:
    path = raw_workbook(
        tmp_path / "a.xlsx",
        [
            HEAD,
            b'<row r="1">',
            text_cell("A1", "tag"),
            b"</row>",
            b'<row r="1048576"><c r="XFD1048576"/></row>',
            TAIL,
        ],
    )
    (table,) = open_tables(path)
    assert list(table.rows()) == [(1, ["tag"])]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "资产编号,使用单位\nATM-01,中心营业厅\n"),
        ("utf-8-sig", "资产编号,使用单位\nATM-01,中心营业厅\n"),
        ("gb18030", "资产编号,使用单位\nATM-01,中心营业厅\n"),
        ("big5", "資產編號,使用單位\nATM-01,中心營業廳\n"),
        ("utf-16", "資產編號\t使用單位\nATM-01\t中心營業廳\n"),
        ("gb18030", "资产编号;使用单位\r\nATM-01;中心营业厅\r\n"),
        ("utf-8", "资产编号，使用单位\nATM-01，中心营业厅\n"),
        ("utf-8", 'a,b\n"two\nlines",x\n'),
    ],
)
def test_text_files(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "devices.csv"
    path.write_bytes(text.encode(encoding))
    (table,) = open_tables(path)
    assert table.name == "devices"
    cells = [cells for _, cells in table.rows()]
    for separator in "\t;，":
        text = text.replace(separator, ",")
    if '"' in text:
        assert cells == [["a", "b"], ["two\nlines", "x"]]
    else:
        assert cells == [line.split(",") for line in text.split()]


def test_rows_of_text_are_numbered_as_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n\n , \n1,2\n", encoding="utf-8")
    (table,) = open_tables(path)
    assert list(table.rows()) == [(1, ["a", "b"]), (4, ["1", "2"])]


def bomb(path: Path) -> Path:
    block = b"<row/>" * 200_000
    return raw_workbook(path, [HEAD, *[block] * 200, TAIL])


def lying_bomb(path: Path) -> Path:
    """Claim a thousand bytes in every header."""
    rows = b"<row/>" * 200_000
    raw_workbook(path, [HEAD, *[rows] * 200, TAIL])
    size = len(HEAD) + len(rows) * 200 + len(TAIL)
    content = path.read_bytes()
    true, false = size.to_bytes(4, "little"), (1000).to_bytes(4, "little")
    assert true in content
    path.write_bytes(content.replace(true, false))
    return path


def entities(path: Path) -> Path:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE x [<!ENTITY e0 "ha">{levels}]>'.encode()
    return raw_workbook(
        path, [b'<?xml version="1.0"?>', doctype, HEAD.partition(b"?>")[2], b"&e11;", TAIL]
    )


def far_cell(path: Path) -> Path:
    pieces = [HEAD, b'<row r="1">', text_cell("A1", "tag"), b"</row>", b'<row r="1048576">']
    return raw_workbook(path, [*pieces, text_cell("XFD1048576", "x"), b"</row>", TAIL])


def far_cell_out_of_order(path: Path) -> Path:
    pieces = [HEAD, b'<row r="1">', text_cell("XFD1", "x"), text_cell("A999999", "tag")]
    return raw_workbook(path, [*pieces, b"</row>", TAIL])


def empty_rows(path: Path) -> Path:
    rows = b"".join(b'<row r="%d"></row>' % number for number in range(1, 2_000_001))
    return raw_workbook(path, [HEAD, rows, TAIL])


def truncated(path: Path) -> Path:
    make_workbook(path, {"devices": [("tag",)]})
    path.write_bytes(path.read_bytes()[:-200])
    return path


def password(path: Path) -> Path:
    directory = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + directory + bytes(1000))
    return path


def locked_zip(path: Path) -> Path:
    make_workbook(path, {"devices": [("tag",)]})
    content = bytearray(path.read_bytes())
    start = 0
    while (start := content.find(b"PK\x01\x02", start)) >= 0:
        content[start + 8] |= 1
        start += 1
    path.write_bytes(content)
    return path


def old_form(path: Path) -> Path:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000))
    return path


def written(content: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return write


BROKEN_FILES: dict[str, tuple[str, Callable[[Path], Path], str]] = {
    "not a zip": ("a.xlsx", written(b"tag,category\n1,atm\n"), "is not a workbook"),
    "empty": ("a.xlsx", written(b""), "is empty"),
    "cut off": ("a.xlsx", truncated, "is damaged or not a workbook"),
    "zip of something else": (
        "a.xlsx",
        lambda path: make_workbook_of_parts(path, {"readme.txt": b"hello"}),
        "is damaged or not a workbook",
    ),
    "open document": (
        "a.xlsx",
        lambda path: make_workbook_of_parts(path, {"content.xml": b"<x/>"}),
        "not an .xlsx one",
    ),
    "password": ("a.xlsx", password, "protected by a password"),
    "locked zip": ("a.xlsx", locked_zip, "protected by a password"),
    "old form": ("a.xls", old_form, "old .xls form"),
    "no sheet": (
        "a.xlsx",
        lambda path: make_workbook_of_parts(path, frame([])),
        "has no sheet with cells",
    ),
    "sheet is missing": (
        "a.xlsx",
        lambda path: make_workbook_of_parts(path, frame(["devices"])),
        "is damaged",
    ),
    "sheet is no xml": (
        "a.xlsx",
        lambda path: raw_workbook(path, [HEAD, b'<row r="1"><c r="A1"><f>', TAIL]),
        "is damaged",
    ),
    "zip bomb": ("a.xlsx", bomb, "unpacks to far more"),
    "lying zip bomb": ("a.xlsx", lying_bomb, "unpacks to far more"),
    "entity bomb": ("a.xlsx", entities, "is damaged"),
    "lone far cell": ("a.xlsx", far_cell, "far away from the table, near XFD1048576"),
    "far cell out of order": ("a.xlsx", far_cell_out_of_order, "far away from the table"),
    "2 million empty rows": ("a.xlsx", empty_rows, "has 2000000 rows"),
    "picture as text": ("a.csv", written(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "not a table of text"),
    "unknown encoding": ("a.csv", written(b"tag,\xff\xff\x80\n"), "no encoding"),
    "endless line": ("a.csv", written(b"x" * 3_000_000), "not a table of text"),
    "open quotation": (
        "a.csv",
        written(b'tag,name\n1,"x\n' + b"1,2\n" * 50_000),
        "a quotation mark is not closed",
    ),
    "another suffix": ("a.pdf", written(b"%PDF-1.4"), "is not a workbook"),
}


def read_all(path: Path) -> list[object]:
    return [row for table in open_tables(path) for row in table.rows()]


@pytest.mark.parametrize("kind", BROKEN_FILES)
def test_a_broken_file_gets_one_sentence(tmp_path: Path, kind: str) -> None:
    name, make, part = BROKEN_FILES[kind]
    path = make(tmp_path / name)
    with pytest.raises(InputError) as refused:
        read_all(path)
    assert part in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file"):
        open_tables(tmp_path / "nothing.xlsx")


@pytest.mark.parametrize(
    ("letters", "number"), [("A", 0), ("Z", 25), ("AA", 26), ("AMJ", 1023), ("XFD", 16383)]
)
def test_column_letters(letters: str, number: int) -> None:
    assert column_number(letters) == number
    assert column_letters(number) == letters


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_text_of_a_small_file_is_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "days.csv"
    path.write_bytes("2027-01-01,休息日,元旦\n".encode(encoding))
    assert read_text(path) == "2027-01-01,休息日,元旦\n"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "days.xlsx"
    path.write_bytes(b"PK\x03\x04\0\0")
    with pytest.raises(InputError, match="not a table of text"):
        read_text(path)
    with pytest.raises(InputError, match="no file"):
        read_text(tmp_path / "none.json")
    with pytest.raises(InputError, match="cannot be read"):
        read_text(tmp_path)
