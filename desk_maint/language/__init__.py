"""Sentences and words in the three languages; the only place that knows how they are said.

``terms.csv`` is the glossary: a key, then the word in each language.  ``sentences.csv`` holds the
sentences by their English text.  Neither Chinese is made from the other.
"""

from __future__ import annotations

import csv
import os
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from desk_maint.domain.instants import DEFAULT_ZONE, to_local, zone
from desk_maint.domain.messages import At, Message, Term
from desk_maint.language.words import WORDS, word_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

__all__ = ["LANGUAGES", "choose", "render", "show", "term", "terms"]

_FOLDER = Path(__file__).parent
LANGUAGES = ("zh_CN", "zh_TW", "en")
"""Simplified Chinese first: it is what most readers read."""


def choose(asked: str | None, environment: Mapping[str, str]) -> str:
    """Return the language to speak: the one asked for, else the locale's, else English."""
    if asked in LANGUAGES:
        return str(asked)
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = environment.get(variable, "").replace("-", "_").casefold()
        if locale:
            return _of_locale(locale)
    if os.name == "nt":
        import locale as system  # noqa: PLC0415  (Windows names its language here only)

        return _of_locale((system.getlocale()[0] or "").casefold())
    return "en"


def _of_locale(locale: str) -> str:
    if not locale.startswith(("zh", "chinese")):
        return "en"
    traditional = ("zh_tw", "zh_hk", "zh_mo", "hant", "traditional", "taiwan")
    return "zh_TW" if any(mark in locale for mark in traditional) else "zh_CN"


def render(message: Message, lang: str, *, tz: ZoneInfo | None = None) -> str:
    """Return ``message`` as a sentence in ``lang``; moments are told in ``tz``."""
    text = _sentences().get(message.text, {}).get(lang, message.text)
    values = {name: show(value, lang, tz) for name, value in message.values.items()}
    return text.format_map(values)


def term(key: str, lang: str) -> str:
    """Return the word for ``key`` in ``lang``; an unknown key is a fault of the program."""
    return terms()[key][lang]


def show(value: object, lang: str, tz: ZoneInfo | None = None) -> object:  # noqa: PLR0911  (one per kind)
    """Return a value as a sentence tells it: words, moments in ``tz``, lists; the rest as it is."""
    if isinstance(value, Message):
        return render(value, lang, tz=tz)
    if isinstance(value, Term):
        return term(value.key, lang)
    if isinstance(value, At):
        local = to_local(value.instant, tz or zone(DEFAULT_ZONE))
        return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"
    if isinstance(value, StrEnum) and type(value) in WORDS:
        return term(word_key(value), lang)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        between = ", " if lang == "en" else "、"
        return between.join(str(show(each, lang, tz)) for each in value)
    return value


@lru_cache(maxsize=1)
def terms() -> Mapping[str, Mapping[str, str]]:
    """Return the whole glossary: key, then language, then word."""
    return _read("terms.csv")


@lru_cache(maxsize=1)
def _sentences() -> Mapping[str, Mapping[str, str]]:
    return _read("sentences.csv")


def _read(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return the rows of a table by their first column."""
    with (_FOLDER / name).open(encoding="utf-8", newline="") as table:
        head, *rows = csv.reader(table)
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}
