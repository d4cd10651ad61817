"""How fast repairs are, and whose the downtime is: the cards under the figures of a group."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from desk_maint.domain.faults import Responsibility
from desk_maint.domain.messages import Term, msg
from ui.formats import duration, percent
from ui.theme import Space, Tone
from ui.widgets.basics import Card, caption
from ui.widgets.charts import Bar, Bars
from ui.widgets.naming import named
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_maint.services.evidence import EvidenceRow
    from desk_maint.services.statistics import GroupStatistics, Kept, Share
    from ui.context import Context
    from ui.texts import Text

__all__ = ["Asked", "Figure", "RepairCards"]

_BARS = 8
"""Causes shown; the rest are one bar."""


class Figure(StrEnum):
    """A figure of the cards that opens what it is made of."""

    REPAIRED = "repaired"
    ACCEPTED = "accepted"
    ON_SITE = "on_site"
    TO_RESTORE = "to_restore"
    BETWEEN = "between"
    REPEATS = "repeats"
    INTACT = "intact"
    BY_CAUSE = "by_cause"
    BY_HOLDER = "by_holder"


_WORDS: dict[Figure, Text] = {
    Figure.REPAIRED: Term("repair_in_time_rate"),
    Figure.ACCEPTED: Term("response_in_time_rate"),
    Figure.ON_SITE: Term("on_site_in_time_rate"),
    Figure.TO_RESTORE: Term("mttr"),
    Figure.BETWEEN: Term("mtbf"),
    Figure.REPEATS: Term("repeat_fault"),
    Figure.INTACT: msg("Intact now"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was pressed."""

    figure: Figure
    title: str
    """Its name on the screen."""
    shares: frozenset[str | Responsibility | None] = frozenset()
    """The causes or the parties of the bar that was pressed."""

    def takes(self, piece: EvidenceRow) -> bool:
        """Return whether a piece of downtime belongs to the figure."""
        if self.figure is Figure.BY_CAUSE:
            return piece.cause in self.shares
        if self.figure is Figure.BY_HOLDER:
            return piece.responsibility in self.shares
        return True


class RepairCards(QWidget):
    """Three cards: limits and times kept, downtime by cause, downtime by who held it."""

    asked = Signal(object)
    """What was :class:`Asked` for."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setObjectName("repair_cards")
        self.box = layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        repairs = Card(context, msg("Repairs"), name="repairs_card")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.M)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setColumnStretch(1, 1)
        self._values: dict[Figure, tuple[QPushButton, QLabel]] = {}
        for figure, text in _WORDS.items():
            self._add(figure, text)
        repairs.body.addLayout(self._grid)
        repairs.body.addStretch(1)
        layout.addWidget(repairs, 4)
        self._shares: dict[Figure, list[frozenset[str | Responsibility | None]]] = {}
        self._bars = {
            Figure.BY_CAUSE: self._add_bars(layout, Figure.BY_CAUSE, msg("Downtime by cause")),
            Figure.BY_HOLDER: self._add_bars(
                layout, Figure.BY_HOLDER, msg("Downtime by who held it")
            ),
        }

    def _add(self, figure: Figure, text: Text) -> None:
        row = len(self._values)
        label = QLabel()
        self._context.texts.bind(label, label.setText, text)
        value = named(QPushButton(), f"repairs_{figure}")
        value.setProperty("role", "figure")
        value.setCursor(Qt.CursorShape.PointingHandCursor)
        value.clicked.connect(partial(self._ask, figure))
        more = caption(self._context, name=f"repairs_{figure}_of")
        label.setBuddy(value)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(more, row, 2)
        self._values[figure] = value, more

    def _ask(self, figure: Figure, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 (Qt)
        self.asked.emit(Asked(figure, self._context.texts.say(_WORDS[figure])))

    def _ask_share(self, figure: Figure, title: Text, number: int) -> None:
        self.asked.emit(Asked(figure, self._context.texts.say(title), self._shares[figure][number]))

    def _add_bars(self, layout: QHBoxLayout, figure: Figure, title: Text) -> Bars:
        card = Card(self._context, title, name=f"downtime_{figure}_card")
        bars = Bars(self._context, name=f"downtime_{figure}")
        bars.chosen.connect(partial(self._ask_share, figure, title))
        card.body.addWidget(bars)
        card.body.addStretch(1)
        layout.addWidget(card, 4)
        return bars

    def show_statistics(self, found: GroupStatistics) -> None:
        """Show the statistics of a group."""
        texts = self._context.texts
        for figure, kept in (
            (Figure.REPAIRED, found.repaired),
            (Figure.ACCEPTED, found.accepted),
            (Figure.ON_SITE, found.on_site),
        ):
            self._say_kept(figure, kept)
        self._say(
            Figure.TO_RESTORE,
            self._time(found.mean_to_restore),
            msg("median {time}", time=self._time(found.median_to_restore)),
        )
        self._say(Figure.BETWEEN, self._time(found.mean_between_faults), None)
        self._say(Figure.REPEATS, str(found.repeats), msg("of {count} faults", count=found.faults))
        self._say(
            Figure.INTACT,
            percent(found.intact_percent, texts.say(Term("not_applicable"))),
            msg(
                "{intact} of {count} devices, {outlets} of {all} outlets whole",
                intact=found.intact,
                count=found.in_use,
                outlets=found.intact_outlets,
                all=found.outlets,
            ),
        )
        self._show_bars(Figure.BY_CAUSE, found.by_cause)
        self._show_bars(Figure.BY_HOLDER, found.by_holder)

    def _say_kept(self, figure: Figure, kept: Kept) -> None:
        rate = percent(kept.percent, self._context.texts.say(Term("not_applicable")))
        self._say(figure, rate, msg("{kept} of {count}", kept=kept.kept, count=kept.judged))

    def _say(self, figure: Figure, text: str, more: Text | None) -> None:
        value, beside = self._values[figure]
        value.setText(text)
        value.setAccessibleName(f"{self._context.texts.say(_WORDS[figure])} {text}")
        beside.setText("" if more is None else self._context.texts.say(more))

    def _time(self, seconds: int | None) -> str:
        return "—" if seconds is None else duration(self._context.texts, seconds)

    def _show_bars(self, figure: Figure, shares: Sequence[Share]) -> None:
        say = self._context.texts.say
        shown = [(self._name(share), share.seconds) for share in shares[:_BARS]]
        self._shares[figure] = [frozenset({share.of}) for share in shares[:_BARS]]
        if rest := shares[_BARS:]:
            shown.append((say(msg("all others")), sum(share.seconds for share in rest)))
            self._shares[figure].append(frozenset(share.of for share in rest))
        made = [Bar(name, seconds, self._time(seconds)) for name, seconds in shown]
        self._bars[figure].show_bars(made or [Bar(say(Term("no_downtime")), 0, "", Tone.MUTED)])

    def _name(self, share: Share) -> str:
        if share.of is None:
            return self._context.texts.say(Term("not_stated"))
        if isinstance(share.of, Responsibility):
            return self._context.texts.say(word(share.of))
        return share.of
