"""Tables and lines for terminals, with characters that are two columns wide."""

import pytest

from desk_maint.cli.durations import hours
from desk_maint.cli.text_tables import table, width, wrap


@pytest.mark.parametrize(
    ("text", "columns"), [("ATM", 3), ("自动柜员机", 10), ("ATM机", 5), ("Ａ", 2), ("e\u0301", 1)]
)
def test_width_of_a_text(text, columns):
    assert width(text) == columns


def test_columns_line_up_whatever_they_hold():
    lines = table(["设备", "Uptime"], [["自动柜员机", "95.00 %"], ["UPS", "100.00 %"]], right=[1])
    assert lines == [
        "设备          Uptime",
        "----------  --------",
        "自动柜员机   95.00 %",
        "UPS         100.00 %",
    ]
    assert [width(line) for line in lines[1:]] == [20, 20, 20]


def test_a_table_without_rows_has_its_header():
    assert table(["a", "bc"], []) == ["a  bc", "-  --"]


@pytest.mark.parametrize("columns", [16, 17, 24, 60])
def test_lines_are_never_too_wide_and_nothing_is_lost(columns):
    text = "把工作簿或 CSV 文件导入数据库：全部导入，或都不导入（--dry-run）。"
    lines = wrap(text, columns)
    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not [line for line in lines if line[0] in "，。：）"]


def test_latin_words_stay_whole():
    assert wrap("the uptime of each group", 10) == ["the uptime", "of each", "group"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00:00"), (3661, "1:01:01"), (-95979, "-26:39:39"), (360000, "100:00:00"), (None, "-")],
)
def test_hours(seconds, text):
    assert hours(seconds) == text
