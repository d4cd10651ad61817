"""A picture of a ticket in full size."""

from __future__ import annotations

from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QDialog, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui.widgets.naming import named

__all__ = ["PictureDialog"]


class PictureDialog(QDialog):
    """Shows a picture; scrolls where it is larger than the screen."""

    def __init__(self, parent: QWidget | None, name: str, image: QImage) -> None:
        super().__init__(parent)
        self.setObjectName("picture_dialog")
        self.setWindowTitle(name)
        self.resize(min(image.width() + 40, 1200), min(image.height() + 40, 700))
        picture = named(QLabel(), "picture")
        picture.setAccessibleName(name)
        picture.setPixmap(QPixmap.fromImage(image))
        scroll = QScrollArea()
        scroll.setWidget(picture)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
