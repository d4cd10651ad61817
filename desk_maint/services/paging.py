"""What a long list answers with: one page of its rows, and how many there are in all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Page"]

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows from an offset on, and the number of all that match."""

    rows: tuple[Row, ...]
    total: int
