from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSize

from ui.icons import icon
from ui.theme import DARK, LIGHT, Colours, Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

TEXTS = ("text", "muted", "accent", "ok", "warning", "danger", "info")


def luminance(colour: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_on_what_it_stands_on(colours: Colours) -> None:
    poor = [
        (text, surface)
        for text in TEXTS
        for surface in ("background", "surface", "raised")
        if contrast(getattr(colours, text), getattr(colours, surface)) < 4.5
    ]
    poor += [
        (tone, f"{tone}_soft")
        for tone in ("accent", "ok", "warning", "danger", "info")
        for text in (tone, "text")
        if contrast(getattr(colours, text), getattr(colours, f"{tone}_soft")) < 4.5
    ]
    if contrast(colours.on_accent, colours.accent) < 4.5:
        poor.append(("on_accent", "accent"))
    assert poor == []


def test_both_sets_name_the_same_colours() -> None:
    for field in fields(Colours):
        for colours in (LIGHT, DARK):
            value = getattr(colours, field.name)
            assert len(value) == 7, field.name
            assert int(value[1:], 16) >= 0


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_icons_are_drawn_with_the_pixels_of_the_screen(qapp: QApplication, scale: float) -> None:
    drawn = icon(Theme(qapp), "mdi6.wrench").pixmap(QSize(16, 16), scale)
    assert drawn.size() == QSize(16, 16) * scale
    assert drawn.devicePixelRatio() == scale
