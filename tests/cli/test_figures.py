"""``uptime``, ``tickets`` and ``selfcheck``: documents for scripts, tables for people."""

import json
import re

import pytest

pytestmark = pytest.mark.usefixtures("demo")
FIGURES = {
    "scheduled_seconds": int,
    "exempt_seconds": int,
    "required_seconds": int,
    "down_seconds": int,
    "uptime_percent": (str, type(None)),
    "actual_down_seconds": int,
    "actual_percent": (str, type(None)),
    "allowed_down_seconds": int,
    "remaining_down_seconds": int,
    "met": (bool, type(None)),
    "device_days": int,
    "bad_days_strict": int,
    "bad_days_within_limits": int,
    "faults": int,
    "first_down_at": (str, type(None)),
}
TICKET = {
    "number": str,
    "tag": str,
    "outlet": str,
    "group": str,
    "state": str,
    "impact": str,
    "grade": int,
    "occurred_at": str,
    "reported_at": str,
    "accepted_at": (str, type(None)),
    "on_site_at": (str, type(None)),
    "restored_at": (str, type(None)),
    "confirmed_at": (str, type(None)),
    "accept_due_at": (str, type(None)),
    "on_site_due_at": (str, type(None)),
    "repair_due_at": (str, type(None)),
    "repair_clock_seconds": int,
    "held_seconds": int,
    "in_time": (bool, type(None)),
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00")
JUNE = ("--from", "2026-06-01", "--to", "2026-07-01")


def is_like(row, shape):
    """Whether a row holds what the contract names, each of its type; more is free."""
    return all(
        key in row
        and isinstance(row[key], kind)
        and not (kind is int and isinstance(row[key], bool))
        and not (key.endswith("_at") and row[key] and not MOMENT.fullmatch(row[key]))
        for key, kind in shape.items()
    )


@pytest.fixture
def uptime(run):
    def call(*words):
        answer = run("uptime", *JUNE, "--json", *words)
        assert (answer.status, answer.error) == (0, "")
        return json.loads(answer.out)

    return call


def test_uptime_document(uptime):
    document = uptime("--as-of", "2026-07-05 08:00")
    assert document["format"] == "desk-maint/uptime/1"
    assert document["timezone"] == "Asia/Shanghai"
    assert (document["from"], document["to"]) == ("2026-06-01", "2026-07-01")
    assert document["as_of"] == "2026-07-05T08:00:00+08:00"
    assert not {"outlets", "devices", "months"} & set(document)
    assert [row["group"] for row in document["groups"]] == ["atm", "networked_terminal", "safety"]
    for row in document["groups"]:
        assert is_like(row, {"target_percent": str, "measure": str, "devices": int, **FIGURES})
        percents = [row[key] for key in ("target_percent", "uptime_percent", "actual_percent")]
        assert all(re.fullmatch(r"\d{1,3}\.\d\d", text) for text in percents)
    assert document["groups"][0]["target_percent"] == "95.00"
    assert document["rules"]
    assert all(isinstance(text, str) for text in document["rules"] + document["warnings"])


@pytest.mark.parametrize(
    ("words", "present"),
    [
        (["--by", "outlet"], {"outlets"}),
        (["--by", "outlet,device"], {"outlets", "devices"}),
        (["--by", "month", "--by", "device"], {"months", "devices"}),
        (["--by", "group"], set()),
    ],
)
def test_breakdowns_are_there_only_when_asked_for(uptime, words, present):
    document = uptime(*words)
    assert {"outlets", "devices", "months"} & set(document) == present


def test_breakdowns_name_their_rows_and_add_up(uptime):
    document = uptime("--by", "outlet,device,month")
    names = {
        "outlets": {"outlet": str, "group": str},
        "devices": {"tag": str, "group": str, "outlet": str},
        "months": {"month": str, "group": str},
    }
    for part, shape in names.items():
        assert all(is_like(row, {**shape, **FIGURES}) for row in document[part])
        for group in document["groups"]:
            rows = [row for row in document[part] if row["group"] == group["group"]]
            for figure in ("scheduled_seconds", "down_seconds", "exempt_seconds", "device_days"):
                assert sum(row[figure] for row in rows) == group[figure]
    assert {row["month"] for row in document["months"]} == {"2026-06"}


def test_a_period_without_service_has_nulls(run):
    words = ("uptime", "--from", "2026-08-01", "--to", "2026-09-01", "--json")
    for row in json.loads(run(*words).out)["groups"]:
        assert row["uptime_percent"] is None
        assert row["met"] is None
        assert row["first_down_at"] is None


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["Equipment group", "ATM", "Achieved", "Statistical basis:"]),
        ("zh_CN", ["设备大类", "自动柜员机", "未达标", "统计口径"]),
        ("zh_TW", ["設備大類", "自動櫃員機", "未達標", "統計口徑"]),
    ],
)
def test_uptime_for_people(run, lang, words):
    answer = run("uptime", *JUNE, "--by", "outlet,month,device", "--lang", lang)
    assert (answer.status, answer.error) == (0, "")
    assert not [word for word in words if word not in answer.out]
    assert "人民路邮政支局" in answer.out


def test_tickets_document(run):
    document = json.loads(run("tickets", "--json").out)
    assert document["format"] == "desk-maint/tickets/1"
    assert document["as_of"] == "2026-07-05T08:00:00+08:00"
    assert len(document["tickets"]) > 500
    assert all(is_like(row, TICKET) for row in document["tickets"])
    assert {row["in_time"] for row in document["tickets"]} == {True, False, None}


def test_tickets_by_state_outlet_and_moment(run):
    def tickets(*words):
        return json.loads(run("tickets", "--json", *words).out)["tickets"]

    waiting = tickets("--state", "on_hold,restored", "--state", "on-site")
    assert {row["state"] for row in waiting} == {"on_hold", "restored", "on_site"}
    # 0101 has 010101 and 0121 below it.
    outlets = {row["outlet"] for row in tickets("--outlet", "0101", "--outlet", "0114")}
    assert outlets == {"0101", "010101", "0121", "0114", "011401"}
    earlier = tickets("--as-of", "2026-06-01")
    assert 0 < len(earlier) < len(tickets())
    assert max(row["reported_at"] for row in earlier) < "2026-06-01T00:00:01"


def test_an_unknown_outlet_is_named(run):
    answer = run("tickets", "--outlet", "9999")
    assert (answer.status, answer.out) == (2, "")
    assert "9999" in answer.error


def test_why_a_deadline_is_when_it_is(run):
    tickets = json.loads(run("tickets", "--json").out)["tickets"]
    held = next(row for row in tickets if row["held_seconds"] and row["state"] == "closed")
    document = json.loads(run("tickets", "explain", held["number"], "--json").out)
    assert document["ticket"] == held
    repair = document["deadlines"]["repair"]
    assert repair["due_at"] == held["repair_due_at"]
    counted = sum(step["seconds"] for step in repair["steps"] if step["kind"] == "counted")
    assert f"{counted // 3600}h" == repair["limit"]
    assert repair["steps"][0]["from"] == held["reported_at"]
    assert repair["steps"][-1]["to"] == repair["due_at"]

    answer = run("tickets", "explain", held["number"], "--lang", "zh_CN")
    assert answer.status == 0
    assert f"工单 {held['number']}" in answer.out
    assert "挂起，扣除" in answer.out
    assert "修复时限" in answer.out


def test_an_unknown_ticket_cannot_be_explained(run):
    answer = run("tickets", "explain", "WX0")
    assert (answer.status, answer.out) == (2, "")
    assert "WX0" in answer.error


@pytest.mark.parametrize(
    ("lang", "said"), [("en", " tickets."), ("zh_CN", " 张工单。"), ("zh_TW", " 張工單。")]
)
def test_tickets_for_people(run, lang, said):
    answer = run("tickets", "--state", "reported", "--lang", lang)
    assert (answer.status, answer.error) == (0, "")
    assert answer.out.rstrip().endswith(said)


def test_the_shipped_cases_pass(run):
    answer = run("selfcheck", "--json")
    assert (answer.status, answer.error) == (0, "")
    document = json.loads(answer.out)
    assert document["format"] == "desk-maint/selfcheck/1"
    assert (document["failed"], document["skipped"]) == (0, 0)
    assert document["passed"] == len(document["results"]) > 20
    assert all({"id", "kind", "expected", "got", "ok"} <= set(row) for row in document["results"])


def test_a_case_that_differs_and_one_that_is_not_known(run, tmp_path):
    cases = [
        {"id": "a", "kind": "rounding", "value": "99.9999", "decimals": 0, "expected": "100"},
        {"id": "b", "kind": "rounding", "value": "99.9999", "decimals": 2, "expected": "99.99"},
        {"id": "c", "kind": "weather", "expected": "rain"},
    ]
    file = tmp_path / "cases.json"
    file.write_text(
        json.dumps({"format": "desk-maint/conformance/1", "calendars": {}, "cases": cases})
    )
    answer = run("selfcheck", file, "--json")
    assert answer.status == 1
    document = json.loads(answer.out)
    assert (document["passed"], document["failed"], document["skipped"]) == (1, 1, 1)
    assert document["results"][0]["got"] == "99"
    assert [row["ok"] for row in document["results"]] == [False, True, None]
    told = run("selfcheck", file, "--lang", "zh_CN")
    assert told.status == 1
    assert "算例通过 1 个，不符 1 个，跳过 1 个。" in told.out
    assert "a（rounding）" in told.out
    assert "weather" in told.out


def test_published_cases_of_other_systems_pass(run, conformance):
    answer = run("selfcheck", conformance)
    assert answer.status == 0, answer.out
