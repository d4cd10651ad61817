"""Long lists: one page of rows with the number of all, and looking for a text in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import QueryableAttribute, Session

__all__ = ["Page", "contains"]

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows from an offset on, and the number of all that match."""

    rows: tuple[Row, ...]
    total: int


def contains(
    session: Session, column: QueryableAttribute[Any] | ColumnElement[Any], text: str
) -> ColumnElement[bool]:
    """Return the condition that ``text`` stands anywhere in ``column``, whatever its case.

    Plain LIKE costs half of what ILIKE does or less.  SQLite's pays no heed to the case of Latin
    letters anyway; PostgreSQL's will do for a text that has no case, such as digits or Chinese.
    """
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = f"%{escaped}%"
    plain = session.get_bind().dialect.name == "sqlite" or text.lower() == text.upper()
    found: ColumnElement[bool] = (
        column.like(pattern, escape="\\") if plain else column.ilike(pattern, escape="\\")
    )
    return found
