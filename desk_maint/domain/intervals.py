"""Arithmetic on half-open intervals ``[start, end)`` of instants.

A *span set* is a list of intervals that is sorted, disjoint and without empty or touching
members; every function here takes any iterable of intervals and returns a span set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Interval", "intersect", "length", "subtract", "union"]


class Interval(NamedTuple):
    """The instants from ``start`` up to, but not including, ``end``."""

    start: int
    end: int


def union(intervals: Iterable[tuple[int, int]]) -> list[Interval]:
    """Return the span set that covers exactly what the intervals cover; empty ones vanish."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if merged and start <= merged[-1].end:
            if end > merged[-1].end:
                merged[-1] = Interval(merged[-1].start, end)
        else:
            merged.append(Interval(start, end))
    return merged


def intersect(left: Iterable[tuple[int, int]], right: Iterable[tuple[int, int]]) -> list[Interval]:
    """Return what both cover."""
    one, other = union(left), union(right)
    common: list[Interval] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start = max(one[i].start, other[j].start)
        end = min(one[i].end, other[j].end)
        if start < end:
            common.append(Interval(start, end))
        if one[i].end <= other[j].end:
            i += 1
        else:
            j += 1
    return common


def subtract(left: Iterable[tuple[int, int]], right: Iterable[tuple[int, int]]) -> list[Interval]:
    """Return what ``left`` covers and ``right`` does not."""
    taken = union(right)
    rest: list[Interval] = []
    j = 0
    for interval in union(left):
        start, end = interval
        while j < len(taken) and taken[j].end <= start:
            j += 1
        k = j
        while k < len(taken) and taken[k].start < end:
            if taken[k].start > start:
                rest.append(Interval(start, taken[k].start))
            start = max(start, taken[k].end)
            k += 1
        if start < end:
            rest.append(Interval(start, end))
    return rest


def length(intervals: Iterable[tuple[int, int]]) -> int:
    """Return how many seconds the intervals cover together."""
    return sum(end - start for start, end in union(intervals))
