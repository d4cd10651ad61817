"""What rows refer to: outlets, devices and calendars, of the database and of the same file."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from sqlalchemy import select

from desk_maint.db.models import Device, Outlet, Placement
from desk_maint.domain.errors import NotFoundError
from desk_maint.domain.instants import local_date
from desk_maint.domain.messages import msg
from desk_maint.services import calendar_book, settings
from desk_maint.services.imports.rows import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

__all__ = ["DevicePlaces", "References", "spelling"]

Found = TypeVar("Found")


class _Names(Generic[Found]):
    """Finds records by the code or tag that people wrote, also where it was spoiled.

    A spreadsheet program makes 101 of 0101, and people do not care about case.  Such a name is
    taken where it fits exactly one record.
    """

    def __init__(self, records: Mapping[str, Found]) -> None:
        self._exact = dict(records)
        self._loose: dict[str, list[str]] = {}
        for name in self._exact:
            self._loose.setdefault(_loosened(name), []).append(name)

    def __contains__(self, name: str) -> bool:
        return name in self._exact

    def add(self, name: str, record: Found) -> None:
        if name not in self._exact:
            self._loose.setdefault(_loosened(name), []).append(name)
        self._exact[name] = record

    def find(self, name: str) -> Found | None:
        record = self._exact.get(name)
        if record is None:
            candidates = self.candidates(name)
            if len(candidates) == 1:
                record = self._exact[candidates[0]]
        return record

    def candidates(self, name: str) -> list[str]:
        return self._loose.get(_loosened(name), [])


def spelling(name: str, names: Iterable[str]) -> str | None:
    """Return the one of ``names`` that ``name`` must mean, its case or leading zeros lost."""
    alike = [each for each in names if _loosened(each) == _loosened(name)]
    return alike[0] if len(alike) == 1 else None


def _loosened(name: str) -> str:
    folded = name.casefold()
    return folded.lstrip("0") or "0" if folded.isdigit() else folded


@dataclass(slots=True)
class DevicePlaces:
    """A device's key, and where it stood from when."""

    id: int
    tag: str
    days: list[date] = field(default_factory=list)
    outlets: list[int] = field(default_factory=list)

    def outlet_on(self, day: date) -> int:
        """Return the key of the outlet where it stood on a local date."""
        if len(self.outlets) == 1:
            return self.outlets[0]
        return self.outlets[bisect_right(self.days, day) - 1]


class References:
    """Finds what rows name; each part is read from the database when first needed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._settings: settings.Settings | None = None
        self._calendars: calendar_book.CalendarBook | None = None
        self._outlets: _Names[int] | None = None
        self._devices: _Names[DevicePlaces] | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The bureau's zone, as the rows of ``settings`` so far have made it."""
        if self._settings is None:
            self._session.flush()
            self._settings = settings.load(self._session)
        return self._settings.zone

    @property
    def calendars(self) -> calendar_book.CalendarBook:
        """The service calendars."""
        if self._calendars is None:
            self._session.flush()
            self._calendars = calendar_book.load(self._session, self.zone)
        return self._calendars

    def settings_changed(self) -> None:
        """Read the settings, and what depends on them, again when needed."""
        self._settings = self._calendars = None

    def calendars_changed(self) -> None:
        """Read the calendars again when needed."""
        self._calendars = None

    def devices_moved(self) -> None:
        """Read the devices and their placements again when needed."""
        self._devices = None

    def calendar_id(self, name: object, column: str = "calendar") -> int:
        """Return the key of the calendar called ``name``."""
        try:
            return self.calendars.id_of(str(name))
        except NotFoundError as error:
            raise RefusedError(column, error.message) from error

    def knows_outlet(self, code: str) -> bool:
        """Whether a code, as it was written, leads to an outlet."""
        return self._outlet_names.find(code) is not None

    def outlet_id(self, code: object, column: str) -> int:
        """Return the key of the outlet with this code."""
        found = self._outlet_names.find(str(code))
        if found is not None:
            return found
        candidates = self._outlet_names.candidates(str(code))
        if candidates:
            raise RefusedError(
                column,
                msg(
                    "The outlet code {code} may be {codes}. Write the one that is meant in full.",
                    code=code,
                    codes=", ".join(sorted(candidates)),
                ),
            )
        raise RefusedError(
            column,
            msg(
                "There is no outlet with the code {code}. Add it to the sheet “outlets” or "
                "correct the code.",
                code=code,
            ),
        )

    def add_outlet(self, code: str, outlet_id: int) -> None:
        """Make an outlet of this import known."""
        self._outlet_names.add(code, outlet_id)

    def knows_device(self, tag: str) -> bool:
        """Whether a tag, as it was written, leads to a device."""
        return self._device_names.find(tag) is not None

    def find_device(self, tag: str) -> DevicePlaces | None:
        """Return the device with this tag, if there is one."""
        return self._device_names.find(tag)

    def device(self, tag: object, column: str = "tag") -> DevicePlaces:
        """Return the device with this tag."""
        found = self._device_names.find(str(tag))
        if found is None:
            raise RefusedError(
                column,
                msg(
                    "There is no device with the tag {tag}. Add it to the sheet “devices” or "
                    "correct the tag.",
                    tag=tag,
                ),
            )
        return found

    def device_by_id(self, key: int) -> DevicePlaces:
        """Return the device with this key in the database."""
        tag = self._session.execute(select(Device.tag).where(Device.id == key)).scalar_one()
        return self.device(tag)

    def add_devices(self, devices: Iterable[DevicePlaces]) -> None:
        """Make devices of this import known."""
        for device in devices:
            self._device_names.add(device.tag, device)

    def local_day(self, instant: int) -> date:
        """Return the date in the bureau's zone on which an instant falls."""
        return local_date(instant, self.zone)

    @property
    def _outlet_names(self) -> _Names[int]:
        if self._outlets is None:
            self._session.flush()
            rows = self._session.execute(select(Outlet.code, Outlet.id))
            self._outlets = _Names({row.code: row.id for row in rows})
        return self._outlets

    @property
    def _device_names(self) -> _Names[DevicePlaces]:
        if self._devices is None:
            self._session.flush()
            by_id = {
                key: DevicePlaces(key, tag)
                for key, tag in self._session.execute(select(Device.id, Device.tag))
            }
            placements = select(
                Placement.device_id, Placement.from_on, Placement.outlet_id
            ).order_by(Placement.device_id, Placement.from_on)
            for device_id, from_on, outlet_id in self._session.execute(placements):
                by_id[device_id].days.append(from_on)
                by_id[device_id].outlets.append(outlet_id)
            self._devices = _Names({each.tag: each for each in by_id.values()})
        return self._devices
