"""Running the command line in this process, on a demo district made once."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from desk_maint.cli.main import main

NOW = int(datetime(2026, 7, 5, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())


class Answer(NamedTuple):
    status: int
    out: str
    error: str


Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Call ``desk-maint`` with words; the clock stands at :data:`NOW`, the locale is English."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(variable, "C")

    def call(*words: object, now: int = NOW, crashes: bool = False) -> Answer:
        capsys.readouterr()
        status = main([str(word) for word in words], clock=lambda: now)
        captured = capsys.readouterr()
        reports = list(tmp_path.rglob("crash-*.txt"))
        if reports and not crashes:
            pytest.fail(reports[0].read_text(encoding="utf-8"), pytrace=False)
        return Answer(status, captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo district as at :data:`NOW`; tests read it and do not write."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    assert main(["--lang", "en", "--database", str(path), "database", "init"]) == 0
    words = ["--lang", "en", "--database", str(path), "demo", "--months", "3"]
    assert main(words, clock=lambda: NOW) == 0
    return path


@pytest.fixture
def demo(demo_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, named in the environment as people do."""
    monkeypatch.setenv("DESK_MAINT_DATABASE", str(demo_file))
    return demo_file


@pytest.fixture
def demo_copy(demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demo district of the test's own, to be written to."""
    path = tmp_path / "own" / "demo.db"
    path.parent.mkdir()
    shutil.copy(demo_file, path)
    monkeypatch.setenv("DESK_MAINT_DATABASE", str(path))
    return path
