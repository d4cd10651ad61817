"""The statistical basis (統計口徑) that every report prints: the rules its figures came by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.domain.calendars import HolidaySource, ServiceCalendar
from desk_maint.domain.devices import Group
from desk_maint.domain.messages import At, Message, Term, msg
from desk_maint.domain.targets import Counts, Measure, format_target
from desk_maint.language.words import calendar_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desk_maint.services.settings import Settings
    from desk_maint.services.uptime import Period

__all__ = ["basis_of", "warnings_of"]

_GROUP_WORDS = {
    Group.ATM: "atm",
    Group.NETWORKED_TERMINAL: "networked_terminal",
    Group.SAFETY: "safety_equipment",
}
_COUNTS = {
    Counts.OUT_OF_SERVICE: msg("faults that put the device out of service"),
    Counts.ANY_FAULT: msg("any fault"),
}
_MEASURES = {
    Measure.UPTIME: msg("uptime"),
    Measure.DEVICE_DAYS: msg("device-days, strict"),
    Measure.DEVICE_DAYS_WITHIN_LIMITS: msg("device-days within repair limits"),
}


def basis_of(
    settings: Settings, period: Period, calendars: Iterable[ServiceCalendar]
) -> tuple[Message, ...]:
    """Return the rules in force, a sentence each."""
    return (
        msg(
            "Period: {first} up to, but not including, {last}, time zone {zone}; cut-off {as_of}.",
            first=period.first,
            last=period.last,
            zone=settings.zone.key,
            as_of=At(period.as_of),
        ),
        *(
            msg(
                "{group}: target {target} %, judged by {measure}; {counts} count.",
                group=Term(_GROUP_WORDS[group]),
                target=format_target(settings.target[group]),
                measure=_MEASURES[settings.measure[group]],
                counts=_COUNTS[settings.counts[group]],
            )
            for group in Group
        ),
        msg(
            "Scheduled time is the service hours of devices in use, up to the cut-off, less "
            "approved stoppages. Required time is scheduled time less approved exemptions; an "
            "exemption that is only proposed counts as downtime."
        ),
        msg(
            "Seconds under several faults count once. Figures of groups and outlets are sums of "
            "seconds, never means of percentages. Percentages are cut to two decimals, not "
            "rounded; the verdict is found from whole seconds."
        ),
        msg(
            "Service calendars: {names}. Rest days: the bureau's own table, then the published "
            "days.",
            names=tuple(map(calendar_words, sorted({calendar.name for calendar in calendars})))
            or "—",
        ),
    )


def warnings_of(calendars: Sequence[ServiceCalendar], period: Period) -> tuple[Message, ...]:
    """Return what a reader has to know: years for which nobody has given the rest days."""
    years = sorted(
        {
            year
            for calendar in calendars
            if any(version.holidays is HolidaySource.CN for version in calendar.versions)
            for year in calendar.years_without_holidays(period.start, period.end)
        }
    )
    return tuple(
        msg(
            "The rest days of {year} have not been imported: that year is computed by plain "
            "weekdays. Import them under Settings, Calendars, or with the sheet special_days.",
            year=year,
        )
        for year in years
    )
