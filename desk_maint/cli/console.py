"""What the command line says, and where: figures go to standard output, the rest to error."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Self

from desk_maint.cli.text_tables import table
from desk_maint.domain.instants import DEFAULT_ZONE, zone
from desk_maint.language import show, term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TextIO
    from zoneinfo import ZoneInfo

    from desk_maint.domain.messages import At, Message, Term
    from desk_maint.domain.people import Actor

__all__ = ["DONE", "REFUSED", "UNUSABLE", "WRONG", "Console", "ProgressLine"]

DONE = 0
REFUSED = 1
"""Done, but rows were refused or a check failed."""
WRONG = 2
"""The call or its input is wrong."""
UNUSABLE = 3
"""The database or another part of the environment is not usable."""

_SLOW_AFTER_SECONDS = 1.0
_REDRAW_SECONDS = 0.2
_LINE_SECONDS = 10.0


class Console:
    """Speaks to the person at the command line in one language."""

    def __init__(
        self,
        lang: str,
        clock: Callable[[], int],
        *,
        out: TextIO | None = None,
        error: TextIO | None = None,
    ) -> None:
        self.lang = lang
        self.now = clock
        """UTC seconds."""
        self.zone: ZoneInfo = zone(DEFAULT_ZONE)
        """In which moments are told: the bureau's, once its database is open."""
        self.json = False
        """Standard output belongs to one JSON document; sentences go to standard error."""
        self._out = out or sys.stdout
        self._error = error or sys.stderr

    @property
    def actor(self) -> Actor:
        """The administrator of this PC, named as the system knows him."""
        from desk_maint.domain.people import Actor, Role  # noqa: PLC0415  (help needs no actor)

        return Actor(name=_system_user(), role=Role.ADMINISTRATOR)

    def say(self, text: Message | Term | At) -> str:
        """Return ``text`` in the language of the person."""
        return str(show(text, self.lang, self.zone))

    def word(self, key: str) -> str:
        """Return the word of the glossary for ``key``."""
        return term(key, self.lang)

    def print(self, *texts: Message | str) -> None:
        """Print what was asked for; beside a JSON document it goes to standard error."""
        for text in texts:
            line = text if isinstance(text, str) else self.say(text)
            print(line, file=self._error if self.json else self._out)

    def note(self, *texts: Message | str) -> None:
        """Print what is told besides: warnings, errors, progress."""
        for text in texts:
            print(text if isinstance(text, str) else self.say(text), file=self._error)

    def print_table(
        self, header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()
    ) -> None:
        """Print a table."""
        self.print(*table(header, rows, right=right))

    def document(self, content: object) -> None:
        """Print the one JSON document that a script reads."""
        # A pipe of an old code page could not carry Chinese; JSON can be written without it.
        utf8 = (self._out.encoding or "utf-8").casefold().replace("-", "") == "utf8"
        print(json.dumps(content, ensure_ascii=not utf8, indent=1), file=self._out)

    def progress(self, what: Message) -> ProgressLine:
        """Return a progress line for a long piece of work."""
        return ProgressLine(self.say(what), self._error)


class ProgressLine:
    """How far long work is, on standard error; nothing is shown of what takes under a second."""

    def __init__(
        self, what: str, stream: TextIO, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._what = what
        self._stream = stream
        self._clock = clock
        self._next = clock() + _SLOW_AFTER_SECONDS
        self._drawn = False

    def advance(self, done: int, total: int = 0, *, of: str = "") -> None:
        """Tell how much is done; ``total`` 0 while nobody knows how much there is."""
        now = self._clock()
        if now < self._next:
            return
        share = f"{done}/{total} ({min(100, done * 100 // total)} %)" if total else str(done)
        text = " ".join(part for part in (self._what, of, share) if part)
        if self._stream.isatty():
            print(f"\r\x1b[2K{text}", end="", file=self._stream, flush=True)
            self._drawn = True
            self._next = now + _REDRAW_SECONDS
        else:
            print(text, file=self._stream, flush=True)
            self._next = now + _LINE_SECONDS

    def clear(self) -> None:
        """Wipe the line, so that what follows begins on a clean one."""
        if self._drawn:
            print("\r\x1b[2K", end="", file=self._stream, flush=True)
            self._drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_unused: object) -> None:
        self.clear()


def _system_user() -> str:
    import getpass  # noqa: PLC0415

    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return "administrator"  # an account that the system has no name for
