"""Importing the inventory, and the moves of devices between outlets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from desk_maint.db.bulk_insert import insert_rows, reserve_ids
from desk_maint.db.models import Device, DeviceStateChange, Placement
from desk_maint.domain.devices import Category, DeviceState, ExtinguisherType
from desk_maint.domain.messages import Message, msg
from desk_maint.services.devices import check_device, enter_state, follow_placements
from desk_maint.services.imports.references import DevicePlaces, References
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
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from desk_maint.db.change import Work

__all__ = ["DeviceWriter", "MoveWriter"]

_DEVICE = cast("Table", Device.__table__)
_PLACEMENT = cast("Table", Placement.__table__)
_STATE_CHANGE = cast("Table", DeviceStateChange.__table__)
_GONE = frozenset({DeviceState.SCRAPPED, DeviceState.PENDING_SCRAP})
_FIELDS = (
    "name",
    "category",
    "position",
    "calendar_id",
    "commissioned_on",
    "retired_on",
    "manufacturer",
    "model",
    "serial_number",
    "warranty_until",
    "custodian",
    "owner",
    "extinguisher_type",
    "manufactured_on",
    "last_serviced_on",
    "retention_days_required",
    "remarks",
)
"""What is compared and corrected; tag, outlet and state are told apart by their own rules."""
_COLUMNS = ("id", "version", "tag", "outlet_id", "state", *_FIELDS)


class DeviceWriter:
    """Rows of ``devices``.

    ``outlet_code`` is where the device stands first; its moves follow on their own sheet.  A
    device that comes in another state than in use has never been in service, unless it has been
    retired since: then it was in service up to that day.
    """

    whole = False

    def __init__(self, work: Work, references: References, at: int) -> None:
        self._work = work
        self._session = work.session
        self._references = references
        self._today = references.local_day(at)
        self._seen: Seen[str] = Seen()
        self._new: list[tuple[DevicePlaces, dict[str, object]]] = []
        self._known: dict[int, Device] = {}
        self.moves_deadlines = False

    def write(self, rows: Sequence[Row]) -> list[Result]:
        """Write rows; see :class:`~desk_maint.services.imports.rows.Writer`."""
        known = [self._references.find_device(str(row.values["tag"])) for row in rows]
        self._known = self._load({each.id for each in known if each is not None})
        results = each_row(rows, self._take)
        self._insert()
        self._session.flush()
        for device in self._known.values():
            self._session.expunge(device)
        self._known = {}
        return results

    def _load(self, ids: Iterable[int]) -> dict[int, Device]:
        return _with_placements(self._session, ids)

    def _take(self, row: Row) -> Outcome:
        values = dict(row.values)
        tag = str(values.pop("tag"))
        outlet_id = self._references.outlet_id(values.pop("outlet_code"), "outlet_code")
        if "calendar" in values:
            values["calendar_id"] = self._references.calendar_id(values.pop("calendar"))
        places = self._references.find_device(tag)
        if places is None:
            return self._add(row.number, tag, outlet_id, values)
        return self._correct(row.number, self._known[places.id], outlet_id, values)

    def _add(self, number: int, tag: str, outlet_id: int, values: dict[str, object]) -> Outcome:
        check_device(
            tag,
            cast("Category", values["category"]),
            cast("date", values["commissioned_on"]),
            cast("date | None", values.get("retired_on")),
            cast("ExtinguisherType | None", values.get("extinguisher_type")),
        )
        self._seen.note(tag.casefold(), number, "tag")
        values.setdefault("state", DeviceState.IN_USE)
        values |= {"tag": tag, "outlet_id": outlet_id, "version": 1}
        self._new.append((DevicePlaces(0, tag, [date.min], [outlet_id]), values))
        return Outcome.ADDED

    def _correct(
        self, number: int, device: Device, outlet_id: int, values: dict[str, object]
    ) -> Outcome:
        merged = {name: getattr(device, name) for name in _FIELDS} | values
        check_device(
            device.tag,
            merged["category"],
            merged["commissioned_on"],
            merged["retired_on"],
            merged["extinguisher_type"],
        )
        if outlet_id not in (device.placements[0].outlet_id, device.outlet_id) and (
            len(device.placements) > 1
        ):
            raise RefusedError("outlet_code", _moved_already(device))
        self._seen.note(device.tag.casefold(), number, "tag")
        state = values.pop("state", device.state)
        changed = self._place(device, outlet_id, values)
        new = differences(device, values)
        for field, value in new.items():
            setattr(device, field, value)
        if new.keys() & {"category", "calendar_id"}:
            self.moves_deadlines = True
        if state != device.state:
            enter_state(device, cast("DeviceState", state), self._today)
            changed = True
        return Outcome.CHANGED if changed or new else Outcome.UNCHANGED

    def _place(self, device: Device, outlet_id: int, values: dict[str, object]) -> bool:
        """Correct the first place of a device that never moved; compare a moved one with it.

        A row that was written before the moves gives the first outlet and position, one that
        was exported after them the present ones; both are right.
        """
        places = device.placements
        position = values.get("position")
        if len(places) == 1:
            if outlet_id == places[0].outlet_id and position in (None, places[0].position):
                return False
            places[0].outlet_id = outlet_id
            if position is not None:
                places[0].position = cast("str", position)
            self._follow(device)
            return True
        values.pop("position", None)
        if position is None or (outlet_id, position) in {
            (place.outlet_id, place.position) for place in (places[0], places[-1])
        }:
            return False
        place = places[-1] if outlet_id == device.outlet_id else places[0]
        place.position = cast("str", position)
        self._follow(device)
        return True

    def _follow(self, device: Device) -> None:
        follow_placements(self._work, [device])
        self._references.devices_moved()

    def _insert(self) -> None:
        new, self._new = self._new, []
        if not new:
            return
        session = self._session
        ids = reserve_ids(session, _DEVICE, len(new))
        for key, (places, values) in zip(ids, new, strict=True):
            places.id = values["id"] = key
        insert_rows(
            session, _DEVICE, _COLUMNS, ([values.get(c) for c in _COLUMNS] for _, values in new)
        )
        insert_rows(
            session,
            _PLACEMENT,
            ("device_id", "from_on", "outlet_id", "position"),
            (
                (values["id"], date.min, values["outlet_id"], values.get("position"))
                for _, values in new
            ),
        )
        insert_rows(
            session,
            _STATE_CHANGE,
            ("device_id", "from_on", "state"),
            (
                (values["id"], from_on, state)
                for _, values in new
                for from_on, state in _states(values)
            ),
        )
        self._work.record_added("device", [(places.id, places.tag) for places, _ in new])
        self._references.add_devices(places for places, _ in new)

    def close(self) -> None:
        """Nothing follows from devices but deadlines, which the import sees to."""


def _with_placements(session: Session, ids: Iterable[int]) -> dict[int, Device]:
    query = (
        select(Device).where(Device.id.in_(sorted(ids))).options(selectinload(Device.placements))
    )
    return {device.id: device for device in session.scalars(query)}


def _moved_already(device: Device) -> Message:
    return msg(
        "{tag} stood first in another outlet and has been moved to yet another one. "
        "Enter where it went on the sheet “moves”.",
        tag=device.tag,
    )


def _states(values: Mapping[str, object]) -> list[tuple[date, object]]:
    """Return the dated states of a new device."""
    state, retired_on = values["state"], values.get("retired_on")
    if retired_on is not None and state in _GONE:
        return [(date.min, DeviceState.IN_USE), (cast("date", retired_on), state)]
    return [(date.min, state)]


class MoveWriter:
    """Rows of ``moves``; one dated up to the day of commissioning sets the first outlet."""

    whole = False

    def __init__(self, work: Work, references: References) -> None:
        self._work = work
        self._session = work.session
        self._references = references
        self._seen: Seen[tuple[int, date]] = Seen()
        self._known: dict[int, Device] = {}
        self._moved: set[int] = set()
        self.moves_deadlines = False

    def write(self, rows: Sequence[Row]) -> list[Result]:
        """Write rows; see :class:`~desk_maint.services.imports.rows.Writer`."""
        named = [self._references.find_device(str(row.values["tag"])) for row in rows]
        self._known = _with_placements(
            self._session, {each.id for each in named if each is not None}
        )
        self._moved = set()
        results = each_row(rows, self._take)
        if self._moved:
            follow_placements(self._work, [self._known[key] for key in sorted(self._moved)])
        self._session.flush()
        for device in self._known.values():
            self._session.expunge(device)
        self._known = {}
        if self._moved:
            self._references.devices_moved()
        return results

    def _take(self, row: Row) -> Outcome:
        device = self._known[self._references.device(row.values["tag"]).id]
        moved_on = cast("date", row.values["moved_on"])
        outlet_id = self._references.outlet_id(row.values["to_outlet_code"], "to_outlet_code")
        if device.retired_on is not None and moved_on > device.retired_on:
            raise RefusedError(
                "moved_on",
                msg(
                    "{tag} would be moved on {moved}, after it was retired on {retired}. "
                    "Correct one of the two dates.",
                    tag=device.tag,
                    moved=moved_on,
                    retired=device.retired_on,
                ),
            )
        start = date.min if moved_on <= device.commissioned_on else moved_on
        self._seen.note((device.id, start), row.number, "moved_on")
        entry = next((each for each in device.placements if each.from_on == start), None)
        values: dict[str, object] = {"outlet_id": outlet_id}
        if "position" in row.values:
            values["position"] = row.values["position"]
        if entry is None:
            device.placements.append(Placement(from_on=start, **values))
            self._moved.add(device.id)
            return Outcome.ADDED
        changed = differences(entry, values)
        if not changed:
            return Outcome.UNCHANGED
        for field, value in changed.items():
            setattr(entry, field, value)
        self._moved.add(device.id)
        return Outcome.CHANGED

    def close(self) -> None:
        """Nothing is left to do: tickets follow their devices at once."""
