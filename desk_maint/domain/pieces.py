"""Arithmetic on intervals of many stays at once, as arrays.

Like :mod:`desk_maint.domain.intervals`, for hundreds of thousands: intervals of different stays
are kept apart by a multiple of a span longer than the period (*keyed* time), so that a union over
all of them is one pass of a running maximum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = ["Pieces", "difference", "disjoint", "ordered", "spread"]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Intervals ``[start, end)`` of stays, none empty, in order of stay and start.

    Times count from the beginning of the period; ``source`` is the row that each came from.
    """

    stay: Ints
    start: Ints
    end: Ints
    source: Ints

    def __len__(self) -> int:
        """Return the number of intervals."""
        return len(self.stay)

    def rows(self, which: NDArray[np.generic]) -> Pieces:
        """Return some of the intervals, by their places or by a mask."""
        return Pieces(self.stay[which], self.start[which], self.end[which], self.source[which])


def ordered(pieces: Pieces, span: int) -> Pieces:
    """Return the intervals in order of stay and start; those that start together keep theirs."""
    key = pieces.stay * span + pieces.start
    if len(key) < 2 or bool((key[1:] >= key[:-1]).all()):  # noqa: PLR2004  (a pair)
        return pieces
    return pieces.rows(np.argsort(key, kind="stable"))


def disjoint(pieces: Pieces, span: int) -> Pieces:
    """Return the same union without overlaps: each second goes to the first that covers it."""
    if len(pieces) < 2:  # noqa: PLR2004  (a pair)
        return pieces
    offset = pieces.stay * span
    reached = np.maximum.accumulate(pieces.end + offset)
    start = pieces.start.copy()
    np.maximum(start[1:], reached[:-1] - offset[1:], out=start[1:])
    return _unless_empty(Pieces(pieces.stay, start, pieces.end, pieces.source))


def difference(left: Pieces, right: Pieces, span: int) -> Pieces:
    """Return what ``left`` covers and ``right`` does not; neither overlaps itself."""
    if not len(left) or not len(right):
        return left
    offset, taken = left.stay * span, right.stay * span
    begin, finish = left.start + offset, left.end + offset
    opening, closing = right.start + taken, right.end + taken
    # The smaller side is looked for in the larger.
    if len(right) < len(left):
        first = np.searchsorted(finish, opening, side="right")
        beyond = np.maximum(np.searchsorted(begin, closing, side="left"), first)
        change = np.bincount(first, minlength=len(left) + 1)
        change -= np.bincount(beyond, minlength=len(left) + 1)
        hit = np.flatnonzero(np.cumsum(change[:-1]))
    else:
        hit = np.arange(len(left))
    low = np.searchsorted(closing, begin[hit], side="right")
    high = np.searchsorted(opening, finish[hit], side="left")
    meeting = low < high
    hit, low, high = hit[meeting], low[meeting], high[meeting]
    if not len(hit):
        return left
    # Between and around the pieces taken out of one there is one gap more than pieces.
    which, number = spread(high - low + 1)
    row, low, high = hit[which], low[which], high[which]
    inner = np.minimum(low + number, len(right) - 1)
    start = np.where(number > 0, right.end[low + number - 1], left.start[row])
    end = np.where(low + number < high, right.start[inner], left.end[row])
    gaps = _unless_empty(
        Pieces(left.stay[row], np.maximum(start, left.start[row]), end, left.source[row])
    )
    kept = np.ones(len(left), np.bool_)
    kept[hit] = False
    whole = left.rows(kept)
    return ordered(
        Pieces(
            np.concatenate([whole.stay, gaps.stay]),
            np.concatenate([whole.start, gaps.start]),
            np.concatenate([whole.end, gaps.end]),
            np.concatenate([whole.source, gaps.source]),
        ),
        span,
    )


def spread(counts: Ints) -> tuple[Ints, Ints]:
    """Return for each of ``counts`` copies the row it is a copy of, and its number among them."""
    row = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    return row, number


def _unless_empty(pieces: Pieces) -> Pieces:
    kept = pieces.start < pieces.end
    return pieces if bool(kept.all()) else pieces.rows(kept)
