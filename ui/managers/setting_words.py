"""What the settings of the bureau and their values are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.domain.devices import Group
from desk_maint.domain.messages import Term, msg
from desk_maint.domain.targets import Counts, Measure
from ui.words import word

if TYPE_CHECKING:
    from ui.texts import Text, Texts

__all__ = ["COUNTS", "MEASURES", "setting_value_words", "setting_words"]

MEASURES: dict[Measure, Text] = {
    Measure.UPTIME: Term("uptime"),
    Measure.DEVICE_DAYS: Term("good_days_strict"),
    Measure.DEVICE_DAYS_WITHIN_LIMITS: Term("good_days_within_limits"),
}
COUNTS: dict[Counts, Text] = {
    Counts.ANY_FAULT: msg("Every fault"),
    Counts.OUT_OF_SERVICE: msg("Only what puts it out of service"),
}
_BUREAU: dict[str, Text] = {"bureau_name": Term("bureau_name"), "timezone": Term("time_zone")}
_RULES: dict[str, Text] = {
    "target": msg("Target in %"),
    "counts": msg("What counts"),
    "measure": msg("Judged by"),
}


def setting_words(texts: Texts, key: str) -> str:
    """Return the name of a setting by its contract key, such as ``target.atm``."""
    part, _, group = key.partition(".")
    if key in _BUREAU:
        return texts.say(_BUREAU[key])
    if part not in _RULES:
        return key
    return f"{texts.say(word(Group(group)))} {texts.say(_RULES[part])}"


def setting_value_words(texts: Texts, key: str, value: str) -> str:
    """Return the value of a setting in words."""
    part = key.partition(".")[0]
    if part == "counts":
        return texts.say(COUNTS[Counts(value)])
    if part == "measure":
        return texts.say(MEASURES[Measure(value)])
    return value
