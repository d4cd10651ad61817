"""The report that is being typed, kept on this PC until it is sent or put away."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.preferences import Preferences

__all__ = ["Began", "Draft", "forget", "keep", "recall"]

_NAME = "report_draft"


class Began(StrEnum):
    """When the fault began, as the clerk says it."""

    NOW = "now"
    QUARTER = "quarter"
    OPENING = "opening"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a report consists of before it is sent (pictures stay in the window)."""

    tag: str
    symptom: str = ""
    impact: str = ""
    began: str = Began.NOW.value
    time: str = ""
    """``HH:MM`` where ``began`` is ``time``."""
    note: str = ""


def keep(preferences: Preferences, draft: Draft) -> None:
    """Write the draft to disk."""
    preferences.set_note(_NAME, json.dumps(asdict(draft), ensure_ascii=False))


def forget(preferences: Preferences) -> None:
    """Put the draft away: it was sent, or the clerk does not want it."""
    preferences.set_note(_NAME, "")


def recall(preferences: Preferences) -> Draft | None:
    """Return the draft that a crash or a power cut has left, if any."""
    text = preferences.note(_NAME)
    try:
        return Draft(**json.loads(text)) if text else None
    except (ValueError, TypeError):
        return None  # from another version: nothing that could be shown
