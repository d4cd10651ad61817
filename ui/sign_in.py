"""Signing in: choose your name, give your password if you have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
)

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import Term, msg
from desk_maint.language.words import word_key
from desk_maint.services import people
from ui.operations import ask
from ui.page import Page
from ui.problems import show_problem
from ui.theme import Space, Tone, set_tone
from ui.widgets.basics import Card, button
from ui.widgets.naming import named

if TYPE_CHECKING:
    from ui.context import Context

__all__ = ["SignInPage"]


class SignInPage(Page):
    """A list of names and, only where one is needed, a password."""

    title = Term("ui_login")
    signed_in = Signal(object, str)
    """The actor, and the login to remember on this PC."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setObjectName("page_sign_in")
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        across = QHBoxLayout()
        across.addStretch(1)
        card = Card(context, msg("Who is working here?"), name="sign_in_card")
        card.setFixedWidth(420)
        across.addWidget(card)
        across.addStretch(1)
        outer.addLayout(across)
        outer.addStretch(2)
        self.names = named(QListWidget(), "sign_in_names")
        self.names.setMinimumHeight(240)
        context.texts.bind(self.names, self.names.setAccessibleName, Term("user_account"))
        self.names.itemSelectionChanged.connect(self._show_password)
        self.names.itemActivated.connect(lambda _item: self._sign_in())
        card.body.addWidget(self.names)
        self._label = QLabel()
        context.texts.bind(self._label, self._label.setText, Term("ui_password"))
        self.password = named(QLineEdit(), "sign_in_password")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
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
            role = self.context.texts.say(Term(word_key(name.role)))
            item = QListWidgetItem(f"{name.name}　{role}")
            item.setData(Qt.ItemDataRole.UserRole, name)
            self.names.addItem(item)
        self.names.setCurrentRow(0)
        self.names.setFocus()

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
        self._wrong.hide()

    def _sign_in(self) -> None:
        chosen = self._chosen()
        if chosen is None:
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
