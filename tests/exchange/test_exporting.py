"""What is exported can be imported, and nothing else can get out of a file than what went in."""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from desk_maint.db.engine import Database, create_database
from desk_maint.db.models import Device, Fault, Hold, Outlet, Setting, Stoppage
from desk_maint.domain.errors import (
    Cancelled,
    EnvironmentProblem,
    InputError,
    PermissionDeniedError,
)
from desk_maint.domain.people import Actor, Role
from desk_maint.exchange.columns import SHEETS
from desk_maint.exchange.exporting import WHAT, export
from desk_maint.language import LANGUAGES
from desk_maint.services.exports import Records, open_records
from tests.exchange.district import (
    DISTRICT,
    MANAGER,
    NOW,
    at,
    bring_in,
    contents,
    counts,
    without_history,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = ["=1+1", "+86 10", "-5", "@SUM(A1)", "'=already quoted", "＝全角", "#N/A", "正常"]


@pytest.fixture
def district(database: Database, tmp_path: Path) -> Database:
    assert bring_in(database, DISTRICT, folder=tmp_path).applied
    more = {
        "faults": [
            ("number", "tag", "reported_at", "impact", "grade", "symptom", "cause",
             "responsibility", "accepted_at", "on_site_at", "restored_at", "confirmed_at",
             "technician", "action_taken", "spare_from", "exempt"),
            ("0007", "LK-01", "2026-06-12 09:00:07", "degraded", 1, "正常", "-", "carrier",
             "2026-06-12 09:01", "2026-06-12 09:30", "2026-06-12 10:00", "2026-06-12 10:30",
             "张三", "+", "2026-06-12 09:40", "proposed"),
        ],
        "hostile": [
            ("number", "tag", "reported_at", "impact", "grade", "remarks", "cancelled_at"),
            *(
                (f"X{number}", "LK-01", f"2026-06-1{number} 09:00", "degraded", 3, "…",
                 f"2026-06-1{number} 09:30")
                for number in range(len(HOSTILE))
            ),
        ],
        "devices": [("tag", "category", "outlet_code", "position", "commissioned_on", "remarks",
                     "calendar", "extinguisher_type", "manufactured_on", "retention_days_required"),
                    ("0042", "fire_extinguisher", "01", "门厅", "2020-02-29", "a\nb", "大厅",
                     "co2", "2019-12-31", None),
                    ("SX-2", "cctv_camera", "01", "-1 层", "2020-02-29", None, None, None, None,
                     30)],
        "calendars": [
            ("name", "valid_from", "timezone", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
             "makeup_workday"),
            ("大厅", "2026-07-01", "Asia/Taipei", *["08:30-12:00 13:00-17:00"] * 5, "closed",
             "closed", "09:00-12:00"),
        ],
        "special_days": [("date", "kind", "calendar", "hours"),
                         ("2026-05-09", "work", "大厅", "09:00-12:00")],
    }  # fmt: skip
    rows = more.pop("hostile")
    assert bring_in(database, more, folder=tmp_path, name="more.xlsx").refused == []
    assert bring_in(database, {"faults": rows}, folder=tmp_path, name="hostile.xlsx").applied
    with database.change(MANAGER, "test", at=NOW) as work:
        for number, text in enumerate(HOSTILE):
            hostile = update(Fault).where(Fault.number == f"X{number}")
            work.session.execute(hostile.values(remarks=text, cause=text, technician=text))
    return database


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    opened = create_database(str(tmp_path / "empty.db"))
    yield opened
    opened.close()


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return what can be exported, as read from the tables."""
    with open_records(database, MANAGER) as records:
        return {each.key: rows_of(records, each.key) for each in SHEETS}


def rows_of(records: Records, kind: str) -> list[tuple[object, ...]]:
    with records.rows(kind) as rows:
        return list(rows)


def state_of_faults(database: Database) -> list[tuple[object, ...]]:
    """Return what follows from the exported columns."""
    with database.read() as session:
        return [
            tuple(row)
            for row in session.execute(
                select(
                    Fault.number,
                    Fault.state,
                    Fault.occurred_at,
                    Fault.occurred_estimated,
                    Fault.accept_due_at,
                    Fault.on_site_due_at,
                    Fault.repair_due_at,
                    Outlet.code,
                )
                .join(Outlet, Outlet.id == Fault.outlet_id)
                .order_by(Fault.number)
            )
        ]


def test_the_rows_have_the_columns_of_the_contract_in_their_order(sqlite_database: Database):
    with open_records(sqlite_database, MANAGER) as records:
        for each in SHEETS:
            assert records.columns(each.key) == tuple(column.key for column in each.columns)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_comes_back_unchanged_into_the_same_database(
    district: Database, tmp_path: Path, lang: str
):
    before = everything(district), state_of_faults(district)
    tables = without_history(contents(district))
    written = export(district, MANAGER, "all", tmp_path / "all.xlsx", lang=lang)
    assert written.rows == {kind: len(rows) for kind, rows in before[0].items()}
    report = bring_in(district, tmp_path / "all.xlsx")
    assert not report.refused
    assert not report.unknown_columns
    assert not report.warnings
    for kind, (read, added, changed, unchanged, refused) in counts(report).items():
        assert (added, changed, refused) == (0, 0, 0), kind
        assert read == unchanged == written.rows[kind], kind
    assert (everything(district), state_of_faults(district)) == before
    assert without_history(contents(district)) == tables


@pytest.mark.parametrize("whats", [("all",), ("inventory", "faults")])
def test_everything_comes_into_an_empty_database(
    district: Database, empty: Database, tmp_path: Path, whats: tuple[str, ...]
):
    for what in whats:
        path = tmp_path / f"{what}.xlsx"
        export(district, MANAGER, what, path, lang="zh_CN")
        assert bring_in(empty, path).applied
    assert everything(empty) == everything(district)
    assert state_of_faults(empty) == state_of_faults(district)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_table_comes_back_unchanged_from_csv(district: Database, tmp_path: Path, lang: str):
    before = everything(district)
    for kind, rows in before.items():
        path = tmp_path / f"{kind}.csv"
        export(district, MANAGER, kind, path, lang=lang)
        report = bring_in(district, path)
        assert not report.refused
        assert counts(report) == {kind: (len(rows), 0, 0, len(rows), 0)}
    assert everything(district) == before


def test_no_text_of_a_user_can_start_a_formula(district: Database, tmp_path: Path):
    export(district, MANAGER, "faults", tmp_path / "faults.xlsx", lang="en")
    page = load_workbook(tmp_path / "faults.xlsx")["Faults"]
    cells = [cell for row in page.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    hostile = {cell.value: cell.quotePrefix for cell in cells if cell.value in HOSTILE}
    assert hostile == {text: text[0] in "=+-@＝" for text in HOSTILE}

    export(district, MANAGER, "faults", tmp_path / "faults.csv", lang="en")
    with (tmp_path / "faults.csv").open(encoding="utf-8-sig", newline="") as stream:
        values = {value for row in csv.reader(stream) for value in row}
    assert not [value for value in values if value.startswith(("=", "+", "-", "@", "＝"))]
    assert {"'=1+1", "''=already quoted", "正常"} <= values


def test_codes_and_dates_are_kept_as_such(district: Database, tmp_path: Path):
    export(district, MANAGER, "inventory", tmp_path / "inventory.xlsx", lang="en")
    page = load_workbook(tmp_path / "inventory.xlsx")["Equipment"]
    titles = [cell.value for cell in page[1]]
    row = next(row for row in page.iter_rows(min_row=2) if row[0].value == "0042")
    cells = dict(zip(titles, row, strict=True))
    assert cells["Asset number"].number_format == "@"
    assert f"{cells['Date put into service'].value:%Y-%m-%d}" == "2020-02-29"
    assert cells["Date put into service"].is_date


def test_a_moment_of_the_hour_that_comes_twice_is_the_same_after_the_round(
    sqlite_database: Database, tmp_path: Path
):
    rows = dict(DISTRICT) | {"settings": [("key", "value"), ("timezone", "Europe/Berlin")]}
    assert bring_in(sqlite_database, rows, folder=tmp_path).applied
    second = at(2026, 10, 25, 8, 30)  # 00:30 UTC: 02:30 for the first time in Berlin
    with sqlite_database.change(MANAGER, "test", at=NOW) as work:
        work.session.execute(
            update(Fault).where(Fault.number == "F1").values(restored_at=second + 3600)
        )
        work.session.execute(update(Hold).values(to_at=second))
    before = everything(sqlite_database)
    for name in ("faults.xlsx", "faults.csv"):
        export(sqlite_database, MANAGER, "faults", tmp_path / name, lang="en")
        report = bring_in(sqlite_database, tmp_path / name)
        assert not report.refused
        assert {(change, refused) for _, _, change, _, refused in counts(report).values()} == {
            (0, 0)
        }
        assert everything(sqlite_database) == before


def test_a_device_that_moved_comes_back_with_its_whole_history(
    district: Database, empty: Database, tmp_path: Path
):
    moves = {
        "moves": [
            ("tag", "moved_on", "to_outlet_code", "position"),
            ("ATM-01", "2020-01-01", "0101", "大堂"),
            ("ATM-01", "2024-05-01", "0102", "东墙"),
            ("ATM-01", "2025-05-01", "0101", "西墙"),
        ]
    }
    assert bring_in(district, moves, folder=tmp_path).applied
    export(district, MANAGER, "all", tmp_path / "all.xlsx", lang="zh_TW")
    assert bring_in(empty, tmp_path / "all.xlsx").applied
    with open_records(empty, MANAGER) as records:
        assert [row for row in rows_of(records, "moves") if row[0] == "ATM-01"] == [
            ("ATM-01", date(2020, 1, 1), "0101", "大堂"),
            ("ATM-01", date(2024, 5, 1), "0102", "东墙"),
            ("ATM-01", date(2025, 5, 1), "0101", "西墙"),
        ]
    assert everything(empty) == everything(district)


def test_stoppages_that_are_only_proposed_or_refused_stay_here(district: Database, tmp_path: Path):
    with district.change(MANAGER, "test", at=NOW) as work:
        rows = work.session.scalars(select(Stoppage).order_by(Stoppage.id)).all()
        rows[0].approved_by, rows[0].proposed_by = None, "张三"
        rows[1].refused_by = "李局长"
    assert export(district, MANAGER, "stoppages", tmp_path / "s.xlsx", lang="en").rows == {
        "stoppages": len(rows) - 2
    }


def test_what_a_csv_file_cannot_hold_is_said(district: Database, tmp_path: Path):
    with pytest.raises(InputError, match="A CSV file holds one table"):
        export(district, MANAGER, "inventory", tmp_path / "inventory.csv", lang="en")
    assert not list(tmp_path.glob("inventory*"))
    written = export(district, MANAGER, "tickets", tmp_path / "tickets.csv", lang="en")
    assert [note.values["kinds"] for note in written.notes] == ["holds"]
    assert not export(district, MANAGER, "holds", tmp_path / "holds.csv", lang="en").notes


@pytest.mark.parametrize(
    ("what", "name", "sentence"),
    [
        ("furniture", "x.xlsx", "cannot be exported"),
        ("faults", "x.pdf", "neither an .xlsx nor a .csv"),
    ],
)
def test_what_cannot_be_exported_is_refused(
    sqlite_database: Database, tmp_path: Path, what: str, name: str, sentence: str
):
    with pytest.raises(InputError, match=sentence):
        export(sqlite_database, MANAGER, what, tmp_path / name, lang="en")
    assert not (tmp_path / name).exists()


def test_a_text_too_long_for_a_cell_goes_into_csv_only(district: Database, tmp_path: Path):
    with district.change(MANAGER, "test", at=NOW) as work:
        work.session.execute(
            update(Device).where(Device.tag == "0042").values(remarks="长" * 32_768)
        )
    with pytest.raises(InputError, match="longer than the 32767 characters"):
        export(district, MANAGER, "devices", tmp_path / "devices.xlsx", lang="en")
    assert not list(tmp_path.glob("*devices*"))
    export(district, MANAGER, "devices", tmp_path / "devices.csv", lang="en")
    report = bring_in(district, tmp_path / "devices.csv")
    assert counts(report)["devices"][2:] == (0, report.sheets[0].read, 0)


def test_a_reporter_cannot_export(sqlite_database: Database, tmp_path: Path):
    with pytest.raises(PermissionDeniedError):
        export(
            sqlite_database,
            Actor("小李", Role.REPORTER),
            "inventory",
            tmp_path / "x.xlsx",
            lang="en",
        )


def left_over() -> set[str]:
    return {path.name for path in Path(tempfile.gettempdir()).glob("openpyxl.*")}


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
def test_cancelling_leaves_what_was_there(district: Database, tmp_path: Path, name: str):
    target, unpacked = tmp_path / name, left_over()
    target.write_bytes(b"what was there")
    asked: list[bool] = []

    def at_the_second_look() -> bool:
        asked.append(True)
        return len(asked) > 1

    with pytest.raises(Cancelled):
        export(district, MANAGER, "faults", target, lang="en", cancelled=at_the_second_look)
    assert target.read_bytes() == b"what was there"
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == [name]
    assert left_over() == unpacked


def test_progress_reaches_its_end(district: Database, tmp_path: Path):
    told: list[tuple[int, int]] = []
    written = export(
        district,
        MANAGER,
        "all",
        tmp_path / "all.xlsx",
        lang="en",
        progress=lambda done, total: told.append((done, total)),
    )
    total = sum(written.rows.values())
    assert told[0] == (0, total)
    assert told[-1] == (total, total)


@pytest.mark.parametrize("name", ["x.xlsx", "x.csv"])
def test_a_place_that_cannot_be_written_is_told_in_a_sentence(
    sqlite_database: Database, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
):
    def export_to(path: Path) -> None:
        export(sqlite_database, MANAGER, "settings", path, lang="en")

    with pytest.raises(EnvironmentProblem, match="no such folder"):
        export_to(tmp_path / "nowhere" / name)
    (tmp_path / name).mkdir()
    with pytest.raises(InputError, match="is a folder"):
        export_to(tmp_path / name)

    def full(*_unused: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(EnvironmentProblem, match="the disk is full"):
        export_to(tmp_path / f"other-{name}")
    assert [path.name for path in tmp_path.iterdir() if path.suffix in {".xlsx", ".csv"}] == [name]


def test_the_settings_come_in_the_order_of_the_contract(sqlite_database: Database, tmp_path: Path):
    export(sqlite_database, MANAGER, "settings", tmp_path / "s.xlsx", lang="en")
    page = load_workbook(tmp_path / "s.xlsx").active
    assert page is not None
    keys = [row[0] for row in page.iter_rows(min_row=2, values_only=True)]
    with sqlite_database.read() as session:
        assert set(keys) == set(session.scalars(select(Setting.key)))
    assert keys[:3] == ["timezone", "bureau_name", "target.atm"]


def test_every_kind_of_record_can_be_named(sqlite_database: Database, tmp_path: Path):
    for what in WHAT:
        written = export(sqlite_database, MANAGER, what, tmp_path / f"{what}.xlsx", lang="zh_CN")
        assert tuple(written.rows) == WHAT[what]
