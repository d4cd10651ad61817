"""How a change of the history is told: the field, and its values as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.domain.messages import Term, msg
from desk_maint.domain.repair_limits import ELAPSED_CLOCK, SERVICE_CLOCK
from desk_maint.language import show
from desk_maint.language.fields import field_key, kind_key
from desk_maint.language.words import calendar_words
from desk_maint.services.history import ValueKind
from ui.formats import limit, moment
from ui.managers.setting_words import setting_value_words, setting_words
from ui.words import grade_word, hours_words, word

if TYPE_CHECKING:
    from desk_maint.services.history import FieldRow
    from ui.texts import Texts

__all__ = ["field_words", "name_words", "record_words", "value_words"]

_LIMITS = {"accept", "on_site", "repair"}
_CLOCKS = {SERVICE_CLOCK: Term("clock_service"), ELAPSED_CLOCK: Term("clock_elapsed")}
_ALWAYS = "0001-01-01"


def name_words(texts: Texts, row: FieldRow) -> str:
    """Return the name of the record that was changed."""
    if isinstance(row.record, tuple):
        return str(show(row.record, texts.language, texts.zone))
    if row.kind == "setting":
        return setting_words(texts, row.record_id)
    if row.kind in {"calendar", "calendar_version"}:
        return _said(texts, calendar_words(row.record))
    if row.kind == "database":
        return ""
    return row.record


def record_words(texts: Texts, row: FieldRow) -> str:
    """Return what was changed: the kind of record and its name."""
    return f"{texts.say(Term(kind_key(row.kind)))} {name_words(texts, row)}".strip()


def field_words(texts: Texts, row: FieldRow) -> str:
    """Return the name of the field; a record that came or went says that instead."""
    if row.field:
        return texts.say(Term(field_key(row.kind, row.field)))
    return texts.say(msg("Added") if row.old is None else msg("Removed"))


def value_words(texts: Texts, row: FieldRow, text: str | None) -> str:
    """Return an old or new value in the words of the language; an em dash for none."""
    if not text:
        return "—"
    if row.value_kind is ValueKind.INSTANT:
        return moment(texts, int(text))
    if row.value_kind is ValueKind.WORD and row.words is not None:
        return texts.say(word(row.words(text)))
    if row.value_kind is ValueKind.YES_NO:
        return texts.say(Term("yes") if text in {"1", "True", "true"} else Term("no"))
    return _plain_words(texts, row, text)


def _plain_words(texts: Texts, row: FieldRow, text: str) -> str:
    """Return a value that is kept as text, where that is not what people call it."""
    if row.kind == "setting":
        return setting_value_words(texts, row.record_id, text)
    if row.field == "grade" or (row.kind == "repair_limit" and not row.field):
        return texts.say(grade_word(int(text))) if text.isdecimal() else text
    if row.kind == "repair_limit":
        return _limit_words(texts, row.field, text)
    if row.field == "calendar_id" or row.kind == "calendar":
        return _said(texts, calendar_words(text))
    if row.kind in {"calendar_version", "special_day"}:
        return texts.say(msg("always")) if text == _ALWAYS else _said(texts, hours_words(text))
    return text


def _limit_words(texts: Texts, field: str, text: str) -> str:
    if field == "clock":
        return _said(texts, _CLOCKS.get(text) or calendar_words(text))
    return limit(texts, text) if field in _LIMITS else text


def _said(texts: Texts, words: Term | str) -> str:
    return words if isinstance(words, str) else texts.say(words)
