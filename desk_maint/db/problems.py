"""The one place where errors of the drivers become sentences for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from desk_maint.domain.errors import DeskMaintError, EnvironmentProblem, StaleError
from desk_maint.domain.messages import Message, msg

__all__ = ["told_plainly"]


@contextmanager
def told_plainly(location: str) -> Iterator[None]:
    """Turn driver errors inside the block into :class:`EnvironmentProblem` or
    :class:`StaleError`; what is neither is a fault of the program and passes unchanged.
    """
    try:
        yield
    except DeskMaintError:
        raise
    except StaleDataError as error:
        raise StaleError(
            msg("This has been changed meanwhile. Look at it again before you save.")
        ) from error
    except DBAPIError as error:
        message = _sentence(error, location)
        if message is None:
            raise
        raise EnvironmentProblem(message) from error


def _sentence(error: DBAPIError, location: str) -> Message | None:
    text = str(error.orig).casefold()
    for needles, message in (
        (
            ("disk is full", "database or disk is full", "no space left", "disk full"),
            msg(
                "The disk that holds {where} is full. Nothing was changed; make room and try "
                "again.",
                where=location,
            ),
        ),
        (
            ("database is locked", "database table is locked", "lock timeout", "could not serialize"),
            msg(
                "Another program has been holding {where} for too long. Nothing was changed; try "
                "again in a moment.",
                where=location,
            ),
        ),
        (
            ("readonly database", "read-only", "permission denied", "access denied"),
            msg("{where} may not be written to. Ask for the right to change it.", where=location),
        ),
        (
            ("not a database", "malformed", "corrupt"),
            msg(
                "{where} is damaged or not a database of this program. Restore the last backup: "
                "desk-maint database restore FILE.",
                where=location,
            ),
        ),
        (
            ("unable to open database", "disk i/o error"),
            msg("{where} cannot be opened. See whether its disk and folder are there.", where=location),
        ),
        (
            ("password authentication", "no password supplied", "role "),
            msg("The server refuses the user name or password for {where}.", where=location),
        ),
        (
            ("does not exist",),
            msg("The server has no database called like {where}. Ask its administrator.", where=location),
        ),
    ):
        if any(needle in text for needle in needles) and _is_environment(error, text):
            return message
    if error.connection_invalidated or isinstance(error, OperationalError):
        return msg(
            "The database {where} cannot be reached. Nothing was changed; see whether the server "
            "and the network are up, and try again.",
            where=location,
        )
    return None


def _is_environment(error: DBAPIError, text: str) -> bool:
    """A missing table or column is our fault, whatever words it shares with a missing database."""
    return not (
        "does not exist" in text and ("relation" in text or "column" in text)
    ) and not text.startswith(("no such table", "no such column"))
