"""The sheet *Evidence*: one row per piece of downtime, which all totals are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg
from desk_maint.exchange.managers_workbook.layout import (
    EVIDENCE,
    FIRST_ROW,
    MOMENT,
    MONTH,
    NUMBER,
    SECONDS,
    WORD,
    Field,
    Table,
)
from desk_maint.exchange.writing import LAST_ROW, new_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_maint.exchange.managers_workbook.book import Book
    from desk_maint.exchange.managers_workbook.checksum import InputsChecksum

__all__ = ["EvidenceSheet", "month_number"]

_FIELDS = (
    Field("device", "row_in_devices", 9, NUMBER),
    Field("tag", "asset_no", 18),
    Field("outlet", "outlet_code", 11),
    Field("group", "equipment_group", 17),
    Field("number", "ticket_no", 19),
    Field("start", "time_from", 19, MOMENT),
    Field("end", "time_to", 19, MOMENT),
    Field("seconds", "counted_time", 12, SECONDS, total=True),
    Field("exempt", "exclude_from_assessment", 10, WORD),
    Field("month", "month", 9, MONTH),
    Field("cause", "fault_cause", 26),
    Field("holder", "responsibility", 22),
)
_FEW_COMPARISONS = 20_000_000
"""Up to so many, every row of devices looks through the whole evidence; then the evidence may be
sorted without harm.  Beyond, it looks only from its first to its last piece, or a spreadsheet
program would compute for minutes."""


def month_number(month: str) -> int:
    """Return ``2026-06`` as the number 202606."""
    return int(month.replace("-", ""))


class EvidenceSheet:
    """Writes the pieces as they are read, and names their cells to the formulas."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._table = Table(new_page(book.workbook, EVIDENCE), _FIELDS, book.lang, frozen="outlet")
        self._spans: dict[int, tuple[int, int]] = {}

    def write(self, devices: Mapping[tuple[int, int], int], checksum: InputsChecksum) -> None:
        """Write all pieces; ``devices`` gives each device at an outlet its number."""
        book, table = self._book, self._table
        table.begin(book.word("evidence_title"), book.print_text)
        yes, no, unknown = book.word("yes"), book.word("no"), book.word("not_stated")
        groups = {each: book.name(each) for each in book.statement.settings.target}
        moment, local = book.moment, book.times.local
        for piece in book.statement.evidence():
            if table.row > LAST_ROW:
                raise InputError(
                    msg(
                        "There are more than {most} pieces of downtime, which no sheet can hold. "
                        "Choose a shorter period.",
                        most=LAST_ROW - FIRST_ROW + 1,
                    )
                )
            book.pace.step()
            device = devices[piece.device_id, piece.outlet_id]
            start = local(piece.start)
            row = table.append(
                (
                    device,
                    piece.tag,
                    piece.outlet,
                    groups[piece.group],
                    piece.number,
                    moment(piece.start),
                    moment(piece.end),
                    piece.seconds,
                    yes if piece.exempt else no,
                    start.year * 100 + start.month,
                    piece.cause,
                    unknown if piece.responsibility is None else book.name(piece.responsibility),
                )
            )
            self._spans[device] = (self._spans.get(device, (row, row))[0], row)
            checksum.add_piece(piece, start, local(piece.end))
        table.finish()

    @property
    def count(self) -> int:
        """How many pieces there are."""
        return self._table.row - FIRST_ROW

    def all(self, key: str) -> str:
        """Return the cells of a field as a range."""
        return self._table.all(key)

    def whose(self, *, exempt: bool) -> tuple[str, str]:
        """Return the condition that a piece is exempt, or that it is counted."""
        word = self._book.word("yes" if exempt else "no")
        return self.all("exempt"), f'"{word}"'

    def seconds_of(self, device: int, number_cell: str, devices: int, *, exempt: bool) -> str:
        """Return the formula of a device's exempt or counted seconds, one of so many devices."""
        if device not in self._spans:
            return "=0"
        few = devices * self.count <= _FEW_COMPARISONS
        span = (FIRST_ROW, self._table.row - 1) if few else self._spans[device]
        seconds, key, flag = (
            self._table.all(field, *span) for field in ("seconds", "device", "exempt")
        )
        word = self._book.word("yes" if exempt else "no")
        return f'=SUMIFS({seconds},{key},{number_cell},{flag},"{word}")'
