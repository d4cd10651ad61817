"""Names by which tests and assistive programs find a widget."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

__all__ = ["named"]

Widget = TypeVar("Widget", bound=QWidget)


def named(widget: Widget, name: str) -> Widget:
    """Give ``widget`` its object name and return it."""
    widget.setObjectName(name)
    return widget
