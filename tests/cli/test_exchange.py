"""``template``, ``import`` and ``export`` as a person or a script meets them."""

import json

import pytest
from openpyxl import load_workbook

COUNTS = {"read", "added", "changed", "unchanged", "refused"}
DEVICES = "tag,category,outlet_code,commissioned_on\n"


@pytest.fixture
def empty(run, tmp_path, monkeypatch):
    """An empty database in the environment, with one outlet to put devices in."""
    monkeypatch.setenv("DESK_MAINT_DATABASE", str(tmp_path / "own.db"))
    assert run("database", "init").status == 0
    outlets = tmp_path / "outlets.csv"
    outlets.write_text("code,name\n0101,人民路支局\n", encoding="utf-8")
    assert run("import", outlets).status == 0


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "Equipment"), ("zh_CN", "设备"), ("zh_TW", "設備")]
)
@pytest.mark.usefixtures("empty")
def test_the_template_speaks_the_language_and_can_be_imported(run, tmp_path, lang, title):
    file = tmp_path / "template.xlsx"
    assert run("template", file, "--lang", lang).status == 0
    assert title in load_workbook(file).sheetnames
    answer = run("import", file, "--json")
    assert answer.status == 0
    assert not [kind for kind in json.loads(answer.out)["sheets"].values() if kind["added"]]


@pytest.mark.parametrize("what", ["inventory", "faults", "tickets", "all"])
@pytest.mark.usefixtures("demo_copy")
def test_what_is_exported_comes_back_unchanged(run, tmp_path, what):
    file = tmp_path / f"{what}.xlsx"
    assert run("export", what, "--out", file, "--lang", "zh_CN").status == 0
    answer = run("import", file, "--json")
    assert answer.status == 0
    document = json.loads(answer.out)
    assert document["format"] == "desk-maint/import/1"
    assert document["applied"] is True
    assert document["refused"] == document["unknown_columns"] == []
    for counts in document["sheets"].values():
        assert set(counts) >= COUNTS
        assert counts["read"] == counts["unchanged"]
    assert sum(counts["read"] for counts in document["sheets"].values()) > 500


@pytest.mark.usefixtures("empty")
def test_refused_rows_are_named_and_nothing_goes_in(run, tmp_path):
    file = tmp_path / "devices.csv"
    file.write_text(DEVICES + "A1,atm,0101,2026-01-01\nA2,atm,0999,2026-01-01\n", encoding="utf-8")
    answer = run("import", file, "--json", "--lang", "zh_CN")
    assert answer.status == 1
    document = json.loads(answer.out)
    assert document["applied"] is False
    counts = document["sheets"]["devices"]
    assert (counts["read"], counts["added"], counts["refused"]) == (2, 1, 1)
    (row,) = document["refused"]
    assert (row["sheet"], row["row"], row["value"]) == ("devices", 3, "0999")
    assert row["column"] == "outlet_code"
    assert row["reason"] == "没有编码为 0999 的网点。请加到“网点”表，或改正编码。"

    told = run("import", file)
    assert told.status == 1
    assert "row 3, column “outlet_code”, value “0999”" in told.out
    assert "Nothing was imported, for 1 rows were refused." in told.out


@pytest.mark.usefixtures("empty")
def test_good_rows_go_in_and_the_others_come_back(run, tmp_path):
    file = tmp_path / "devices.csv"
    file.write_text(DEVICES + "A1,atm,0101,2026-01-01\nA2,atm,0999,2026-01-01\n", encoding="utf-8")
    answer = run("import", file, "--skip-bad-rows", "--json")
    assert answer.status == 1
    document = json.loads(answer.out)
    assert document["applied"] is True
    assert document["refused_file"] == str(tmp_path / "devices-refused.xlsx")
    again = json.loads(run("import", file, "--skip-bad-rows", "--json").out)
    assert again["sheets"]["devices"]["unchanged"] == 1
    assert "stand with their reasons in" in run("import", file, "--skip-bad-rows").out


@pytest.mark.usefixtures("empty")
def test_a_trial_writes_nothing(run, tmp_path):
    file = tmp_path / "devices.csv"
    file.write_text(DEVICES + "A1,atm,0101,2026-01-01\n", encoding="utf-8")
    for _ in range(2):
        answer = run("import", file, "--dry-run", "--json")
        assert answer.status == 0
        document = json.loads(answer.out)
        assert (document["dry_run"], document["applied"]) == (True, False)
        assert document["sheets"]["devices"]["added"] == 1
    assert "only a trial" in run("import", file, "--dry-run").out


@pytest.mark.usefixtures("empty")
def test_a_profile_reads_somebody_elses_table(run, tmp_path):
    profile, table = tmp_path / "theirs.toml", tmp_path / "theirs.csv"
    profile.write_text(
        'kind = "faults"\n[columns]\ntag = "机器"\nreported_at = "报告"\n[constants]\n'
        'impact = "out_of_service"\n[device]\ncategory = "atm"\noutlet_code = "0101"\n'
        'commissioned_on = "2020-01-01"\n',
        encoding="utf-8",
    )
    table.write_text("机器,报告,别的\nM-1,2026年3月5日 9:05,x\n", encoding="utf-8")
    without = run("import", table, "--profile", profile, "--json")
    assert without.status == 1
    answer = run("import", table, "--profile", profile, "--create-devices", "--json")
    assert answer.status == 0, answer.out
    document = json.loads(answer.out)
    assert document["sheets"]["faults"]["added"] == 1
    assert document["sheets"]["devices"]["added"] == 1
    (ticket,) = json.loads(run("tickets", "--json").out)["tickets"]
    assert (ticket["tag"], ticket["reported_at"]) == ("M-1", "2026-03-05T09:05:00+08:00")


DAYS = {
    "year": 2027,
    "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-02", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-03", "isOffDay": False},
    ],
}
DAY_LINES = "2027-01-01,休,元旦\n2027-01-02,休,元旦\n2027-01-03,班,元旦\n"


def days_of(document: dict) -> tuple[int, ...]:
    counts = document["sheets"]["special_days"]
    return tuple(counts[name] for name in ("read", "added", "changed", "unchanged", "refused"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("2027.json", json.dumps(DAYS).encode()),
        ("2027.csv", DAY_LINES.encode()),
        ("2027.csv", f"日期,类型,名称\n{DAY_LINES}".encode("gb18030")),
        ("2027.csv", f"日期\t类型\t名称\n{DAY_LINES}".replace(",", "\t").encode("utf-16")),
        ("2027.csv", f"date,kind,name\n{DAY_LINES}".encode()),
    ],
    ids=["json", "csv without a header", "csv of an office", "unicode text", "exchange sheet"],
)
@pytest.mark.usefixtures("empty")
def test_published_rest_days_are_taken_over(run, tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    trial = json.loads(run("import", file, "--dry-run", "--json").out)
    assert (trial["dry_run"], trial["applied"]) == (True, False)
    assert days_of(trial) == (3, 3, 0, 0, 0)
    answer = run("import", file, "--json")
    assert answer.status == 0
    document = json.loads(answer.out)
    assert document["format"] == "desk-maint/import/1"
    assert document["applied"] is True
    assert days_of(document) == (3, 3, 0, 0, 0), "a trial writes nothing"
    again = json.loads(run("import", file, "--json").out)
    assert days_of(again) == (3, 0, 0, 3, 0)
    out = tmp_path / "out.csv"
    assert run("export", "special_days", "--out", out, "--lang", "en").status == 0
    assert "2027-01-03,Make-up workday,,,元旦" in out.read_text(encoding="utf-8-sig")


@pytest.mark.usefixtures("empty")
def test_a_day_that_became_a_workday_is_changed(run, tmp_path):
    file = tmp_path / "2027.json"
    file.write_text(json.dumps(DAYS), encoding="utf-8")
    assert run("import", file).status == 0
    later = {"days": [{**day, "isOffDay": False} for day in DAYS["days"]]}
    file.write_text(json.dumps(later), encoding="utf-8")
    for words in (["--dry-run"], []):
        document = json.loads(run("import", file, "--json", *words).out)
        assert days_of(document) == (3, 0, 2, 1, 0)
    told = run("import", file)
    assert told.status == 0
    assert "The file has been imported." in told.out


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"days": []}', "holds no rest days"),
        (b'{"papers": []}', "not a table of rest days in JSON"),
        (b"\xff\xfe\x00", "not a table of rest days in JSON"),
        (
            json.dumps({"days": [*DAYS["days"], {**DAYS["days"][0], "isOffDay": False}]}).encode(),
            "both that it is a rest day and that it is a workday",
        ),
    ],
)
@pytest.mark.usefixtures("empty")
def test_a_wrong_table_of_rest_days_is_refused_in_a_sentence(run, tmp_path, content, sentence):
    file = tmp_path / "2027.json"
    file.write_bytes(content)
    for words in (["--dry-run"], []):
        answer = run("import", file, "--json", *words)
        assert (answer.status, answer.out) == (2, "")
        assert sentence in answer.error


@pytest.mark.usefixtures("empty")
def test_a_line_that_is_no_day_is_named_by_its_place_in_the_file(run, tmp_path):
    file = tmp_path / "2027.csv"
    file.write_text(f"{DAY_LINES}\n\n2027-02-30,休,春节\n", encoding="utf-8")
    answer = run("import", file)
    assert answer.status == 2
    assert "Line 6 of the file is no rest day" in answer.error


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["export", "uptime", "--out", "x.xlsx"], "--from is missing."),
        (["export", "weather", "--out", "x.xlsx"], "“weather” cannot be exported."),
        (["export", "inventory", "--out", "x.doc"], "neither an .xlsx nor a .csv"),
        (["export", "faults", "--out", "x.xlsx", "--from", "2026-06-01"], "belong to"),
        (["import", "none.xlsx"], "There is no file"),
        (["import"], "FILE is missing."),
    ],
)
@pytest.mark.usefixtures("demo")
def test_a_wrong_call_writes_nothing(run, tmp_path, monkeypatch, words, sentence):
    monkeypatch.chdir(tmp_path)
    answer = run(*words)
    assert (answer.status, answer.out) == (2, "")
    assert sentence in answer.error
    assert not list(tmp_path.glob("x.*"))


@pytest.mark.usefixtures("demo")
def test_the_managers_workbook(run, tmp_path):
    file = tmp_path / "june.xlsx"
    words = ("export", "uptime", "--from", "2026-06-01", "--to", "2026-07-01", "--out", file)
    answer = run(*words, "--lang", "zh_CN")
    assert answer.status == 0
    assert answer.out == f"运行统计工作簿已写入：{file}\n"
    assert len(load_workbook(file, read_only=True).sheetnames) == 6
