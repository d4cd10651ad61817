"""Words, icons and tones of the field's vocabularies, the same on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.domain.devices import Category
from desk_maint.domain.faults import TicketState
from desk_maint.domain.messages import Term
from desk_maint.language.words import word_key
from ui.theme import Tone

if TYPE_CHECKING:
    from enum import StrEnum

__all__ = ["CATEGORY_ICONS", "STATE_LOOKS", "grade_word", "hours_words", "word"]

CATEGORY_ICONS = {
    Category.ATM: "mdi6.cash-multiple",
    Category.GREEN_CARD_TERMINAL: "mdi6.card-account-details-outline",
    Category.REMITTANCE_TERMINAL: "mdi6.cash-fast",
    Category.FIRE_EXTINGUISHER: "mdi6.fire-extinguisher",
    Category.CCTV_CAMERA: "mdi6.cctv",
    Category.ALARM: "mdi6.alarm-light-outline",
    Category.OTHER_SAFETY: "mdi6.shield-check-outline",
}
STATE_LOOKS: dict[TicketState, tuple[str, Tone]] = {
    TicketState.REPORTED: ("mdi6.bell-ring-outline", Tone.DANGER),
    TicketState.ACCEPTED: ("mdi6.hand-back-right-outline", Tone.INFO),
    TicketState.ON_SITE: ("mdi6.wrench-outline", Tone.ACCENT),
    TicketState.ON_HOLD: ("mdi6.pause-circle-outline", Tone.WARNING),
    TicketState.RESTORED: ("mdi6.check-circle-outline", Tone.OK),
    TicketState.CLOSED: ("mdi6.check-all", Tone.MUTED),
    TicketState.CANCELLED: ("mdi6.cancel", Tone.MUTED),
}


_HOURS = {"24h": Term("hours_all_day"), "closed": Term("hours_closed")}


def hours_words(hours: str) -> Term | str:
    """Return the hours of a day as people read them; those written in figures stay."""
    return _HOURS.get(hours, hours)


def word(value: StrEnum) -> Term:
    """Return the glossary's word for a value of the domain."""
    return Term(word_key(value))


def grade_word(grade: int) -> Term:
    """Return the glossary's name of a grade."""
    return Term(f"fault_level_{grade}")
