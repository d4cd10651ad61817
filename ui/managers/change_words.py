"""How a change of the history is told: the field, and its values as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.domain.messages import Term, msg
from desk_maint.language.fields import field_key, kind_key
from desk_maint.services.history import ValueKind
from ui.formats import moment
from ui.words import word

if TYPE_CHECKING:
    from desk_maint.services.history import FieldRow
    from ui.texts import Texts

__all__ = ["field_words", "record_words", "value_words"]


def record_words(texts: Texts, row: FieldRow) -> str:
    """Return what was changed: the kind of record and its name."""
    return f"{texts.say(Term(kind_key(row.kind)))} {row.record}"


def field_words(texts: Texts, row: FieldRow) -> str:
    """Return the name of the field; a record that came or went says that instead."""
    if row.field:
        return texts.say(Term(field_key(row.kind, row.field)))
    return texts.say(msg("Added") if row.old is None else msg("Removed"))


def value_words(texts: Texts, row: FieldRow, text: str | None) -> str:
    """Return an old or new value in the words of the language; an em dash for none."""
    if text is None:
        return "—"
    if row.value_kind is ValueKind.INSTANT:
        return moment(texts, int(text))
    if row.value_kind is ValueKind.WORD and row.words is not None:
        return texts.say(word(row.words(text)))
    if row.value_kind is ValueKind.YES_NO:
        return texts.say(Term("yes") if text in {"1", "True", "true"} else Term("no"))
    return text
