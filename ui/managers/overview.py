"""The overview: a gauge per group, the trend of twelve months, outlets ranked; each opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desk_maint.db.change import Changes
from desk_maint.domain.devices import Group
from desk_maint.domain.messages import Term, msg
from desk_maint.domain.percent import HUNDRED_PERCENT
from desk_maint.services import statistics, ticket_queue, uptime
from desk_maint.services.uptime import By
from ui.formats import moment, percent
from ui.icons import icon
from ui.managers.figures import figure_fields, hundredths, left_words, rate_key, verdict
from ui.managers.periods import PeriodBar
from ui.managers.repairs import RepairCards
from ui.managers.rows_model import Field, RowsModel, rows_table, widen_names
from ui.operations import ask
from ui.page import Key, Page
from ui.theme import Space, Tone, set_tone
from ui.widgets.basics import Banner, Card, button, caption, chip
from ui.widgets.charts import Gauge
from ui.widgets.flow import flow_widget
from ui.widgets.naming import named
from ui.widgets.trend import Point, Trend
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QResizeEvent

    from desk_maint.services.statistics import Statistics
    from desk_maint.services.uptime import GroupFigures, OutletFigures, UptimeReport
    from ui.context import Context
    from ui.managers.repairs import Asked
    from ui.texts import Text

__all__ = ["OverviewPage"]

_TREND_MONTHS = 12
_NARROW = 1000
"""Pixels of the page below which not everything fits side by side."""
_GAUGE_WIDTH = 150
_LOWER_HEIGHT = 300
"""Pixels that trend and ranking keep, however much stands below them."""


@dataclass(frozen=True, slots=True)
class _Answer:
    period: UptimeReport
    trend: UptimeReport
    queue: ticket_queue.QueueCounts


class GroupCard(QFrame):
    """One group: rate, verdict, downtime left, and for 100 % the first second of fault."""

    opened = Signal(object)
    """The :class:`Group` whose outlets are to be shown."""

    def __init__(self, context: Context, group: Group) -> None:
        super().__init__()
        self._context, self._group = context, group
        self.setObjectName(f"group_{group.value}")
        self.setProperty("role", "card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._box = layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.setSpacing(Space.L)
        self._gauge = Gauge(context, name=f"gauge_{group.value}")
        self._gauge.setMaximumWidth(_GAUGE_WIDTH)
        layout.addWidget(self._gauge, 2)
        right = QVBoxLayout()
        right.setSpacing(Space.XS)
        title = named(QPushButton(), f"open_{group.value}")
        title.setProperty("role", "figure")
        title.setProperty("flush", True)
        context.texts.bind(title, title.setText, word(group))
        title.clicked.connect(lambda _=False: self.opened.emit(group))
        right.addWidget(title, 0, Qt.AlignmentFlag.AlignLeft)
        state = QHBoxLayout()
        state.setSpacing(Space.XS)
        self._icon, self._verdict = QLabel(), QLabel()
        self._verdict.setProperty("role", "strong")
        state.addWidget(self._icon)
        state.addWidget(self._verdict, 1)
        right.addLayout(state)
        self._left = QLabel()
        right.addWidget(self._left)
        facts, self._facts = flow_widget(spacing=Space.XS, between=Space.M)
        self._fact = {
            name: caption(context, name=f"{name}_{group.value}")
            for name in ("target", "actual", "within", "devices", "first")
        }
        for each in self._fact.values():
            self._facts.addWidget(each)
        right.addWidget(facts)
        right.addStretch(1)
        layout.addLayout(right, 3)

    def turn(self, direction: QBoxLayout.Direction) -> None:
        """Put the words beside the gauge, or below it."""
        self._box.setDirection(direction)

    def show_figures(self, row: GroupFigures) -> None:
        """Show the group's figures."""
        figures, say = row.figures, self._context.texts.say
        words, icon_name, tone = verdict(figures)
        missing = say(Term("not_applicable"))
        self._gauge.show_rate(
            hundredths(figures.uptime_percent),
            figures.target,
            percent(figures.uptime_percent, missing),
            tone,
        )
        self._verdict.setText(say(words))
        set_tone(self._verdict, tone)
        self._icon.setPixmap(icon(self._context.theme, icon_name, tone).pixmap(QSize(18, 18)))
        self._left.setText(left_words(self._context, figures) if row.devices else "—")
        set_tone(self._left, Tone.DANGER if figures.remaining_down_seconds < 0 else Tone.PLAIN)
        first = moment(self._context.texts, figures.first_down_at)
        facts: dict[str, Text] = {
            "target": msg("Target {target} %", target=f"{figures.target / 100:g}"),
            "actual": msg("actual {rate}", rate=percent(figures.actual_percent, missing)),
            "within": msg(
                "within limits {rate}", rate=percent(figures.within_limits_percent, missing)
            ),
            "devices": msg("{count} devices", count=row.devices),
            "first": msg("first fault {when}", when=first),
        }
        for name, fact in facts.items():
            self._fact[name].setText(say(fact))
        # At 100 % nothing is left from the first second of fault on: that moment is named.
        named_one = figures.first_down_at is not None and figures.target == HUNDRED_PERCENT
        self._fact["first"].setVisible(named_one)
        self._facts.invalidate()

    def mousePressEvent(self, event: object) -> None:
        self.opened.emit(self._group)


class OverviewPage(Page):
    """What the manager answers for, this month; every number opens what it is made of."""

    title = Term("ui_dashboard")
    icon = "mdi6.gauge"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        scroll = named(QScrollArea(widgetResizable=True), "overview_scroll")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll)
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        scroll.setWidget(inside)
        outer = QVBoxLayout(inside)
        outer.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        outer.setSpacing(Space.M)
        self.period = PeriodBar(context)
        self.period.changed.connect(self._read)
        outer.addWidget(self.period)
        self._warning = Banner(context, name="overview_warning")
        outer.addWidget(self._warning)
        outer.addWidget(self._make_empty())
        cards = QHBoxLayout()
        cards.setSpacing(Space.M)
        self._cards = {group: GroupCard(context, group) for group in Group}
        for card in self._cards.values():
            card.opened.connect(self._choose_group)
            cards.addWidget(card, 1)
        outer.addLayout(cards)
        self._between = QHBoxLayout()
        self._beside = groups, tickets = self._make_groups(), self._make_tickets()
        self._between.addLayout(groups)
        self._between.addStretch(1)
        self._between.addLayout(tickets)
        for each in self._beside:
            self._between.setAlignment(each, Qt.AlignmentFlag.AlignLeft)
        outer.addLayout(self._between)
        outer.addLayout(self._make_lower(), 1)
        self.repairs = RepairCards(context)
        self.repairs.asked.connect(self._open_figure)
        outer.addWidget(self.repairs)
        self._statistics: Statistics | None = None
        self._answer: _Answer | None = None
        self._group = Group.ATM
        self.keys.append(Key("Return", msg("Open what the chosen outlet is made of")))
        context.texts.changed.connect(self._show_again)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where the window is narrow, what stands side by side comes one below the other."""
        narrow = self.width() < _NARROW
        self._turn(self.repairs.box.setDirection, down=narrow)
        for card in self._cards.values():
            self._turn(card.turn, down=narrow)
        # Words decide here: in one language they fit beside each other, in the next they do not.
        wanted = [part.minimumSize().width() for part in self._beside]
        room = self.width() - 2 * Space.L - Space.XL
        self._turn(self._between.setDirection, down=sum(wanted) > room)

    @staticmethod
    def _turn(turn: Callable[[QBoxLayout.Direction], object], *, down: bool) -> None:
        turn(QBoxLayout.Direction.TopToBottom if down else QBoxLayout.Direction.LeftToRight)

    def _make_empty(self) -> Banner:
        """Return what stands here before there is any device."""
        self._empty = Banner(self.context, name="overview_empty")
        action = named(self._empty.action, "overview_import")
        self.context.texts.bind(action, action.setText, msg("Bring in the ledger…"))
        action.clicked.connect(lambda: self.context.page_asked.emit("inventory", "import"))
        action.show()
        return self._empty

    def _make_lower(self) -> QHBoxLayout:
        """Return the trend and the ranking."""
        lower = QHBoxLayout()
        lower.setSpacing(Space.M)
        trend_card = Card(self.context, msg("Last twelve months"), name="trend_card")
        self.trend = Trend(self.context, name="trend")
        self.trend.chosen.connect(self._open_month)
        trend_card.body.addWidget(self.trend, 1)
        lower.addWidget(trend_card, 2)
        self._outlets = RowsModel(self.context, self._outlet_fields(), self)
        outlet_card = Card(self.context, msg("Outlets, the worst first"), name="outlet_card")
        self.table = rows_table(
            self.context, self._outlets, msg("Outlets, the worst first"), name="outlet_ranking"
        )
        widen_names(self.table)
        self.table.activated.connect(self._open_outlet)
        outlet_card.body.addWidget(self.table, 1)
        lower.addWidget(outlet_card, 3)
        trend_card.setMinimumHeight(_LOWER_HEIGHT)
        return lower

    def _outlet_fields(self) -> list[Field]:
        return [
            Field(Term("outlet"), lambda row: row.outlet_name, lambda row: row.outlet),
            *figure_fields(self.context, "uptime", "verdict", "down", "faults"),
        ]

    def _make_tickets(self) -> QHBoxLayout:
        """Return the tickets of this moment: each number opens them in the workshop."""
        context, row = self.context, QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(caption(context, msg("Tickets now"), name="overview_tickets"))
        self._tickets: dict[str, tuple[QPushButton, Text]] = {}
        for name, words in (
            ("open", msg("All open")),
            ("overdue", Term("overdue")),
            ("on_hold", Term("ts_on_hold")),
            ("to_confirm", Term("ts_pending_check")),
            ("exemptions", Term("exclusion_request")),
        ):
            made = button(
                context,
                words,
                partial(context.page_asked.emit, "workshop", name),
                name=f"tickets_{name}",
                role="quiet",
            )
            self._tickets[name] = made, words
            row.addWidget(made)
        return row

    def _make_groups(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self._chips = QButtonGroup(self)
        for group in Group:
            made = chip(self.context, word(group), name=f"show_{group.value}")
            made.setChecked(group is Group.ATM)
            made.clicked.connect(lambda _=False, group=group: self._choose_group(group))
            self._chips.addButton(made)
            row.addWidget(made)
        return row

    def on_opened(self) -> None:
        """Read the figures; the outlets have the focus."""
        self._read()
        self.begin_at(self.table)

    def on_changes(self, changes: object) -> None:
        """Read the figures again when what they are made of changed."""
        if isinstance(changes, Changes) and self.isVisible():
            self._read()

    def _read(self) -> None:
        context, now = self.context, self.context.now()
        first, last = self.period.first, self.period.last
        trend_first = _months_back(last, _TREND_MONTHS)

        def read() -> _Answer:
            database, actor = context.database, context.actor
            return _Answer(
                uptime.uptime(database, actor, first, last, as_of=now, by={By.OUTLET}),
                uptime.uptime(database, actor, trend_first, last, as_of=now, by={By.MONTH}),
                ticket_queue.count_queue(database, actor, now),
            )

        ask(self, context, read, self._show, title=msg("Computing the figures…"))
        # They take longer, and stand below: the figures do not wait for them.
        ask(
            self,
            context,
            lambda: statistics.statistics(context.database, context.actor, first, last, as_of=now),
            self._show_statistics,
        )

    def _show(self, answer: _Answer) -> None:
        self._answer = answer
        self._show_again()

    def _show_statistics(self, found: Statistics) -> None:
        self._statistics = found
        self._show_group()

    def _show_again(self) -> None:
        answer, say = self._answer, self.context.texts.say
        if answer is None:
            return
        self.period.say_as_of(answer.period.period.as_of)
        for row in answer.period.groups:
            self._cards[row.group].show_figures(row)
        if any(row.devices for row in answer.period.groups):
            self._empty.hide()
        else:
            nothing = msg("There are no devices yet. Bring in your ledger, and the figures begin.")
            self._empty.say(nothing, "mdi6.archive-plus-outline", Tone.INFO)
        queue = answer.queue
        for chip_name, (made, words) in self._tickets.items():
            count = getattr(queue, chip_name)
            made.setText(f"{say(words)} {count}")
            made.setEnabled(count > 0)
        self._fit()
        if answer.period.warnings:
            text = " ".join(say(warning) for warning in answer.period.warnings)
            self._warning.say(text, "mdi6.calendar-alert", Tone.WARNING)
        else:
            self._warning.hide()
        self._show_group()

    def _choose_group(self, group: Group) -> None:
        self._group = group
        for made in self._chips.buttons():
            made.setChecked(made.objectName() == f"show_{group.value}")
        self._show_group()

    def _show_group(self) -> None:
        if self._statistics is not None:
            for found in self._statistics.groups:
                if found.group is self._group:
                    self.repairs.show_statistics(found)
        answer = self._answer
        if answer is None:
            return
        rows = [row for row in answer.period.outlets if row.group is self._group]
        rows.sort(key=_worst_first)
        self._outlets.show_rows(rows)
        months = [row for row in answer.trend.months if row.group is self._group]
        missing = self.context.texts.say(Term("not_applicable"))
        self.trend.show_points(
            [
                Point(
                    row.month[2:],
                    hundredths(row.figures.uptime_percent),
                    percent(row.figures.uptime_percent, missing),
                )
                for row in months
            ],
            months[0].figures.target if months else None,
            self._target_words(months[0].figures.target) if months else "",
        )

    def _target_words(self, target: int) -> str:
        return f"{self.context.texts.say(Term('target'))}\n{target / 100:g} %"

    def _open_month(self, number: int) -> None:
        answer = self._answer
        if answer is not None:
            months = [row.month for row in answer.trend.months if row.group is self._group]
            self.period.show_month(date.fromisoformat(f"{months[number]}-01"))

    def _open_figure(self, asked: Asked) -> None:
        from ui.managers.evidence_dialog import EvidenceDialog

        period = (self.period.first, self.period.last)
        EvidenceDialog(self.context, self, self._group, period, asked).exec()

    def _open_outlet(self, index: QModelIndex) -> None:
        row: OutletFigures = self._outlets.rows[index.row()]
        from ui.managers.breakdown import BreakdownDialog

        BreakdownDialog(
            self.context,
            self,
            row.outlet_id,
            f"{row.outlet} {row.outlet_name}",
            row.group,
            (self.period.first, self.period.last),
        ).exec()


def _worst_first(row: OutletFigures) -> tuple[bool, int, str]:
    """Return what outlets are ranked by; those with nothing to judge come last."""
    rate = row.figures.uptime_percent
    return rate is None, rate_key(rate), row.outlet


def _months_back(last: date, months: int) -> date:
    day = last - timedelta(days=1)
    for _ in range(months - 1):
        day = day.replace(day=1) - timedelta(days=1)
    return day.replace(day=1)
