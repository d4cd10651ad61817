"""The front door: languages, options, exit statuses, and that it stays light."""

import signal
import subprocess
import sys
import types

import pytest

import desk_maint
from desk_maint.cli import selfcheck, tickets
from desk_maint.cli.main import main

COMMANDS = (
    "database demo template import export uptime tickets selfcheck agent".split()  # noqa: SIM905
)
HEAVY = ("PySide6", "sqlalchemy", "numpy", "openpyxl", "alembic", "apscheduler", "psycopg")


def loaded_after(*words):
    """Return which of the heavy modules the program has loaded after doing ``words``."""
    code = (
        "import sys; from desk_maint.cli.main import main; status = main(sys.argv[1:]); "
        f"print(status, *[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stderr.split()


def test_version(run):
    assert run("--version") == (0, f"desk-maint {desk_maint.__version__}\n", "")


def test_version_and_help_load_nothing_heavy():
    assert loaded_after("--version") == ["0"]
    assert loaded_after("--help") == ["0"]
    assert loaded_after("uptime", "--help", "--lang", "zh_CN") == ["0"]


@pytest.mark.parametrize("word", COMMANDS)
def test_every_command_helps_in_every_language(run, word):
    texts = []
    for lang in ("en", "zh_CN", "zh_TW"):
        status, out, error = run(word, "--help", "--lang", lang)
        assert (status, error) == (0, "")
        assert f"desk-maint {word}" in out
        assert "--database" in out
        texts.append(out)
    assert len(set(texts)) == 3
    assert not [sign for sign in texts[0] if "\u4e00" <= sign <= "\u9fff"]
    assert "选项" in texts[1]
    assert "選項" in texts[2]


@pytest.mark.usefixtures("demo")
def test_no_command_loads_qt():
    loaded = loaded_after("uptime", "--from", "2026-06-01", "--to", "2026-07-01", "--json")
    assert "numpy" in loaded
    assert "PySide6" not in loaded


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nonsense"], "There is no such command."),
        (["uptime", "--form", "x"], "“--form” is not understood here. See: desk-maint uptime"),
        (["uptime", "--fr", "2026-06-01"], "“--fr” is not understood here."),
        (["uptime"], "--from is missing."),
        (["uptime", "--from"], "The option --from is not given as it should be."),
        (["uptime", "--from", "2026-06-01", "--to", "soon"], "“soon” is not a date."),
        (["uptime", "--from", "2026-02-30", "--to", "2026-03-01"], "“2026-02-30” is not a date."),
        (["uptime", "--from", "2026-07-01", "--to", "2026-07-01"], "is empty"),
        (["tickets", "--state", "lost"], "“lost” is nothing that --state takes."),
        (["tickets", "explain"], "Write: desk-maint tickets explain NUMBER."),
        (["demo", "--months", "0"], "Give a whole number from 1 to 120."),
        (["database"], "is missing"),
        (["database", "burn"], "“burn” is nothing that database takes."),
        (["database", "backup"], "FILE is missing."),
        (["export", "inventory"], "--out is missing."),
        (["--lang", "fr", "tickets"], "“fr” is no language of this program."),
        (["selfcheck", "/nowhere/cases.json"], "There is no file /nowhere/cases.json."),
    ],
)
def test_a_wrong_call_is_one_sentence(run, words, sentence):
    answer = run(*words)
    assert answer.status == 2
    assert answer.out == ""
    assert sentence in answer.error
    assert answer.error.count("\n") == 1
    assert "Traceback" not in answer.error


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("zh_CN", "处还没有数据库"), ("zh_TW", "處還沒有資料庫"), ("en", "There is no database at")],
)
def test_without_a_database_it_says_how_to_make_one(run, tmp_path, lang, sentence):
    answer = run("--database", tmp_path / "none.db", "tickets", "--lang", lang)
    assert answer.status == 3
    assert answer.out == ""
    assert sentence in answer.error
    assert "desk-maint database init" in answer.error


def test_global_options_stand_before_the_command_or_after_it(run, tmp_path):
    first, second = tmp_path / "1.db", tmp_path / "2.db"
    assert run("--database", first, "database", "init").status == 0
    assert run("database", "init", "--database", second, "--lang=zh_CN").status == 0
    assert first.exists()
    assert second.exists()


def test_the_last_of_two_options_holds(run, tmp_path):
    wanted = tmp_path / "wanted.db"
    words = ["--database", tmp_path / "other.db", "database", "--database", wanted, "init"]
    assert run(*words).status == 0
    assert [path.name for path in tmp_path.glob("*.db")] == ["wanted.db"]


def test_a_database_of_its_own_in_the_users_folder(run, tmp_path):
    """Home is the test's own folder; nothing named, nothing in the environment."""
    assert run("database", "init").status == 0
    assert [path.name for path in tmp_path.rglob("*.db")] == ["desk-maint.db"]


def test_a_fault_of_our_own_is_a_sentence_and_a_report(run, tmp_path, monkeypatch):
    def break_down(*_unused):
        raise RuntimeError("postgresql://somebody:secret@server/name does not answer")

    monkeypatch.setattr(selfcheck, "_read", break_down)
    words = ("selfcheck", "--database", "postgresql://somebody:secret@server/name")
    answer = run(*words, crashes=True)
    assert answer.status == 3
    assert answer.error.count("\n") == 1
    assert "A fault of this program, not of yours: RuntimeError." in answer.error
    (report,) = tmp_path.rglob("crash-*.txt")
    assert str(report) in answer.error
    text = report.read_text(encoding="utf-8")
    assert "break_down" in text
    assert "secret" not in text


def test_ctrl_c_is_told(run, monkeypatch):
    def stop(*_unused):
        raise KeyboardInterrupt

    monkeypatch.setattr(tickets, "_list", stop)
    answer = run("tickets")
    assert answer.status == 130
    assert answer.error == "Stopped. What was not finished has been undone.\n"


@pytest.mark.usefixtures("demo")
def test_a_reader_who_has_had_enough_is_no_error():
    program = [sys.executable, "-m", "desk_maint", "tickets", "--json"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_verbose_tells_what_lies_behind_a_refusal(tmp_path):
    broken = tmp_path / "cases.json"
    broken.write_text("{", encoding="utf-8")
    program = [sys.executable, "-m", "desk_maint", "--lang", "en", "selfcheck", str(broken)]
    quiet = subprocess.run(program, capture_output=True, text=True, check=False)
    told = subprocess.run([*program, "--verbose"], capture_output=True, text=True, check=False)
    assert quiet.returncode == told.returncode == 2
    assert "JSONDecodeError" not in quiet.stderr
    assert "JSONDecodeError" in told.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only here a screen is named by a variable")
def test_without_a_screen_the_window_says_so(run, monkeypatch):
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    answer = run()
    assert answer.status == 3
    assert "There is no screen to open the window on." in answer.error


def test_without_a_command_the_window_opens(monkeypatch, tmp_path):
    opened = []
    window = types.ModuleType("ui.app")
    window.main = lambda location, language: opened.append((location, language)) or 0
    monkeypatch.setitem(sys.modules, "ui.app", window)
    assert main(["--database", str(tmp_path / "x.db"), "--lang", "zh-TW"]) == 0
    assert main([]) == 0
    assert opened == [(str(tmp_path / "x.db"), "zh_TW"), (None, None)]


def test_a_window_that_cannot_be_imported_is_told(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "ui.app", None)
    answer = run()
    assert answer.status == 3
    assert "installer/bootstrap.py doctor" in answer.error


@pytest.mark.skipif(not hasattr(signal, "SIGTERM"), reason="no such signal here")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_agent_ends_cleanly_when_it_is_told_to(demo_copy, number):
    program = [sys.executable, "-m", "desk_maint", "--lang", "en", "agent"]
    with subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert "The agent works on" in process.stderr.readline()
        process.send_signal(number)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 0
    assert error == "The agent has stopped.\n"
    assert len(list(demo_copy.parent.glob("backups/demo-*.db"))) == 1
