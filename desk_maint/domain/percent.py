"""Whole numbers decide: verdicts, cut percentages and the downtime a target allows (section 4)."""

from __future__ import annotations

__all__ = ["HUNDRED_PERCENT", "allowed_down", "cut_percent", "is_met"]

HUNDRED_PERCENT = 10000
"""Rates and targets are counted in hundredths of a percent."""


def cut_percent(part: int, whole: int) -> str | None:
    """Return ``part / whole`` as a percentage cut, not rounded, to two decimals.

    99.999 shows as ``99.99``, and ``100.00`` appears only where nothing is missing.  None where
    ``whole`` is 0: not applicable, which is neither 100 nor 0 percent.
    """
    if whole == 0:
        return None
    hundredths = part * HUNDRED_PERCENT // whole
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def is_met(up: int, required: int, target: int) -> bool | None:
    """Whether ``up`` of ``required`` reaches ``target`` (hundredths of a percent), exactly.

    None where nothing was required.
    """
    return None if required == 0 else up * HUNDRED_PERCENT >= target * required


def allowed_down(required: int, target: int) -> int:
    """Return the downtime that ``target`` leaves in ``required`` seconds, cut to a second."""
    return required * (HUNDRED_PERCENT - target) // HUNDRED_PERCENT
