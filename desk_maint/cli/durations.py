"""Lengths of time as people read them at a terminal."""

from __future__ import annotations

__all__ = ["hours"]


def hours(seconds: int | None) -> str:
    """Return seconds as ``12:34:56`` hours, minutes and seconds; negative with a minus sign."""
    if seconds is None:
        return "-"
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else ''}{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
