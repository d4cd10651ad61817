"""Signing in: choose your name, give your password if you have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import Term, msg
from desk_maint.language.words import word_key
from desk_maint.services import people
from ui.operations import ask
from ui.page import Page
from ui.problems import show_problem
from ui.theme import Size, Space, Tone, set_tone
from ui.widgets.basics import Card, button, caption
from ui.widgets.naming import named

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent

    from ui.context import Context

__all__ = ["SignInPage"]

_WIDTH = 520
_NAME_SHARE, _ROLE_SHARE = 0.2, 0.37
"""Of a line's width."""
_LEAST_LINES = 6


class SignInPage(Page):
    """A list of names and, only where one is needed, a password.

    Typing narrows the list, the arrows move in it, Return signs in.
    """

    title = Term("ui_login")
    signed_in = Signal(object, str)
    """The actor, and the login to remember on this PC."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setObjectName("page_sign_in")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        outer.addStretch(1)
        across = QHBoxLayout()
        across.addStretch(1)
        card = Card(context, msg("Who is working here?"), name="sign_in_card")
        card.setFixedWidth(_WIDTH)
        across.addWidget(card)
        across.addStretch(1)
        outer.addLayout(across, 4)
        outer.addStretch(1)
        self._make_list(card)
        self._label = QLabel()
        context.texts.bind(self._label, self._label.setText, Term("ui_password"))
        self.password = named(QLineEdit(), "sign_in_password")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        context.texts.bind(self.password, self.password.setAccessibleName, Term("ui_password"))
        self.password.returnPressed.connect(self._sign_in)
        self._label.setBuddy(self.password)
        card.body.addWidget(self._label)
        card.body.addWidget(self.password)
        self._wrong = named(QLabel(wordWrap=True), "sign_in_problem")
        set_tone(self._wrong, Tone.DANGER)
        self._wrong.hide()
        card.body.addWidget(self._wrong)
        self.enter = button(
            context, Term("ui_login"), self._sign_in, name="sign_in_enter", role="primary"
        )
        card.body.addSpacing(Space.S)
        card.body.addWidget(self.enter)
        self._show_password()

    def _make_list(self, card: Card) -> None:
        context = self.context
        self.narrow = named(QLineEdit(), "sign_in_narrow")
        for setter in (self.narrow.setPlaceholderText, self.narrow.setAccessibleName):
            context.texts.bind(self.narrow, setter, msg("Find by name, role or outlet"))
        self.narrow.textChanged.connect(lambda _text: self._narrow())
        self.narrow.returnPressed.connect(self._sign_in)
        self.narrow.installEventFilter(self)
        card.body.addWidget(self.narrow)
        self.names = named(QListWidget(), "sign_in_names")
        self.names.setItemDelegate(_Person(context, self.names))
        self.names.setUniformItemSizes(True)
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.names.setMinimumHeight(_LEAST_LINES * Size.CONTROL)
        self.names.setMaximumHeight(2 * _LEAST_LINES * Size.CONTROL)
        self.names.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        context.texts.bind(self.names, self.names.setAccessibleName, Term("user_account"))
        context.texts.changed.connect(self._say_names)
        self.names.itemSelectionChanged.connect(self._show_password)
        self.names.itemActivated.connect(lambda _item: self._sign_in())
        card.body.addWidget(self.names, 1)
        self._nobody = caption(context, msg("Nobody fits."), name="sign_in_nobody")
        self._nobody.hide()
        card.body.addWidget(self._nobody)

    def on_opened(self) -> None:
        """Read who may sign in here."""
        ask(
            self,
            self.context,
            lambda: people.list_sign_in_names(self.context.database),
            self._fill,
        )

    def _fill(self, names: tuple[people.SignInName, ...]) -> None:
        self.names.clear()
        for name in names:
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setToolTip(name.outlets)
            self.names.addItem(item)
        self._say_names()
        self._narrow()
        self.narrow.setFocus()

    def _say_names(self) -> None:
        """Write out each line as a screen reader says it and the search reads it."""
        for number in range(self.names.count()):
            item = self.names.item(number)
            found = item.data(Qt.ItemDataRole.UserRole)
            role = self.context.texts.say(Term(word_key(found.role)))
            parts = (found.name, role, found.outlets)
            item.setText("　".join(part for part in parts if part))

    def _narrow(self) -> None:
        """Show who fits what is typed, and choose the first of them."""
        wanted = self.narrow.text().strip().casefold()
        first: QListWidgetItem | None = None
        for number in range(self.names.count()):
            item = self.names.item(number)
            found = item.data(Qt.ItemDataRole.UserRole)
            fits = wanted in f"{found.login}\n{item.text()}".casefold()
            item.setHidden(not fits)
            if fits and first is None:
                first = item
        chosen = self._chosen()
        if first is None:
            self.names.clearSelection()
        elif chosen is None or self.names.selectedItems()[0].isHidden():
            self.names.setCurrentItem(first)
        self._nobody.setVisible(first is None and self.names.count() > 0)
        self.enter.setEnabled(first is not None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        arrows = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
        if (
            watched is self.narrow
            and isinstance(event, QKeyEvent)
            and event.type() == QKeyEvent.Type.KeyPress
            and event.key() in arrows
        ):
            self.names.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _chosen(self) -> people.SignInName | None:
        # The selection, for a screen reader chooses an entry without moving to it.
        for item in self.names.selectedItems():
            found = item.data(Qt.ItemDataRole.UserRole)
            if isinstance(found, people.SignInName):
                return found
        return None

    def _show_password(self) -> None:
        chosen = self._chosen()
        needed = chosen is not None and chosen.needs_password
        self._label.setVisible(needed)
        self.password.setVisible(needed)
        self.password.clear()
        self._wrong.hide()

    def _sign_in(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        if chosen.needs_password and not self.password.text() and not self.password.hasFocus():
            self.password.setFocus()
            return
        password = self.password.text() if chosen.needs_password else None
        ask(
            self,
            self.context,
            lambda: people.sign_in(self.context.database, chosen.login, password),
            lambda actor: self.signed_in.emit(actor, chosen.login),
            failed=self._refuse,
        )

    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, InputError):
            show_problem(self.window(), self.context.texts, error)
            return
        self._wrong.setText(self.context.texts.say(error.message))
        self._wrong.show()
        self.password.selectAll()
        self.password.setFocus()


class _Person(QStyledItemDelegate):
    """A name, and in the muted colour the role and the outlets, in columns."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, Size.CONTROL)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        person = index.data(Qt.ItemDataRole.UserRole)
        self.initStyleOption(option, index)
        option.text = ""
        widget = option.widget
        style = widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, option, painter, widget)
        theme, say = self._context.theme, self._context.texts.say
        area: QRect = option.rect.adjusted(Space.S, 0, -Space.S, 0)
        metrics = QFontMetrics(option.font)
        left = area.left()
        for text, tone, share in (
            (person.name, Tone.PLAIN, _NAME_SHARE),
            (say(Term(word_key(person.role))), Tone.MUTED, _ROLE_SHARE),
            (person.outlets, Tone.MUTED, 1 - _NAME_SHARE - _ROLE_SHARE),
        ):
            width = round(area.width() * share)
            cell = QRect(left, area.top(), width - Space.S, area.height())
            painter.setPen(theme.colour(tone))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, cell.width())
            painter.drawText(
                cell, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown
            )
            left += width
