"""A fault of our own: a file for whoever looks after the program, a sentence for the person."""

from __future__ import annotations

import platform
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desk_maint import __version__
from desk_maint.domain.messages import Message, msg

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["crash_text", "write_crash_report"]

_PASSWORD = re.compile(r"(://[^:/@\s]+:)[^@\s]+@")


def crash_text(error: BaseException, words: Sequence[str] = ()) -> str:
    """Return the whole report: versions, the call and the trace, without passwords."""
    trace = "".join(traceback.format_exception(error))
    head = f"DeskMaint {__version__}, Python {platform.python_version()}, {platform.platform()}"
    call = f"\ndesk-maint {' '.join(words)}" if words else ""
    return _PASSWORD.sub(r"\1•••@", f"{head}{call}\n\n{trace}")


def write_crash_report(error: BaseException, words: Sequence[str], now: int) -> Message:
    """Write the report into the user's data folder and return what to tell the person."""
    from platformdirs import user_data_path  # noqa: PLC0415

    name = f"crash-{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}.txt"
    for folder in (user_data_path("desk-maint", "DeskMaint"), Path.cwd()):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            path.write_text(crash_text(error, words), encoding="utf-8")
        except OSError:
            continue
        return msg(
            "A fault of this program, not of yours: {problem}. Nothing was changed. Please give "
            "the report {path} to whoever looks after it.",
            problem=type(error).__name__,
            path=str(path),
        )
    return msg(
        "A fault of this program, not of yours: {problem}. Nothing was changed, and the report "
        "of it could not be written.",
        problem=type(error).__name__,
    )
