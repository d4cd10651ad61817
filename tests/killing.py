"""Killing a process at any moment of its work on a database, again and again at the same one.

A *step* is a statement, either side of a commit, or a thousand instructions of SQLite's machine:
so a kill lands within statements as well as between them.
"""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

__all__ = ["count_steps", "run_and_kill", "spread"]

_ROOT = Path(__file__).resolve().parent.parent
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows ends a process by either
_NEVER = 0


def run_and_kill(
    arguments: Sequence[str],
    *,
    after_steps: int = _NEVER,
    watch: Path | None = None,
    after_bytes: int = 0,
) -> bool:
    """Run Python with ``arguments`` (``-m module …`` or ``-c code …``) and kill it on the way.

    After so many steps, or once the file ``watch`` holds more than ``after_bytes``.  Returns
    whether it was killed; a run that came to its end first must have ended well.
    """
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            [sys.executable, __file__, str(after_steps), os.devnull, *arguments],
            cwd=_ROOT,
            stdout=said,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        if watch is not None:
            while process.poll() is None:
                if watch.exists() and watch.stat().st_size > after_bytes:
                    process.send_signal(_KILL)
                    break
        status = process.wait()
        said.seek(0)
        killed = status == -_KILL or (os.name == "nt" and status == _KILL)
        assert killed or status == 0, said.read().decode(errors="replace")
    return killed


def count_steps(arguments: Sequence[str]) -> int:
    """Run Python with ``arguments`` to its end and return how many steps it takes."""
    with tempfile.TemporaryDirectory() as folder:
        counted = Path(folder) / "steps"
        subprocess.run(
            [sys.executable, __file__, str(_NEVER), str(counted), *arguments],
            cwd=_ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return int(counted.read_text())


def spread(steps: int, kills: int) -> list[int]:
    """Return ``kills`` steps from the first to the last, evenly spread."""
    if steps <= kills:
        return list(range(1, steps + 1))
    return sorted({1 + round(i * (steps - 1) / (kills - 1)) for i in range(kills)})


class _Steps:
    """Counts in the process that is to be killed, and kills it."""

    def __init__(self, last: int) -> None:
        from sqlalchemy import Engine, event
        from sqlalchemy.pool import Pool

        self.taken = 0
        self._last = last
        event.listen(Engine, "before_cursor_execute", self.step)
        event.listen(Engine, "commit", self.step)
        event.listen(Engine, "checkin", self.step)
        event.listen(Pool, "connect", self._watch)

    def step(self, *_unused: object) -> None:
        self.taken += 1
        if self.taken == self._last:
            os.kill(os.getpid(), _KILL)

    def _watch(self, connection: object, _record: object) -> None:
        if hasattr(connection, "set_progress_handler"):
            sqlite: sqlite3.Connection = connection
            sqlite.set_progress_handler(self.step, 1000)


def _main() -> None:
    last, counted, how, what, *rest = sys.argv[1:]
    sys.path.insert(0, str(_ROOT))
    steps = _Steps(int(last))
    sys.argv = [what, *rest]
    try:
        if how == "-c":
            exec(compile(what, "<killed>", "exec"), {"__name__": "__main__"})  # noqa: S102
        else:
            runpy.run_module(what, run_name="__main__", alter_sys=True)
    finally:
        Path(counted).write_text(str(steps.taken), encoding="ascii")


if __name__ == "__main__":
    _main()
