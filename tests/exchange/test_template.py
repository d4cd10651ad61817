"""The empty exchange workbook: what it offers, and that it comes in when filled."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from desk_maint.domain.errors import EnvironmentProblem
from desk_maint.exchange.columns import SHEETS, Kind, sheet
from desk_maint.exchange.template import write_template
from desk_maint.language import LANGUAGES, term
from desk_maint.language.words import WORDS
from tests.exchange.district import bring_in, counts

if TYPE_CHECKING:
    from pathlib import Path

    from desk_maint.db.engine import Database


@pytest.mark.parametrize("lang", LANGUAGES)
def test_filled_in_it_comes_in(database: Database, tmp_path: Path, lang: str) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, lang)
    workbook = load_workbook(path)

    def word(kind: str, column: str, value: str) -> str:
        words = sheet(kind).column(column).words
        assert words is not None
        return term(WORDS[words][value], lang)

    rows: dict[str, dict[str, object]] = {
        "outlets": {
            "code": "0101",
            "name": "中心营业厅",
            "kind": word("outlets", "kind", "outlet"),
            "zone": word("outlets", "zone", "rural"),
            "networked": term("yes", lang),
        },
        "devices": {
            "tag": "ATM-01",
            "category": word("devices", "category", "atm"),
            "outlet_code": "0101",
            "state": word("devices", "state", "in_use"),
            "commissioned_on": date(2020, 1, 1),
        },
        "faults": {
            "tag": "ATM-01",
            "reported_at": datetime(2026, 6, 1, 9, 0),
            "impact": word("faults", "impact", "degraded"),
            "grade": "4",
            "responsibility": word("faults", "responsibility", "upper_level"),
        },
    }
    for kind, row in rows.items():
        page = workbook[sheet(kind).title_in(lang)]
        keys = [column.key for column in sheet(kind).columns]
        for key, value in row.items():
            page.cell(row=2, column=keys.index(key) + 1, value=value)
    workbook.save(path)
    report = bring_in(database, path)
    assert report.refused == []
    assert report.warnings == []
    assert report.unknown_columns == []
    assert {each.kind for each in report.sheets} == {each.key for each in SHEETS}
    assert {kind: counts(report)[kind] for kind in rows} == dict.fromkeys(rows, (1, 1, 0, 0, 0))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_choice_is_offered_in_the_reader_s_language(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, lang)
    workbook = load_workbook(path)
    for each in SHEETS:
        page = workbook[each.title_in(lang)]
        assert page.freeze_panes == "A2"
        offered = {
            str(validation.sqref).split(":")[0]: validation.formula1.strip('"').split(",")
            for validation in page.data_validations.dataValidation
        }
        for number, column in enumerate(each.columns, start=1):
            cell = page.cell(row=1, column=number)
            assert str(cell.value).removesuffix(" *") == column.title_in(lang)
            assert str(cell.value).endswith(" *") == column.required
            choices = offered.pop(page.cell(row=2, column=number).coordinate, None)
            if column.words is not None:
                assert choices == [term(key, lang) for key in WORDS[column.words].values()]
            elif column.kind is Kind.YES_NO:
                assert choices == [term("yes", lang), term("no", lang)]
        assert all(choices == ["1", "2", "3", "4"] for choices in offered.values())
        # A spreadsheet program shows no list whose text is longer.
        assert all(len(v.formula1) <= 257 for v in page.data_validations.dataValidation)


def test_codes_stay_text_and_dates_dates(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, "zh_CN")
    page = load_workbook(path)[sheet("devices").title_in("zh_CN")]
    assert page.column_dimensions["A"].number_format == "@"
    assert page.column_dimensions["H"].number_format == "yyyy-mm-dd"


def test_the_explanation_names_every_column(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, "zh_TW")
    page = load_workbook(path)[term("explanation", "zh_TW")]
    named = [row[2] for row in page.iter_rows(min_row=2, values_only=True)]
    assert named == [f"{each.key}.{column.key}" for each in SHEETS for column in each.columns]


def test_where_it_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        write_template(tmp_path / "nowhere" / "template.xlsx", "en")
