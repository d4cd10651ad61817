"""One import: all its sheets in one transaction, kept as a whole or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from desk_maint.services.deadlines import DeadlineBook
from desk_maint.services.imports.devices import DeviceWriter, MoveWriter
from desk_maint.services.imports.faults import FaultWriter
from desk_maint.services.imports.holds import HoldWriter, check_holds_of
from desk_maint.services.imports.outlets import OutletWriter
from desk_maint.services.imports.references import References
from desk_maint.services.imports.registers import (
    CalendarWriter,
    RepairLimitWriter,
    SettingWriter,
    SpecialDayWriter,
)
from desk_maint.services.imports.stoppages import StoppageWriter
from desk_maint.services.permissions import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from desk_maint.db.change import Work
    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor
    from desk_maint.services.imports.rows import Result, Row, Writer

__all__ = ["Batch", "import_batch"]


class Batch:
    """The rows of one import; sheets come in the order of the contract's table."""

    def __init__(self, work: Work, importer: str, at: int) -> None:
        self._work = work
        self._importer = importer
        self._at = at
        self._references = References(work.session)
        self._writers: dict[str, Writer] = {}
        self.keep = True
        """Set to False, nothing of it remains."""

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the rows' times: the bureau's, as the import's own settings have it."""
        return self._references.zone

    def knows_outlet(self, code: str) -> bool:
        """Whether a code as it was written leads to one outlet."""
        return self._references.knows_outlet(code)

    def knows_device(self, tag: str) -> bool:
        """Whether a tag as it was written leads to one device."""
        return self._references.knows_device(tag)

    def takes_whole(self, kind: str) -> bool:
        """Whether all rows of a sheet have to be written at once."""
        return self._writer(kind).whole

    def write(self, kind: str, rows: Sequence[Row]) -> list[Result]:
        """Validate and write rows of the sheet ``kind``; say what became of each, in order."""
        return self._writer(kind).write(rows)

    def finish(self) -> None:
        """Bring up to date what follows from all rows together.

        Raises :class:`InputError` where changed faults and the holds they have do not fit.
        """
        for writer in self._writers.values():
            writer.close()
        session = self._work.session
        session.flush()
        faults = self._writers.get("faults")
        if isinstance(faults, FaultWriter) and faults.corrected:
            check_holds_of(session, faults.corrected)
        if any(getattr(writer, "moves_deadlines", False) for writer in self._writers.values()):
            self._references.settings_changed()
            book = DeadlineBook(session, self._references.calendars)
            self._work.touched("fault", book.recompute(session, None))

    def end(self) -> None:
        """Leave the transaction, with or without what was written."""
        if not self.keep:
            raise _NotKept
        self.finish()

    def _writer(self, kind: str) -> Writer:
        if kind not in self._writers:
            self._writers[kind] = self._new_writer(kind)
        return self._writers[kind]

    def _new_writer(self, kind: str) -> Writer:
        work, references = self._work, self._references
        if kind == "devices":
            return DeviceWriter(work, references, self._at)
        if kind == "faults":
            return FaultWriter(work, references, self._importer)
        makers: dict[str, Callable[[Work, References], Writer]] = {
            "settings": SettingWriter,
            "calendars": CalendarWriter,
            "special_days": SpecialDayWriter,
            "outlets": OutletWriter,
            "moves": MoveWriter,
            "repair_limits": RepairLimitWriter,
            "holds": HoldWriter,
            "stoppages": StoppageWriter,
        }
        return makers[kind](work, references)


class _NotKept(Exception):  # noqa: N818  (no error: it undoes the transaction)
    pass


@contextmanager
def import_batch(
    database: Database, actor: Actor, *, at: int, reason: str | None = None
) -> Iterator[Batch]:
    """One import by ``actor`` at the instant ``at``; ``reason`` is its line in the history."""
    require(actor, "import")
    try:
        with database.change(actor, "import", at=at, reason=reason) as work:
            batch = Batch(work, actor.name, at)
            yield batch
            batch.end()
    except _NotKept:
        return
