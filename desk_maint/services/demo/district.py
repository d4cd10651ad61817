"""Building the demo district: calendars, units, people and the equipment with its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from desk_maint.db.models import (
    Calendar,
    CalendarVersion,
    Device,
    DeviceStateChange,
    Outlet,
    Person,
    Placement,
)
from desk_maint.domain.calendars import HolidaySource
from desk_maint.domain.devices import GROUP_OF, Category, DeviceState, ExtinguisherType, Group
from desk_maint.domain.people import Role
from desk_maint.domain.repair_limits import ROUND_THE_CLOCK_NAME
from desk_maint.services.demo.places import (
    BUREAU_NAME,
    CALENDARS,
    DEPOT,
    MAKES,
    NAMES,
    PEOPLE,
    PLACES,
)

if TYPE_CHECKING:
    from random import Random

    from sqlalchemy.orm import Session

    from desk_maint.services.demo.places import Hours, Make, Place

__all__ = ["Post", "build_devices", "build_people", "build_units"]

_EXTINGUISHERS = (ExtinguisherType.DRY_POWDER, ExtinguisherType.WATER_BASED, ExtinguisherType.CO2)
_OLDEST_DAYS = 8 * 365
_WARRANTY_YEARS = 3
_ROUND_THE_CLOCK = {Category.ATM: 0.75, Category.CCTV_CAMERA: 1.0, Category.ALARM: 1.0}
"""This share serves day and night; the rest keeps its outlet's hours."""
_MOVED, _SCRAPPED, _SEALED, _NEW = 12, 6, 3, 5
"""Devices with a history of their own in the demo's time."""


@dataclass(slots=True)
class Post:
    """A device while the district is made: where it stood, and how well it is kept."""

    device: Device
    stays: list[tuple[date, Outlet]]
    trouble: float
    """How often it fails against the middle of its category."""

    def outlet_on(self, day: date) -> Outlet:
        """Return where the device stood on a local date."""
        return next(outlet for since, outlet in reversed(self.stays) if since <= day)


def build_units(session: Session, random: Random, first: date, today: date) -> dict[str, Outlet]:
    """Add the calendars and units of the district; returns the units by code."""
    longer_from = (first + (today - first) // 2).replace(day=1)
    session.add_all([_calendar(hours, longer_from) for hours in CALENDARS])
    session.flush()
    calendars = {row.name: row.id for row in session.scalars(select(Calendar))}
    outlets: dict[str, Outlet] = {}
    for place in PLACES:  # those above come before those below
        outlets[place.code] = Outlet(
            code=place.code,
            name=place.name,
            parent_id=outlets[place.parent].id if place.parent else None,
            kind=place.kind,
            zone=place.zone,
            networked=sum(place.devices[:3]) > 0,
            calendar_id=calendars[place.calendar],
            manager=_head(place.code),
            phone=f"0555-{random.randint(3100000, 3999999)}",
            address=place.address,
        )
        session.add(outlets[place.code])
        session.flush()
    return outlets


def build_people(session: Session, outlets: dict[str, Outlet]) -> None:
    """Add the people of the district but those whose user name or name is known already."""
    known = {word for row in session.scalars(select(Person)) for word in (row.login, row.name)}
    session.add_all(
        Person(
            login=worker.login,
            name=worker.name,
            role=worker.role,
            active=True,
            outlets=[outlets[code] for code in worker.outlets],
        )
        for worker in PEOPLE
        if worker.login not in known and worker.name not in known
    )


def build_devices(
    session: Session, random: Random, outlets: dict[str, Outlet], first: date, today: date
) -> list[Post]:
    """Add the equipment as it stands ``today``, with what happened to it since ``first``."""
    always = session.scalars(select(Calendar.id).where(Calendar.name == ROUND_THE_CLOCK_NAME)).one()
    posts = [
        post
        for place in PLACES
        for post in _equip(random, place, outlets[place.code], always, first)
    ]
    _live(random, posts, first, today)
    for post in posts:
        device = post.device
        device.outlet_id = post.stays[-1][1].id
        device.placements = [
            Placement(from_on=since, outlet_id=outlet.id, position=device.position)
            for since, outlet in post.stays
        ]
        device.state = device.state_changes[-1].state
    session.add_all(post.device for post in posts)
    session.flush()
    return posts


def _calendar(hours: Hours, longer_from: date) -> Calendar:
    def version(valid_from: date, workday: str) -> CalendarVersion:
        return CalendarVersion(
            valid_from=valid_from,
            mon=workday,
            tue=workday,
            wed=workday,
            thu=workday,
            fri=workday,
            sat=hours.saturday,
            sun=hours.sunday,
            rest_day=hours.rest_day,
            holidays=HolidaySource.CN,
        )

    versions = [version(date.min, hours.workday)]
    if hours.longer_workday != hours.workday:
        versions.append(version(longer_from, hours.longer_workday))
    return Calendar(name=hours.name, versions=versions)


def _head(code: str) -> str | None:
    return next((w.name for w in PEOPLE if w.role is Role.REPORTER and code in w.outlets), None)


def _equip(random: Random, place: Place, outlet: Outlet, always: int, first: date) -> list[Post]:
    """Make the devices of one unit, which looks after all of them well or badly."""
    care = random.lognormvariate(-0.06, 0.35)
    posts: list[Post] = []
    for category, count in zip(Category, place.devices, strict=True):
        for number in range(1, count + 1):
            device = _device(random, place, category, number, first)
            share = _ROUND_THE_CLOCK.get(category, 0.0)
            device.calendar_id = always if random.random() < share else None
            state = DeviceState.IN_USE
            if place.code == DEPOT and GROUP_OF[category] is not Group.SAFETY:
                state = DeviceState.STANDBY
            device.state_changes = [DeviceStateChange(from_on=date.min, state=state)]
            trouble = care * random.lognormvariate(-0.05, 0.3)
            posts.append(Post(device, [(date.min, outlet)], trouble))
    return posts


def _device(random: Random, place: Place, category: Category, number: int, first: date) -> Device:
    make: Make = MAKES[category]
    kind = random.randrange(len(make.models))
    maker, model = make.models[kind]
    bought = first - timedelta(days=random.randint(60, _OLDEST_DAYS))
    position = make.places[(number - 1) % len(make.places)].format(number)
    device = Device(
        tag=f"{make.prefix}-{place.code}-{number:02d}",
        name=NAMES[category][kind % len(NAMES[category])],
        category=category,
        position=position,
        commissioned_on=bought,
        manufacturer=maker,
        model=model,
        serial_number=f"{make.prefix}{bought:%y%m}{random.randint(1, 99999):05d}",
        warranty_until=_years_later(bought, _WARRANTY_YEARS),
        custodian=_head(place.code),
        owner=BUREAU_NAME,
        manufactured_on=bought - timedelta(days=random.randint(20, 90)),
    )
    if category is Category.FIRE_EXTINGUISHER:
        device.extinguisher_type = _EXTINGUISHERS[kind]
        device.last_serviced_on = first + timedelta(days=random.randint(-360, 0))
    elif category is Category.CCTV_CAMERA:
        device.retention_days_required = 90 if "现金区" in position else 30
    return device


def _live(random: Random, posts: list[Post], first: date, today: date) -> None:
    """Let some machines move, retire, rest or arrive between ``first`` and ``today``."""
    days = (today - first).days

    def some_day() -> date:
        return first + timedelta(days=random.randint(days // 10, days * 9 // 10))

    machines = [
        post
        for post in posts
        if GROUP_OF[post.device.category] is not Group.SAFETY
        and post.device.state_changes[0].state is DeviceState.IN_USE
    ]
    random.shuffle(machines)
    chosen = iter(machines)
    for _ in range(_MOVED):
        post = next(chosen)
        here, category = post.stays[0][1], post.device.category
        peers = [each for each in machines if each.device.category is category]
        other = random.choice([p.stays[0][1] for p in peers if p.stays[0][1] is not here])
        post.stays.append((some_day(), other))
    for _ in range(_SCRAPPED):
        device = next(chosen).device
        device.retired_on = some_day()
        device.state_changes.append(
            DeviceStateChange(from_on=device.retired_on, state=DeviceState.SCRAPPED)
        )
    for state in [DeviceState.SEALED] * _SEALED:
        next(chosen).device.state_changes.append(DeviceStateChange(from_on=some_day(), state=state))
    for _ in range(_NEW):
        device = next(chosen).device
        device.commissioned_on = some_day()
        device.manufactured_on = device.commissioned_on - timedelta(days=40)
        device.warranty_until = _years_later(device.commissioned_on, _WARRANTY_YEARS)


def _years_later(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))
