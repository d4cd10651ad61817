"""What a message becomes in each language, and which language is spoken."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from desk_maint.domain.faults import TicketState
from desk_maint.domain.messages import At, Message, Term
from desk_maint.language import choose, render, term

MOMENT = 1_782_864_000  # 2026-07-01 00:00 UTC


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Give a reason; it stays in the history."),
        ("zh_CN", "请填写原因；原因会留在操作日志中。"),
        ("zh_TW", "請填寫原因；原因會留在操作日誌中。"),
    ],
)
def test_a_sentence_in_each_language(lang, said):
    assert render(Message("Give a reason; it stays in the history."), lang) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (At(MOMENT), "2026-07-01 08:00"),
        (At(MOMENT + 5), "2026-07-01 08:00:05"),
        (date(2026, 7, 1), "2026-07-01"),
        (Term("atm"), "自动柜员机"),
        (TicketState.ON_HOLD, "挂起"),
        ((Term("atm"), "x"), "自动柜员机、x"),
        (Message("any fault"), "任何故障"),
        (12345, "12345"),
        ("{x}", "{x}"),
    ],
)
def test_values_are_told_in_the_language_too(value, said):
    message = Message("Fault {number}: {reason}", {"number": 1, "reason": value})
    assert render(message, "zh_CN") == f"故障 1：{said}"


def test_moments_are_told_in_the_zone_that_is_asked_for():
    message = Message("{x}", {"x": At(MOMENT)})
    assert render(message, "en", tz=ZoneInfo("America/Denver")) == "2026-06-30 18:00"


def test_the_words_of_taiwan_are_its_own():
    assert term("ts_on_hold", "zh_TW") == "暫停"
    assert term("ts_on_hold", "zh_CN") == "挂起"


@pytest.mark.parametrize(
    ("asked", "environment", "spoken"),
    [
        ("zh_TW", {"LANG": "en_US.UTF-8"}, "zh_TW"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        (None, {"LANG": "zh_SG.UTF-8"}, "zh_CN"),
        (None, {"LANG": "zh_HK.UTF-8"}, "zh_TW"),
        (None, {"LANG": "zh_Hant_TW"}, "zh_TW"),
        (None, {"LC_ALL": "zh_TW.UTF-8", "LANG": "en_US"}, "zh_TW"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, {"LANG": "C"}, "en"),
    ],
)
def test_the_language_is_the_one_asked_for_or_the_locales(asked, environment, spoken):
    assert choose(asked, environment) == spoken
