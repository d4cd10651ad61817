"""Importing approved stoppages."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from desk_maint.db.models import Stoppage
from desk_maint.domain.messages import At, msg
from desk_maint.domain.stoppages import StoppageScope
from desk_maint.services.imports.rows import (
    Outcome,
    RefusedError,
    Result,
    Row,
    Seen,
    differences,
    each_row,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_maint.db.change import Work
    from desk_maint.domain.devices import Category
    from desk_maint.services.imports.references import References

__all__ = ["StoppageWriter"]

Identity = tuple[StoppageScope, object, int, int]


class StoppageWriter:
    """Rows of ``stoppages``; one is known by its scope, what it stops, and from when to when."""

    whole = True

    def __init__(self, work: Work, references: References) -> None:
        self._session = work.session
        self._references = references
        self._seen: Seen[Identity] = Seen()
        self._stoppages: dict[Identity, Stoppage] = {
            (
                each.scope,
                each.device_id or each.outlet_id or each.category,
                each.from_at,
                each.to_at,
            ): each
            for each in self._session.scalars(select(Stoppage))
        }

    def write(self, rows: Sequence[Row]) -> list[Result]:
        """Write rows; see :class:`~desk_maint.services.imports.rows.Writer`."""
        return each_row(rows, self._take)

    def _take(self, row: Row) -> Outcome:
        values = row.values
        scope = cast("StoppageScope", values["scope"])
        start, end = cast("int", values["from"]), cast("int", values["to"])
        if end <= start:
            raise RefusedError(
                "to",
                msg(
                    "The stoppage ends ({end}) before it begins ({start}). Mend one of the two.",
                    end=At(end),
                    start=At(start),
                ),
            )
        subject = self._subject(scope, values.get("key"))
        key = (scope, next(iter(subject.values()), None), start, end)
        self._seen.note(key, row.number, "from")
        stated = {"reason": values["reason"], "approved_by": values["approved_by"]}
        record = self._stoppages.get(key)
        if record is None:
            record = Stoppage(scope=scope, from_at=start, to_at=end, **subject, **stated)
            self._stoppages[key] = record
            self._session.add(record)
            return Outcome.ADDED
        changed = differences(record, stated)
        for field, value in changed.items():
            setattr(record, field, value)
        return Outcome.CHANGED if changed else Outcome.UNCHANGED

    def _subject(self, scope: StoppageScope, key: object) -> dict[str, object]:
        """Return the column that the scope asks for, and what is in it."""
        if scope is StoppageScope.ALL:
            return {}
        if key is None:
            raise RefusedError(
                "key",
                msg("It is not said what stands still. Write the tag, outlet code or category."),
            )
        if scope is StoppageScope.DEVICE:
            return {"device_id": self._references.device(key, "key").id}
        if scope is StoppageScope.OUTLET:
            return {"outlet_id": self._references.outlet_id(key, "key")}
        return {"category": cast("Category", key)}

    def close(self) -> None:
        """Nothing is kept that follows from stoppages."""
