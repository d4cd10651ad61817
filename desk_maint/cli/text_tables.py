"""Text for terminals: Chinese characters are two columns wide, and so are their table cells."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["pad", "table", "width", "wrap"]

_BETWEEN = "  "


def width(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(sign) for sign in text)


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return ``text`` filled with blanks to so many columns, on its left where ``right``."""
    blanks = " " * max(0, columns - width(text))
    return blanks + text if right else text + blanks


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()
) -> list[str]:
    """Return the lines of a table; the columns whose numbers are in ``right`` hold figures."""
    lines = [header, *rows]
    widths = [max(width(line[i]) for line in lines) for i in range(len(header))]
    figures = frozenset(right)

    def line_of(cells: Sequence[str]) -> str:
        padded = (pad(cells[i], widths[i], right=i in figures) for i in range(len(cells)))
        return _BETWEEN.join(padded).rstrip()

    rule = _BETWEEN.join("-" * columns for columns in widths)
    return [line_of(header), rule, *(line_of(row) for row in lines[1:])]


def wrap(text: str, columns: int) -> list[str]:
    """Return ``text`` in lines of at most so many columns.

    Words of Latin letters stay whole; Chinese breaks anywhere but before its punctuation.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and width(line) + width(piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> Iterable[str]:
    """Cut ``text`` where a line may break: after blanks and around wide characters."""
    piece = ""
    for sign in " ".join(text.split()):
        breaks = piece.endswith(" ") or (
            piece and (_is_wide(sign) or _is_wide(piece[-1])) and sign not in _NEVER_FIRST
        )
        if breaks and sign != " ":
            yield piece
            piece = ""
        piece += sign
    if piece:
        yield piece


_NEVER_FIRST = "，。；：、！？）》」』”’%,.;:!?)"


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def _columns(sign: str) -> int:
    return 0 if unicodedata.combining(sign) else 1 + _is_wide(sign)
