"""What a figure of the repairs is made of, line by line; each line opens its ticket."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from desk_maint.domain.messages import Message, Term, msg
from desk_maint.domain.tickets import REPEAT_FAULT_DAYS, in_time
from desk_maint.services import statistics
from ui.formats import moment
from ui.managers.repairs import Figure
from ui.managers.rows_model import Field, RowsModel, rows_table
from ui.operations import ask
from ui.theme import Space, Tone
from ui.widgets.basics import caption
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from typing import Any

    from PySide6.QtCore import QModelIndex

    from desk_maint.domain.devices import Group
    from desk_maint.services.statistics import GroupEvidence
    from desk_maint.services.ticket_clocks import TicketClock
    from ui.context import Context
    from ui.managers.repairs import Asked

__all__ = ["EvidenceDialog"]

_LIMITS = {
    Figure.ACCEPTED: ("accepted_at", "accept_due_at", Term("accepted_at")),
    Figure.ON_SITE: ("on_site_at", "on_site_due_at", Term("arrived_at")),
    Figure.REPAIRED: ("restored_at", "repair_due_at", Term("service_restored_at")),
}
"""When it was done, by when it had to be, and the word of the first."""
_VERDICTS = {
    True: (Term("in_time_yes"), Tone.OK),
    False: (Term("in_time_no"), Tone.DANGER),
    None: (Term("in_time_open"), Tone.MUTED),
}


class EvidenceDialog(QDialog):
    """One sentence on how the figure comes about, and the lines that it comes from."""

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        group: Group,
        period: tuple[date, date],
        asked: Asked,
    ) -> None:
        super().__init__(parent)
        self.context, self._asked = context, asked
        self._evidence: GroupEvidence | None = None
        self.setObjectName("evidence")
        self.resize(1180, 580)
        say = context.texts.say
        self.setWindowTitle(f"{say(word(group))}　{asked.title}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        layout.setSpacing(Space.M)
        self._sum = QLabel(wordWrap=True)
        self._sum.setObjectName("evidence_sum")
        layout.addWidget(self._sum)
        self._model = RowsModel(context, self._fields(), self)
        self.table = rows_table(context, self._model, Term("repair_ticket"), name="evidence_lines")
        self.table.activated.connect(self._open)
        layout.addWidget(self.table, 1)
        layout.addWidget(caption(context, msg("Enter or a double click opens the ticket.")))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        first, last = period
        ask(
            self,
            context,
            partial(
                statistics.group_evidence,
                context.database,
                context.actor,
                group,
                first,
                last,
                as_of=context.now(),
            ),
            self._show,
            title=msg("Computing the figures…"),
        )

    def _fields(self) -> list[Field]:
        figure = self._asked.figure
        ticket = [
            Field(Term("ticket_no"), lambda row: row.number),
            Field(Term("asset_no"), lambda row: row.tag),
        ]
        if figure in _LIMITS:
            return [*ticket, _code(), *self._limit_fields(*_LIMITS[figure])]
        if figure is Figure.TO_RESTORE:
            return [*ticket, _code(), *self._restore_fields()]
        if figure in {Figure.REPEATS, Figure.INTACT}:
            return [
                *ticket,
                _name(),
                Field(Term("fault_symptom"), lambda row: row.symptom or "—"),
                self._moment(Term("occurred_at"), lambda row: row.occurred_at),
                self._moment(Term("service_restored_at"), lambda row: row.restored_at),
            ]
        return [
            *ticket,
            _name(),
            self._moment(Term("time_from"), lambda row: row.start),
            self._moment(Term("time_to"), lambda row: row.end),
            self._length(Term("down_time"), lambda row: row.seconds),
            Field(Term("fault_cause"), lambda row: row.cause or "—"),
            Field(
                Term("responsibility"),
                lambda row: (
                    self.context.texts.say(word(row.responsibility)) if row.responsibility else "—"
                ),
            ),
        ]

    def _limit_fields(self, done: str, due: str, words: Term) -> list[Field]:
        def verdict(row: TicketClock) -> tuple[Term, Tone]:
            return _VERDICTS[self._kept(row)]

        return [
            self._moment(Term("reported_at"), lambda row: row.reported_at),
            self._moment(Term("deadline"), lambda row: getattr(row, due)),
            self._moment(words, lambda row: getattr(row, done)),
            Field(
                Term("in_time"),
                lambda row: self.context.texts.say(verdict(row)[0]),
                tone=lambda row: verdict(row)[1],
            ),
        ]

    def _restore_fields(self) -> list[Field]:
        return [
            self._moment(Term("occurred_at"), lambda row: row.occurred_at),
            self._moment(Term("service_restored_at"), lambda row: row.restored_at),
            self._length(Term("outage_duration"), lambda row: row.restored_at - row.occurred_at),
        ]

    def _moment(self, title: Term, read: Callable[[Any], int | None]) -> Field:
        return Field(
            title, lambda row: moment(self.context.texts, read(row)), lambda row: read(row) or 0
        )

    def _length(self, title: Term, read: Callable[[Any], int]) -> Field:
        return Field(title, lambda row: self._exact(read(row)), read, right=True)

    def _exact(self, seconds: int) -> str:
        """Return hours, minutes and seconds: what is added up is not rounded."""
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"

    def _kept(self, row: TicketClock) -> bool | None:
        evidence = self._evidence
        if self._asked.figure is Figure.REPAIRED or evidence is None:
            return row.in_time
        done, due, _ = _LIMITS[self._asked.figure]
        return in_time(getattr(row, done), getattr(row, due), evidence.cut_off)

    def _show(self, evidence: GroupEvidence) -> None:
        self._evidence = evidence
        rows, sentence = self._lines(evidence)
        self._sum.setText(self.context.texts.say(sentence))
        self._model.show_rows(rows)
        if rows:
            self.table.setCurrentIndex(self._model.index(0, 0))
        self.table.setFocus()

    def _lines(self, evidence: GroupEvidence) -> tuple[Sequence[Any], Message]:
        """Return the lines, those first that weigh most, and how the figure follows from them."""
        figure = self._asked.figure
        if figure in _LIMITS:
            verdicts = [(self._kept(row), row) for row in evidence.tickets]
            judged = [(kept, row) for kept, row in verdicts if kept is not None]
            judged.sort(key=lambda pair: (pair[0], pair[1].reported_at))
            return [row for _, row in judged], msg(
                "{kept} of {count} kept their limit. An open ticket past its limit is a miss; "
                "one that is open and inside its limit is not judged.",
                kept=sum(kept for kept, _ in judged),
                count=len(judged),
            )
        if figure is Figure.TO_RESTORE:
            took = sorted(
                (
                    (row.restored_at - row.occurred_at, row)
                    for row in evidence.tickets
                    if row.restored_at
                ),
                key=lambda pair: -pair[0],
            )
            return [row for _, row in took], msg(
                "{sum} in all ÷ {count} tickets that were restored in the period; calendar time "
                "from the fault to the restoration.",
                sum=self._exact(sum(length for length, _ in took)),
                count=len(took),
            )
        if figure is Figure.REPEATS:
            return evidence.repeats, msg(
                "{count} faults of the period had the same symptom on the same device within "
                "{days} days after it was restored.",
                count=len(evidence.repeats),
                days=REPEAT_FAULT_DAYS,
            )
        if figure is Figure.INTACT:
            return evidence.not_intact, msg(
                "{count} faults keep devices in use from being intact at this moment.",
                count=len(evidence.not_intact),
            )
        pieces = [piece for piece in evidence.pieces if self._asked.takes(piece)]
        pieces.sort(key=lambda piece: -piece.seconds)
        if figure is Figure.BETWEEN:
            return pieces, msg(
                "Required time less downtime, ÷ the number of faults. {sum} of downtime, in "
                "service hours:",
                sum=self._exact(sum(piece.seconds for piece in pieces)),
            )
        return pieces, msg(
            "{sum} of downtime, in service hours. Where faults of a device overlap, every second "
            "stands in one line only.",
            sum=self._exact(sum(piece.seconds for piece in pieces)),
        )

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            number = self._model.rows[index.row()].number
            self.accept()
            self.context.page_asked.emit("workshop", number)


def _code() -> Field:
    return Field(Term("outlet"), lambda row: row.outlet)


def _name() -> Field:
    return Field(Term("outlet"), lambda row: row.outlet_name)
