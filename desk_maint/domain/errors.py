"""Errors sorted by whose they are: the user's input, or the environment.

Whatever else is raised is a fault of the program itself.  Each carries a sentence for the user
(:class:`~desk_maint.domain.messages.Message`) that says what is wrong, where, and what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk_maint.domain.messages import Message

__all__ = [
    "Cancelled",
    "DeskMaintError",
    "EnvironmentProblem",
    "InputError",
    "NotFoundError",
    "OutdatedDatabase",
    "PermissionDeniedError",
    "StaleError",
]


class DeskMaintError(Exception):
    """Base of all errors that are told to the user in one sentence."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        """Return the sentence in English."""
        return str(self.message)


class InputError(DeskMaintError):
    """What the user gave cannot be accepted; nothing was changed (exit status 2)."""

    def __init__(self, message: Message, *, field: str | None = None) -> None:
        """Say what is wrong; ``field`` is the field of the record that it is about, if one."""
        super().__init__(message)
        self.field = field


class NotFoundError(InputError):
    """The device, ticket, outlet… that was named does not exist."""


class PermissionDeniedError(InputError):
    """The actor's role does not allow this, or not for this outlet."""


class StaleError(InputError):
    """Somebody else changed the same record meanwhile; the caller's change was not written."""


class EnvironmentProblem(DeskMaintError):  # noqa: N818  (a problem, not a programming error)
    """Disk full, file locked, server gone…: the input may be right (exit status 3)."""


class OutdatedDatabase(EnvironmentProblem):
    """The database was written by an older version; it can be brought up to date."""


class Cancelled(Exception):  # noqa: N818  (not an error: the person asked for it)
    """Long work was given up because its person cancelled it; nothing of it remains."""
