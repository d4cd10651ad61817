"""The one place where errors of the drivers become sentences for people.

They are told apart by the drivers' codes: a server speaks its own language.  Only while a
connection is made is there nothing but words.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from desk_maint.domain.errors import EnvironmentProblem, StaleError
from desk_maint.domain.messages import Message, msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["sqlite_problem", "told_plainly"]


@contextmanager
def told_plainly(where: str) -> Iterator[None]:
    """Tell what goes wrong with the database at ``where`` in sentences.

    Driver errors inside the block become :class:`EnvironmentProblem`, a row that has moved on
    :class:`StaleError`.  What is neither is a fault of the program and passes unchanged.
    """
    try:
        yield
    except StaleDataError as error:
        raise StaleError(
            msg("This has been changed meanwhile. Look at it again before you save.")
        ) from error
    except DBAPIError as error:
        message = _sentence(error, where)
        if message is None:
            raise
        raise EnvironmentProblem(message) from error


def sqlite_problem(error: sqlite3.Error, where: str) -> EnvironmentProblem:
    """Return what SQLite itself complained of, outside SQLAlchemy, as a sentence."""
    return EnvironmentProblem(_sqlite_sentence(error, where) or _unreachable(where, str(error)))


def _sentence(error: DBAPIError, where: str) -> Message | None:
    driver = error.orig
    if isinstance(driver, sqlite3.Error):
        return _sqlite_sentence(driver, where)
    state = getattr(driver, "sqlstate", None)
    if state is not None:
        return _server_sentence(state, where, str(driver))
    if error.connection_invalidated or isinstance(error, OperationalError):
        return _connect_sentence(str(driver), where)
    return None


def _sqlite_sentence(error: sqlite3.Error, where: str) -> Message | None:
    sentence = _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    return None if sentence is None else sentence(where)


def _server_sentence(state: str, where: str, words: str) -> Message | None:
    """Return the sentence for an SQLSTATE; None: the statement itself was wrong."""
    sentence = _SERVER.get(state) or _SERVER.get(state[:2])
    if sentence is not None:
        return sentence(where)
    if state[:2] in {"08", "53", "57", "58", "XX"}:  # connection, resources, shutdown, system
        return _unreachable(where, words)
    return None


def _connect_sentence(words: str, where: str) -> Message:
    plain = words.casefold()
    if "password" in plain or re.search(r'role ".*" does not exist|no pg_hba\.conf entry', plain):
        return _refused(where)
    if re.search(r'database ".*" does not exist', plain):
        return _unknown(where)
    return _unreachable(where, words)


def _full(where: str) -> Message:
    return msg(
        "The disk that holds {where} is full. Nothing was changed; make room and try again.",
        where=where,
    )


def _held(where: str) -> Message:
    return msg(
        "Another program has been holding {where} for too long. Nothing was changed; try again "
        "in a moment.",
        where=where,
    )


def _damaged(where: str) -> Message:
    return msg(
        "{where} is damaged or not a database of this program. Restore the last backup: "
        "desk-maint database restore FILE.",
        where=where,
    )


def _not_there(where: str) -> Message:
    return msg("{where} cannot be opened. See whether its disk and folder are there.", where=where)


def _read_only(where: str) -> Message:
    return msg("{where} may not be written to. Ask for the right to change it.", where=where)


def _refused(where: str) -> Message:
    return msg("The server refuses the user name or password for {where}.", where=where)


def _unknown(where: str) -> Message:
    return msg(
        "The server has no database called like {where}. Ask its administrator.", where=where
    )


def _unreachable(where: str, words: str) -> Message:
    return msg(
        "The database {where} cannot be reached. Nothing was changed; see whether the server and "
        "the network are up, and try again. ({problem})",
        where=where,
        problem=" ".join(words.split()),
    )


_SQLITE: Mapping[int, Callable[[str], Message]] = MappingProxyType(
    {
        sqlite3.SQLITE_FULL: _full,
        sqlite3.SQLITE_BUSY: _held,
        sqlite3.SQLITE_LOCKED: _held,
        sqlite3.SQLITE_READONLY: _read_only,
        sqlite3.SQLITE_PERM: _read_only,
        sqlite3.SQLITE_CORRUPT: _damaged,
        sqlite3.SQLITE_NOTADB: _damaged,
        sqlite3.SQLITE_CANTOPEN: _not_there,
        sqlite3.SQLITE_IOERR: _not_there,
    }
)
_SERVER: Mapping[str, Callable[[str], Message]] = MappingProxyType(
    {
        "53100": _full,  # disk_full
        "55P03": _held,  # lock_not_available
        "40001": _held,  # serialization_failure
        "40P01": _held,  # deadlock_detected
        "25006": _read_only,  # read_only_sql_transaction
        "42501": _read_only,  # insufficient_privilege
        "3D000": _unknown,  # invalid_catalog_name
        "28": _refused,  # invalid authorization
    }
)
