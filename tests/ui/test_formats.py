"""Figures as words in every language."""

from __future__ import annotations

from datetime import date

import pytest

from desk_maint.domain.deadlines import parse_limit
from desk_maint.language import LANGUAGES
from ui.formats import day, limit
from ui.texts import Texts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("written", ["15m", "90m", "4h", "1wd", "5wd"])
def test_a_limit_in_words_is_read_back_as_the_same(language: str, written: str) -> None:
    words = limit(Texts(language), written)
    assert words != written
    assert str(parse_limit(words)) == written


def test_a_date_has_four_digits_of_its_year_first() -> None:
    assert day(date(2026, 6, 3)) == "2026-06-03"
    assert day(None) == "—"


def test_no_limit_is_a_dash() -> None:
    assert limit(Texts("zh_CN"), None) == "—"
    assert limit(Texts("zh_CN"), "2wd") == "2 个工作日"
