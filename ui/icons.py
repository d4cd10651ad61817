"""Icons by name from QtAwesome's Material Design font, in the colours of the theme.

The font is taken from the package without its Qt layer, whose import alone costs as much as the
first frame of the window.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from ui.theme import LIGHT, Theme, Tone

__all__ = ["icon", "window_icon"]

_SET = "mdi6."
_GLYPH_SHARE = 0.9
"""Of the height of an icon, so that round ones do not touch its edge."""


def icon(theme: Theme, name: str, tone: Tone = Tone.PLAIN) -> QIcon:
    """Return the icon ``name`` (Material Design Icons, e.g. ``mdi6.wrench``) in ``tone``."""
    colours = QColor(theme.colour(tone)), QColor(theme.colour(Tone.MUTED))
    return _made(_glyph(name.removeprefix(_SET)), *(colour.name() for colour in colours))


@cache
def window_icon() -> QIcon:
    """Return the mark of the program: a wrench on its own ground, the same in every appearance."""
    made = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        picture = QPixmap(side, side)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.accent))
        painter.drawRoundedRect(picture.rect(), side * 0.22, side * 0.22)
        font = QFont(_family())
        font.setPixelSize(round(side * 0.72))
        painter.setFont(font)
        painter.setPen(QColor(LIGHT.on_accent))
        painter.drawText(picture.rect(), Qt.AlignmentFlag.AlignCenter, _glyph("wrench-clock"))
        painter.end()
        made.addPixmap(picture)
    return made


def _glyph(name: str) -> str:
    return chr(int(_codes()[name], 16))


@cache
def _made(glyph: str, colour: str, disabled: str) -> QIcon:
    return QIcon(_Glyph(glyph, QColor(colour), QColor(disabled)))


@cache
def _codes() -> dict[str, str]:
    """Return the code point of every icon, in hexadecimal."""
    (path,) = _fonts().glob("materialdesignicons6-webfont-charmap-*.json")
    codes: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return codes


@cache
def _family() -> str:
    (path,) = _fonts().glob("materialdesignicons6-webfont-*.ttf")
    number = QFontDatabase.addApplicationFont(str(path))
    return QFontDatabase.applicationFontFamilies(number)[0]


def _fonts() -> Path:
    spec = find_spec("qtawesome")
    if spec is None or spec.origin is None:
        problem = "QtAwesome is not installed"
        raise RuntimeError(problem)
    return Path(spec.origin).parent / "fonts"


class _Glyph(QIconEngine):
    """A character of the icon font, as sharp as the screen asks for."""

    def __init__(self, glyph: str, colour: QColor, disabled: QColor) -> None:
        super().__init__()
        self._glyph, self._colour, self._disabled = glyph, colour, disabled

    def clone(self) -> QIconEngine:
        return _Glyph(self._glyph, self._colour, self._disabled)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        font = QFont(_family())
        font.setPixelSize(max(round(rect.height() * _GLYPH_SHARE), 1))
        painter.save()
        painter.setFont(font)
        painter.setPen(self._disabled if mode == QIcon.Mode.Disabled else self._colour)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        # The size comes in the window's pixels; what is drawn has the screen's.
        drawn = (QSizeF(size) * scale).toSize()
        made = QPixmap(drawn)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), drawn), mode, state)
        painter.end()
        return made
