from __future__ import annotations

import json
from datetime import date

import chinese_calendar
import pytest

from desk_maint.domain.errors import InputError
from desk_maint.domain.holidays import is_published, parse_table, published_kind, published_name
from desk_maint.domain.messages import Term
from desk_maint.language import LANGUAGES, term


def test_the_published_days_of_2026():
    assert published_kind(date(2026, 2, 14)) == "work"
    assert published_kind(date(2026, 2, 16)) == "rest"
    assert published_kind(date(2026, 2, 13)) is None
    assert published_name(date(2026, 10, 1)) == Term("holiday_national_day")
    assert published_name(date(2026, 10, 12)) is None


def test_an_unpublished_year_is_unknown_and_not_an_error():
    assert is_published(2026)
    assert not is_published(2003)
    assert published_kind(date(2003, 10, 1)) is None
    assert published_kind(date(2090, 10, 1)) is None


def test_every_published_holiday_has_a_word_in_each_language():
    for day in (*chinese_calendar.holidays, *chinese_calendar.workdays):
        name = published_name(day)
        assert name is not None, day
        assert all(term(name.key, lang) for lang in LANGUAGES)


HOLIDAY_CN = {
    "year": 2027,
    "papers": ["https://www.gov.cn/"],
    "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "春节", "date": "2027-02-14", "isOffDay": False},
    ],
}


def test_a_table_of_the_holiday_cn_form():
    expected = [(date(2027, 1, 1), "rest", "元旦"), (date(2027, 2, 14), "work", "春节")]
    assert parse_table(json.dumps(HOLIDAY_CN)) == expected
    assert parse_table("\ufeff" + json.dumps(HOLIDAY_CN["days"])) == expected


@pytest.mark.parametrize(
    "text",
    [
        "date,kind,name\n2027-02-14,work,春节\n2027-01-01,rest,元旦\n",
        "2027-01-01,rest,元旦\r\n2027-02-14,work,春节",
        "名称,日期,类型\n元旦,2027年1月1日,休\n春节,2027/2/14,班\n",
        "日期類型,日期,名稱\n休息日,2027.1.1,元旦\n補班,2027.2.14,春节\n\n",
    ],
)
def test_a_table_as_csv_in_any_order_of_columns(text):
    assert parse_table(text) == [
        (date(2027, 1, 1), "rest", "元旦"),
        (date(2027, 2, 14), "work", "春节"),
    ]


def test_a_day_given_twice_alike_is_one_day():
    assert len(parse_table("2027-01-01,rest,元旦\n2027-01-01,rest,元旦")) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "holds no rest days"),
        ("date,kind,name\n", "holds no rest days"),
        ('{"year": 2027, "days": []}', "holds no rest days"),
        ("2027-01-01,rest,元旦\n2027-01-01,work,元旦", "says of 2027-01-01 both"),
        ('[{"date": "2027-01-01", "isOffDay": true}, {"date": "2027-01-01", "isOffDay": false}]',
         "says of 2027-01-01 both"),
        ('{"days": ', "not a table of rest days in JSON"),
        ('{"year": 2027}', "not a table of rest days in JSON"),
        ('{"days": {"2027-01-01": true}}', "not a table of rest days in JSON"),
        ('[{"date": "2027-13-01", "isOffDay": true}]', "not a table of rest days in JSON"),
        ('[{"date": "2027-01-01", "isOffDay": "false"}]', "not a table of rest days in JSON"),
        ("[" * 100_000, "not a table of rest days in JSON"),
        ("2027-02-30,rest,春节", "Line 1 of the file is no rest day"),
        ("2027-01-01,rest,元旦\n2027-01-02,maybe,", "Line 2 of the file is no rest day"),
        ("2027-01-01", "Line 1 of the file is no rest day"),
        ('"' + "x" * 200_000, "holds no rest days"),
    ],
)  # fmt: skip
def test_a_table_without_days_or_with_a_contradiction_is_refused(text, sentence):
    with pytest.raises(InputError, match=sentence):
        parse_table(text)
