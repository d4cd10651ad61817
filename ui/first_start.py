"""The assistant of the first start: try it, start on this PC, or join a shared database.

Three steps at most and no manual: what do you want, who are you, bring your ledger.
"""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
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
from ui.connections import connect_for
from ui.icons import icon
from ui.operations import ask
from ui.page import Page
from ui.problems import show_problem
from ui.shared_address import SharedAddress
from ui.theme import Space, Tone, set_tone
from ui.widgets.basics import Card, button, caption
from ui.widgets.form_field import align_label
from ui.widgets.naming import named
from ui.widgets.problem_line import ProblemLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_maint.services.people import PersonAdded
    from ui.context import Context

__all__ = ["FirstAdministratorPage", "FirstStartPage"]

_CARD_LEAST, _CARD_MOST = 240, 340
_PICTURE = QSize(36, 36)


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to begin."""

    name: str
    icon_name: str
    heading: Message
    explanation: Message
    press: Message
    call: Callable[[], object]


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
        self._shared = SharedAddress(context)
        self._shared.left.connect(lambda: self._steps.setCurrentIndex(0))
        self._shared.found.connect(self.ready)
        self._steps.addWidget(self._shared)

    def _choice(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addStretch(1)
        name, question = QLabel(), QLabel()
        name.setProperty("role", "display")
        question.setProperty("role", "strong")
        set_tone(question, Tone.MUTED)
        for words, text in (
            (name, Term("app_title")),
            (question, msg("How do you want to begin?")),
        ):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            words.setWordWrap(True)
            self.context.texts.bind(words, words.setText, text)
            layout.addWidget(words)
        layout.addSpacing(Space.L)
        across = QHBoxLayout()
        across.setSpacing(Space.L)
        across.addStretch(1)
        for way in self._ways():
            across.addWidget(self._card(way), 4)
        across.addStretch(1)
        layout.addLayout(across)
        layout.addStretch(2)
        return page

    def _ways(self) -> tuple[_Way, ...]:
        return (
            _Way(
                "start_here",
                "mdi6.monitor",
                msg("Start on this PC"),
                msg(
                    "A new, empty database on this PC. You name your bureau, become its "
                    "administrator and bring in your equipment ledger."
                ),
                msg("Start here"),
                self._start_here,
            ),
            _Way(
                "start_demo",
                "mdi6.compass-outline",
                msg("Try it first"),
                msg(
                    "A made-up district with 30 outlets and a year of faults. Nothing you do "
                    "there touches real data."
                ),
                msg("Open the demo"),
                self._start_demo,
            ),
            _Way(
                "start_shared",
                "mdi6.server-network",
                msg("Join a shared database"),
                msg(
                    "Your district or province already runs DeskMaint on a server. You need the "
                    "address that its administrator gives you."
                ),
                msg("Enter the address"),
                self._ask_address,
            ),
        )

    def _card(self, way: _Way) -> Card:
        context = self.context
        card = Card(context, name=f"card_{way.name}")
        card.setMinimumWidth(_CARD_LEAST)
        card.setMaximumWidth(_CARD_MOST)
        card.body.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        card.body.setSpacing(Space.M)
        picture = QLabel()

        def paint() -> None:
            picture.setPixmap(icon(context.theme, way.icon_name, Tone.ACCENT).pixmap(_PICTURE))

        paint()
        connect_for(picture, context.theme.changed, paint)
        card.body.addWidget(picture)
        heading, words = QLabel(wordWrap=True), QLabel(wordWrap=True)
        heading.setProperty("role", "strong")
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        set_tone(words, Tone.MUTED)
        context.texts.bind(card, card.setAccessibleName, way.heading)
        context.texts.bind(heading, heading.setText, way.heading)
        context.texts.bind(words, words.setText, way.explanation)
        card.body.addWidget(heading)
        card.body.addWidget(words, 1)
        card.body.addSpacing(Space.S)
        role = "primary" if way.name == "start_here" else ""
        made = button(context, way.press, way.call, name=way.name, role=role)
        card.body.addWidget(made)
        if way.name == "start_here":
            self._first_button = made
        return card

    def on_opened(self) -> None:
        """Start with the way that most people go."""
        self.begin_at(self._first_button)

    def _ask_address(self) -> None:
        self._steps.setCurrentIndex(1)
        self._shared.address.setFocus()

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
        self._wrong = ProblemLine(context, name="first_problem")
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
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card)
        across.addStretch(1)
        outer.addLayout(across)
        outer.addStretch(2)

    def _field(self, form: QFormLayout, label: Message | Term, name: str) -> QLineEdit:
        words, field = align_label(QLabel()), named(QLineEdit(), name)
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
            self._wrong.say(error.message)
            fields = {"login": self.login, "password": self.password}
            fields.get(error.field or "name", self.name).setFocus()
        else:
            show_problem(self.window(), self.context.texts, error)


def _demo_actor(language: str) -> Actor:
    name = {"zh_CN": "演示", "zh_TW": "示範"}.get(language, "Demo")
    return Actor(name, Role.ADMINISTRATOR)
