"""What the forms of the settings have in common: labels, words and calendars to choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk_maint.domain.messages import Term, msg
from desk_maint.language.fields import field_key
from desk_maint.language.words import calendar_words
from desk_maint.services import calendars
from ui.words import word

if TYPE_CHECKING:
    from enum import StrEnum

    from ui.context import Context
    from ui.texts import Text

__all__ = ["calendar_choices", "label", "words"]


def label(kind: str, field: str) -> Term:
    """Return what a field of a kind of record is called."""
    return Term(field_key(kind, field))


def words(members: type[StrEnum]) -> list[tuple[Any, Text]]:
    """Return the members of a vocabulary as choices."""
    return [(member, word(member)) for member in members]


def calendar_choices(context: Context) -> list[tuple[int | None, Text | str]]:
    """Return the service calendars as choices (reads the database)."""
    rows = calendars.list_calendars(context.database, context.actor)
    named = [(row.id, calendar_words(row.name)) for row in rows]
    return [(None, msg("That of the category")), *named]
