"""Importing faults with the work on them.

``number`` tells a fault from others; without one the device, the moment reported and the symptom
do.  Faults with different numbers stay apart, even where they overlap on one device.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from desk_maint.db.bulk_insert import insert_rows, reserve_ids
from desk_maint.db.models import Fault
from desk_maint.domain.errors import InputError
from desk_maint.domain.faults import ExemptState, Impact, TicketState
from desk_maint.domain.messages import Message, Term, msg
from desk_maint.domain.repair_limits import default_grade
from desk_maint.domain.tickets import Moments, check_moments, state_of
from desk_maint.services.deadlines import DeadlineBook
from desk_maint.services.imports.rows import (
    Outcome,
    RefusedError,
    Result,
    Row,
    Seen,
    differences,
    each_row,
)
from desk_maint.services.ticket_numbers import TicketNumbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Table

    from desk_maint.db.change import Work
    from desk_maint.services.imports.references import DevicePlaces, References

__all__ = ["FaultWriter"]

_TABLE = cast("Table", Fault.__table__)
_MOMENTS = (
    "occurred_at",
    "reported_at",
    "accepted_at",
    "on_site_at",
    "restored_at",
    "confirmed_at",
    "cancelled_at",
)
_COLUMN_OF_TERM = {
    "occurred_at": "occurred_at",
    "reported_at": "reported_at",
    "accepted_at": "accepted_at",
    "arrived_at": "on_site_at",
    "service_restored_at": "restored_at",
    "verified_at": "confirmed_at",
    "cancelled_at": "cancelled_at",
}
"""Column by the glossary's word for its moment, as the domain names moments in its sentences."""
_GIVEN = (
    *_MOMENTS,
    "reported_by",
    "impact",
    "grade",
    "symptom",
    "cause",
    "responsibility",
    "exempt_state",
    "exempt_reason",
    "exempt_by",
    "technician",
    "action_taken",
    "spare_from",
    "remarks",
)
_COLUMNS = (
    "id",
    "version",
    "number",
    "device_id",
    "outlet_id",
    "state",
    "occurred_estimated",
    "accept_due_at",
    "on_site_due_at",
    "repair_due_at",
    *_GIVEN,
)
_COMPARED = [_TABLE.c[name] for name in ("id", "number", "device_id", *_GIVEN)]

Identity = tuple[int, int, str | None]
"""Device, moment reported and symptom."""


class _Draft(NamedTuple):
    """A new fault as :class:`DeadlineBook` wants it."""

    device_id: int
    outlet_id: int
    grade: int
    reported_at: int
    holds: Sequence[Any]
    row: int
    values: dict[str, object]


class FaultWriter:
    """Rows of ``faults``."""

    whole = False

    def __init__(self, work: Work, references: References, importer: str) -> None:
        self._work = work
        self._session = work.session
        self._references = references
        self._importer = importer
        self._numbers = TicketNumbers(self._session, references.zone)
        self._seen_numbers: Seen[str] = Seen()
        self._seen: Seen[Identity] = Seen()
        self._any_before = self._session.scalar(select(func.count()).select_from(Fault)) != 0
        self._deadlines: DeadlineBook | None = None
        self._new: list[_Draft] = []
        self._corrections: dict[int, dict[str, object]] = {}
        self._by_number: dict[str, Any] = {}
        self._by_identity: dict[Identity, Any] = {}
        self.corrected: set[int] = set()
        """Faults whose moments have changed, so that their holds may no longer fit."""

    def write(self, rows: Sequence[Row]) -> list[Result]:
        """Write rows; see :class:`~desk_maint.services.imports.rows.Writer`."""
        self._session.flush()
        if self._any_before:
            self._find(rows)
        results = each_row(rows, self._take)
        self._insert()
        self._correct()
        return results

    def _find(self, rows: Sequence[Row]) -> None:
        """Read the faults of the database that the rows may mean."""
        numbers = [row.values["number"] for row in rows if "number" in row.values]
        moments = {row.values["reported_at"] for row in rows if "number" not in row.values}
        query = select(*_COMPARED)
        self._by_number = {
            each.number: each
            for each in self._session.execute(query.where(_TABLE.c.number.in_(numbers)))
        }
        self._by_identity = {
            (each.device_id, each.reported_at, each.symptom): each
            for each in self._session.execute(query.where(_TABLE.c.reported_at.in_(moments)))
        }

    def _take(self, row: Row) -> Outcome:
        values = dict(row.values)
        device = self._references.device(values.pop("tag"))
        if "exempt" in values:
            values["exempt_state"] = values.pop("exempt")
        number = cast("str | None", values.pop("number", None))
        identity = (
            device.id,
            cast("int", values["reported_at"]),
            cast("str | None", values.get("symptom")),
        )
        known = (
            self._by_number.get(number) if number is not None else self._by_identity.get(identity)
        )
        if known is not None and known.device_id != device.id:
            raise RefusedError(
                "number",
                msg(
                    "The fault {number} is known, and of another device than {tag}. "
                    "Correct the number or the tag.",
                    number=number,
                    tag=device.tag,
                ),
            )
        complete = {name: getattr(known, name) for name in _GIVEN} if known is not None else {}
        complete |= values
        estimated = complete.get("occurred_at") is None
        if estimated:
            complete["occurred_at"] = complete["reported_at"]
        moments = _moments(complete)
        self._check(moments, complete.get("spare_from"))
        self._note(row.number, number, identity)
        if known is None:
            self._add(row.number, number, device, complete, state_of(moments), estimated=estimated)
            return Outcome.ADDED
        changed = {name: value for name, value in values.items() if getattr(known, name) != value}
        if not changed:
            return Outcome.UNCHANGED
        if changed.get("exempt_state") is ExemptState.APPROVED and not complete.get("exempt_by"):
            changed["exempt_by"] = self._importer
        self._corrections[known.id] = changed
        if changed.keys() & set(_MOMENTS):
            self.corrected.add(known.id)
        return Outcome.CHANGED

    def _check(self, moments: Moments, spare_from: int | None) -> None:
        try:
            check_moments(moments)
        except InputError as error:
            raise RefusedError(_column_at_fault(error.message), error.message) from error
        if spare_from is not None and spare_from < moments.occurred_at:
            raise RefusedError(
                "spare_from",
                msg("The spare was in service before the fault occurred. Mend one of the two."),
            )

    def _note(self, row: int, number: str | None, identity: Identity) -> None:
        if number is not None:
            self._seen_numbers.note(number, row, "number")
            self._seen.remember(identity, row)
        else:
            self._seen.note(identity, row, "reported_at")

    def _add(
        self,
        row: int,
        number: str | None,
        device: DevicePlaces,
        values: dict[str, Any],
        state: TicketState,
        *,
        estimated: bool,
    ) -> None:
        reported_at = values["reported_at"]
        values["number"] = number
        values["occurred_estimated"] = estimated
        values.setdefault("grade", default_grade(cast("Impact", values["impact"])).value)
        if values.get("exempt_state") is ExemptState.APPROVED:
            # Who brings the table in vouches for what it says is approved.
            values.setdefault("exempt_by", self._importer)
        outlet_id = device.outlet_on(self._references.local_day(reported_at))
        values |= {"device_id": device.id, "outlet_id": outlet_id, "version": 1}
        values["state"] = state
        self._new.append(
            _Draft(device.id, outlet_id, values["grade"], reported_at, (), row, values)
        )

    def _insert(self) -> None:
        new, self._new = self._new, []
        if not new:
            return
        if self._deadlines is None:
            self._deadlines = DeadlineBook(self._session, self._references.calendars)
            self._deadlines.preload()
        ids = reserve_ids(self._session, _TABLE, len(new))
        for key, draft in zip(ids, new, strict=True):
            values = draft.values
            values["id"] = key
            if values["number"] is None:
                number = self._numbers.next(draft.reported_at)
                values["number"] = number
                self._seen_numbers.remember(number, draft.row)
            dues = self._deadlines.due(draft)
            values["accept_due_at"] = dues.accept
            values["on_site_due_at"] = dues.on_site
            values["repair_due_at"] = dues.repair
        insert_rows(
            self._session,
            _TABLE,
            _COLUMNS,
            ([draft.values.get(column) for column in _COLUMNS] for draft in new),
        )
        self._work.record_added(
            "fault",
            [(key, str(draft.values["number"])) for key, draft in zip(ids, new, strict=True)],
        )

    def _correct(self) -> None:
        corrections, self._corrections = self._corrections, {}
        if not corrections:
            return
        faults = self._session.scalars(
            select(Fault)
            .where(Fault.id.in_(sorted(corrections)))
            .options(selectinload(Fault.holds))
        ).all()
        for fault in faults:
            changed = corrections[fault.id]
            if "occurred_at" in changed:
                fault.occurred_estimated = False
            for field, value in differences(fault, changed).items():
                setattr(fault, field, value)
            fault.state = state_of(
                _moments({name: getattr(fault, name) for name in _MOMENTS}),
                held=any(hold.to_at is None for hold in fault.holds),
            )
            if "reported_at" in changed:
                places = self._references.device_by_id(fault.device_id)
                fault.outlet_id = places.outlet_on(self._references.local_day(fault.reported_at))
        self._session.flush()
        book = DeadlineBook(self._session, self._references.calendars)
        self._work.touched("fault", book.recompute(self._session, corrections))
        for fault in faults:
            self._session.expunge(fault)

    def close(self) -> None:
        """Nothing is left to do: state and deadlines were found row by row."""


def _moments(values: Mapping[str, Any]) -> Moments:
    get = values.get
    return Moments(
        values["occurred_at"],
        values["reported_at"],
        get("accepted_at"),
        get("on_site_at"),
        get("restored_at"),
        get("confirmed_at"),
        get("cancelled_at"),
    )


def _column_at_fault(message: Message) -> str | None:
    """Return the column of the later of the two moments that a sentence names."""
    later = message.values.get("later")
    return _COLUMN_OF_TERM.get(later.key) if isinstance(later, Term) else None
