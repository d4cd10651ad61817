"""Writing many new rows at once: by the driver's own cursor, beneath SQLAlchemy's row objects.

An import of 200,000 faults spends most of its time here if every row becomes an object first.
The history is the caller's to write (``Work.record_added``): nothing here passes the session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, func, select, text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy.orm import Session

__all__ = ["insert_rows", "reserve_ids"]


def reserve_ids(session: Session, table: Table, count: int) -> Sequence[int]:
    """Return ``count`` unused primary keys of ``table``, for rows written in this transaction.

    SQLite has one writer, so that the next numbers are free; PostgreSQL hands them out.
    """
    if not count:
        return ()
    if session.get_bind().dialect.name == "sqlite":
        last = session.scalar(select(func.max(table.c.id))) or 0
        return range(last + 1, last + 1 + count)
    sequence = f"{table.name}_id_seq"
    return session.scalars(
        text("SELECT nextval(CAST(:name AS regclass)) FROM generate_series(1, :count)"),
        {"name": sequence, "count": count},
    ).all()


def insert_rows(
    session: Session, table: Table, names: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Insert rows whose values stand in the order of the columns ``names``.

    Values go through the column types, as everywhere else: an enum is stored by its value, and
    an instant that is no whole number is refused.
    """
    connection = session.connection()
    dialect = connection.dialect
    processors: list[Callable[[Any], Any] | None] = [
        table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names
    ]
    changed = [(i, process) for i, process in enumerate(processors) if process is not None]

    def bound(row: Sequence[object]) -> list[object]:
        values = list(row)
        for i, process in changed:
            value = values[i]
            if value is not None:
                values[i] = process(value)
        return values

    columns = ", ".join(dialect.identifier_preparer.quote(name) for name in names)
    target = dialect.identifier_preparer.format_table(table)
    if dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        batch = [tuple(bound(row)) for row in rows]
        if batch:
            # Names of the program's own tables only, quoted.
            statement = f"INSERT INTO {target} ({columns}) VALUES ({marks})"  # noqa: S608
            connection.exec_driver_sql(statement, batch)
        return
    statement = f"COPY {target} ({columns}) FROM STDIN"
    cursor: Any = connection.connection.cursor()
    driver_error = dialect.loaded_dbapi.Error
    try:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(bound(row))
    except driver_error as error:
        # As SQLAlchemy itself wraps them, so that they are told in the one place that does.
        raise DBAPIError.instance(statement, None, error, driver_error, dialect=dialect) from error
    finally:
        cursor.close()
