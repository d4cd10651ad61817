"""The managers' workbook: recalculated elsewhere, every formula gives the program's own figure."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from sqlalchemy import select

from desk_maint.db.engine import create_database
from desk_maint.db.models import Device, Fault
from desk_maint.domain.devices import Category
from desk_maint.domain.errors import Cancelled, EnvironmentProblem, InputError
from desk_maint.domain.faults import ExemptState, Impact
from desk_maint.domain.instants import from_local, zone
from desk_maint.domain.people import Actor, Role
from desk_maint.exchange.managers_workbook import devices, export_uptime, outlets, summary
from desk_maint.exchange.managers_workbook import evidence as evidence_sheet
from desk_maint.language import term
from desk_maint.language.words import word_key
from desk_maint.services.demo import fill_demo
from desk_maint.services.evidence import evidence
from desk_maint.services.uptime import By, uptime
from tests.services.ledger import MANAGER, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from desk_maint.db.engine import Database
    from desk_maint.domain.devices import Group
    from desk_maint.services.uptime import Figures, UptimeReport

SHANGHAI = zone("Asia/Shanghai")
FIRST, LAST = date(2026, 5, 1), date(2026, 7, 1)
SHEETS = ["Summary", "Outlets", "Devices", "Evidence", "Tickets", "Rules"]
FIRST_ROW = 5


def at(*moment: int) -> int:
    return from_local(datetime(*moment), SHANGHAI)


WITHIN, AFTER = at(2026, 6, 20, 10), at(2026, 7, 5, 8)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The demo district, and a device that moves with all that can befall it."""
    location = tmp_path_factory.mktemp("district") / "district.db"
    database = create_database(str(location))
    fill_demo(database, Actor("demo", Role.ADMINISTRATOR), months=3, at=AFTER)
    with write(database) as ledger:
        old, new = ledger.outlet("9901"), ledger.outlet("9902")
        moved = ledger.device("=1+1", old, moves=[(date(2026, 5, 20), new)])
        ledger.fault(moved, "2026-04-30 20:00", "2026-05-01 06:00", cause="跨月")
        ledger.fault(moved, "2026-05-19 12:00", "2026-05-21 12:00", cause="@跨网点")
        ledger.fault(
            moved, "2026-05-21 06:00", "2026-05-22 06:00", exempt=ExemptState.APPROVED, cause="线路"
        )
        ledger.fault(moved, "2026-05-31 23:00", "2026-06-01 01:00", impact=Impact.DEGRADED)
        ledger.fault(moved, "2026-06-18 12:00", None)
        ledger.fault(moved, "2026-06-02 08:00", "2026-06-02 08:00")
        ledger.stoppage("2026-05-20 18:00", "2026-05-20 20:00", device=moved)
        terminal = ledger.device("+86", new, category=Category.GREEN_CARD_TERMINAL)
        ledger.fault(terminal, "2026-06-03 08:00:01", "2026-06-03 08:00:02")
    yield database
    database.close()


def written(database: Database, path: Path, *, as_of: int = AFTER, lang: str = "zh_CN") -> Path:
    export_uptime(database, MANAGER, FIRST, LAST, path, as_of=as_of, lang=lang)
    return path


def recalculated(path: Path, folder: Path) -> Any:
    """Return the workbook after another program has computed every formula anew."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice (libreoffice-calc) is not on this machine")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    out = folder / "recalculated"
    command = [soffice, "--headless", profile, "--convert-to", "xlsx", "--outdir", str(out)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=300)
    return load_workbook(out / path.name, data_only=True)


def share(value: Any, lang: str) -> str | None:
    """Return a share of one as the program writes a percentage."""
    if value == term("not_applicable", lang):
        return None
    return f"{value * 100:.2f}"


def group_word(group: Group, lang: str) -> str:
    return term(word_key(group), lang)


def check_figures(cells: dict[str, Any], figures: Figures, lang: str) -> None:
    words = {True: "achieved", False: "not_achieved", None: "not_applicable"}
    whole = {
        "scheduled": figures.scheduled_seconds,
        "exempt": figures.exempt_seconds,
        "required": figures.required_seconds,
        "down": figures.down_seconds,
        "whole_scheduled": figures.whole_scheduled_seconds,
        "allowed": figures.allowed_down_seconds,
        "left": figures.remaining_down_seconds,
        "device_days": figures.device_days,
        "bad_strict": figures.bad_days_strict,
        "bad_within": figures.bad_days_within_limits,
        "faults": figures.faults,
    }
    assert {key: cells[key] for key in whole} == whole
    shares = {
        "uptime": figures.uptime_percent,
        "actual": figures.actual_percent,
        "strict": figures.strict_percent,
        "within": figures.within_limits_percent,
    }
    there = shares.keys() & cells.keys()
    assert {key: share(cells[key], lang) for key in there} == {key: shares[key] for key in there}
    assert cells["verdict"] == term(words[figures.met], lang)


def rows(page: Worksheet, fields: Any) -> Iterator[dict[str, Any]]:
    keys = [field.key for field in fields]
    for row in page.iter_rows(min_row=FIRST_ROW, values_only=True):
        yield dict(zip(keys, row, strict=False))


def of_groups(page: Worksheet, report: UptimeReport, lang: str) -> dict[str, dict[str, Any]]:
    """Return both blocks of the summary by the name of the group."""
    names = {group_word(row.group, lang): row.group for row in report.groups}
    found: dict[str, dict[str, Any]] = {name: {} for name in names}
    blocks = iter((summary._STANDING, summary._BASIS))
    keys: list[str] = []
    for row in page.iter_rows(max_col=13, values_only=True):
        if row[0] == term("equipment_group", lang):
            keys = list(next(blocks))
        elif row[0] in found and keys:
            found[row[0]] |= dict(zip(keys, row, strict=True))
    return found


@pytest.mark.parametrize(
    ("lang", "as_of"), [("zh_CN", AFTER), ("zh_TW", WITHIN), ("en", AFTER)], ids=str
)
def test_recalculated_elsewhere_every_formula_is_the_programs_own_figure(
    district: Database, tmp_path: Path, lang: str, as_of: int
) -> None:
    path = written(district, tmp_path / "june.xlsx", as_of=as_of, lang=lang)
    workbook = recalculated(path, tmp_path)
    report = uptime(district, MANAGER, FIRST, LAST, as_of=as_of, by=set(By))
    formulas = Counter()
    for page in load_workbook(path):
        for cell in (cell for row in page.iter_rows() for cell in row):
            if cell.data_type == "f":
                value = workbook[page.title][cell.coordinate].value
                assert value is not None, (page.title, cell.coordinate, cell.value)
                assert not str(value).startswith(("#", "Err:")), (page.title, cell.coordinate)
                formulas[page.title] += 1
    assert formulas.keys() >= {"Summary", "Outlets", "Devices"}

    groups = of_groups(workbook["Summary"], report, lang)
    for row in report.groups:
        cells = groups[group_word(row.group, lang)]
        assert cells["devices"] == row.devices
        check_figures(cells, row.figures, lang)
    expected = {(row.outlet, group_word(row.group, lang)): row for row in report.outlets}
    found = {
        (row["outlet"], row["group"]): row for row in rows(workbook["Outlets"], outlets._FIELDS)
    }
    assert found.keys() == expected.keys()
    for key, outlet in expected.items():
        assert found[key]["devices"] == outlet.devices
        check_figures(found[key], outlet.figures, lang)
    by_device = {(row.tag, row.outlet): row for row in report.devices}
    lines = rows(workbook["Devices"], devices._FIELDS)
    found = {(row["tag"], row["outlet"]): row for row in lines}
    assert found.keys() == by_device.keys()
    for key, device in by_device.items():
        check_figures(found[key], device.figures, lang)
    check_months(workbook["Summary"], report, lang)
    texts = [cell for row in workbook["Summary"].iter_rows(values_only=True) for cell in row]
    assert term("check_agrees", lang) in texts
    assert term("check_differs", lang) not in texts


def check_months(page: Worksheet, report: UptimeReport, lang: str) -> None:
    order = [row.group for row in report.groups]
    months = {(row.month, row.group): row.figures for row in report.months}
    seen = 0
    for row in page.iter_rows(max_col=1 + 3 * len(order), values_only=True):
        name = f"{row[0] // 100}-{row[0] % 100:02}" if isinstance(row[0], int) else ""
        if (name, order[0]) not in months:
            continue
        seen += 1
        for place, group in enumerate(order):
            required, down, rate = row[1 + 3 * place : 4 + 3 * place]
            figures = months[name, group]
            assert (required, down) == (figures.required_seconds, figures.down_seconds)
            assert share(rate, lang) == figures.uptime_percent
    assert seen == len(months) // len(order)


def test_the_evidence_is_every_piece_of_downtime(district: Database, tmp_path: Path) -> None:
    path = written(district, tmp_path / "june.xlsx")
    page = load_workbook(path)["Evidence"]
    lines = list(rows(page, evidence_sheet._FIELDS))
    pieces = list(evidence(district, MANAGER, FIRST, LAST, as_of=AFTER))
    assert sum(line["seconds"] for line in lines) == sum(piece.seconds for piece in pieces)
    assert {line["number"] for line in lines} == {piece.number for piece in pieces}


def test_it_is_laid_out_for_reading_and_printing(district: Database, tmp_path: Path) -> None:
    workbook = load_workbook(written(district, tmp_path / "june.xlsx"))
    assert workbook.sheetnames == SHEETS
    for page in workbook:
        assert page.page_setup.orientation == "landscape"
        assert page.page_setup.paperSize == int(page.PAPERSIZE_A4)
        assert "&P" in page.oddFooter.center.text + page.oddFooter.right.text
    for name in SHEETS[1:5]:
        page = workbook[name]
        assert page.freeze_panes.endswith(str(FIRST_ROW))
        assert page.auto_filter.ref == (
            f"A{FIRST_ROW - 1}:{get_column_letter(page.max_column)}{page.max_row}"
        )
        assert page.print_title_rows == f"${FIRST_ROW - 1}:${FIRST_ROW - 1}"
    assert len(workbook["Summary"]._charts) == 2


def test_what_people_wrote_is_text_and_never_a_formula(district: Database, tmp_path: Path) -> None:
    workbook = load_workbook(written(district, tmp_path / "june.xlsx"))
    found = Counter()
    for page in workbook:
        for cell in (cell for row in page.iter_rows() for cell in row):
            if cell.value in {"=1+1", "+86", "@跨网点"}:
                assert cell.data_type == "s"
                assert cell.quotePrefix
                found[cell.value] += 1
    assert found.keys() == {"=1+1", "+86", "@跨网点"}


def checksum(path: Path) -> str:
    texts = [
        str(cell)
        for row in load_workbook(path)["Rules"].iter_rows(values_only=True)
        for cell in row
    ]
    (line,) = (text for text in texts if "SHA-256" in text)
    return line


def test_the_checksum_follows_the_inputs_and_nothing_else(
    database: Database, tmp_path: Path
) -> None:
    with write(database) as ledger:
        atm = ledger.device("ATM-01", ledger.outlet("0101"))
        ledger.fault(atm, "2026-06-03 08:00", "2026-06-03 14:00", cause="读卡器")
    before = checksum(written(database, tmp_path / "one.xlsx"))
    with database.change(MANAGER, "device.edit", at=AFTER) as work:
        work.session.scalars(select(Device)).one().remarks = "换了标签"
    assert checksum(written(database, tmp_path / "two.xlsx", as_of=AFTER)) == before
    with database.change(MANAGER, "ticket.edit", at=AFTER) as work:
        work.session.scalars(select(Fault)).one().restored_at += 1
    assert checksum(written(database, tmp_path / "three.xlsx")) != before


def test_a_cancelled_or_failing_export_leaves_the_earlier_file(
    district: Database, tmp_path: Path
) -> None:
    path = tmp_path / "june.xlsx"
    path.write_bytes(b"the one of yesterday")
    done: list[int] = []

    def give_up() -> bool:
        return len(done) > 1

    with pytest.raises(Cancelled):
        export_uptime(
            district,
            MANAGER,
            FIRST,
            LAST,
            path,
            as_of=AFTER,
            lang="zh_CN",
            progress=lambda count, _total: done.append(count),
            cancelled=give_up,
        )
    with pytest.raises(InputError, match="before it begins"):
        export_uptime(district, MANAGER, LAST, FIRST, path, as_of=AFTER, lang="zh_CN")
    assert path.read_bytes() == b"the one of yesterday"
    assert [each.name for each in tmp_path.iterdir()] == ["june.xlsx"]
    with pytest.raises(EnvironmentProblem):
        written(district, tmp_path / "there is none" / "june.xlsx")
