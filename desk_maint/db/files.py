"""SQLite files as wholes: copied while in use, put in place of another at one stroke."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from desk_maint.db.problems import sqlite_problem
from desk_maint.domain.errors import EnvironmentProblem
from desk_maint.domain.messages import Message, msg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "BESIDE",
    "at_rest",
    "cannot_write",
    "claim_name",
    "copy_sqlite",
    "free_name",
    "replacing",
]

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps next to a file that is in use, or was when the power went."""


def at_rest(path: Path) -> str:
    """Return the URI that reads a SQLite file nobody works with, and leaves nothing beside it."""
    log = path.with_name(path.name + "-wal")
    mode = "mode=ro" if log.exists() and log.stat().st_size else "immutable=1"
    return f"{path.absolute().as_uri()}?{mode}"


def copy_sqlite(source: Path | str, target: Path) -> None:
    """Copy a SQLite file, or what a URI names, while people go on working with it.

    The copy is one transaction of the source, what stands in its log included; it is read
    through row by row, so that a damaged source is not copied silently, and forced to the disk.
    ``target`` must not be there, or be empty; it may lie on a network share, for nobody else
    opens it yet.
    """
    uri = source if isinstance(source, str) else f"{source.absolute().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            connection.execute("VACUUM INTO ?", (f"{target.absolute().as_uri()}?nolock=1",))
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise sqlite_problem(error, str(target)) from error
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def free_name(path: Path, suffix: str) -> Path:
    """Return a name beside ``path`` that nothing bears: with ``suffix``, at need a number."""
    wanted = path.with_name(f"{path.name}.{suffix}")
    found, number = wanted, 1
    while found.exists():
        number += 1
        found = wanted.with_name(f"{wanted.name}-{number}")
    return found


def claim_name(path: Path, suffix: str) -> Path:
    """Return such a name with an empty file that holds it: no other process finds the same."""
    while True:
        found = free_name(path, suffix)
        try:
            found.touch(exist_ok=False)
        except FileExistsError:
            continue  # somebody was faster
        except OSError as error:
            raise EnvironmentProblem(cannot_write(found, error.strerror or str(error))) from error
        return found


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Hand out a name beside ``target`` whose file takes its place once the block is done.

    At every moment ``target`` is the old whole file or the new one.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        part.unlink(missing_ok=True)  # of a process that was killed
        target.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(target)
        _flush_folder(target.parent)
    except OSError as error:
        raise EnvironmentProblem(cannot_write(target, error.strerror or str(error))) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def cannot_write(path: Path, problem: str) -> Message:
    """Return the sentence for a file that the system refuses to write."""
    return msg(
        "{path} cannot be written ({problem}). See whether the disk is full or the folder is "
        "read-only.",
        path=str(path),
        problem=problem,
    )


def _flush_folder(folder: Path) -> None:
    """Force the new name to the disk, where a folder can be opened at all (not on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
