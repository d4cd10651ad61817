"""How fast repairs are, and whose the downtime is: the cards under the figures of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

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

    from desk_maint.services.statistics import GroupStatistics, Kept, Share
    from ui.context import Context
    from ui.texts import Text

__all__ = ["RepairCards"]

_BARS = 8
"""Causes shown; the rest are one bar."""


class RepairCards(QWidget):
    """Three cards: limits and times kept, downtime by cause, downtime by who held it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setObjectName("repair_cards")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        repairs = Card(context, msg("Repairs"), name="repairs_card")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.M)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setColumnStretch(1, 1)
        self._values: dict[str, tuple[QLabel, QLabel]] = {}
        for key, text in (
            ("repaired", Term("repair_in_time_rate")),
            ("accepted", Term("response_in_time_rate")),
            ("on_site", Term("on_site_in_time")),
            ("to_restore", Term("mttr")),
            ("between", Term("mtbf")),
            ("repeats", Term("repeat_fault")),
            ("intact", msg("Intact now")),
        ):
            self._add(key, text)
        repairs.body.addLayout(self._grid)
        repairs.body.addStretch(1)
        layout.addWidget(repairs, 4)
        self._causes = self._bars(layout, msg("Downtime by cause"), "downtime_by_cause")
        self._holders = self._bars(layout, msg("Downtime by who held it"), "downtime_by_holder")

    def _add(self, key: str, text: Text) -> None:
        row = len(self._values)
        label = QLabel()
        self._context.texts.bind(label, label.setText, text)
        value = named(QLabel(), f"repairs_{key}")
        value.setProperty("role", "strong")
        more = caption(self._context, name=f"repairs_{key}_of")
        label.setBuddy(value)
        for column, each in enumerate((label, value, more)):
            self._grid.addWidget(each, row, column)
        self._values[key] = value, more

    def _bars(self, layout: QHBoxLayout, title: Text, name: str) -> Bars:
        card = Card(self._context, title, name=f"{name}_card")
        bars = Bars(self._context, name=name)
        card.body.addWidget(bars)
        card.body.addStretch(1)
        layout.addWidget(card, 4)
        return bars

    def show_statistics(self, found: GroupStatistics) -> None:
        """Show the statistics of a group."""
        texts = self._context.texts
        for key, kept in (
            ("repaired", found.repaired),
            ("accepted", found.accepted),
            ("on_site", found.on_site),
        ):
            self._say_kept(key, kept)
        self._say(
            "to_restore",
            self._time(found.mean_to_restore),
            msg("median {time}", time=self._time(found.median_to_restore)),
        )
        self._say("between", self._time(found.mean_between_faults), None)
        self._say("repeats", str(found.repeats), msg("of {count} faults", count=found.faults))
        self._say(
            "intact",
            percent(found.intact_percent, texts.say(Term("not_applicable"))),
            msg(
                "{intact} of {count} devices, {outlets} of {all} outlets whole",
                intact=found.intact,
                count=found.in_use,
                outlets=found.intact_outlets,
                all=found.outlets,
            ),
        )
        self._show_bars(self._causes, found.by_cause)
        self._show_bars(self._holders, found.by_holder)

    def _say_kept(self, key: str, kept: Kept) -> None:
        rate = percent(kept.percent, self._context.texts.say(Term("not_applicable")))
        self._say(key, rate, msg("{kept} of {count}", kept=kept.kept, count=kept.judged))

    def _say(self, key: str, text: str, more: Text | None) -> None:
        value, beside = self._values[key]
        value.setText(text)
        beside.setText("" if more is None else self._context.texts.say(more))

    def _time(self, seconds: int | None) -> str:
        return "—" if seconds is None else duration(self._context.texts, seconds)

    def _show_bars(self, bars: Bars, shares: Sequence[Share]) -> None:
        say = self._context.texts.say
        shown = [(self._name(share), share.seconds) for share in shares[:_BARS]]
        if rest := sum(share.seconds for share in shares[_BARS:]):
            shown.append((say(msg("all others")), rest))
        made = [Bar(name, seconds, self._time(seconds)) for name, seconds in shown]
        bars.show_bars(made or [Bar(say(Term("no_downtime")), 0, "", Tone.MUTED)])

    def _name(self, share: Share) -> str:
        if share.of is None:
            return self._context.texts.say(Term("not_stated"))
        if isinstance(share.of, Responsibility):
            return self._context.texts.say(word(share.of))
        return share.of
