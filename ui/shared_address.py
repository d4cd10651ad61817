"""The address of a shared database: it is tried before the window leaves for it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.errors import DeskMaintError
from desk_maint.domain.messages import Term, msg
from ui.operations import ask
from ui.problems import show_problem
from ui.theme import Space, Tone
from ui.widgets.basics import Card, button, caption
from ui.widgets.form_field import align_label
from ui.widgets.naming import named
from ui.widgets.problem_line import ProblemLine

if TYPE_CHECKING:
    from ui.context import Context

__all__ = ["SharedAddress", "with_password"]


class SharedAddress(QWidget):
    """Address and password; what is wrong is said here, and what was typed stays."""

    left = Signal()
    """The person goes back."""
    found = Signal(str)
    """The location of a database that answers."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        card = Card(self.context, msg("Join a shared database"), name="card_shared")
        card.setFixedWidth(520)
        self.problem = ProblemLine(context, name="shared_problem")
        form = QFormLayout()
        form.setVerticalSpacing(Space.M)
        form.setHorizontalSpacing(Space.L)
        self.address, self.password = QLineEdit(), QLineEdit()
        self.address.setPlaceholderText("postgresql://user@server/desk_maint")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.context.texts.bind(
            self.password,
            self.password.setPlaceholderText,
            msg("Empty: it stands in the address, or none is needed"),
        )
        for label, field, name in (
            (msg("Address of the database"), self.address, "shared_address"),
            (Term("ui_password"), self.password, "shared_password"),
        ):
            words = align_label(QLabel())
            self.context.texts.bind(words, words.setText, label)
            self.context.texts.bind(field, field.setAccessibleName, label)
            words.setBuddy(named(field, name))
            field.returnPressed.connect(self._join)
            field.textEdited.connect(lambda _text: self.problem.say_nothing())
            form.addRow(words, field)
        card.body.addLayout(form)
        hint = caption(self.context, msg("The administrator of the server gives you both."))
        hint.setWordWrap(True)
        card.body.addWidget(hint)
        card.body.addWidget(self.problem)
        card.body.addSpacing(Space.S)
        row = QHBoxLayout()
        row.addWidget(
            button(
                self.context,
                msg("Back"),
                self.left.emit,
                name="shared_back",
                role="quiet",
            )
        )
        row.addStretch(1)
        self._join_button = button(
            self.context, msg("Join"), self._join, name="shared_join", role="primary"
        )
        row.addWidget(self._join_button)
        card.body.addLayout(row)
        # Beside stretches, not aligned: so the card grows with what is said in it.
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card)
        across.addStretch(1)
        layout.addLayout(across)
        layout.addStretch(2)

    def _join(self) -> None:
        """See whether the database answers before the window leaves this page for it."""
        if not self._join_button.isEnabled():
            return
        address = with_password(self.address.text(), self.password.text())
        if not address:
            self.problem.say(msg("Write the address first."))
            self.address.setFocus()
            return

        def try_it() -> str:
            from desk_maint.db.engine import open_database

            open_database(address).close()
            return address

        self.problem.say(msg("Looking for the database…"), Tone.MUTED)
        self._join_button.setEnabled(False)
        ask(self, self.context, try_it, self._joined, failed=self._not_joined)

    def _joined(self, address: str) -> None:
        self._join_button.setEnabled(True)
        self.problem.say_nothing()
        self.found.emit(address)

    def _not_joined(self, error: Exception) -> None:
        self._join_button.setEnabled(True)
        self.problem.say_nothing()
        if isinstance(error, DeskMaintError):
            self.problem.say(error.message)
            self.address.setFocus()
        else:
            show_problem(self.window(), self.context.texts, error)


def with_password(address: str, password: str) -> str:
    """Return the address with the password in it; one that names no user, or a file, stays."""
    plain = address.strip()
    parts = urlsplit(plain)
    if not password or not parts.username or parts.password is not None:
        return plain
    user, _, server = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{server}"))
