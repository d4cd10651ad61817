"""Proof that a database is whole: pages, keys, values, schema and history.

What follows from the rules of the trade is proven by ``desk_maint.services.check``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    Connection,
    Date,
    Enum,
    Integer,
    Text,
    cast,
    func,
    inspect,
    not_,
    or_,
    select,
)

from desk_maint.db.models import Base, Change, ChangedField
from desk_maint.db.types import Instant
from desk_maint.db.views import GUARDS, VIEWS, find_guards
from desk_maint.domain.errors import EnvironmentProblem
from desk_maint.domain.messages import Message, msg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, Table

    from desk_maint.db.engine import Database

__all__ = ["check_structure"]

_SHOWN = 20


def check_structure(database: Database) -> tuple[Message, ...]:
    """Return what is wrong with the database itself; nothing is changed."""
    found: list[Message] = []
    try:
        with database.read() as session:
            connection = session.connection()
            found += _schema(connection)
            if database.is_sqlite:
                found += _file(connection)
            if not found:  # what is looked at next is there, and can be read
                found += _values(connection)
                found += _history(connection)
    except EnvironmentProblem as problem:
        if not database.is_sqlite:
            raise
        found.append(problem.message)  # so damaged that SQLite gives up
    return tuple(found)


def _schema(connection: Connection) -> Iterator[Message]:
    """Compare the schema with the tables that this version works with."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    differences = [_spell(each) for each in compare_metadata(context, Base.metadata)]
    inspector = inspect(connection)
    tables = set(inspector.get_table_names())
    for table in Base.metadata.sorted_tables:
        if table.name in tables:
            there = {check["name"] for check in inspector.get_check_constraints(table.name)}
            wanted = {str(rule.name) for rule in _rules(table)}
            differences += [f"{table.name}: check {name} is missing" for name in wanted - there]
    missing = set(VIEWS) - set(inspector.get_view_names())
    differences += [f"view {name} is missing" for name in sorted(missing)]
    for difference in differences:
        yield msg(
            "The schema is not that of this version: {difference}. Restore the last backup.",
            difference=difference,
        )


def _rules(table: Table) -> Iterator[CheckConstraint]:
    return (rule for rule in table.constraints if isinstance(rule, CheckConstraint))


def _spell(difference: object) -> str:
    """Return a difference as Alembic finds it, e.g. ``add_column fault remarks``."""
    if isinstance(difference, list):
        return "; ".join(_spell(each) for each in difference)
    if not isinstance(difference, tuple):
        return str(difference)
    parts = [getattr(each, "name", each) for each in difference]
    return " ".join(str(part) for part in parts if part is not None and part != {})


def _file(connection: Connection) -> Iterator[Message]:
    """Let SQLite go through its pages, and through every key that refers to another table."""
    for (problem,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_SHOWN})"):
        if problem != "ok":
            yield msg("The file is damaged: {problem}. Restore the last backup.", problem=problem)
    orphans: dict[tuple[str, str], int] = {}
    for table, _, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        orphans[table, parent] = orphans.get((table, parent), 0) + 1
    for (table, parent), count in orphans.items():
        yield msg(
            "{count} rows of the table {table} refer to rows of {parent} that are not there. "
            "Restore the last backup.",
            count=count,
            table=table,
            parent=parent,
        )


def _values(connection: Connection) -> Iterator[Message]:
    """Find values that somebody else's program wrote, and this one cannot read."""
    for table in Base.metadata.sorted_tables:
        wrong = {
            column.name: unreadable
            for column in table.columns
            if (unreadable := _unreadable(column, connection)) is not None
        }
        if not wrong:
            continue
        counts = connection.execute(
            select(
                *(func.count().filter(rule).label(name) for name, rule in wrong.items())
            ).select_from(table)
        ).one()
        for name, count in zip(wrong, counts, strict=True):
            if count:
                yield msg(
                    "{count} values of {column} in the table {table} cannot be read. Restore the "
                    "last backup.",
                    count=count,
                    column=name,
                    table=table.name,
                )


def _unreadable(column: Column[object], connection: Connection) -> ColumnElement[bool] | None:
    """Return the condition for a value that the column's type cannot be; None: it can be all."""
    if isinstance(column.type, Enum):
        return not_(cast(column, Text).in_(column.type.enums))
    if connection.dialect.name != "sqlite":
        return None  # the server sees to its types
    kind = func.typeof(column)
    if isinstance(column.type, Boolean):
        return not_(cast(column, Text).in_(("0", "1")))
    if isinstance(column.type, Date):
        words = cast(column, Text)
        return or_(kind.not_in(("text", "null")), func.date(words).is_distinct_from(words))
    if isinstance(column.type, (Integer, Instant)):
        return kind.not_in(("integer", "null"))
    return None


def _history(connection: Connection) -> Iterator[Message]:
    """Look whether the history is guarded, and whether each thing done has its lines."""
    for name in sorted(GUARDS[connection.dialect.name] - find_guards(connection)):
        yield msg(
            "The guard {name} of the history is not there: lines may have been altered. Compare "
            "with the last backup.",
            name=name,
        )
    empty = connection.scalars(
        select(Change.id)
        .where(~select(ChangedField.id).where(ChangedField.change_id == Change.id).exists())
        .order_by(Change.id)
        .limit(_SHOWN)
    ).all()
    for key in empty:
        yield msg(
            "Change {number} of the history has lost its lines. Compare with the last backup.",
            number=key,
        )
