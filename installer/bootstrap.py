"""Set-up on a fresh machine: ``python3 installer/bootstrap.py run | test | doctor``.

Standard library only, and written so that an old Python can still say that it is too old.  It
finds what is missing, installs what it may (system packages with root or sudo without a password
on Debian and Ubuntu, Python packages into ``.venv`` beside this folder from a lock with hashes)
and starts.  What it may not do it says in one sentence with the command to give.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "installer"
VENV = ROOT / ".venv"
STAMP = VENV / "set-up.json"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"run": HERE / "requirements.txt", "test": HERE / "requirements-test.txt"}

# What a program loads -> the Debian package it comes in.
WINDOW_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "openbox": "openbox",
    "dbus-daemon": "dbus-daemon",
    "dbus-launch": "dbus-x11",
    "gdbus": "libglib2.0-bin",
    "soffice": "libreoffice-calc",
}
ROOM_FOR_TESTS = 1024**3
"""Bytes; a fifth of that was seen to be used."""
OPTIONAL = {"libreoffice-calc"}
"""Tests that need these are skipped, with the reason, where they cannot be had."""
AT_SPI = Path("/usr/share/dbus-1/services/org.a11y.Bus.service")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
CHINESE_FONTS = ("wqy", "cjk", "uming", "ukai", "sourcehan", "source-han", "simsun", "msyh")


class Stop(Exception):
    """Set-up cannot go on; the text says what to do."""


def say(english: str, chinese: str) -> None:
    """Tell the person at the terminal, in Chinese where the locale is."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    print(chinese if locale.startswith("zh") else english, file=sys.stderr, flush=True)


def main(arguments: list) -> int:
    """Do what is asked; return the exit status."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command not in ("run", "test", "doctor"):
        say(
            "usage: python3 installer/bootstrap.py run | test | doctor",
            "用法：python3 installer/bootstrap.py run（运行）| test（测试）| doctor（检查）",
        )
        return 2
    try:
        find_python()
        if command == "doctor":
            return doctor()
        if command == "run":
            set_up("run", WINDOW_LIBRARIES if has_screen() else {}, fonts=has_screen())
            return start([str(PYTHON), str(HERE / "first_run.py"), *rest])
        set_up("test", WINDOW_LIBRARIES, TEST_PROGRAMS, fonts=True)
        return test(rest)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped; give the command again to go on.", "\n已中断；再次运行同一命令即可继续。")
        return 130


def find_python() -> None:
    """Go on with a Python that is new enough, or stop with the way to get one."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(20, OLDEST[1] - 1, -1):
        other = shutil.which("python3.%d" % minor)
        if other:
            raise SystemExit(subprocess.call([other, *sys.argv]))
    raise Stop(
        "Python 3.11 or newer is needed; this is %d.%d. Install it (Debian 12, Ubuntu 24.04 and "
        "newer: sudo apt-get install python3; Windows: python.org) and give the command again."
        % sys.version_info[:2]
    )


def has_screen() -> bool:
    """Whether a window could be shown here."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def set_up(level: str, libraries: dict, programs: dict | None = None, *, fonts: bool) -> None:
    """Bring the machine to what ``level`` needs; nothing is done where all is there."""
    if sys.platform == "linux":
        wanted = missing_packages(libraries, programs or {}, fonts=fonts)
        if wanted:
            install_packages(wanted)
    if not is_set_up(level):
        make_environment(level)


def missing_packages(libraries: dict, programs: dict, *, fonts: bool) -> list:
    """Return the Debian packages of what is not there."""
    wanted = [package for library, package in libraries.items() if not loads(library)]
    wanted += [package for program, package in programs.items() if not shutil.which(program)]
    if programs and not AT_SPI.exists():
        wanted.append("at-spi2-core")
    if fonts and not has_chinese_font():
        wanted.append("fonts-wqy-microhei")
    if not PYTHON.exists() and not has_ensurepip():
        wanted.append("python3-venv")
    return wanted


def loads(library: str) -> bool:
    """Whether the system can load a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_ensurepip() -> bool:
    """Whether this Python can make an environment with pip in it (bare Debian's cannot)."""
    try:
        import ensurepip
    except ImportError:
        return False
    return bool(ensurepip.version())


def has_chinese_font() -> bool:
    """Whether Chinese would be more than boxes."""
    if sys.platform != "linux":
        return True
    folders = [*FONT_FOLDERS, str(Path.home() / ".fonts"), str(Path.home() / ".local/share/fonts")]
    return any(
        any(mark in file.lower() for mark in CHINESE_FONTS)
        for folder in folders
        for _, _, files in os.walk(folder)
        for file in files
    )


def install_packages(wanted: list) -> None:
    """Install Debian packages, or stop with the command to give."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", "-q"]
    root = apt_prefix()
    required = [package for package in wanted if package not in OPTIONAL]
    if root is None:
        if not required:
            return
        names = " ".join(required)
        raise Stop(
            f"Missing on this machine: {names}. Give this command, then start again:\n"
            f"    sudo apt-get install -y {names}"
        )
    say(
        "Installing system packages: {}".format(" ".join(wanted)),
        "正在安装系统软件包：{}".format(" ".join(wanted)),
    )
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.call([*root, "apt-get", "update", "-q"], env=environment, stdout=sys.stderr)
    for packages, needed in ((required, True), ([p for p in wanted if p in OPTIONAL], False)):
        if not packages:
            continue
        status = subprocess.call([*root, *command, *packages], env=environment, stdout=sys.stderr)
        if status and needed:
            names = " ".join(packages)
            raise Stop(
                "The system packages could not be installed. See the lines above; then give: "
                f"sudo apt-get install -y {names}"
            )


def apt_prefix() -> list | None:
    """Return what goes before apt-get to be allowed to install; None: not possible here."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        if subprocess.call(["sudo", "-n", "true"], **quiet) == 0:
            return ["sudo", "-n"]
    return None


def fingerprint(level: str) -> str:
    """Return what an environment of this level is made from."""
    parts = [LOCKS[level].read_bytes(), (ROOT / "pyproject.toml").read_bytes()]
    parts.append(repr((sys.version_info[:2], str(ROOT))).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_set_up(level: str) -> bool:
    """Whether the environment was finished for this level, with the same lock and place."""
    try:
        done = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return PYTHON.exists() and done.get(level) == fingerprint(level)


def make_environment(level: str) -> None:
    """Make ``.venv`` with what the lock names.

    The stamp is written last, so that an environment that was interrupted is made again.
    """
    say(
        "Setting up the Python environment in .venv (once, some minutes)…",
        "正在 .venv 中准备 Python 环境（仅首次，需几分钟）……",
    )
    done = {}
    if is_set_up("run"):  # the tests need more of the same
        done = json.loads(STAMP.read_text(encoding="utf-8"))
    elif VENV.exists():
        shutil.rmtree(VENV)
    STAMP.unlink(missing_ok=True)
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "-q", "install"]
    lock = ["--require-hashes", "--only-binary=:all:", "-r", str(LOCKS[level])]
    project = ["--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)]
    for step in (lock, project):
        if subprocess.call([*pip, *step], stdout=sys.stderr):
            raise Stop(
                "The Python packages could not be installed. See the lines above: is there a "
                "network, and room on the disk? Then give the command again."
            )
    done[level] = fingerprint(level)
    if level == "test":
        done["run"] = fingerprint("run")
    STAMP.write_text(json.dumps(done), encoding="utf-8")


def start(command: list) -> int:
    """Become the program (on Windows: wait for it)."""
    if os.name == "nt":
        return subprocess.call(command)
    os.execv(command[0], command)
    return 0


def test(rest: list) -> int:
    """Run all checks; pytest's own closing line is the last."""
    python = str(PYTHON)
    checks = (
        [python, "-m", "ruff", "check", "."],
        [python, "-m", "ruff", "format", "--check", "."],
        [python, "-m", "mypy"],
        [python, "-c", "from importlinter.cli import lint_imports_command as go; go()"],
    )
    failed = [] if rest else [c for c in checks if subprocess.call(c, cwd=str(ROOT))]
    for check in failed:
        print("failed: {}".format(" ".join(check[1:])), file=sys.stderr, flush=True)
    workers = ["-n", str(min(os.cpu_count() or 1, 4))]
    with quick_folder() as folder:
        status = subprocess.call(
            [python, "-m", "pytest", *(rest or workers)],
            cwd=str(ROOT),
            env=dict(os.environ, TMPDIR=folder),
        )
    return status or (1 if failed else 0)


def quick_folder() -> tempfile.TemporaryDirectory:
    """Return a folder for what tests write: in memory where there is room for it.

    They make two thousand small databases, and a slow disk would take as long as all else.
    """
    memory = Path("/dev/shm")  # noqa: S108  (a folder with a name of its own is made in it)
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM_FOR_TESTS
    return tempfile.TemporaryDirectory(
        prefix="desk-maint-", dir=memory if roomy else None, ignore_cleanup_errors=True
    )


def doctor() -> int:
    """Print what is there, what is missing and what to do; 0 where nothing is missing."""
    rows = [("Python %d.%d" % sys.version_info[:2], True, "")]
    if sys.platform == "linux":
        rows += [
            (library, loads(library), "sudo apt-get install -y " + package)
            for library, package in WINDOW_LIBRARIES.items()
        ]
        rows.append(
            ("Chinese font", has_chinese_font(), "sudo apt-get install -y fonts-wqy-microhei")
        )
        pip = PYTHON.exists() or has_ensurepip()
        rows.append(("python3-venv", pip, "sudo apt-get install -y python3-venv"))
    rows.append(("screen", has_screen(), "works without: figures and workbook are made headless"))
    rows.append((".venv", is_set_up("run"), "python3 installer/bootstrap.py run"))
    for name, there, mend in rows:
        print("{:28} {:8} {}".format(name, "ok" if there else "missing", "" if there else mend))
    return 0 if all(there for name, there, _ in rows if name != "screen") else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
