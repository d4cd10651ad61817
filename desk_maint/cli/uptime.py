"""``desk-maint uptime``: the figures of a period, as a table or as ``desk-maint/uptime/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.cli.arguments import day, flat, instant, moment, period, several
from desk_maint.cli.console import DONE
from desk_maint.cli.durations import hours
from desk_maint.cli.location import opened
from desk_maint.domain.instants import iso
from desk_maint.domain.messages import At, Term, msg
from desk_maint.domain.targets import format_target
from desk_maint.language.words import word_key

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Iterable
    from zoneinfo import ZoneInfo

    from desk_maint.cli.arguments import AddCommand, Parser
    from desk_maint.cli.console import Console
    from desk_maint.domain.devices import Group
    from desk_maint.services.uptime import Figures, UptimeReport

__all__ = ["add_commands", "takes_period"]

FORMAT = "desk-maint/uptime/1"
_BY = ("group", "outlet", "device", "month")
_HEADINGS = (
    "target",
    "uptime",
    "actual_uptime",
    "required_time",
    "down_time",
    "downtime_left",
    "achieved",
    "good_days_within_limits",
    "good_days_strict",
    "fault_count",
    "first_down_at",
)


def add_commands(command: AddCommand) -> None:
    """Add this family to the parser."""
    parser = command(
        "uptime",
        "--from D --to D [--as-of T] [--by group|outlet|device|month] [--json]",
        msg("the uptime of each group against its target, and what is left of its downtime"),
        _run,
    )
    takes_period(parser)
    parser.takes(
        "--by",
        metavar="|".join(_BY),
        action="append",
        type=several("--by", _BY),
        about=msg("break the figures down; several words are parted by commas"),
    )
    parser.takes_json()


def takes_period(parser: Parser) -> None:
    """Add ``--from``, ``--to`` and ``--as-of``."""
    parser.takes(
        "--from",
        dest="first",
        metavar="D",
        type=day,
        about=msg("first day of the period, such as 2026-06-01"),
    )
    parser.takes(
        "--to",
        dest="last",
        metavar="D",
        type=day,
        about=msg("the day after the last one: it is not included, such as 2026-07-01"),
    )
    parser.takes(
        "--as-of",
        dest="as_of",
        metavar="T",
        type=moment,
        about=msg("look at it as at this moment, such as 2026-07-05T08:00 (otherwise now)"),
    )


def _run(options: argparse.Namespace, console: Console) -> int:
    first, last = period(options.first, options.last)
    from desk_maint.services.uptime import By, uptime  # noqa: PLC0415  (NumPy)

    by = flat(options.by)
    with opened(options, console) as database:
        report = uptime(
            database,
            console.actor,
            first,
            last,
            as_of=instant(options.as_of, console.zone, console.now()),
            by={By(word) for word in by},
        )
    if console.json:
        console.document(_document(report, by, console))
    else:
        _print(report, console)
    return DONE


def _document(report: UptimeReport, by: Collection[str], console: Console) -> dict[str, object]:
    """Return the report in the contract's form."""
    tz = console.zone

    def of(figures: Figures) -> dict[str, object]:
        return _figures(figures, tz)

    document: dict[str, object] = {
        "format": FORMAT,
        "timezone": report.timezone,
        "from": report.period.first.isoformat(),
        "to": report.period.last.isoformat(),
        "as_of": iso(report.period.as_of, tz),
        "groups": [
            {
                "group": row.group,
                "target_percent": format_target(row.figures.target),
                "measure": row.figures.measure,
                "devices": row.devices,
                **of(row.figures),
            }
            for row in report.groups
        ],
    }
    if "outlet" in by:
        document["outlets"] = [
            {"outlet": row.outlet, "group": row.group, "devices": row.devices, **of(row.figures)}
            for row in report.outlets
        ]
    if "device" in by:
        document["devices"] = [
            {"tag": row.tag, "group": row.group, "outlet": row.outlet, **of(row.figures)}
            for row in report.devices
        ]
    if "month" in by:
        document["months"] = [
            {"month": row.month, "group": row.group, "devices": row.devices, **of(row.figures)}
            for row in report.months
        ]
    document["rules"] = [console.say(rule) for rule in report.rules]
    document["warnings"] = [console.say(warning) for warning in report.warnings]
    return document


def _figures(figures: Figures, tz: ZoneInfo) -> dict[str, object]:
    return {
        "scheduled_seconds": figures.scheduled_seconds,
        "exempt_seconds": figures.exempt_seconds,
        "required_seconds": figures.required_seconds,
        "down_seconds": figures.down_seconds,
        "uptime_percent": figures.uptime_percent,
        "actual_down_seconds": figures.actual_down_seconds,
        "actual_percent": figures.actual_percent,
        "allowed_down_seconds": figures.allowed_down_seconds,
        "remaining_down_seconds": figures.remaining_down_seconds,
        "met": figures.met,
        "device_days": figures.device_days,
        "bad_days_strict": figures.bad_days_strict,
        "bad_days_within_limits": figures.bad_days_within_limits,
        "faults": figures.faults,
        "first_down_at": iso(figures.first_down_at, tz),
    }


def _print(report: UptimeReport, console: Console) -> None:
    def word(group: Group) -> str:
        return console.word(word_key(group))

    def part(names: tuple[str, ...], rows: Iterable[tuple[tuple[str, ...], Figures]]) -> None:
        lines = [(*cells, *_cells(figures, console)) for cells, figures in rows]
        if lines:
            titles = [console.word(key) for key in (*names, *_HEADINGS)]
            figures_at = range(len(names), len(titles) - 1)
            console.print_table(titles, lines, right=figures_at)
            console.print("")

    part(
        ("equipment_group", "total_units"),
        (((word(row.group), str(row.devices)), row.figures) for row in report.groups),
    )
    part(
        ("month", "equipment_group"),
        (((row.month, word(row.group)), row.figures) for row in report.months),
    )
    part(
        ("outlet_code", "outlet_name", "equipment_group"),
        (((row.outlet, row.outlet_name, word(row.group)), row.figures) for row in report.outlets),
    )
    part(
        ("asset_no", "outlet_name"),
        (((row.tag, row.outlet_name), row.figures) for row in report.devices),
    )
    console.print(f"{console.word('statistics_basis')}:", *report.rules)
    if report.warnings:
        console.print("")
    for warning in report.warnings:
        console.print(f"! {console.say(warning)}")


def _cells(figures: Figures, console: Console) -> tuple[str, ...]:
    verdict = {True: "achieved", False: "not_achieved", None: "not_applicable"}[figures.met]
    first = figures.first_down_at
    nothing = console.say(Term("not_applicable"))

    def percent(text: str | None) -> str:
        return nothing if text is None else f"{text} %"

    return (
        f"{format_target(figures.target)} %",
        percent(figures.uptime_percent),
        percent(figures.actual_percent),
        hours(figures.required_seconds),
        hours(figures.down_seconds),
        hours(figures.remaining_down_seconds),
        console.word(verdict),
        percent(figures.within_limits_percent),
        percent(figures.strict_percent),
        str(figures.faults),
        "" if first is None else console.say(At(first)),
    )
