"""The frame: whose desk it is, the pages of that desk, and a foot that answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.messages import Term, msg
from desk_maint.language import LANGUAGES
from ui.answer_line import AnswerLine
from ui.icons import icon, window_icon
from ui.page import Page
from ui.progress import ProgressStrip
from ui.theme import Space
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.context import Context
    from ui.texts import Text

__all__ = ["MainWindow", "PageEntry"]

LANGUAGE_NAMES = {"zh_CN": "简体中文", "zh_TW": "繁體中文", "en": "English"}
LAST_DIGIT = 9
_NARROW = 1100
"""Pixels of the window below which the side bar shows icons alone."""
_SIDEBAR, _SIDEBAR_NARROW = 168, 56


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A line of the side bar; the page itself is made when it is first opened."""

    name: str
    title: Text
    icon: str
    make: Callable[[Context], Page]


class MainWindow(QMainWindow):
    """Frames pages and nothing more: it knows no device and no ticket."""

    sign_out_asked = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("main_window")
        self.resize(1280, 720)
        self.setMinimumSize(880, 520)
        context.texts.bind(self, self.setWindowTitle, Term("app_title"))
        self._entries: list[PageEntry] = []
        self._pages: dict[str, Page] = {}
        self._stack = named(QStackedWidget(), "pages")
        self._nav = QButtonGroup(self)
        self._names: dict[QAbstractButton, tuple[Callable[[str], None], Text]] = {}
        self._narrow = False
        self._sidebar, self._nav_layout = self._make_sidebar()
        centre = QWidget()
        across = QHBoxLayout(centre)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self._sidebar)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._make_topbar())
        right.addWidget(self._stack, 1)
        right.addWidget(ProgressStrip(context))
        across.addLayout(right, 1)
        self.setCentralWidget(centre)
        self._fit_sidebar()
        context.told.connect(self.answer.tell)
        context.written.connect(self.answer.tell_written)
        context.page_asked.connect(self._open_part)
        context.theme.changed.connect(self._paint_icons)
        for number in range(LAST_DIGIT):
            # Not the buttons' own, which a new text takes from them.
            keys = QShortcut(QKeySequence(f"Alt+{number + 1}"), self)
            keys.activated.connect(partial(self._open_number, number))
        QShortcut(QKeySequence("F1"), self, self.show_keys)
        QShortcut(QKeySequence("F5"), self, self._refresh)
        geometry = context.preferences.geometry("main_window")
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)

    def _make_sidebar(self) -> tuple[QFrame, QVBoxLayout]:
        sidebar = named(QFrame(), "sidebar")
        sidebar.setProperty("role", "sidebar")
        layout = QVBoxLayout(sidebar)
        layout.setContentsMargins(0, Space.L, 0, Space.S)
        layout.setSpacing(2)
        head = QHBoxLayout()
        head.setContentsMargins(Space.M, 0, Space.S, Space.M)
        head.setSpacing(Space.S)
        self._mark = QLabel()
        head.addWidget(self._mark)
        self._name = named(QLabel(), "sidebar_title")
        self._name.setProperty("role", "strong")
        self.context.texts.bind(self._name, self._name.setText, Term("app_short_title"))
        head.addWidget(self._name, 1)
        layout.addLayout(head)
        pages = QVBoxLayout()
        pages.setSpacing(2)
        layout.addLayout(pages)
        layout.addStretch(1)
        self._keys = named(QPushButton(), "show_keys")
        self._keys.setProperty("role", "nav")
        self._keys.setIconSize(QSize(18, 18))
        self._bind_nav(self._keys, msg("F1  Keys"))
        self._keys.clicked.connect(self.show_keys)
        layout.addWidget(self._keys)
        sidebar.hide()
        return sidebar, pages

    def _bind_nav(self, button: QPushButton, title: Text) -> None:
        """Name a line of the side bar; where the window is narrow its icon stands alone."""

        def name(words: str) -> None:
            button.setAccessibleName(words)
            button.setToolTip(words if self._narrow else "")
            button.setText("" if self._narrow else words)

        self._names[button] = name, title
        self.context.texts.bind(button, name, title)

    def _fit_sidebar(self) -> None:
        self._narrow = self.width() < _NARROW
        self._sidebar.setFixedWidth(_SIDEBAR_NARROW if self._narrow else _SIDEBAR)
        self._name.setVisible(not self._narrow)
        for name, title in self._names.values():
            name(self.context.texts.say(title))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._narrow != (self.width() < _NARROW):
            self._fit_sidebar()

    def _make_topbar(self) -> QFrame:
        bar = named(QFrame(), "topbar")
        bar.setProperty("role", "topbar")
        bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(bar)
        layout.setContentsMargins(Space.L, Space.S, Space.M, Space.S)
        layout.setSpacing(Space.S)
        self.heading = named(QLabel(), "heading")
        self.heading.setProperty("role", "title")
        layout.addWidget(self.heading)
        self.answer = AnswerLine(self.context)
        layout.addWidget(self.answer, 1)
        self._person = named(QLabel(), "person")
        layout.addWidget(self._person)
        # One press, for people change places at a counter.
        self._leave = named(QToolButton(), "sign_out")
        self._leave.setProperty("role", "quiet")
        self.context.texts.bind(self._leave, self._leave.setText, msg("Sign out"))
        self._leave.clicked.connect(self._sign_out)
        layout.addWidget(self._leave)
        self._show_person("")
        language = named(QToolButton(), "language")
        language.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        language.setProperty("role", "quiet")
        self.context.texts.bind(language, language.setAccessibleName, Term("ui_language"))
        language.setText(LANGUAGE_NAMES[self.context.texts.language])
        choices = QMenu(language)
        for code in LANGUAGES:
            choice = choices.addAction(LANGUAGE_NAMES[code])
            choice.setObjectName(f"language_{code}")
            choice.triggered.connect(lambda _=False, code=code: self._use_language(code))
        language.setMenu(choices)
        self.context.texts.changed.connect(
            lambda: language.setText(LANGUAGE_NAMES[self.context.texts.language])
        )
        layout.addWidget(language)
        return bar

    def set_pages(self, entries: Sequence[PageEntry], person: str) -> None:
        """Offer these pages in the side bar and open the first; earlier ones are let go."""
        self._clear()
        self._entries = list(entries)
        for entry in self._entries:
            button = named(QPushButton(), f"nav_{entry.name}")
            button.setCheckable(True)
            button.setProperty("role", "nav")
            button.setIconSize(QSize(18, 18))
            self._bind_nav(button, entry.title)
            button.clicked.connect(lambda _=False, name=entry.name: self.open(name))
            self._nav.addButton(button)
            self._nav_layout.addWidget(button)
        self._paint_icons()
        self._show_person(person)
        self._sidebar.setVisible(len(self._entries) > 1)
        if self._entries:
            self.open(self._entries[0].name)

    def _show_person(self, name: str) -> None:
        self._person.setText(name)
        self._person.setVisible(bool(name))
        self._leave.setVisible(bool(name))

    def show_alone(self, page: Page) -> None:
        """Show one page without a side bar (first start, sign-in)."""
        # Not before the first frame, for the font of the icons is large.
        QTimer.singleShot(0, self, lambda: self.setWindowIcon(window_icon()))
        self._clear()
        self._show_person("")
        self._sidebar.hide()
        self._pages["alone"] = page
        self._stack.addWidget(page)
        self._bring("alone", page.title)

    def open(self, name: str) -> Page:
        """Bring the page ``name`` to the front, making it when it is first asked for."""
        entry = next(entry for entry in self._entries if entry.name == name)
        if name not in self._pages:
            page = entry.make(self.context)
            page.setObjectName(f"page_{name}")
            self._pages[name] = page
            self._stack.addWidget(page)
        button = self.findChild(QPushButton, f"nav_{name}")
        if button is not None:
            button.setChecked(True)
        self._bring(name, entry.title)
        return self._pages[name]

    def _open_number(self, number: int) -> None:
        if number < len(self._entries):
            self.open(self._entries[number].name)

    def _open_part(self, name: str, part: str) -> None:
        if any(entry.name == name for entry in self._entries):
            self.open(name).show_part(part)

    def _bring(self, name: str, title: Text) -> None:
        self._stack.setCurrentWidget(self._pages[name])
        self.context.texts.bind(self.heading, self.heading.setText, title)
        self._pages[name].on_opened()

    def show_keys(self) -> None:
        """Show the keys of the page in front (F1)."""
        from ui.keys_dialog import KeysDialog

        page = self._stack.currentWidget()
        KeysDialog(self.context, page.keys if isinstance(page, Page) else [], self).exec()

    def _may_leave(self, then: Callable[[], object]) -> bool:
        return all(page.may_close(then) for page in list(self._pages.values()))

    def _sign_out(self) -> None:
        if self._may_leave(self._sign_out):
            self.answer.clear()  # what she wrote is not for the next person to open
            self.sign_out_asked.emit()

    def _refresh(self) -> None:
        page = self._stack.currentWidget()
        if isinstance(page, Page):
            page.on_opened()

    def _use_language(self, code: str) -> None:
        self.context.preferences.language = code
        self.context.texts.use(code)

    def _paint_icons(self) -> None:
        self.setWindowIcon(window_icon())
        self._mark.setPixmap(self.windowIcon().pixmap(QSize(24, 24)))
        self._keys.setIcon(icon(self.context.theme, "mdi6.keyboard-outline"))
        for entry in self._entries:
            button = self.findChild(QPushButton, f"nav_{entry.name}")
            if button is not None:
                button.setIcon(icon(self.context.theme, entry.icon))

    def _clear(self) -> None:
        for button in self._nav.buttons():
            self._nav.removeButton(button)
            self._nav_layout.removeWidget(button)
            del self._names[button]
            button.setObjectName("")  # found by name no more, though it dies only later
            button.hide()
            button.deleteLater()
        for page in self._pages.values():
            self._stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self._entries = []

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_leave(self.close):
            self.context.preferences.set_geometry("main_window", self.saveGeometry())
            event.accept()
        else:
            event.ignore()
