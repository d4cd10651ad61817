"""The third step: what would happen, in figures, and every row that is refused with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desk_maint.domain.messages import Term, msg
from desk_maint.exchange.columns import sheet
from ui.formats import number
from ui.managers.rows_model import Field, RowsModel, rows_table
from ui.theme import Space, Tone, set_tone
from ui.widgets.basics import Card, EmptyState, button, chip
from ui.widgets.naming import named

if TYPE_CHECKING:
    from desk_maint.exchange.importing import ImportReport
    from ui.context import Context

__all__ = ["ResultPage"]

_COUNTS = ("read", "added", "changed", "unchanged", "left_out", "refused")


class ResultPage(QWidget):
    """Figures of each table above, refused rows below."""

    refused_asked = Signal()
    """The refused rows are wanted as a file."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        card = Card(context, name="import_figures")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.XL)
        self._grid.setVerticalSpacing(Space.XS)
        card.body.addLayout(self._grid)
        layout.addWidget(card)
        self.warnings = named(QLabel(wordWrap=True), "import_warnings")
        set_tone(self.warnings, Tone.WARNING)
        layout.addWidget(self.warnings)
        layout.addLayout(self._make_heading())
        self.refused = RowsModel(
            context,
            [
                Field(msg("Row"), lambda row: str(row.row), lambda row: row.row, right=True),
                Field(msg("Column"), lambda row: row.column or "—"),
                Field(msg("Value"), lambda row: row.value, tone=lambda _row: Tone.DANGER),
                Field(Term("reason"), lambda row: context.texts.say(row.reason)),
            ],
            self,
        )
        self.table = rows_table(context, self.refused, msg("Refused rows"), name="import_refused")
        layout.addWidget(self.table, 1)
        self._none = EmptyState(
            context,
            "mdi6.check-circle-outline",
            msg("No row is refused."),
            name="import_none_refused",
        )
        layout.addWidget(self._none, 1)
        self.skip = chip(
            context,
            msg("Take the good rows; write the refused ones with their reasons into a file."),
            name="import_skip",
        )
        layout.addWidget(self.skip)

    def _make_heading(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self.heading = named(QLabel(), "import_refused_heading")
        self.heading.setProperty("role", "strong")
        set_tone(self.heading, Tone.DANGER)
        row.addWidget(self.heading)
        row.addStretch(1)
        self.save_refused = button(
            self.context,
            msg("Save the refused rows"),
            self.refused_asked.emit,
            name="import_save_refused",
            icon_name="mdi6.file-excel-outline",
        )
        row.addWidget(self.save_refused)
        return row

    def show_report(self, report: ImportReport) -> None:
        """Show what would happen, or has."""
        say = self.context.texts.say
        self._show_figures(report)
        words = "\n".join(say(each) for each in report.warnings)
        self.warnings.setText(words)
        self.warnings.setVisible(bool(words))
        self.refused.show_rows(report.refused)
        some = bool(report.refused)
        self.heading.setText(say(msg("Refused rows: {count}", count=len(report.refused))))
        for part in (self.heading, self.save_refused, self.table):
            part.setVisible(some)
        self._none.setVisible(not some)
        self.skip.setVisible(some and not report.applied)
        self.skip.setChecked(False)
        self.show_file(written=report.refused_file is not None)

    def show_file(self, *, written: bool) -> None:
        """Offer to open the file of refused rows once it is written, before that to write it."""
        words = msg("Open the refused rows") if written else msg("Save the refused rows")
        self.context.texts.bind(self.save_refused, self.save_refused.setText, words)

    def _show_figures(self, report: ImportReport) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        say, right = self.context.texts.say, Qt.AlignmentFlag.AlignRight
        for place, key in enumerate(_COUNTS, start=1):
            title = QLabel(say(Term(f"import_{key}")))
            title.setProperty("role", "caption")
            self._grid.addWidget(title, 0, place, right)
        for line, each in enumerate(report.sheets, start=1):
            kind = say(Term(sheet(each.kind).title))
            words = kind if each.sheet == kind else f"{each.sheet} → {kind}"
            self._grid.addWidget(QLabel(words), line, 0)
            for place, key in enumerate(_COUNTS, start=1):
                count = getattr(each, key)
                figure = named(
                    QLabel(number(self.context.texts, count)), f"import_{each.kind}_{key}"
                )
                if key == "refused" and count:
                    figure.setProperty("role", "strong")
                    set_tone(figure, Tone.DANGER)
                elif not count:
                    set_tone(figure, Tone.MUTED)
                self._grid.addWidget(figure, line, place, right)
        self._grid.setColumnStretch(0, 1)
