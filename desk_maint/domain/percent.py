"""Whole numbers decide: verdicts, cut percentages and the downtime a target allows (section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["HUNDRED_PERCENT", "allowed_down", "cut_percent", "is_met"]

HUNDRED_PERCENT = 10000
"""Rates and targets are counted in hundredths of a percent."""


def cut_percent(part: int, whole: int, decimals: int = 2) -> str | None:
    """Return ``part / whole`` as a percentage cut, not rounded, to so many decimals.

    99.999 shows as ``99.99``, and ``100.00`` appears only where nothing is missing.  None where
    ``whole`` is 0: not applicable, which is neither 100 nor 0 percent.
    """
    if whole == 0:
        return None
    percent, rest = divmod(100 * part, whole)
    return f"{percent}.{rest * 10**decimals // whole:0{decimals}d}" if decimals else str(percent)


def is_met(up: int, required: int, target: int) -> bool | None:
    """Whether ``up`` of ``required`` reaches ``target`` (hundredths of a percent), exactly.

    None where nothing was required.
    """
    return None if required == 0 else up * HUNDRED_PERCENT >= target * required


def allowed_down(required: int, target: int | Fraction) -> int:
    """Return the downtime that ``target`` leaves in ``required`` seconds, cut to a second."""
    return int(required * (HUNDRED_PERCENT - target) // HUNDRED_PERCENT)
