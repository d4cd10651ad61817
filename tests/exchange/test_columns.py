"""Headers and sheet names in every language and shape."""

from __future__ import annotations

import pytest

from desk_maint.exchange.columns import SHEETS, Kind, Sheet, fold, match_headers, sheet, sheet_named
from desk_maint.language import LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("of", SHEETS, ids=lambda each: each.key)
def test_titles_tell_the_columns_apart(of: Sheet, lang: str) -> None:
    match = match_headers(of, [column.title_in(lang) for column in of.columns])
    assert tuple(match.columns.values()) == of.columns
    assert match.unknown == ()
    assert match.twice == ()
    assert sheet_named(of.title_in(lang)) is of
    assert sheet_named(of.key) is of


def test_case_width_and_spacing_do_not_matter() -> None:
    match = match_headers(
        sheet("devices"),
        [" TAG ", "ｃａｔｅｇｏｒｙ", "Outlet  Code", "启 用 日 期 *", None, "序号"],
    )
    keys = [column.key for column in match.columns.values()]
    assert keys == ["tag", "category", "outlet_code", "commissioned_on"]
    assert match.unknown == ("序号",)
    assert match.missing(sheet("devices")) == ()


def test_a_title_met_twice_is_told() -> None:
    match = match_headers(sheet("devices"), ["tag", "资产编号"])
    assert match.twice == ("资产编号",)


def test_missing_columns_are_named() -> None:
    missing = match_headers(sheet("moves"), ["tag", "position"]).missing(sheet("moves"))
    assert [column.key for column in missing] == ["moved_on", "to_outlet_code"]


def test_words_belong_to_word_columns() -> None:
    for each in SHEETS:
        for column in each.columns:
            assert (column.words is not None) == (column.kind is Kind.WORD)
        assert set(each.identity) <= {column.key for column in each.columns}


def test_fold_keeps_what_tells_titles_apart() -> None:
    assert fold("Ａsset　Number*") == fold("asset_number") == "assetnumber"
    assert fold("网点编码") != fold("网点名称")
