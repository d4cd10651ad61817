"""The assistant of the first start: try it, start on this PC, or join a shared database.

Three steps at most and no manual: what do you want, who are you, bring your ledger.
"""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import Message, Term, msg
from desk_maint.domain.people import Actor, Role
from ui.operations import ask
from ui.page import Page
from ui.problems import show_problem
from ui.theme import Space, Tone, set_tone
from ui.widgets.basics import Card, button, caption
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_maint.services.people import PersonAdded
    from ui.context import Context

__all__ = ["FirstAdministratorPage", "FirstStartPage"]


class FirstStartPage(Page):
    """Three ways to begin, each one press away."""

    title = msg("Welcome")
    ready = Signal(str)
    """The location of a database that can be opened now."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setObjectName("page_first_start")
        self._steps = QStackedWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.XXL, Space.XXL, Space.XXL, Space.XXL)
        outer.addWidget(self._steps)
        self._steps.addWidget(self._choice())
        self._steps.addWidget(self._shared())

    def _choice(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.addStretch(1)
        question = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        question.setProperty("role", "title")
        self.context.texts.bind(question, question.setText, msg("How do you want to begin?"))
        layout.addWidget(question)
        layout.addSpacing(Space.L)
        across = QHBoxLayout()
        across.setSpacing(Space.L)
        across.addStretch(1)
        for name, heading, explanation, press, call in (
            (
                "start_here",
                msg("Start on this PC"),
                msg(
                    "A new, empty database on this PC. You name your bureau, become its "
                    "administrator and bring in your equipment ledger."
                ),
                msg("Start here"),
                self._start_here,
            ),
            (
                "start_demo",
                msg("Try it first"),
                msg(
                    "A made-up district with 30 outlets and a year of faults. Nothing you do "
                    "there touches real data."
                ),
                msg("Open the demo"),
                self._start_demo,
            ),
            (
                "start_shared",
                msg("Join a shared database"),
                msg(
                    "Your district or province already runs DeskMaint on a server. You need the "
                    "address that its administrator gives you."
                ),
                msg("Enter the address"),
                lambda: self._steps.setCurrentIndex(1),
            ),
        ):
            card = Card(self.context, heading, name=f"card_{name}")
            card.setFixedWidth(300)
            words = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignTop)
            words.setMinimumHeight(96)
            self.context.texts.bind(words, words.setText, explanation)
            card.body.addWidget(words, 1)
            role = "primary" if name == "start_here" else ""
            card.body.addWidget(button(self.context, press, call, name=name, role=role))
            across.addWidget(card)
        across.addStretch(1)
        layout.addLayout(across)
        layout.addStretch(2)
        return page

    def _shared(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.addStretch(1)
        card = Card(self.context, msg("Join a shared database"), name="card_shared")
        card.setFixedWidth(520)
        label = QLabel()
        self.context.texts.bind(label, label.setText, msg("Address of the database"))
        self.address = named(QLineEdit(), "shared_address")
        self.address.setPlaceholderText("postgresql://user:password@server/desk_maint")
        self.address.returnPressed.connect(self._join)
        label.setBuddy(self.address)
        card.body.addWidget(label)
        card.body.addWidget(self.address)
        card.body.addWidget(
            caption(self.context, msg("The administrator of the server gives you this line."))
        )
        row = QHBoxLayout()
        row.addWidget(
            button(
                self.context,
                msg("Back"),
                lambda: self._steps.setCurrentIndex(0),
                name="shared_back",
                role="quiet",
            )
        )
        row.addStretch(1)
        row.addWidget(
            button(self.context, msg("Join"), self._join, name="shared_join", role="primary")
        )
        card.body.addLayout(row)
        layout.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        return page

    def _make(self, call: Callable[[], str], title: Message) -> None:
        ask(self, self.context, call, self.ready.emit, title=title)

    def _start_here(self) -> None:
        def create() -> str:
            from desk_maint.db.engine import create_database
            from desk_maint.db.location import default_path

            path = default_path()
            if not path.exists():
                create_database(str(path)).close()
            return str(path)

        self._make(create, msg("Making the database…"))

    def _start_demo(self) -> None:
        language, now = self.context.texts.language, self.context.now()

        def fill() -> str:
            from desk_maint.db.engine import create_database
            from desk_maint.db.location import default_path
            from desk_maint.services.demo import fill_demo

            path = default_path().with_name("demo.db")
            if not path.exists():
                database = create_database(str(path))
                try:
                    fill_demo(database, _demo_actor(language), months=12, at=now)
                finally:
                    database.close()
            return str(path)

        self._make(fill, msg("Making the demo district…"))

    def _join(self) -> None:
        address = self.address.text().strip()
        if address:
            self.ready.emit(address)


class FirstAdministratorPage(Page):
    """A database without people: the name of the bureau, and its first administrator."""

    title = msg("Your bureau")
    signed_in = Signal(object, str)
    """The actor, and the login to remember on this PC."""
    ledger_asked = Signal()
    """The ledger is to be brought in next."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setObjectName("page_first_administrator")
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        card = Card(context, msg("Your bureau and its administrator"), name="administrator_card")
        card.setFixedWidth(480)
        form = QFormLayout()
        form.setVerticalSpacing(Space.M)
        form.setHorizontalSpacing(Space.L)
        self.bureau = self._field(form, Term("bureau_name"), "first_bureau")
        self.name = self._field(form, msg("Your name"), "first_name")
        self.login = self._field(form, msg("User name"), "first_login")
        self.login.setText(getpass.getuser())
        self.password = self._field(form, Term("ui_password"), "first_password")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        card.body.addLayout(form)
        card.body.addWidget(
            caption(context, msg("Leave the password empty where only you use this PC."))
        )
        self._wrong = named(QLabel(wordWrap=True), "first_problem")
        set_tone(self._wrong, Tone.DANGER)
        self._wrong.hide()
        card.body.addWidget(self._wrong)
        card.body.addSpacing(Space.S)
        card.body.addWidget(
            button(context, msg("Begin"), self._begin, name="first_begin", role="primary")
        )
        card.body.addWidget(
            button(
                context,
                msg("Begin and bring in my ledger…"),
                lambda: self._begin(ledger=True),
                name="first_ledger",
            )
        )
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)

    def _field(self, form: QFormLayout, label: Message | Term, name: str) -> QLineEdit:
        words, field = QLabel(), named(QLineEdit(), name)
        self.context.texts.bind(words, words.setText, label)
        words.setBuddy(field)
        field.returnPressed.connect(self._begin)
        form.addRow(words, field)
        return field

    def on_opened(self) -> None:
        """Start with the name of the bureau."""
        self.bureau.setFocus()

    def _begin(self, *, ledger: bool = False) -> None:
        database, at = self.context.database, self.context.now()
        bureau, name, login = self.bureau.text(), self.name.text(), self.login.text()
        password = self.password.text() or None

        def work() -> PersonAdded:
            from desk_maint.services import people, settings

            added = people.add_first_administrator(database, login, name, password, at=at)
            if bureau.strip():
                in_force = settings.read_settings(database, added.actor)
                settings.update(
                    database, added.actor, {"bureau_name": bureau}, expected=in_force, at=at
                )
            return added

        ask(
            self,
            self.context,
            work,
            lambda added: self._done(added.actor, login.strip(), ledger=ledger),
            failed=self._refuse,
        )

    def _done(self, actor: Actor, login: str, *, ledger: bool) -> None:
        self.signed_in.emit(actor, login)
        if ledger:
            self.ledger_asked.emit()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, InputError):
            self._wrong.setText(self.context.texts.say(error.message))
            self._wrong.show()
        else:
            show_problem(self.window(), self.context.texts, error)


def _demo_actor(language: str) -> Actor:
    name = {"zh_CN": "演示", "zh_TW": "示範"}.get(language, "Demo")
    return Actor(name, Role.ADMINISTRATOR)
