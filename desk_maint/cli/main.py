"""The front door: ``desk-maint`` without a command opens the window, with one it works headless.

Nothing heavy is imported here: what a command needs it imports when it runs.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from itertools import pairwise
from typing import TYPE_CHECKING

from desk_maint import __version__
from desk_maint.cli.console import DONE, UNUSABLE, WRONG, Console
from desk_maint.cli.deferred import defer
from desk_maint.domain.errors import DeskMaintError, EnvironmentProblem
from desk_maint.domain.messages import msg
from desk_maint.language import choose

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["main"]

STOPPED = 130
"""What a shell expects of a program that Ctrl+C ended."""


def main(
    arguments: Sequence[str] | None = None, *, clock: Callable[[], int] = lambda: int(time.time())
) -> int:
    """Do what the command line says and return the exit status; ``clock`` gives UTC seconds.

    0: done.  1: done, but rows were refused or a check failed.  2: the call or its input is
    wrong.  3: the database or another part of the environment is not usable, the program itself
    included.  130: stopped by Ctrl+C.
    """
    defer()
    words = list(sys.argv[1:] if arguments is None else arguments)
    _speak_any_character()
    console = Console(choose(None, os.environ), clock)
    try:
        return _run(words, console)
    except DeskMaintError as error:
        console.note(error.message)
        _tell_causes(error)
        return UNUSABLE if isinstance(error, EnvironmentProblem) else WRONG
    except SystemExit as ended:  # argparse ends the program once it has printed the help
        return int(ended.code or DONE)
    except KeyboardInterrupt:
        console.note(msg("Stopped. What was not finished has been undone."))
        return STOPPED
    except BrokenPipeError:
        # Whoever reads the output has had enough of it; Python must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001  (our own fault: a report, never a traceback)
        from desk_maint.cli.crash_report import write_crash_report  # noqa: PLC0415

        console.note(write_crash_report(error, words, clock()))
        return UNUSABLE


def _run(words: list[str], console: Console) -> int:
    console.lang = _language_asked(words) or console.lang
    if not words:  # as from an icon: nothing to read, so the window stands sooner
        return _open_window(None, None)
    if "--version" in words:
        console.print(f"desk-maint {__version__}")
        return DONE
    from desk_maint.cli.command_line import read_command_line  # noqa: PLC0415

    options = read_command_line(words, console)
    if options.verbose:
        logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    if options.command is None:
        return _open_window(options.database, options.lang)
    console.json = getattr(options, "json", False)
    status: int = options.run(options, console)
    return status


def _language_asked(words: Sequence[str]) -> str | None:
    """Find ``--lang`` before anything else is read: refusals are told in it, too."""
    asked = None
    for word, following in pairwise([*words, ""]):
        if word == "--lang" and following:
            asked = following
        elif word.startswith("--lang="):
            asked = word.partition("=")[2]
    if asked is None:
        return None
    from desk_maint.cli.arguments import language  # noqa: PLC0415

    return language(asked)


def _open_window(location: str | None, lang: str | None) -> int:
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY")
        or os.environ.get("WAYLAND_DISPLAY")
        or os.environ.get("QT_QPA_PLATFORM")
    ):
        raise EnvironmentProblem(
            msg(
                "There is no screen to open the window on. Start it in a graphical session, or "
                "give a command; desk-maint --help lists them."
            )
        )
    try:
        from ui.app import main as open_window  # noqa: PLC0415  (the only way up to the window)
    except ImportError as error:
        raise EnvironmentProblem(
            msg(
                "The window cannot be opened ({problem}). Mend the installation with: python3 "
                "installer/bootstrap.py doctor.",
                problem=str(error),
            )
        ) from error
    return open_window(location, lang)


def _speak_any_character() -> None:
    """Never fail on a sign that the terminal's code page lacks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _tell_causes(error: BaseException) -> None:
    """With ``--verbose``: what lies behind a refusal."""
    cause = error.__cause__
    while cause is not None:
        logging.getLogger("desk-maint").info("%s: %s", type(cause).__name__, cause)
        cause = cause.__cause__
