"""The formulas of the workbook: the program's own arithmetic, exact in any spreadsheet program.

Spreadsheets compute in floating point and round what they compare to fifteen digits, so every
formula here stays among whole numbers that fit: a percentage is found by two steps of long
division, and a verdict by comparing products of downtime instead of products of uptime.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_maint.domain.percent import HUNDRED_PERCENT
from desk_maint.domain.targets import Measure

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Verdicts", "allowed_down", "cut_percent", "derived", "is_met", "sum_where"]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The words that formulas answer with."""

    met: str
    missed: str
    not_applicable: str


def cut_percent(part: str, whole: str, words: Verdicts) -> str:
    """Return the formula of ``part / whole`` cut to hundredths of a percent, as a share of 1."""
    first = f"INT(({part})*100/{whole})"
    second = f"INT(MOD(({part})*100,{whole})*100/{whole})"
    return f'=IF({whole}=0,"{words.not_applicable}",({first}*100+{second})/{HUNDRED_PERCENT})'


def is_met(bad: str, whole: str, target: str, words: Verdicts) -> str:
    """Return the formula of the verdict: ``(whole - bad) / whole`` reaches ``target``, exactly."""
    allowed = f"({HUNDRED_PERCENT}-{_hundredths(target)})"
    return (
        f'=IF({whole}=0,"{words.not_applicable}",'
        f'IF({bad}*{HUNDRED_PERCENT}<={allowed}*{whole},"{words.met}","{words.missed}"))'
    )


def allowed_down(required: str, target: str) -> str:
    """Return the formula of the downtime that ``target`` leaves, cut to a second."""
    allowed = f"({HUNDRED_PERCENT}-{_hundredths(target)})"
    # In two parts, for the product of both may have more digits than a spreadsheet keeps.
    return (
        f"=INT(({required})/{HUNDRED_PERCENT})*{allowed}"
        f"+INT(MOD({required},{HUNDRED_PERCENT})*{allowed}/{HUNDRED_PERCENT})"
    )


def _hundredths(target: str) -> str:
    """Return a target, kept as a share of 1, in hundredths of a percent."""
    return f"ROUND({target}*{HUNDRED_PERCENT},0)"


def sum_where(values: str, *conditions: tuple[str, str]) -> str:
    """Return the expression of the sum of ``values`` where each range holds its criterion."""
    parts = ",".join(f"{where},{what}" for where, what in conditions)
    return f"SUMIFS({values},{parts})"


def derived(at: Callable[[str], str], measure: Measure, words: Verdicts) -> dict[str, str]:
    """Return the formulas of a row's figures that follow from its other cells.

    ``at`` names the row's cell of a field: ``scheduled``, ``exempt``, ``down``,
    ``whole_scheduled``, ``target``, ``device_days``, ``bad_strict`` and ``bad_within``.
    """
    scheduled, exempt, down = at("scheduled"), at("exempt"), at("down")
    days = at("device_days")
    bad, whole = {
        Measure.UPTIME: (down, at("required")),
        Measure.DEVICE_DAYS: (at("bad_strict"), days),
        Measure.DEVICE_DAYS_WITHIN_LIMITS: (at("bad_within"), days),
    }[measure]
    return {
        "required": f"={scheduled}-{exempt}",
        "uptime": cut_percent(f"{at('required')}-{down}", at("required"), words),
        "actual": cut_percent(f"{scheduled}-{exempt}-{down}", scheduled, words),
        "verdict": is_met(bad, whole, at("target"), words),
        "allowed": allowed_down(f"{at('whole_scheduled')}-{exempt}", at("target")),
        "left": f"={at('allowed')}-{down}",
        "strict": cut_percent(f"{days}-{at('bad_strict')}", days, words),
        "within": cut_percent(f"{days}-{at('bad_within')}", days, words),
    }
