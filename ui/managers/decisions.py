"""What waits for a decision: exemptions and stoppages, each with all that a decision needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.messages import Message, Term, msg
from desk_maint.services import outlets, proposed_exemptions, stoppages
from desk_maint.services.stoppages import StoppageStanding
from ui.formats import duration, moment
from ui.operations import ask, perform
from ui.theme import Space
from ui.widgets.basics import EmptyState, button, caption
from ui.widgets.naming import named
from ui.widgets.reason_dialog import ReasonDialog
from ui.words import word
from ui.workshop.operations import TicketOperations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from desk_maint.db.change import Changes
    from desk_maint.services.outlets import OutletChoice
    from desk_maint.services.proposed_exemptions import ProposedExemption
    from desk_maint.services.stoppages import StoppageRow
    from ui.context import Context
    from ui.texts import Text

__all__ = ["DecisionsView"]

_CARDS = 100
"""More than these at once nobody reads; the next come as the first are decided."""


_DEEDS_WIDTH = 348


@dataclass(frozen=True, slots=True)
class _Waiting:
    exemptions: tuple[ProposedExemption, ...]
    stoppages: tuple[StoppageRow, ...]
    units: tuple[OutletChoice, ...]
    """What a new stoppage can be proposed for."""


class DecisionsView(QWidget):
    """Cards, the earliest first; one's own cannot be decided, and say so."""

    counted = Signal(int)
    """How many wait."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("decisions")
        self.context = context
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        head = QHBoxLayout()
        self._sum = caption(context, name="decisions_sum")
        head.addWidget(self._sum, 1)
        head.addWidget(
            button(
                context,
                msg("Propose a stoppage…"),
                self._ask_stoppage,
                name="stoppage_propose",
                icon_name="mdi6.calendar-plus",
            )
        )
        layout.addLayout(head)
        scroll = named(QScrollArea(widgetResizable=True), "decisions_scroll")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        self._cards = QVBoxLayout(inside)
        self._cards.setContentsMargins(0, 0, Space.S, 0)
        self._cards.setSpacing(Space.S)
        scroll.setWidget(inside)
        layout.addWidget(scroll, 1)
        self._waiting: _Waiting | None = None
        # What is decided here is read anew with every change, so a card is the newest there is.
        self._tickets = TicketOperations(self, context, lambda rows: rows, lambda: None)
        context.texts.changed.connect(self._show_again)

    def read(self, first: date, last: date) -> None:
        """Read what waits; what it would take out is told for this period (``last`` not in it)."""
        context, now = self.context, self.context.now()

        def find() -> _Waiting:
            database, actor = context.database, context.actor
            return _Waiting(
                proposed_exemptions.list_proposed(database, actor, first, last, as_of=now),
                stoppages.list_stoppages(database, actor, standing=StoppageStanding.PROPOSED),
                outlets.list_choices(database, actor),
            )

        ask(self, context, find, self._show)

    def _show(self, waiting: _Waiting) -> None:
        self._waiting = waiting
        self._show_again()
        self.counted.emit(len(waiting.exemptions) + len(waiting.stoppages))

    def _show_again(self) -> None:
        waiting = self._waiting
        if waiting is None:
            return
        focused = QApplication.focusWidget()
        held = focused is not None and self.isAncestorOf(focused)
        self._clear()
        self._sum.setText(
            self.context.texts.say(
                msg(
                    "Exemptions: {exemptions}. Stoppages: {stoppages}. Nobody decides what they "
                    "proposed themselves.",
                    exemptions=len(waiting.exemptions),
                    stoppages=len(waiting.stoppages),
                )
            )
        )
        cards = [
            *map(self._stoppage, waiting.stoppages),
            *map(self._exemption, waiting.exemptions[:_CARDS]),
        ]
        for card in cards:
            self._cards.addWidget(card)
        if not cards:
            self._cards.addWidget(
                EmptyState(
                    self.context,
                    "mdi6.check-circle-outline",
                    msg("Nothing waits for a decision."),
                    name="nothing_to_decide",
                )
            )
        if more := len(waiting.exemptions[_CARDS:]):
            words = caption(self.context, name="decisions_more")
            words.setText(
                self.context.texts.say(msg("{count} more wait behind these.", count=more))
            )
            self._cards.addWidget(words)
        self._cards.addStretch(1)
        if held:
            self._focus_first()

    def _clear(self) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.setObjectName("")
                widget.deleteLater()

    def _focus_first(self) -> None:
        found = [each for each in self.findChildren(QPushButton) if each.isEnabled()]
        first = [each for each in found if each.objectName().startswith("approve_")]
        for each in (first or found)[:1]:
            each.setFocus()

    def _exemption(self, proposed: ProposedExemption) -> DecisionCard:
        context, row, say = self.context, proposed.ticket, self.context.texts.say
        effect = (
            msg(
                "Approving takes {time} out of the downtime of the period.",
                time=duration(context.texts, proposed.seconds),
            )
            if proposed.seconds
            else msg("Approving takes no downtime out of the period.")
        )
        card = DecisionCard(context, row.number)
        card.say_what(
            f"{row.tag}　{row.device_name or ''}",
            " ".join(filter(None, (row.outlet_code, row.outlet_name, row.position))),
            self._span(row.occurred_at, row.restored_at),
        )
        card.say_why(
            " · ".join(filter(None, (row.cause, row.symptom))) or "—",
            say(msg("Reason: {reason}", reason=proposed.reason or "—")),
            self._proposer(proposed.proposed_by),
        )
        card.say_effect(effect)
        card.offer_number(row.number, partial(context.page_asked.emit, "workshop", row.number))
        card.offer(msg("Approve"), "approve", partial(self._tickets.approve_exemption, row))
        card.offer(msg("Refuse…"), "refuse", partial(self._tickets.refuse_exemption, row))
        if not proposed.may_decide:
            card.forbid(self._why_not(proposed.proposed_by))
        return card

    def _stoppage(self, row: StoppageRow) -> DecisionCard:
        context, data, say = self.context, row.data, self.context.texts.say
        scope = say(word(data.scope))
        subject = row.subject or ("" if data.category is None else say(word(data.category)))
        card = DecisionCard(context, f"stoppage_{row.id}")
        card.say_what(
            f"{say(msg('Stoppage'))}　{subject or scope}",
            scope if subject else "",
            self._span(data.from_at, data.to_at),
        )
        card.say_why(
            say(msg("Reason: {reason}", reason=data.reason)), self._proposer(row.proposed_by)
        )
        if row.proposed_by == context.actor.name:
            card.offer(msg("Withdraw…"), "withdraw", partial(self._withdraw, row))
        approve = card.offer(msg("Approve"), "approve", partial(self._approve_stoppage, row))
        refuse = card.offer(msg("Refuse…"), "refuse", partial(self._refuse_stoppage, row))
        if not row.may_decide:
            card.forbid(self._why_not(row.proposed_by), approve, refuse)
        return card

    def _span(self, begin: int, end: int | None) -> str:
        texts = self.context.texts
        length = duration(texts, (self.context.now() if end is None else end) - begin)
        if end is None:
            return texts.say(
                msg("{begin} – still open, {time} so far", begin=moment(texts, begin), time=length)
            )
        return f"{moment(texts, begin)} – {moment(texts, end)}　{length}"

    def _proposer(self, name: str | None) -> str:
        return self.context.texts.say(msg("Proposed by {name}.", name=name or "—"))

    def _why_not(self, proposer: str | None) -> Message:
        if proposer == self.context.actor.name:
            return msg("You proposed this yourself; somebody else has to decide it.")
        return msg("Only a manager decides this.")

    # What is done

    def _approve_stoppage(self, row: StoppageRow) -> None:
        context = self.context
        self._do(
            lambda at: stoppages.approve(
                context.database, context.actor, row.id, version=row.version, at=at
            ),
            msg("The stoppage is approved."),
        )

    def _refuse_stoppage(self, row: StoppageRow) -> None:
        context = self.context
        self._with_reason(
            msg("Refuse the stoppage"),
            lambda reason, at: stoppages.refuse(
                context.database, context.actor, row.id, reason, version=row.version, at=at
            ),
            msg("The stoppage is refused."),
        )

    def _withdraw(self, row: StoppageRow) -> None:
        context = self.context
        self._with_reason(
            msg("Withdraw the stoppage"),
            lambda reason, at: stoppages.withdraw(
                context.database, context.actor, row.id, reason, version=row.version, at=at
            ),
            msg("The stoppage is withdrawn."),
        )

    def _do(self, call: Callable[[int], Changes], success: Message) -> None:
        at = self.context.now()
        perform(self, self.context, lambda: call(at), success=success)

    def _with_reason(
        self, title: Text, call: Callable[[str, int], Changes], success: Message
    ) -> None:
        dialog = ReasonDialog(self.context, self, title, Term("reason"))
        dialog.run(lambda: partial(call, dialog.text(), self.context.now()), success=success)

    def _ask_stoppage(self) -> None:
        from ui.managers.stoppage_dialog import StoppageDialog

        if self._waiting is not None:
            StoppageDialog(self.context, self, self._waiting.units).propose()


class DecisionCard(QFrame):
    """What it is about at the left, why in the middle, what can be done at the right."""

    def __init__(self, context: Context, name: str) -> None:
        super().__init__()
        self._context, self._name = context, name
        self.setObjectName(f"decide_{name}")
        self.setProperty("role", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        row.setSpacing(Space.L)
        deeds = QWidget()
        deeds.setMinimumWidth(_DEEDS_WIDTH)  # the same on all, so that the columns line up
        self._what, self._why, right = QVBoxLayout(), QVBoxLayout(), QVBoxLayout(deeds)
        right.setContentsMargins(0, 0, 0, 0)
        for column in (self._what, self._why, right):
            column.setSpacing(Space.XS)
        row.addLayout(self._what, 5)
        row.addLayout(self._why, 6)
        row.addWidget(deeds)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(Space.S)
        self._buttons.addStretch(1)
        right.addLayout(self._buttons)
        self._effect = caption(context, name=f"effect_{name}")
        self._forbidden = caption(context, name=f"forbidden_{name}")
        for words in (self._effect, self._forbidden):
            words.setWordWrap(True)
            words.setAlignment(Qt.AlignmentFlag.AlignRight)
            words.hide()
            right.addWidget(words)
        right.addStretch(1)
        self._offered: list[QPushButton] = []

    def say_what(self, title: str, *lines: str) -> None:
        """Say what is to be decided."""
        self.setAccessibleName(title)
        self._fill(self._what, title, lines, "strong")

    def say_why(self, first: str, *lines: str) -> None:
        """Say what was given for it."""
        self._fill(self._why, first, lines)

    def _fill(self, column: QVBoxLayout, first: str, lines: Sequence[str], role: str = "") -> None:
        head = QLabel(first, wordWrap=True)
        head.setProperty("role", role)
        column.addWidget(head)
        for text in filter(None, lines):
            more = caption(self._context)
            more.setText(text)
            more.setWordWrap(True)
            column.addWidget(more)
        column.addStretch(1)

    def offer_number(self, number: str, call: Callable[[], object]) -> None:
        """Offer the ticket itself, by its number."""
        made = named(QPushButton(number), f"open_{self._name}")
        made.setProperty("role", "quiet")
        made.setToolTip(self._context.texts.say(msg("Open the ticket")))
        made.clicked.connect(lambda _checked=False: call())
        self._buttons.addWidget(made)

    def offer(self, text: Text, deed: str, call: Callable[[], object]) -> QPushButton:
        """Offer something that can be done."""
        made = button(self._context, text, call, name=f"{deed}_{self._name}")
        self._buttons.addWidget(made)
        self._offered.append(made)
        return made

    def say_effect(self, effect: Text) -> None:
        """Say what comes of an approval."""
        self._effect.setText(self._context.texts.say(effect))
        self._effect.show()

    def forbid(self, why: Text, *which: QPushButton) -> None:
        """Turn buttons off (all that were offered, unless some are named) and say why."""
        words = self._context.texts.say(why)
        for made in which or self._offered:
            made.setEnabled(False)
            made.setToolTip(words)
        self._forbidden.setText(words)
        self._forbidden.show()
