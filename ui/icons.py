"""Icons by name from QtAwesome, in the colours of the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.theme import Theme, Tone

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

__all__ = ["icon"]


def icon(theme: Theme, name: str, tone: Tone = Tone.PLAIN) -> QIcon:
    """Return the icon ``name`` (Material Design Icons, e.g. ``mdi6.wrench``) in ``tone``.

    Loaded when first asked for: the icon font costs more than the first frame may.
    """
    import qtawesome

    colour = theme.colour(tone)
    made: QIcon = qtawesome.icon(name, color=colour, color_disabled=theme.colour(Tone.MUTED))
    return made
