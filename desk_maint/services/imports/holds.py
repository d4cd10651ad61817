"""Importing the rests in the work on faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from desk_maint.db.models import Fault, Hold
from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import At, msg
from desk_maint.domain.tickets import Moments, check_holds, state_of
from desk_maint.services.deadlines import DeadlineBook
from desk_maint.services.imports.rows import Outcome, RefusedError, Result, Row, Seen, each_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from desk_maint.db.change import Work
    from desk_maint.domain.faults import HoldReason
    from desk_maint.services.imports.references import References

__all__ = ["HoldWriter", "check_holds_of"]


def check_holds_of(session: Session, fault_ids: Iterable[int]) -> None:
    """Raise :class:`InputError` where the holds of one of these faults no longer fit into it."""
    for fault in _with_holds(session, Fault.id.in_(sorted(fault_ids))):
        try:
            check_holds(_moments(fault), [(hold.from_at, hold.to_at) for hold in fault.holds])
        except InputError as error:
            raise InputError(
                msg("Fault {number}: {reason}", number=fault.number, reason=error.message)
            ) from error


@dataclass(slots=True)
class _Known:
    """A fault that rows name, with its holds as they are to be."""

    fault: Fault
    holds: dict[int, Hold]


class HoldWriter:
    """Rows of ``holds``; deadlines and states of their tickets follow at the end."""

    whole = False

    def __init__(self, work: Work, references: References) -> None:
        self._work = work
        self._session = work.session
        self._references = references
        self._seen: Seen[tuple[str, int]] = Seen()
        self._known: dict[str, _Known] = {}
        self._touched: set[int] = set()

    def write(self, rows: Sequence[Row]) -> list[Result]:
        """Write rows; see :class:`~desk_maint.services.imports.rows.Writer`."""
        self._session.flush()
        numbers = sorted({str(row.values["number"]) for row in rows})
        faults = _with_holds(self._session, Fault.number.in_(numbers))
        self._known = {
            fault.number: _Known(fault, {hold.from_at: hold for hold in fault.holds})
            for fault in faults
        }
        results = each_row(rows, self._take)
        for known in self._known.values():
            fault = known.fault
            held = any(hold.to_at is None for hold in fault.holds)
            fault.state = state_of(_moments(fault), held=held)
        self._session.flush()
        for known in self._known.values():
            self._session.expunge(known.fault)
        self._known = {}
        return results

    def _take(self, row: Row) -> Outcome:
        number = str(row.values["number"])
        start = cast("int", row.values["from"])
        end = cast("int | None", row.values.get("to"))
        reason = cast("HoldReason", row.values["reason"])
        known = self._known.get(number)
        if known is None:
            raise RefusedError(
                "number",
                msg(
                    "There is no fault with the number {number}. Add it to the sheet “faults” or "
                    "correct the number.",
                    number=number,
                ),
            )
        if end is not None and end < start:
            raise RefusedError(
                "to",
                msg(
                    "A hold ends ({end}) before it begins ({start}). Mend one of the two.",
                    end=At(end),
                    start=At(start),
                ),
            )
        hold = known.holds.get(start)
        if hold is not None and end is None:
            end = hold.to_at
        spans = [(each.from_at, each.to_at) for at, each in known.holds.items() if at != start]
        try:
            check_holds(_moments(known.fault), [*spans, (start, end)])
        except InputError as error:
            raise RefusedError("from", error.message) from error
        self._seen.note((number, start), row.number, "from")
        if hold is None:
            hold = Hold(from_at=start, to_at=end, reason=reason)
            known.holds[start] = hold
            known.fault.holds.append(hold)
            outcome = Outcome.ADDED
        elif (hold.to_at, hold.reason) == (end, reason):
            return Outcome.UNCHANGED
        else:
            hold.to_at, hold.reason = end, reason
            outcome = Outcome.CHANGED
        self._touched.add(known.fault.id)
        return outcome

    def close(self) -> None:
        """Bring the deadlines of the tickets up to date."""
        if self._touched:
            book = DeadlineBook(self._session, self._references.calendars)
            self._work.touched("fault", book.recompute(self._session, self._touched))


def _with_holds(session: Session, condition: ColumnElement[bool]) -> Sequence[Fault]:
    query = select(Fault).where(condition).options(selectinload(Fault.holds))
    return session.scalars(query).all()


def _moments(fault: Fault) -> Moments:
    return Moments(
        occurred_at=fault.occurred_at,
        reported_at=fault.reported_at,
        accepted_at=fault.accepted_at,
        on_site_at=fault.on_site_at,
        restored_at=fault.restored_at,
        confirmed_at=fault.confirmed_at,
        cancelled_at=fault.cancelled_at,
    )
