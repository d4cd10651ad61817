"""Declarative base: names of constraints and the version counter of editable rows."""

from __future__ import annotations

from sqlalchemy import Index, MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

__all__ = ["Base", "Versioned", "partial_index"]


class Base(DeclarativeBase):
    """Base of all tables; every constraint gets a name so that migrations can find it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Versioned:
    """A row that people edit: its counter refuses the second of two edits of one state.

    SQLAlchemy raises ``StaleDataError`` where the row has moved on; the services turn that into
    :class:`~desk_maint.domain.errors.StaleError`.
    """

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, object]:  # noqa: N805  (SQLAlchemy hands over the class)
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index over the rows that fulfil ``where``.

    The condition is told for SQLite alone.  The migrations make the tables, and they name both
    databases; naming PostgreSQL here would import all its drivers at every start on one PC, a
    tenth of what SQLAlchemy takes to come up.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where))
