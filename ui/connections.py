"""Connections that end with the one who made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import SignalInstance

__all__ = ["connect_for"]


def connect_for(owner: QObject, signal: SignalInstance, call: Callable[[], object]) -> None:
    """Let ``signal`` call ``call`` as long as ``owner`` lives.

    For what is no method of a ``QObject``: Qt ends a connection with the object whose method is
    called, but it cannot know whom a function speaks for.  Language and colours outlive every
    page, and would go on calling for those that are gone.
    """
    connection = signal.connect(call)
    owner.destroyed.connect(lambda: QObject.disconnect(connection))
