"""The managers' workbook: recalculated elsewhere, every formula gives the program's own figure."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from sqlalchemy import select

from desk_maint.db.engine import create_database
from desk_maint.db.models import Device, Fault, Setting
from desk_maint.domain.devices import Category
from desk_maint.domain.errors import Cancelled, EnvironmentProblem, InputError
from desk_maint.domain.faults import ExemptState, Impact, Responsibility
from desk_maint.domain.instants import from_local, zone
from desk_maint.domain.people import Actor, Role
from desk_maint.domain.percent import cut_percent
from desk_maint.domain.targets import Measure
from desk_maint.exchange.managers_workbook import (
    devices,
    export_uptime,
    outlets,
    summary,
    tickets,
)
from desk_maint.exchange.managers_workbook import evidence as evidence_sheet
from desk_maint.exchange.managers_workbook.book import MEASURE_WORDS
from desk_maint.language import term
from desk_maint.language.words import word_key
from desk_maint.services.demo import fill_demo
from desk_maint.services.evidence import evidence
from desk_maint.services.statement import open_statement
from desk_maint.services.uptime import By, uptime
from tests.services.ledger import MANAGER, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

    from desk_maint.db.engine import Database
    from desk_maint.domain.devices import Group
    from desk_maint.services.evidence import EvidenceRow
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
        assert cells["left_hours"] == pytest.approx(row.figures.remaining_down_seconds / 3600)
        assert cells["group_again"] == cells["group"]
    expected = {(row.outlet, group_word(row.group, lang)): row for row in report.outlets}
    found = {
        (row["outlet"], row["group"]): row for row in rows(workbook["Outlets"], outlets._FIELDS)
    }
    assert found.keys() == expected.keys()
    for key, outlet in expected.items():
        assert found[key]["devices"] == outlet.devices
        assert found[key]["target"] * 10_000 == pytest.approx(outlet.figures.target)
        check_figures(found[key], outlet.figures, lang)
    by_device = {(row.tag, row.outlet): row for row in report.devices}
    lines = rows(workbook["Devices"], devices._FIELDS)
    found = {(row["tag"], row["outlet"]): row for row in lines}
    assert found.keys() == by_device.keys()
    for key, device in by_device.items():
        assert found[key]["target"] * 10_000 == pytest.approx(device.figures.target)
        check_figures(found[key], device.figures, lang)
    check_months(workbook["Summary"], report, lang)
    check_tickets(workbook, district, as_of, lang)
    check_holders(workbook["Summary"], pieces_of(district, as_of), report, lang)
    check_worst_outlets(workbook["Summary"], report, lang)
    check_totals(workbook)
    texts = [cell for row in workbook["Summary"].iter_rows(values_only=True) for cell in row]
    assert term("check_agrees", lang) in texts
    assert term("check_differs", lang) not in texts


@pytest.mark.parametrize("measure", [Measure.DEVICE_DAYS, Measure.DEVICE_DAYS_WITHIN_LIMITS])
def test_judged_by_another_measure_the_formulas_give_its_verdicts(
    district: Database, tmp_path: Path, measure: Measure
) -> None:
    path = tmp_path / "june.xlsx"
    export_uptime(district, MANAGER, FIRST, LAST, path, as_of=AFTER, lang="en", measure=measure)
    workbook = recalculated(path, tmp_path)
    judged = {"as_of": AFTER, "by": {By.OUTLET, By.DEVICE}}
    report = uptime(district, MANAGER, FIRST, LAST, measure=measure, **judged)
    groups = of_groups(workbook["Summary"], report, "en")
    for row in report.groups:
        check_figures(groups[group_word(row.group, "en")], row.figures, "en")
        assert groups[group_word(row.group, "en")]["measure"] == term(MEASURE_WORDS[measure], "en")
    devices_found = {
        (row["tag"], row["outlet"]): row for row in rows(workbook["Devices"], devices._FIELDS)
    }
    for device in report.devices:
        check_figures(devices_found[device.tag, device.outlet], device.figures, "en")
    as_set = uptime(district, MANAGER, FIRST, LAST, **judged)
    assert [row.figures.met for row in as_set.devices] != [
        row.figures.met for row in report.devices
    ]


def check_months(page: Worksheet, report: UptimeReport, lang: str) -> None:
    order = [row.group for row in report.groups]
    months = {(row.month, row.group): row.figures for row in report.months}
    seen = 0
    for row in page.iter_rows(min_row=1, values_only=True):
        name = f"{row[0] // 100}-{row[0] % 100:02}" if isinstance(row[0], int) else ""
        if (name, order[0]) not in months:
            continue
        seen += 1
        # Beside what is printed stand the same shares again, for the chart.
        drawn = {group: row[16 + 1 + place] for place, group in enumerate(order)}
        for place, group in enumerate(order):
            figures = months[name, group]
            if figures.required_seconds:
                assert share(drawn[group], lang) == figures.uptime_percent
            else:
                assert drawn[group] is None
            required, down, rate = row[1 + 3 * place : 4 + 3 * place]
            assert (required, down) == (figures.required_seconds, figures.down_seconds)
            assert share(rate, lang) == figures.uptime_percent
    assert seen == len(months) // len(order)


def check_tickets(workbook: Any, database: Database, as_of: int, lang: str) -> None:
    """Every verdict on a limit, and the rates of the summary that are made of them."""
    with open_statement(database, MANAGER, FIRST, LAST, as_of=as_of) as statement:
        cut_off = statement.cut_off
        expected = {ticket.number: ticket for ticket in statement.tickets()}
    words = {
        word: term(word, lang) for word in ("in_time_yes", "in_time_no", "in_time_open")
    }  # fmt: skip

    def verdict(due: int | None, done: int | None, ticket: Any) -> str | None:
        if due is None or (done is None and ticket.restored_at is not None):
            return None
        if (cut_off if done is None else done) > due:
            return words["in_time_no"]
        return words["in_time_open" if done is None else "in_time_yes"]

    lines = {line["number"]: line for line in rows(workbook["Tickets"], tickets._FIELDS)}
    assert lines.keys() == expected.keys()
    repaired: Counter[tuple[str, str]] = Counter()
    for number, ticket in expected.items():
        line = lines[number]
        assert line["accept"] == verdict(ticket.accept_due_at, ticket.accepted_at, ticket)
        assert line["arrive"] == verdict(ticket.on_site_due_at, ticket.on_site_at, ticket)
        assert line["repair"] == verdict(ticket.repair_due_at, ticket.restored_at, ticket)
        in_time = {words["in_time_yes"]: True, words["in_time_no"]: False}
        if ticket.repair_due_at is not None:
            assert in_time.get(line["repair"]) is ticket.in_time
        repaired[line["group"], line["repair"]] += 1
    assert {verdict for _, verdict in repaired} >= {words["in_time_yes"], words["in_time_no"]}
    report = uptime(database, MANAGER, FIRST, LAST, as_of=as_of)
    for name, cells in of_groups(workbook["Summary"], report, lang).items():
        kept, missed = (repaired[name, words[key]] for key in ("in_time_yes", "in_time_no"))
        assert (cells["in_time"], cells["judged"]) == (kept, kept + missed)
        assert share(cells["repaired"], lang) == cut_percent(kept, kept + missed)


def pieces_of(database: Database, as_of: int) -> list[EvidenceRow]:
    return list(evidence(database, MANAGER, FIRST, LAST, as_of=as_of))


def check_holders(
    page: Worksheet, pieces: list[EvidenceRow], report: UptimeReport, lang: str
) -> None:
    held: Counter[tuple[Responsibility | None, Group | None]] = Counter()
    for piece in pieces:
        if not piece.exempt:
            held[piece.responsibility, piece.group] += piece.seconds
    order = [row.group for row in report.groups]
    lines = {row[0]: row[1:] for row in page.iter_rows(max_col=2 + len(order), values_only=True)}
    for holder in (*Responsibility, None):
        word = term("not_stated" if holder is None else word_key(holder), lang)
        seconds = [held[holder, group] for group in order]
        hours = [each / 3600 for each in (*seconds, sum(seconds))]
        assert lines[word] == pytest.approx(hours), holder
    sums = [sum(n for (_, of), n in held.items() if of is group) / 3600 for group in order]
    assert lines[term("total", lang)] == pytest.approx([*sums, sum(sums)])


def check_worst_outlets(page: Worksheet, report: UptimeReport, lang: str) -> None:
    title = term("summary_outlets", lang)
    (top,) = (cell.row for row in page.iter_rows(min_col=7, max_col=7) for cell in row
              if cell.value == title)  # fmt: skip
    found = [
        row
        for row in page.iter_rows(min_row=top + 2, min_col=7, max_col=13, values_only=True)
        if row[0] is not None
    ]
    worst = sorted(report.outlets, key=lambda row: -row.figures.down_seconds)[:10]
    words = {True: "achieved", False: "not_achieved", None: "not_applicable"}
    assert [(row[0], row[1], row[3], share(row[4], lang), row[6]) for row in found] == [
        (
            row.outlet,
            row.outlet_name,
            group_word(row.group, lang),
            row.figures.uptime_percent,
            term(words[row.figures.met], lang),
        )
        for row in worst
    ]
    hours = [row.figures.down_seconds / 3600 for row in worst]
    assert [row[5] for row in found] == pytest.approx(hours)


def check_totals(workbook: Any) -> None:
    sheets = {"Outlets": outlets, "Devices": devices, "Evidence": evidence_sheet}
    for name, sheet in sheets.items():
        page, fields = workbook[name], sheet._FIELDS
        keys = [field.key for field in fields]
        totals = dict(zip(keys, (cell.value for cell in page[FIRST_ROW - 2]), strict=False))
        lines = list(rows(page, fields))
        for field in (field for field in fields if field.total):
            assert totals[field.key] == sum(line[field.key] for line in lines), field.key


@pytest.mark.parametrize("as_of", [AFTER, WITHIN])
def test_the_evidence_adds_up_to_the_figures_of_each_device_and_month(
    district: Database, tmp_path: Path, as_of: int
) -> None:
    path = written(district, tmp_path / "june.xlsx", as_of=as_of, lang="en")
    page = load_workbook(path)["Evidence"]
    lines = list(rows(page, evidence_sheet._FIELDS))
    pieces = pieces_of(district, as_of)
    assert sum(line["seconds"] for line in lines) == sum(piece.seconds for piece in pieces)
    assert {line["number"] for line in lines} == {piece.number for piece in pieces}

    report = uptime(district, MANAGER, FIRST, LAST, as_of=as_of, by=set(By))
    of_device: Counter[tuple[Any, ...]] = Counter()
    of_month: Counter[tuple[Any, ...]] = Counter()
    for line in lines:
        of_device[line["tag"], line["outlet"], line["exempt"]] += line["seconds"]
        of_month[line["month"], line["group"], line["exempt"]] += line["seconds"]
    for row in report.devices:
        assert of_device[row.tag, row.outlet, "No"] == row.figures.down_seconds
        assert of_device[row.tag, row.outlet, "Yes"] == row.figures.exempt_seconds
    for month in report.months:
        key = int(month.month.replace("-", "")), group_word(month.group, "en")
        assert of_month[*key, "No"] == month.figures.down_seconds
        assert of_month[*key, "Yes"] == month.figures.exempt_seconds


def test_overlapping_faults_and_a_move_share_out_their_seconds(
    district: Database, tmp_path: Path
) -> None:
    page = load_workbook(written(district, tmp_path / "june.xlsx", lang="en"))["Evidence"]
    mine = [line for line in rows(page, evidence_sheet._FIELDS) if line["tag"] == "=1+1"]
    found = [
        (line["cause"], line["outlet"], f"{line['start']:%m-%d %H:%M}",
         f"{line['end']:%m-%d %H:%M}", line["seconds"] / 3600, line["exempt"])
        for line in mine
    ]  # fmt: skip
    assert sorted(found, key=lambda line: line[2]) == [
        ("跨月", "9901", "05-01 00:00", "05-01 06:00", 6, "No"),
        ("@跨网点", "9901", "05-19 12:00", "05-20 00:00", 12, "No"),
        # The stoppage takes two hours, and the counted fault goes before the exempt one.
        ("@跨网点", "9902", "05-20 00:00", "05-20 18:00", 18, "No"),
        ("@跨网点", "9902", "05-20 20:00", "05-21 12:00", 16, "No"),
        ("线路", "9902", "05-21 12:00", "05-22 06:00", 18, "Yes"),
        # Still open: to the end of the period, cut where the month ends.
        (None, "9902", "06-18 12:00", "07-01 00:00", 300, "No"),
    ]


def test_it_is_laid_out_for_reading_and_printing(district: Database, tmp_path: Path) -> None:
    workbook = load_workbook(written(district, tmp_path / "june.xlsx"))
    assert workbook.sheetnames == SHEETS
    for page in workbook:
        assert page.page_setup.orientation == "landscape"
        assert page.page_setup.paperSize == int(page.PAPERSIZE_A4)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
        footer = page.oddFooter.center.text + page.oddFooter.right.text
        assert all(code in footer for code in ("&P", "&N", "&A"))
        assert page.print_area
        assert page.freeze_panes
    for name in SHEETS[1:5]:
        page = workbook[name]
        assert page.freeze_panes.endswith(str(FIRST_ROW))
        assert page.auto_filter.ref == (
            f"A{FIRST_ROW - 1}:{get_column_letter(page.max_column)}{page.max_row}"
        )
        used = {get_column_letter(number) for number in range(1, page.max_column + 1)}
        assert used == {key for key, column in page.column_dimensions.items() if column.width}
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
    cells = (
        cell for row in load_workbook(path)["Rules"].iter_rows(values_only=True) for cell in row
    )
    (found,) = (sum_ for cell in cells for sum_ in re.findall(r"\b[0-9a-f]{64}\b", str(cell)))
    return str(found)


def test_the_checksum_follows_the_inputs_and_nothing_else(
    database: Database, tmp_path: Path
) -> None:
    with write(database) as ledger:
        atm = ledger.device("ATM-01", ledger.outlet("0101"))
        ledger.fault(atm, "2026-06-03 08:00", "2026-06-03 14:00", cause="读卡器")
    path = tmp_path / "one.xlsx"
    before = checksum(written(database, path))
    with database.change(MANAGER, "device.edit", at=AFTER) as work:
        work.session.scalars(select(Device)).one().remarks = "换了标签"
    assert checksum(written(database, tmp_path / "two.xlsx", as_of=AFTER)) == before
    with database.change(MANAGER, "ticket.edit", at=AFTER) as work:
        work.session.scalars(select(Fault)).one().restored_at += 1
    after = checksum(written(database, tmp_path / "three.xlsx"))
    assert after != before
    earlier = checksum(written(database, tmp_path / "four.xlsx", as_of=WITHIN))
    with write(database) as ledger:
        ledger.stoppage("2026-06-08 01:00", "2026-06-08 02:00", device=ledger.session.scalars(
            select(Device)).one())  # fmt: skip
    stopped = checksum(written(database, tmp_path / "five.xlsx"))
    with database.change(MANAGER, "settings.edit", at=AFTER) as work:
        work.session.get_one(Setting, "target.atm").value = "95.01"
    assert len({before, after, earlier, stopped, checksum(written(database, path))}) == 5
    english = checksum(written(database, tmp_path / "english.xlsx", lang="en"))
    assert english == checksum(path)


def test_a_reader_can_compute_the_checksum_again(district: Database, tmp_path: Path) -> None:
    path = written(district, tmp_path / "june.xlsx", as_of=WITHIN, lang="en")
    workbook = load_workbook(path)
    lines = [
        ["desk-maint/statement-inputs/1"],
        ["period", str(FIRST), str(LAST), "2026-06-20 10:00:00", "Asia/Shanghai"],
    ]
    keys = re.compile(r".*\((\w+)\)")
    for row in workbook["Rules"].iter_rows(max_col=5, values_only=True):
        if row[1] in {"atm", "networked_terminal", "safety"}:
            measure, counts = (keys.fullmatch(words)[1] for words in row[2:4])
            lines.append(["target", row[1], round(row[4] * 10_000), measure, counts])
    fields = ("tag", "outlet", "scheduled", "whole_scheduled", "device_days", "bad_strict",
              "bad_within", "faults", "elsewhere")  # fmt: skip
    width = len(devices._FIELDS)
    for row in workbook["Devices"].iter_rows(min_row=FIRST_ROW, values_only=True):
        line = dict(zip((field.key for field in devices._FIELDS), row[:width], strict=True))
        months = row[width:]
        line["scheduled"] = sum(months)
        lines.append(["device", *(line[key] for key in fields), *months])
    for line in rows(workbook["Evidence"], evidence_sheet._FIELDS):
        moments = (f"{line[key]:%Y-%m-%d %H:%M:%S}" for key in ("start", "end"))
        exempt = int(line["exempt"] == "Yes")
        lines.append(
            [
                "piece",
                line["number"],
                line["tag"],
                line["outlet"],
                *moments,
                line["seconds"],
                exempt,
            ]
        )
    fields = ("accept_due", "accepted", "on_site_due", "on_site", "repair_due", "restored")
    for line in rows(workbook["Tickets"], tickets._FIELDS):
        moments = (f"{line[key]:%Y-%m-%d %H:%M:%S}" if line[key] else "" for key in fields)
        lines.append(["ticket", line["number"], *moments])
    text = "".join("\t".join(map(str, line)) + "\n" for line in lines)
    assert checksum(path) == hashlib.sha256(text.encode()).hexdigest()


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


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EnvironmentProblem, match="there is no such folder"):
        written(sqlite_database, tmp_path / "there is none" / "june.xlsx")
    path = tmp_path / "june.xlsx"
    path.write_bytes(b"the one of yesterday")

    def is_open(*_unused: Any) -> None:
        raise PermissionError(13, "The process cannot access the file")

    # A folder that is read-only is no hindrance to an administrator, who may run this test.
    for step in ("touch", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, step, is_open)
            with pytest.raises(EnvironmentProblem, match="it is open in another program"):
                written(sqlite_database, path)
        assert path.read_bytes() == b"the one of yesterday"
        assert [each.name for each in tmp_path.glob("*june*")] == ["june.xlsx"]


def test_a_period_without_equipment_is_written_too(
    sqlite_database: Database, tmp_path: Path
) -> None:
    path = written(sqlite_database, tmp_path / "empty.xlsx", lang="en")
    workbook = recalculated(path, tmp_path)
    values = [
        str(cell) for page in workbook for row in page.iter_rows(values_only=True) for cell in row
    ]
    assert not [value for value in values if value.startswith(("#", "Err:"))]
    assert term("not_applicable", "en") in values
    assert term("no_downtime", "en") in values
