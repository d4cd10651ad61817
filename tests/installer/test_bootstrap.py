"""The set-up: locks that agree with the project, and sentences that say what to do."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parent.parent.parent
INSTALLER = ROOT / "installer"


@pytest.fixture
def bootstrap(tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", INSTALLER / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.VENV = tmp_path / ".venv"
    module.STAMP = module.VENV / "set-up.json"
    module.PYTHON = module.VENV / "bin/python"
    return module


def names(requirements: list[str]) -> set[str]:
    return {
        re.match(r"[A-Za-z0-9._-]+", line)[0].lower().replace("_", "-").replace(".", "-")
        for line in requirements
    }


def locked(name: str) -> set[str]:
    lines = (INSTALLER / name).read_text(encoding="utf-8").splitlines()
    return names([line for line in lines if re.match(r"[A-Za-z0-9]", line)])


def test_the_locks_hold_what_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    wanted = names(project["project"]["dependencies"]) | names(groups["build"])
    assert wanted <= locked("requirements.txt")
    assert wanted | names(groups["test"]) <= locked("requirements-test.txt")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_every_locked_package_has_a_hash_and_no_address(name: str) -> None:
    text = (INSTALLER / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    packages = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert len(packages) > 20
    assert [package for package in packages if "--hash=sha256:" not in package] == []


def test_both_locks_pin_the_same_versions() -> None:
    def pins(name: str) -> set[str]:
        text = (INSTALLER / name).read_text(encoding="utf-8")
        return set(re.findall(r"^([A-Za-z0-9._-]+==[^ ;\\]+)", text, re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-test.txt")


def test_a_second_start_finds_its_environment(bootstrap: ModuleType) -> None:
    assert not bootstrap.is_set_up("run")
    bootstrap.PYTHON.parent.mkdir(parents=True)
    bootstrap.PYTHON.touch()
    assert not bootstrap.is_set_up("run"), "interrupted: no stamp yet"
    bootstrap.STAMP.write_text(json.dumps({"run": bootstrap.fingerprint("run")}), encoding="utf-8")
    assert bootstrap.is_set_up("run")
    assert not bootstrap.is_set_up("test"), "the tests need more"


def test_what_is_missing_is_named_by_its_package(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "loads", lambda library: library != "libEGL.so.1")
    monkeypatch.setattr(bootstrap, "has_chinese_font", lambda: False)
    monkeypatch.setattr(bootstrap, "has_ensurepip", lambda: False)
    missing = bootstrap.missing_packages(bootstrap.WINDOW_LIBRARIES, {}, fonts=True)
    assert missing == ["libegl1", "fonts-wqy-microhei", "python3-venv"]


def test_without_the_right_to_install_it_says_the_command(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "apt_prefix", lambda: None)
    with pytest.raises(bootstrap.Stop, match="sudo apt-get install -y libegl1"):
        bootstrap.install_packages(["libegl1", "libreoffice-calc"])
    bootstrap.install_packages(["libreoffice-calc"])  # the tests can do without


def test_an_old_python_is_told_what_to_get(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 0))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _name: None)
    with pytest.raises(bootstrap.Stop, match=r"Python 3\.11 or newer is needed"):
        bootstrap.find_python()


@pytest.mark.parametrize(("arguments", "status"), [([], 2), (["dance"], 2)])
def test_another_word_is_answered_with_the_usage(arguments: list[str], status: int) -> None:
    answer = subprocess.run(
        [sys.executable, str(INSTALLER / "bootstrap.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"LANG": "zh_CN.UTF-8", "PYTHONIOENCODING": "utf-8"},
    )
    assert (answer.returncode, answer.stdout) == (status, "")
    assert "用法" in answer.stderr
