"""The report that is being typed, kept on this PC until it is sent.

A crash, a power cut or a press of Esc loses nothing: neither the note nor the pictures.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from desk_maint.services.attachments import NewAttachment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.preferences import Preferences

__all__ = ["Began", "Draft", "forget", "keep", "keep_pictures", "recall", "recall_pictures"]

_NAME = "report_draft"
_PICTURES = "report_draft_pictures"


class Began(StrEnum):
    """When the fault began, as the clerk says it."""

    NOW = "now"
    QUARTER = "quarter"
    OPENING = "opening"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a report consists of before it is sent; its pictures are kept apart."""

    tag: str
    symptom: str = ""
    began: str = Began.NOW.value
    time: str = ""
    """``HH:MM`` where ``began`` is ``time``."""
    note: str = ""
    left: bool = False
    """The clerk went back to the box: it waits until she chooses the device again."""


def keep(preferences: Preferences, draft: Draft) -> None:
    """Write the draft to disk."""
    preferences.set_note(_NAME, json.dumps(asdict(draft), ensure_ascii=False))


def keep_pictures(preferences: Preferences, pictures: Sequence[NewAttachment]) -> None:
    """Write the pictures of the draft to disk, in their order; none: take them away."""
    folder = preferences.beside(_PICTURES)
    shutil.rmtree(folder, ignore_errors=True)
    if pictures:
        folder.mkdir(parents=True)
        for number, picture in enumerate(pictures):
            (folder / f"{number:03}-{picture.file_name}").write_bytes(picture.content)


def forget(preferences: Preferences) -> None:
    """Put the draft away, for the report was taken."""
    preferences.set_note(_NAME, "")
    keep_pictures(preferences, ())


def recall(preferences: Preferences) -> Draft | None:
    """Return the draft that was not sent, if any."""
    text = preferences.note(_NAME)
    try:
        return Draft(**json.loads(text)) if text else None
    except (ValueError, TypeError):
        return None  # from another version: nothing that could be shown


def recall_pictures(preferences: Preferences) -> list[NewAttachment]:
    """Return the pictures of the draft that was not sent."""
    return [
        NewAttachment(path.name.partition("-")[2], path.read_bytes())
        for path in sorted(preferences.beside(_PICTURES).glob("*"))
    ]
