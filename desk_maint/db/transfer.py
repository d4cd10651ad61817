"""All rows of one database into another of the same schema, whichever kind either is."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import LargeBinary, func, select, text
from sqlalchemy.orm import Session

from desk_maint.db.bulk_insert import insert_rows
from desk_maint.db.models import Base
from desk_maint.db.views import create_guards, drop_guards

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Row, Table

__all__ = ["replace_rows"]

_ROWS_AT_ONCE = 2000
_BIG_ROWS_AT_ONCE = 20  # photos


def replace_rows(source: Connection, target: Connection) -> None:
    """Replace all rows of ``target`` by those of ``source``, in the transactions of both.

    Both have the newest schema.  A SQLite ``target`` is written with foreign keys resting
    (``writing(…, rebuilding=True)``), for an outlet may stand before the one it belongs to.
    """
    drop_guards(target)
    tables = Base.metadata.sorted_tables
    for table in reversed(tables):
        target.execute(table.delete())
    session = Session(target)
    for table in tables:
        names = table.columns.keys()
        parts = _partitions(source, table)
        if target.dialect.name == "sqlite":
            for part in parts:
                insert_rows(session, table, names, part)
        else:
            # One COPY, at whose end the server checks what refers to its own table.
            insert_rows(session, table, names, chain.from_iterable(parts))
    create_guards(target)
    if target.dialect.name == "postgresql":
        for table in tables:
            _go_on_counting(target, table)


def _partitions(source: Connection, table: Table) -> Iterator[Sequence[Row[*tuple[object, ...]]]]:
    big = any(isinstance(column.type, LargeBinary) for column in table.columns)
    size = _BIG_ROWS_AT_ONCE if big else _ROWS_AT_ONCE
    result = source.execute(select(table), execution_options={"yield_per": size})
    yield from result.partitions(size)


def _go_on_counting(target: Connection, table: Table) -> None:
    """Let the next row of ``table`` get the key after the highest there is."""
    if "id" not in table.c:
        return
    newest = target.execute(select(func.max(table.c.id))).scalar()
    target.execute(
        text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :value, :used)"),
        {"table": table.name, "value": newest or 1, "used": newest is not None},
    )
