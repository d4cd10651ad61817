"""The one visual language: colours, spacing and type sizes, light and dark.

Colours follow a colour-blind safe scheme (blue-green, amber, vermilion); every text colour keeps
a contrast of at least 4.5:1 on the surfaces it stands on (``tests/ui/test_theme.py`` measures
it).  State is never told by colour alone: an icon and a word stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QStyleFactory, QWidget

__all__ = [
    "DARK",
    "LIGHT",
    "Colours",
    "Size",
    "Space",
    "Theme",
    "Tone",
    "indent_text",
    "set_tone",
]


class Space:
    """Distances in device-independent pixels; nothing on screen uses any other."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24
    XXL = 32


class Size:
    """Type sizes in points, and the height of things that are pressed."""

    CAPTION = 9.0
    BODY = 10.5
    STRONG = 12.0
    TITLE = 15.0
    DISPLAY = 24.0
    CONTROL = 32
    TOUCH = 56


class Tone(StrEnum):
    """What a piece of the screen means; the style sheet gives each its colours."""

    PLAIN = "plain"
    MUTED = "muted"
    ACCENT = "accent"
    OK = "ok"
    WARNING = "warning"
    DANGER = "danger"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Colours:
    """A full set for one appearance; ``…_soft`` are surfaces for text in the plain colour."""

    background: str
    surface: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    ok: str
    ok_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str
    info: str
    info_soft: str


LIGHT = Colours(
    background="#F3F6F4",
    surface="#FFFFFF",
    raised="#F8FAF9",
    border="#CBD5CF",
    text="#17211C",
    muted="#52605A",
    accent="#006B45",
    on_accent="#FFFFFF",
    accent_soft="#DFF0E7",
    ok="#00675B",
    ok_soft="#DDF1EE",
    warning="#7D4A00",
    warning_soft="#FFF0D2",
    danger="#A8201A",
    danger_soft="#FBE6E3",
    info="#0B4F94",
    info_soft="#E2EEFA",
)
DARK = Colours(
    background="#131816",
    surface="#1B2220",
    raised="#232B28",
    border="#3B4641",
    text="#E7EDEA",
    muted="#A9B6AF",
    accent="#63CB9F",
    on_accent="#052417",
    accent_soft="#173A2B",
    ok="#68CDBB",
    ok_soft="#12383A",
    warning="#F3BC55",
    warning_soft="#40300F",
    danger="#FF9A8C",
    danger_soft="#4A1F1B",
    info="#8CBEF5",
    info_soft="#16324F",
)

_PICTURES = Path(__file__).parent / "pictures"

# Widgets say what they are by the dynamic property "role" and what they mean by "tone".
_STYLE = Template("""
QWidget { color: $text; }
QMainWindow, QDialog, QWidget[role="page"] { background: $background; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${title}pt; font-weight: 600; }
QLabel[role="strong"] { font-size: ${strong}pt; font-weight: 600; }
QLabel[role="caption"] { font-size: ${caption}pt; color: $muted; }
QLabel[role="display"] { font-size: ${display}pt; font-weight: 600; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="accent"] { color: $accent; }
QLabel[tone="ok"] { color: $ok; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="danger"] { color: $danger; }
QLabel[tone="info"] { color: $info; }
QFrame[role="card"] {
    background: $surface; border: 1px solid $border; border-radius: 8px;
}
QFrame[role="banner"] { border-radius: 6px; background: $info_soft; }
QFrame[role="banner"][tone="ok"] { background: $ok_soft; }
QFrame[role="banner"][tone="warning"] { background: $warning_soft; }
QFrame[role="banner"][tone="danger"] { background: $danger_soft; }
QFrame[role="line"] { background: $border; max-height: 1px; border: none; }
QPushButton, QToolButton {
    background: $surface; border: 1px solid $border; border-radius: 6px;
    padding: 5px 14px; min-height: 20px;
}
QToolButton { padding: 5px 8px; }
QPushButton:hover, QToolButton:hover { background: $raised; border-color: $muted; }
QPushButton:pressed, QToolButton:pressed { background: $accent_soft; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 4px 13px; }
QToolButton:focus { padding: 4px 7px; }
QPushButton:disabled, QToolButton:disabled { color: $muted; background: $background; }
QPushButton[role="primary"] {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QPushButton[role="primary"]:hover { border-color: $text; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $border; color: $muted; border-color: $border; }
QPushButton[role="danger"] { color: $danger; border-color: $danger; }
QPushButton[role="quiet"], QToolButton[role="quiet"] {
    background: transparent; border-color: transparent;
}
QPushButton[role="quiet"]:hover, QToolButton[role="quiet"]:hover { background: $raised; }
QPushButton[role="quiet"]:focus, QToolButton[role="quiet"]:focus { border: 2px solid $accent; }
QPushButton[role="figure"] {
    background: transparent; border: 1px solid transparent; border-radius: 4px;
    padding: 1px 4px; font-weight: 600; text-align: left;
}
QPushButton[role="figure"][flush="true"] { padding-left: 0; margin-left: -1px; }
QPushButton[role="figure"]:hover { background: $raised; color: $accent; }
QPushButton[role="figure"]:focus { border-color: $accent; }
QPushButton[role="chip"], QToolButton[role="chip"] { border-radius: 14px; padding: 3px 12px; }
QPushButton[role="chip"]:checked, QToolButton[role="chip"]:checked {
    background: $accent_soft; border-color: $accent; color: $accent; font-weight: 600;
}
QPushButton[role="tile"], QToolButton[role="tile"] {
    border-radius: 8px; padding: 8px 12px; text-align: left;
}
QPushButton[role="tile"]:checked, QToolButton[role="tile"]:checked {
    background: $accent_soft; border: 2px solid $accent;
}
QPushButton[role="nav"] {
    background: transparent; border: none; border-left: 3px solid transparent;
    border-radius: 0; padding: 9px 14px; text-align: left;
}
QPushButton[role="nav"]:hover { background: $raised; }
QPushButton[role="nav"]:checked {
    background: $accent_soft; border-left: 3px solid $accent; color: $accent; font-weight: 600;
}
QPushButton[role="nav"]:focus { border: 2px solid $accent; padding: 7px 12px 7px 15px; }
QLineEdit, QPlainTextEdit, QTextEdit {
    background: $surface; border: 1px solid $border; border-radius: 6px; padding: 4px 8px;
    min-height: 22px; selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border: 2px solid $accent; padding: 3px 7px;
}
QLineEdit[tone="danger"], QPlainTextEdit[tone="danger"] { border: 2px solid $danger; }
QLineEdit[role="search"] { font-size: ${strong}pt; min-height: 34px; }
QComboBox { combobox-popup: 0; }
QComboBox, QAbstractSpinBox {
    background: $surface; border: 1px solid $border; border-radius: 6px; padding: 4px 4px 4px 8px;
    min-height: 22px; selection-background-color: $accent; selection-color: $on_accent;
}
QAbstractSpinBox { min-height: 19px; }
QComboBox:focus, QAbstractSpinBox:focus { border: 2px solid $accent; padding: 3px 3px 3px 7px; }
QComboBox[role="search"] { min-height: 34px; }
QComboBox::drop-down, QDateTimeEdit::drop-down { border: none; width: 22px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 18px; }
QComboBox::down-arrow, QDateTimeEdit::down-arrow, QAbstractSpinBox::down-arrow {
    image: url("$pictures/arrow_down.png");
}
QAbstractSpinBox::up-arrow { image: url("$pictures/arrow_up.png"); }
QComboBox:disabled, QAbstractSpinBox:disabled { color: $muted; background: $background; }
QLineEdit:disabled, QPlainTextEdit:disabled { color: $muted; background: $background; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $border;
    selection-background-color: $accent_soft; selection-color: $text; }
QAbstractItemView {
    background: $surface; alternate-background-color: $raised; border: 1px solid $border;
    border-radius: 6px; gridline-color: $border; outline: none;
    selection-background-color: $accent_soft; selection-color: $text;
}
QAbstractItemView::item { padding: 4px 6px; }
QAbstractItemView::item:selected { background: $accent_soft; color: $text; }
QHeaderView::section {
    background: $raised; color: $muted; border: none; border-bottom: 1px solid $border;
    padding: 6px 8px; font-weight: 600;
}
QTableCornerButton::section { background: $raised; border: none; }
QTabBar::tab { background: transparent; border: none; padding: 8px 14px; color: $muted;
    border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $accent; border-bottom: 2px solid $accent; font-weight: 600; }
QTabBar::tab:focus { color: $text; background: $raised; }
QTabWidget::pane { border: none; }
QProgressBar { background: $border; border: none; border-radius: 4px; max-height: 8px;
    min-height: 8px; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QProgressBar[tone="warning"]::chunk { background: $warning; }
QProgressBar[tone="danger"]::chunk { background: $danger; }
QProgressBar[tone="muted"]::chunk { background: $muted; }
QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QToolButton::menu-indicator { image: none; width: 0; }
QScrollArea > QWidget > QWidget[role="scrolled"] { background: transparent; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QMenu { background: $surface; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 6px 24px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QStatusBar { background: $surface; border-top: 1px solid $border; }
QFrame[role="sidebar"] { background: $surface; border-right: 1px solid $border; }
QFrame[role="topbar"] { background: $surface; border-bottom: 1px solid $border; }
QCheckBox, QRadioButton { background: transparent; spacing: 8px; }
QGroupBox { border: 1px solid $border; border-radius: 6px; margin-top: 10px; padding-top: 10px; }
QGroupBox::title { subcontrol-origin: margin; left: 10px; color: $muted; }
QLabel[role="key"] {
    background: $surface; border: 1px solid $border; border-bottom-width: 2px;
    border-radius: 5px; padding: 1px 7px; font-size: ${caption}pt;
}
QLabel[role="badge"] {
    border-radius: 8px; padding: 2px 8px; font-size: ${caption}pt; font-weight: 600;
    background: $raised; color: $muted;
}
QLabel[role="badge"][tone="accent"] { background: $accent_soft; color: $accent; }
QLabel[role="badge"][tone="ok"] { background: $ok_soft; color: $ok; }
QLabel[role="badge"][tone="warning"] { background: $warning_soft; color: $warning; }
QLabel[role="badge"][tone="danger"] { background: $danger_soft; color: $danger; }
QLabel[role="badge"][tone="info"] { background: $info_soft; color: $info; }
""")


class Theme(QObject):
    """Dresses the application by the system's light or dark appearance and follows its changes."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self._application = application
        self._hints = QGuiApplication.styleHints()
        self._hints.colorSchemeChanged.connect(self.apply)
        self.colours = LIGHT
        self._worn: Colours | None = None
        self._chosen: bool | None = None
        application.setStyle(QStyleFactory.create("Fusion"))
        self.font = _font(application)
        application.setFont(self.font)
        self.apply()

    @property
    def dark(self) -> bool:
        """Whether the dark set is worn."""
        return self.colours is DARK

    def colour(self, tone: Tone) -> QColor:
        """Return the text colour of ``tone``."""
        return QColor(_TEXT_OF[tone](self.colours))

    def soft(self, tone: Tone) -> QColor:
        """Return the surface colour on which text in ``tone`` stands."""
        names = {Tone.PLAIN: "surface", Tone.MUTED: "raised"}
        return QColor(getattr(self.colours, names.get(tone, f"{tone.value}_soft")))

    def wear(self, *, dark: bool | None) -> None:
        """Wear one set whatever the system says; None: as the system."""
        self._chosen = dark
        self.apply()

    def apply(self) -> None:
        """Wear the set that was chosen, else the one that the system asks for."""
        by_system = self._hints.colorScheme() == Qt.ColorScheme.Dark
        dark = by_system if self._chosen is None else self._chosen
        self.colours = DARK if dark else LIGHT
        if self.colours is self._worn:
            return  # a style sheet is put on every widget there is
        self._worn = self.colours
        # Taken off first: to replace one sheet by another takes Qt four times as long as both.
        self._application.setStyleSheet("")
        self._application.setPalette(_palette(self.colours))
        self._application.setStyleSheet(style_sheet(self.colours))
        self.changed.emit()


def style_sheet(colours: Colours) -> str:
    """Return the style sheet of the whole window in these colours."""
    sizes = {
        "caption": Size.CAPTION,
        "title": Size.TITLE,
        "strong": Size.STRONG,
        "display": Size.DISPLAY,
    }
    return _STYLE.substitute(
        {field.name: getattr(colours, field.name) for field in fields(colours)},
        pictures=_PICTURES.as_posix(),
        **sizes,
    )


def set_tone(widget: QWidget, tone: Tone) -> None:
    """Change what ``widget`` means and let the style sheet see it."""
    if widget.property("tone") != tone.value:
        widget.setProperty("tone", tone.value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


_TEXT_OF = {
    Tone.PLAIN: lambda colours: colours.text,
    Tone.MUTED: lambda colours: colours.muted,
    Tone.ACCENT: lambda colours: colours.accent,
    Tone.OK: lambda colours: colours.ok,
    Tone.WARNING: lambda colours: colours.warning,
    Tone.DANGER: lambda colours: colours.danger,
    Tone.INFO: lambda colours: colours.info,
}


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for target, value in {
        role.Window: colours.background,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.raised,
        role.Text: colours.text,
        role.Button: colours.surface,
        role.ButtonText: colours.text,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.muted,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Link: colours.info,
    }.items():
        palette.setColor(target, QColor(value))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Text, QColor(colours.muted))
    palette.setColor(QPalette.ColorGroup.Disabled, role.ButtonText, QColor(colours.muted))
    return palette


def _font(application: QApplication) -> QFont:
    """Return the body font: the first family on this PC that reads well in Chinese."""
    font = application.font()
    present = set(QFontDatabase.families())
    wanted = (
        "Microsoft YaHei UI",
        "Microsoft JhengHei UI",
        "PingFang SC",
        "Noto Sans CJK SC",
        "WenQuanYi Micro Hei",
    )
    families = [family for family in wanted if family in present]
    if families:
        font.setFamilies([*families, font.family()])
    font.setPointSizeF(Size.BODY)
    return font


def indent_text(box: QAbstractSpinBox) -> None:
    """Let the text of a box begin where it does in other fields; style sheets cannot."""
    (line,) = box.findChildren(QLineEdit)
    line.setTextMargins(Space.S - 2, 0, 0, 0)
