"""The inventory on paper and as PDF: the list as it is shown, and labels for what is chosen."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from PySide6.QtPrintSupport import QPrintDialog

from desk_maint.domain.messages import Term, msg
from desk_maint.services import settings
from ui.files import ask_save
from ui.formats import moment, number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtGui import QPagedPaintDevice
    from PySide6.QtWidgets import QWidget

    from desk_maint.services.device_lists import DeviceRow
    from ui.context import Context
    from ui.managers.inventory.ledger import Ledger
    from ui.printing.paper import Paper
    from ui.tasks import Job
    from ui.texts import Text

__all__ = ["InventoryPaper"]

_LIST_MARGIN, _LABEL_MARGIN = 15.0, 8.0
"""Millimetres."""


class InventoryPaper:
    """Asks where to, reads what is shown or chosen, and prints off the window's thread."""

    def __init__(self, context: Context, owner: QWidget, ledger: Ledger) -> None:
        self._context = context
        self._owner = owner
        self._ledger = ledger

    def print_list(self) -> None:
        """Ask for the printer and print the list as it is shown, or what is chosen of it."""
        from ui.printing.paper import a4_printer

        printer = a4_printer(landscape=True, margin=_LIST_MARGIN)
        if QPrintDialog(printer, self._owner).exec():
            self._print_list(lambda: nullcontext(printer))

    def ask_list_pdf(self) -> None:
        """Ask for a file name and write the list as PDF."""
        if path := self._ask_pdf(Term("equipment_ledger")):
            self.write_list_pdf(path)

    def write_list_pdf(self, path: Path) -> None:
        """Write the list as it is shown to a PDF file."""
        from ui.printing.paper import pdf_paper

        self._print_list(lambda: pdf_paper(path, landscape=True, margin=_LIST_MARGIN), path)

    def print_labels(self) -> None:
        """Ask for the printer and print labels for what is chosen."""
        from ui.printing.paper import a4_printer

        printer = a4_printer(margin=_LABEL_MARGIN)
        if QPrintDialog(printer, self._owner).exec():
            self._print_labels(lambda: nullcontext(printer))

    def ask_labels_pdf(self) -> None:
        """Ask for a file name and write labels as PDF."""
        if path := self._ask_pdf(msg("Labels")):
            self.write_labels_pdf(path)

    def write_labels_pdf(self, path: Path) -> None:
        """Write labels for what is chosen to a PDF file."""
        from ui.printing.paper import pdf_paper

        self._print_labels(lambda: pdf_paper(path, margin=_LABEL_MARGIN), path)

    def _print_list(self, paper: Paper, path: Path | None = None) -> None:
        from ui.printing.tables import PrintedTable, print_table

        context, ledger, say = self._context, self._ledger, self._context.texts.say
        shown = [
            column
            for index, column in enumerate(ledger.model.columns)
            if not ledger.table.isColumnHidden(index)
        ]
        by = ledger.filters.told()
        now = moment(context.texts, context.now())

        def write(job: Job, rows: Sequence[DeviceRow], bureau: str, on: QPagedPaintDevice) -> None:
            count = say(msg("Devices: {count}", count=number(context.texts, len(rows))))
            table = PrintedTable(
                title=say(Term("equipment_ledger")),
                note=" · ".join([*by, count]),
                header=[say(column.title) for column in shown],
                rows=[[column.show(row) for column in shown] for row in rows],
                left_foot=bureau,
                middle_foot=say(msg("As of {moment}", moment=now)),
            )
            print_table(context, table, on, progress=job.progress, cancelled=job.cancelled)

        of = ledger.with_chosen if ledger.selection.count() > 1 else ledger.with_shown
        of(lambda rows: self._print(write, rows, paper, path))

    def _print_labels(self, paper: Paper, path: Path | None = None) -> None:
        from ui.printing.labels import print_labels

        def write(job: Job, rows: Sequence[DeviceRow], bureau: str, on: QPagedPaintDevice) -> None:
            print_labels(
                self._context,
                rows,
                on,
                bureau=bureau,
                progress=job.progress,
                cancelled=job.cancelled,
            )

        self._ledger.with_chosen(lambda rows: self._print(write, rows, paper, path))

    def _print(
        self,
        write: Callable[[Job, Sequence[DeviceRow], str, QPagedPaintDevice], None],
        rows: Sequence[DeviceRow],
        paper: Paper,
        path: Path | None,
    ) -> None:
        from ui.printing.paper import print_in_background

        context = self._context

        def fill(job: Job, on: QPagedPaintDevice) -> None:
            bureau = settings.read_settings(context.database, context.actor).bureau_name
            write(job, rows, bureau, on)

        print_in_background(context, self._owner, paper, fill, path)

    def _ask_pdf(self, what: Text) -> Path | None:
        name = f"{self._context.texts.say(what)}.pdf"
        return ask_save(self._owner, self._context, Term("ui_print"), name)
