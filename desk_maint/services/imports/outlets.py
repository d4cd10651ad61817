"""Importing outlets: a tree whose rows may come in any order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from desk_maint.db.models import Outlet
from desk_maint.domain.messages import msg
from desk_maint.services.imports.references import References, spelling
from desk_maint.services.imports.rows import (
    Outcome,
    Refusal,
    RefusedError,
    Result,
    Row,
    Seen,
    differences,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk_maint.db.change import Work

__all__ = ["OutletWriter"]


@dataclass(slots=True)
class _Draft:
    """A row that is fit by itself."""

    place: int
    row: Row
    values: dict[str, object]
    parent: str | None
    """The parent's code, first as written, then as it is."""


class OutletWriter:
    """Rows of ``outlets``."""

    whole = True

    def __init__(self, work: Work, references: References) -> None:
        self._session = work.session
        self._references = references
        self._seen: Seen[str] = Seen()
        self._outlets = {outlet.code: outlet for outlet in self._session.scalars(select(Outlet))}
        self.moves_deadlines = False

    def write(self, rows: Sequence[Row]) -> list[Result]:
        """Write rows: first it is found which are fit, then all of these go in."""
        results: list[Result] = [Outcome.UNCHANGED] * len(rows)
        drafts: dict[str, _Draft] = {}
        for place, row in enumerate(rows):
            try:
                draft = self._draft(place, row)
                drafts[str(draft.values["code"])] = draft
            except RefusedError as refused:
                results[place] = refused.refusal
        # A unit that is not taken may be another's parent, which then is not taken either.
        while refusals := self._misplaced(drafts):
            for code, refusal in refusals.items():
                results[drafts.pop(code).place] = refusal
        self._write(drafts, results)
        return results

    def _draft(self, place: int, row: Row) -> _Draft:
        values = dict(row.values)
        parent = values.pop("parent_code", None)
        if "calendar" in values:
            values["calendar_id"] = self._references.calendar_id(values.pop("calendar"))
        self._seen.note(str(values["code"]), row.number, "code")
        return _Draft(place, row, values, None if parent is None else str(parent))

    def _misplaced(self, drafts: Mapping[str, _Draft]) -> dict[str, Refusal]:
        """Find the parents; return the rows whose parent is unknown or below themselves."""
        codes = {outlet.id: code for code, outlet in self._outlets.items()}
        parents = {code: codes.get(each.parent_id or 0) for code, each in self._outlets.items()}
        refusals: dict[str, Refusal] = {}
        for code, draft in drafts.items():
            if draft.parent is None:
                parents.setdefault(code, None)
            elif draft.parent in drafts:
                parents[code] = draft.parent
            else:
                try:
                    known = self._references.outlet_id(draft.parent, "parent_code")
                except RefusedError as refused:
                    spelled = spelling(draft.parent, drafts)
                    if spelled is None:
                        refusals[code] = refused.refusal
                        continue
                    parents[code] = draft.parent = spelled
                else:
                    parents[code] = draft.parent = codes[known]
        for code, draft in drafts.items():
            if code not in refusals and _stands_below_itself(code, parents):
                refusals[code] = Refusal(
                    "parent_code",
                    msg(
                        "The outlet {code} would stand below itself by way of {parent}. "
                        "Correct one of the parent codes.",
                        code=code,
                        parent=draft.parent or code,
                    ),
                )
        return refusals

    def _write(self, drafts: Mapping[str, _Draft], results: list[Result]) -> None:
        changed: dict[str, bool] = {}
        for code, draft in drafts.items():
            outlet = self._outlets.get(code)
            if outlet is None:
                outlet = self._outlets[code] = Outlet(**draft.values)
                self._session.add(outlet)
                results[draft.place] = Outcome.ADDED
                continue
            new = differences(outlet, draft.values)
            for field, value in new.items():
                setattr(outlet, field, value)
            if new.keys() & {"zone", "calendar_id"}:
                self.moves_deadlines = True
            changed[code] = bool(new)
        self._session.flush()
        for code, draft in drafts.items():
            outlet = self._outlets[code]
            self._references.add_outlet(code, outlet.id)
            if draft.parent is not None:
                parent = self._outlets[draft.parent]
                if outlet.parent_id != parent.id:
                    outlet.parent_id = parent.id
                    changed[code] = True
            if changed.get(code) and results[draft.place] is Outcome.UNCHANGED:
                results[draft.place] = Outcome.CHANGED
        self._session.flush()

    def close(self) -> None:
        """Nothing follows from outlets but deadlines, which the import sees to."""


def _stands_below_itself(code: str, parents: Mapping[str, str | None]) -> bool:
    above = parents.get(code)
    seen: set[str] = set()
    while above is not None and above not in seen:
        if above == code:
            return True
        seen.add(above)
        above = parents.get(above)
    return False
