"""The bureau's particulars and the rules its groups are judged by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from desk_maint.db.models import Setting
from desk_maint.domain.devices import Group
from desk_maint.domain.errors import InputError, StaleError
from desk_maint.domain.instants import DEFAULT_ZONE, zone
from desk_maint.domain.messages import msg
from desk_maint.domain.targets import (
    DEFAULT_COUNTS,
    DEFAULT_MEASURE,
    DEFAULT_TARGETS,
    Counts,
    Measure,
    format_target,
    parse_target,
)
from desk_maint.services.permissions import require
from desk_maint.services.records import blaming

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from desk_maint.db.change import Changes, Work
    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = ["DEFAULTS", "KEYS", "Settings", "load", "normal_value", "read_settings", "update"]

Word = TypeVar("Word", bound=StrEnum)

DEFAULTS: Mapping[str, str] = MappingProxyType(
    {
        "timezone": DEFAULT_ZONE,
        "bureau_name": "",
        **{f"target.{group}": format_target(DEFAULT_TARGETS[group]) for group in Group},
        **{f"counts.{group}": DEFAULT_COUNTS[group].value for group in Group},
        **{f"measure.{group}": DEFAULT_MEASURE[group].value for group in Group},
    }
)
"""Every setting by its contract key, with the house's value for it."""
KEYS = tuple(DEFAULTS)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force, each of its own type."""

    zone: ZoneInfo
    """The bureau's time zone."""
    bureau_name: str
    target: Mapping[Group, int]
    """Hundredths of a percent."""
    counts: Mapping[Group, Counts]
    measure: Mapping[Group, Measure]

    def judged_by(self, measure: Measure | None) -> Settings:
        """Return the same settings with every group judged by ``measure``; None: as they are."""
        return self if measure is None else replace(self, measure=dict.fromkeys(Group, measure))

    def value(self, key: str) -> str:
        """Return the setting called ``key`` in the contract's own writing."""
        if key == "timezone":
            return self.zone.key
        if key == "bureau_name":
            return self.bureau_name
        part, _, group = key.partition(".")
        if part == "target":
            return format_target(self.target[Group(group)])
        return (self.counts if part == "counts" else self.measure)[Group(group)].value


def normal_value(key: str, text: str) -> str:
    """Return ``text`` as the setting ``key`` is written; raise :class:`InputError` if it cannot be.

    The import uses it too, so that a setting means the same wherever it comes from.
    """
    if key not in DEFAULTS:
        raise InputError(
            msg(
                "There is no setting called “{key}”. The settings are: {keys}.",
                key=key,
                keys=", ".join(KEYS),
            )
        )
    value = text.strip()
    part = key.partition(".")[0]
    if part == "timezone":
        return zone(value).key
    if part == "target":
        return format_target(parse_target(value))
    if part == "counts":
        return _member(Counts, key, value).value
    if part == "measure":
        return _member(Measure, key, value).value
    return value


def load(session: Session) -> Settings:
    """Return the settings of the database; what it does not name has the house's value."""
    rows = session.execute(select(Setting.key, Setting.value))
    stored = {row.key: row.value for row in rows}
    values = {key: stored.get(key, default) for key, default in DEFAULTS.items()}
    return Settings(
        zone=zone(values["timezone"]),
        bureau_name=values["bureau_name"],
        target={group: parse_target(values[f"target.{group}"]) for group in Group},
        counts={group: Counts(values[f"counts.{group}"]) for group in Group},
        measure={group: Measure(values[f"measure.{group}"]) for group in Group},
    )


def read_settings(database: Database, actor: Actor) -> Settings:
    """Return the settings in force."""
    require(actor, "settings.read")
    with database.read() as session:
        return load(session)


def update(
    database: Database,
    actor: Actor,
    values: Mapping[str, str],
    *,
    expected: Settings,
    at: int,
) -> Changes:
    """Change the settings named in ``values`` (contract key to text).

    ``expected`` is what the form was filled with: a setting that somebody else has changed
    since is not overwritten (:class:`StaleError`).  What is refused names the setting as its
    field.  Another time zone moves all deadlines.
    """
    require(actor, "settings.edit")
    wanted: dict[str, str] = {}
    for key, text in values.items():
        with blaming(key):
            wanted[key] = normal_value(key, text)
    with database.change(actor, "settings.edit", at=at) as work:
        now = load(work.session)
        for key, value in wanted.items():
            if now.value(key) != expected.value(key):
                raise StaleError(
                    msg(
                        "Somebody else has changed the setting {key} to “{value}” meanwhile. "
                        "Look at it again before you save.",
                        key=key,
                        value=now.value(key),
                    )
                )
            row = work.session.get(Setting, key)
            if row is None:
                work.session.add(Setting(key=key, value=value))
            elif row.value != value:
                row.value = value
        if "timezone" in wanted and wanted["timezone"] != now.zone.key:
            _move_deadlines(work)
    return work.changes


def _move_deadlines(work: Work) -> None:
    # Deadlines stand above the settings, which they are made of.
    from desk_maint.services.deadlines import DeadlineBook  # noqa: PLC0415

    work.touched("fault", DeadlineBook(work.session).recompute(work.session, None))


def _member(words: type[Word], key: str, value: str) -> Word:
    try:
        return words(value.casefold().replace(" ", "_"))
    except ValueError:
        raise InputError(
            msg(
                "“{value}” is not a value of the setting {key}. Use one of: {words}.",
                value=value,
                key=key,
                words=", ".join(words),
            )
        ) from None
