"""The words of somebody's table, and which of ours our reader takes them for."""

from pathlib import Path

import pytest

from desk_maint.domain.errors import InputError
from desk_maint.exchange.columns import sheet
from desk_maint.exchange.preview import preview, preview_below
from desk_maint.exchange.profiles import Profile, read_profile, save_profile
from desk_maint.exchange.vocabulary import choices, read_words, understood
from tests.exchange.district import bring_in

TABLE = (
    "机器,网点,区,类,状态,从\n"
    "A-1,0101,城区,ATM,在用,2021-03-05\n"
    "A-2,0101,城区,点钞机,停用,2021-03-05\n"
    "A-3,0102,山上,点钞机,,2021-03-05\n"
    "A-4,0102,农村,,－,2021-03-05\n"
    "合计,,,,,\n"
    ",,,,,\n"
)
PROFILE = Profile(
    kind="devices",
    columns={
        "tag": "机器",
        "outlet_code": "网点",
        "category": "类",
        "state": "状态",
        "commissioned_on": "从",
    },
    outlet={"code": "{网点}", "name": "{网点}", "zone": "{区}"},
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "台账.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_every_word_of_the_table_is_found_the_unknown_ones_first(table):
    found = {each.column.key: each for each in read_words(table, PROFILE)}
    told = {
        key: [(word.text, word.count, word.value) for word in each.words]
        for key, each in found.items()
    }
    assert told == {
        "category": [("点钞机", 2, None), ("", 1, None), ("ATM", 1, "atm")],
        "state": [("停用", 1, None), ("在用", 1, "in_use")],
        "zone": [("山上", 1, None), ("城区", 2, "city"), ("农村", 1, "rural")],
    }
    assert found["zone"].header == "区"
    assert [word.text for word in found["state"].unknown] == ["停用"]


def test_what_is_said_of_the_words_lets_every_row_in(table, database, tmp_path):
    words = {
        "category": {"点钞机": "other_safety", "": "atm"},
        "state": {"停用": "sealed"},
        "zone": {"山上": "rural"},
    }
    path = tmp_path / "我的.toml"
    save_profile(Profile(**{**_parts(PROFILE), "values": words}), path)
    assert read_profile(path).values == words
    report = bring_in(database, table, profile=path)
    assert report.refused == []
    assert report.applied


def _parts(profile):
    return {name: getattr(profile, name) for name in ("kind", "columns", "outlet")}


def test_more_words_than_can_be_asked_about_are_counted(tmp_path):
    path = tmp_path / "台账.csv"
    rows = "".join(f"A-{n},0101,,类别{n},,2021-03-05\n" for n in range(100))
    path.write_text(TABLE.splitlines()[0] + "\n" + rows, encoding="utf-8")
    (category,) = (w for w in read_words(path, PROFILE) if w.column.key == "category")
    assert (len(category.words), category.more) == (60, 40)


@pytest.mark.parametrize(
    ("kind", "key", "text", "value"),
    [
        ("faults", "grade", "二级", "2"),
        ("outlets", "networked", "是", "yes"),
        ("outlets", "networked", "没有", None),
        ("faults", "impact", "停机", "out_of_service"),
    ],
)
def test_our_reader_says_which_word_of_ours_it_is(kind, key, text, value):
    column = sheet(kind).column(key)
    assert understood(column, text) == value
    assert value in {None, *(choice.value for choice in choices(column))}


def test_the_header_is_where_the_person_says(tmp_path):
    path = tmp_path / "表.csv"
    path.write_text("资产编号,网点编码\n\n机器,哪里\nA-1,0101\n", encoding="utf-8")
    (first,) = preview(path)
    assert (first.header_row, first.headers) == (1, ("资产编号", "网点编码"))
    again = preview_below(path, first.name, 3)
    assert (again.header_row, again.headers) == (3, ("机器", "哪里"))
    assert not again.recognised
    with pytest.raises(InputError, match="has nothing in it"):
        preview_below(path, first.name, 2)


def test_a_column_that_no_title_names_is_guessed_by_its_words(tmp_path):
    path = tmp_path / "表.csv"
    path.write_text(
        "资产编号,网点编码,启用日期,用途,设备名称\n"
        "A-1,0101,2021-03-05,取款,自动柜员机\n"
        "A-2,0101,2021-03-05,,绿卡终端\n",
        encoding="utf-8",
    )
    (found,) = preview(path)
    assert found.columns["category"] == "设备名称"
    assert found.columns["name"] == "设备名称"
    path.write_text(
        "资产编号,网点编码,启用日期,设备名称\nA-1,0101,2021-03-05,机器\n", encoding="utf-8"
    )
    (found,) = preview(path)
    assert "category" not in found.columns


def test_a_header_far_down_is_recognised(tmp_path):
    path = tmp_path / "表.csv"
    title = "".join(f"说明{n}\n" for n in range(30))
    path.write_text(
        title + "资产编号,网点编码,设备类别,启用日期\nA-1,0101,ATM,2021-03-05\n", encoding="utf-8"
    )
    (found,) = preview(path)
    assert (found.recognised, found.header_row) == (True, 31)
