"""Sentences that the program says to a person, kept apart from the language they are said in.

The core never knows who reads it.  It hands out a :class:`Message`: the English sentence, which
is also the key of the translation catalogues, and the values that go into its named fields.
``desk_maint.language.render`` turns it into text at the edge (command line, window, workbook).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["At", "Message", "Term", "msg"]


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the glossary inside a message, ``Term("atm")``: translated with the sentence."""

    key: str


@dataclass(frozen=True, slots=True)
class At:
    """A moment (UTC seconds) inside a message: told as local date and time of the bureau."""

    instant: int


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence with named fields, not yet in anybody's language.

    ``values`` may hold text, numbers, dates, a :class:`Term`, :class:`At` or a :class:`Message`,
    and a tuple of these for a list of words.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        """Return the English sentence (for logs and for tests; people see ``render``)."""
        plain = {
            name: value.key if isinstance(value, Term) else value
            for name, value in self.values.items()
        }
        return self.text.format_map(plain)


def msg(text: str, /, **values: object) -> Message:
    """Make a message; ``text`` must be a literal, or the translators' test cannot find it."""
    return Message(text, MappingProxyType(values))
