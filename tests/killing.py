"""Killing a process at any moment of its work on a database, again and again at the same one.

A *step* is a statement, either side of a commit, or a thousand instructions of SQLite's machine:
so a kill lands within statements as well as between them.  The processes are forked from one
that has the program loaded already, so that hundreds of them take no time.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

__all__ = ["count_steps", "run_and_kill", "spread"]

_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows ends a process by either
_NEVER = 0
_FORKS = "forkserver" in multiprocessing.get_all_start_methods()
_CONTEXT = multiprocessing.get_context("forkserver" if _FORKS else "spawn")
if _FORKS:
    _CONTEXT.set_forkserver_preload(
        [
            "psycopg",
            "desk_maint.cli.main",
            "desk_maint.db.backup",
            "desk_maint.exchange.importing",
            "desk_maint.services.imports.batch",
        ]
    )


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
    return _run(arguments, after_steps, watch, after_bytes)[0]


def count_steps(arguments: Sequence[str]) -> int:
    """Run Python with ``arguments`` to its end and return how many steps it takes."""
    return _run(arguments, _NEVER, None, 0)[1]


def spread(steps: int, kills: int) -> list[int]:
    """Return ``kills`` steps from the first to the last, evenly spread."""
    if steps <= kills:
        return list(range(1, steps + 1))
    return sorted({1 + round(i * (steps - 1) / (kills - 1)) for i in range(kills)})


def _run(
    arguments: Sequence[str], after_steps: int, watch: Path | None, after_bytes: int
) -> tuple[bool, int]:
    with tempfile.TemporaryDirectory() as folder:
        said, counted = Path(folder) / "said", Path(folder) / "steps"
        process = _CONTEXT.Process(
            target=_work, args=(after_steps, str(counted), str(said), tuple(arguments))
        )
        process.start()
        if watch is not None:
            while process.is_alive():
                if _size(watch) > after_bytes:
                    process.kill()
                    break
        process.join()
        killed = process.exitcode == (-_KILL if os.name != "nt" else _KILL)
        assert killed or process.exitcode == 0, said.read_text(errors="replace")
        return killed, 0 if killed else int(counted.read_text())


def _size(path: Path) -> int:
    """Return the size of a file that may go at any time; -1: not there."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1


def _work(last: int, counted: str, said: str, arguments: Sequence[str]) -> None:
    """Do the work in the process that is to be killed."""
    with Path(said).open("w", encoding="utf-8") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    steps = _Steps(last)
    how, what, *rest = arguments
    sys.argv = [what, *rest]
    try:
        if how == "-c":
            exec(compile(what, "<killed>", "exec"), {"__name__": "__main__"})  # noqa: S102
        else:
            runpy.run_module(what, run_name="__main__", alter_sys=True)
    finally:
        Path(counted).write_text(str(steps.taken), encoding="ascii")


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
