"""Reading the command line: argparse, but every word that a person sees is ours to translate.

argparse speaks English only, so nothing is left to it that it would have to complain about:
options are checked here, and headings come from the catalogues.
"""

from __future__ import annotations

import argparse
import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar

from desk_maint.cli.text_tables import wrap
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import from_local
from desk_maint.domain.messages import Message, msg
from desk_maint.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from zoneinfo import ZoneInfo

    from desk_maint.cli.console import Console

__all__ = [
    "AddCommand",
    "Parser",
    "day",
    "file",
    "flat",
    "instant",
    "language",
    "moment",
    "needed",
    "one_of",
    "period",
    "several",
    "whole_number",
]

Value = TypeVar("Value")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)


class AddCommand(Protocol):
    """Adds a command to the program; ``run`` does it and returns the exit status."""

    def __call__(
        self,
        name: str,
        usage: str,
        about: Message,
        run: Callable[[argparse.Namespace, Console], int],
    ) -> Parser:
        """Return the parser of the command, to be told what it takes."""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help texts whose lines are broken by the width of their characters."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = [line for paragraph in text.split("\n") for line in wrap(paragraph, width)]
        return "\n".join(indent + line for line in lines)


class Parser(argparse.ArgumentParser):
    """A parser of one command (or of the program) that speaks the console's language."""

    def __init__(self, console: Console, *, usage: str, about: Message, **more: Any) -> None:  # noqa: ANN401  (argparse's own words)
        heading = console.say(msg("Usage:"))

        class Formatter(_Formatter):
            def add_usage(
                self,
                usage: str | None,
                actions: Iterable[argparse.Action],
                groups: Iterable[Any],
                prefix: str | None = None,
            ) -> None:
                super().add_usage(usage, actions, groups, prefix or f"{heading} ")

        super().__init__(
            usage=usage,
            description=console.say(about),
            add_help=False,
            allow_abbrev=False,
            exit_on_error=False,
            formatter_class=Formatter,
            **more,
        )
        self._console = console
        self._takes: argparse._ArgumentGroup | None = None

    def takes(self, *names: str, about: Message, **more: object) -> None:
        """Add a positional argument or an option of this command."""
        if self._takes is None:
            self._takes = self.add_argument_group(self._console.say(msg("Options")))
        self._takes.add_argument(*names, help=self._console.say(about), **more)  # type: ignore[arg-type]

    def takes_global_options(self, **default: object) -> None:
        """Add what every command takes, before the command and after it."""
        say = self._console.say
        group = self.add_argument_group(say(msg("Options of every command")))
        group.add_argument(
            "--database",
            metavar="FILE|URL",
            help=say(
                msg(
                    "the database: an SQLite file, or postgresql://server/name (or set "
                    "DESK_MAINT_DATABASE; otherwise a file in your data folder)"
                )
            ),
            **default,  # type: ignore[arg-type]
        )
        group.add_argument(
            "--lang",
            metavar="|".join(LANGUAGES),
            type=language,
            help=say(msg("the language to speak")),
            **default,  # type: ignore[arg-type]
        )
        group.add_argument(
            "--verbose",
            action="store_true",
            help=say(msg("tell what is being done, on standard error")),
            **default,  # type: ignore[arg-type]
        )
        group.add_argument("-h", "--help", action="help", help=say(msg("show this help")))

    def takes_json(self) -> None:
        """Add ``--json``, for commands that print figures."""
        self.takes(
            "--json",
            action="store_true",
            about=msg("print one JSON document for scripts instead of a table"),
        )

    def error(self, message: str) -> NoReturn:
        """Refuse what argparse could not read and did not say more about."""
        raise InputError(
            msg(
                "The command line cannot be read ({problem}). See: {help}",
                problem=message,
                help=f"{self.prog} --help",
            )
        )


def language(text: str) -> str:
    """Return one of the three languages; ``zh-cn`` is understood too."""
    for known in LANGUAGES:
        if text.replace("-", "_").casefold() == known.casefold():
            return known
    raise InputError(
        msg(
            "“{word}” is no language of this program. Use one of: {words}.",
            word=text,
            words=", ".join(LANGUAGES),
        )
    )


def day(text: str) -> date:
    """Read a local date: ``2026-06-01``, ``2026/6/1`` or ``2026年6月1日``."""
    found = _DAY.fullmatch(text.strip())
    try:
        if found is not None:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise InputError(msg("“{value}” is not a date. Write it like 2026-06-01.", value=text))


def moment(text: str) -> datetime:
    """Read a local date and time: ``2026-06-01 08:00``, also with ``T``, seconds and an offset.

    The result is aware where an offset is given, else it is wall-clock time of the bureau.  A
    date alone is its first moment.
    """
    parts = re.split(r"[T\s]+", text.strip(), maxsplit=1)
    try:
        found = _TIME.fullmatch(parts[1]) if len(parts) > 1 else _TIME.fullmatch("00:00")
        if found is not None:
            local = datetime.combine(day(parts[0]), datetime.min.time())
            return local.replace(
                hour=int(found[1]),
                minute=int(found[2]),
                second=int(found[3] or 0),
                tzinfo=_offset(found[4]),
            )
    except (InputError, ValueError):
        pass
    raise InputError(
        msg("“{value}” is not a date and time. Write it like 2026-06-01 08:00.", value=text)
    )


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text in "Zz":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def instant(given: datetime | None, tz: ZoneInfo, now: int) -> int:
    """Return the moment of ``--as-of`` in UTC seconds; now where none is given."""
    return now if given is None else from_local(given, tz)


def period(start: date | None, end: date | None) -> tuple[date, date]:
    """Return the period of ``--from`` and ``--to``, whose end is not included."""
    start, end = needed("--from", start), needed("--to", end)
    if start >= end:
        raise InputError(
            msg(
                "The period from {start} to {end} is empty: --to is the day after its last one. "
                "Give a later --to.",
                start=start,
                end=end,
            )
        )
    return start, end


def needed(option: str, value: Value | None) -> Value:
    """Return ``value``; raise :class:`InputError` where the option was not given."""
    if value is None:
        raise InputError(msg("{option} is missing. Add it and try again.", option=option))
    return value


def one_of(option: str, words: Iterable[str]) -> Callable[[str], str]:
    """Return a reader of an option that takes one of ``words``."""
    known = tuple(words)

    def read(text: str) -> str:
        word = text.strip().casefold().replace("-", "_")
        if word not in known:
            raise InputError(
                msg(
                    "“{word}” is nothing that {option} takes. Use one of: {words}.",
                    word=text,
                    option=option,
                    words=", ".join(known),
                )
            )
        return word

    return read


def several(option: str, words: Iterable[str]) -> Callable[[str], list[str]]:
    """Return a reader of an option that takes words, parted by commas, given once or more."""
    read_one = one_of(option, words)

    def read(text: str) -> list[str]:
        return [read_one(word) for word in re.split(r"[,，、\s]+", text) if word]

    return read


def whole_number(option: str, least: int, most: int) -> Callable[[str], int]:
    """Return a reader of an option that takes a whole number between two bounds, included."""

    def read(text: str) -> int:
        if not text.strip().isdecimal() or not least <= int(text) <= most:
            raise InputError(
                msg(
                    "“{value}” is nothing that {option} takes. Give a whole number from {least} "
                    "to {most}.",
                    value=text,
                    option=option,
                    least=least,
                    most=most,
                )
            )
        return int(text)

    return read


def file(text: str) -> Path:
    """Return a path as people write it, ``~`` included."""
    return Path(text).expanduser()


def flat(lists: Sequence[Sequence[str]] | None) -> frozenset[str]:
    """Return the words of an option that was given any number of times."""
    return frozenset(word for words in lists or () for word in words)
