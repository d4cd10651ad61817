"""``desk-maint tickets``: repair tickets with their clocks, and how a deadline came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.cli.arguments import flat, instant, moment, several
from desk_maint.cli.console import DONE
from desk_maint.cli.durations import hours
from desk_maint.cli.location import opened
from desk_maint.domain.deadlines import StepKind
from desk_maint.domain.errors import InputError
from desk_maint.domain.faults import TicketState
from desk_maint.domain.instants import iso
from desk_maint.domain.messages import At, Message, Term, msg
from desk_maint.language.words import word_key

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from desk_maint.cli.arguments import AddCommand
    from desk_maint.cli.console import Console
    from desk_maint.domain.deadlines import Deadline, Step
    from desk_maint.services.ticket_clocks import Explanation, TicketClock

__all__ = ["add_commands"]

FORMAT = "desk-maint/tickets/1"
EXPLAIN_FORMAT = "desk-maint/ticket-explanation/1"
_MOMENTS = (
    "occurred_at",
    "reported_at",
    "accepted_at",
    "on_site_at",
    "restored_at",
    "confirmed_at",
    "accept_due_at",
    "on_site_due_at",
    "repair_due_at",
)


def add_commands(command: AddCommand) -> None:
    """Add this family to the parser."""
    parser = command(
        "tickets",
        "[--state …] [--outlet …] [--as-of T] [--json]  |  explain NUMBER [--as-of T] [--json]",
        msg("repair tickets with their clocks; explain tells how a deadline came about"),
        _run,
    )
    parser.takes(
        "words",
        metavar="explain NUMBER",
        nargs="*",
        about=msg("say step by step how each deadline of one ticket came about"),
    )
    parser.takes(
        "--state",
        metavar="WORD",
        action="append",
        type=several("--state", TicketState),
        about=msg(
            "only tickets in this state: {states}; several are parted by commas",
            states=", ".join(TicketState),
        ),
    )
    parser.takes(
        "--outlet",
        metavar="CODE",
        action="append",
        about=msg("only tickets of this unit and of all below it; may be given again"),
    )
    parser.takes(
        "--as-of",
        dest="as_of",
        metavar="T",
        type=moment,
        about=msg("look at it as at this moment, such as 2026-07-05T08:00 (otherwise now)"),
    )
    parser.takes_json()


def _run(options: argparse.Namespace, console: Console) -> int:
    if not options.words:
        return _list(options, console)
    if options.words[0] != "explain" or len(options.words) != 2:  # noqa: PLR2004
        raise InputError(
            msg(
                "“{words}” is not understood. Write: desk-maint tickets explain NUMBER.",
                words=" ".join(options.words),
            )
        )
    return _explain(options, console)


def _list(options: argparse.Namespace, console: Console) -> int:
    from desk_maint.services.outlets import find_code  # noqa: PLC0415  (SQLAlchemy)
    from desk_maint.services.ticket_clocks import ticket_clocks  # noqa: PLC0415
    from desk_maint.services.ticket_queue import TicketFilter  # noqa: PLC0415

    with opened(options, console) as database:
        as_of = instant(options.as_of, console.zone, console.now())
        outlets = (find_code(database, console.actor, code).id for code in options.outlet or ())
        wanted = TicketFilter(
            states=frozenset(TicketState(word) for word in flat(options.state)),
            outlet_ids=frozenset(outlets),
        )
        clocks = ticket_clocks(database, console.actor, wanted, as_of=as_of)
    if console.json:
        tickets = [_ticket(clock, console) for clock in clocks]
        console.document({"format": FORMAT, "as_of": iso(as_of, console.zone), "tickets": tickets})
    else:
        _print_list(clocks, console)
    return DONE


def _ticket(clock: TicketClock, console: Console) -> dict[str, object]:
    """Return a ticket in the contract's form."""
    return {
        "number": clock.number,
        "tag": clock.tag,
        "outlet": clock.outlet,
        "group": clock.group,
        "state": clock.state,
        "impact": clock.impact,
        "grade": clock.grade,
        **{name: iso(getattr(clock, name), console.zone) for name in _MOMENTS},
        "repair_clock_seconds": clock.repair_clock_seconds,
        "held_seconds": clock.held_seconds,
        "in_time": clock.in_time,
    }


def _print_list(clocks: tuple[TicketClock, ...], console: Console) -> None:
    titles = (
        "ticket_no",
        "asset_no",
        "outlet_code",
        "ticket_state",
        "impact",
        "fault_level",
        "reported_at",
        "deadline",
        "service_restored_at",
        "repair_clock_time",
        "held_time",
        "in_time",
    )
    rows = [
        (
            clock.number,
            clock.tag,
            clock.outlet,
            console.word(word_key(clock.state)),
            console.word(word_key(clock.impact)),
            str(clock.grade),
            console.say(At(clock.reported_at)),
            _at(clock.repair_due_at, console),
            _at(clock.restored_at, console),
            hours(clock.repair_clock_seconds),
            hours(clock.held_seconds),
            "" if clock.in_time is None else console.word("yes" if clock.in_time else "no"),
        )
        for clock in clocks
    ]
    console.print_table([console.word(key) for key in titles], rows, right=(5, 9, 10))
    console.print("", msg("{count} tickets.", count=len(rows)))


def _at(moment: int | None, console: Console) -> str:
    return "" if moment is None else console.say(At(moment))


def _explain(options: argparse.Namespace, console: Console) -> int:
    from desk_maint.services.ticket_clocks import explain  # noqa: PLC0415  (SQLAlchemy)

    with opened(options, console) as database:
        as_of = instant(options.as_of, console.zone, console.now())
        told = explain(database, console.actor, options.words[1], as_of=as_of)
    if console.json:
        console.document(
            {
                "format": EXPLAIN_FORMAT,
                "as_of": iso(as_of, console.zone),
                "ticket": _ticket(told.clock, console),
                "calendar": told.calendar,
                "deadlines": {
                    name: None if deadline is None else _deadline(limit, deadline, console)
                    for name, _, limit, deadline in _deadlines(told)
                },
            }
        )
    else:
        _print_explanation(told, console)
    return DONE


def _deadlines(
    told: Explanation,
) -> Iterator[tuple[str, str, str | None, Deadline | None]]:
    """Yield key, title, limit and deadline of the three."""
    yield "accept", "response_limit", told.accept_limit, told.accept
    yield "on_site", "arrival_limit", told.on_site_limit, told.on_site
    yield "repair", "repair_limit", told.repair_limit, told.repair


def _deadline(limit: str | None, deadline: Deadline, console: Console) -> dict[str, object]:
    return {
        "limit": limit,
        "due_at": iso(deadline.due_at, console.zone),
        "steps": [
            {
                "kind": step.kind,
                "from": iso(step.start, console.zone),
                "to": iso(step.end, console.zone),
                "seconds": step.seconds,
            }
            for step in deadline.steps
        ],
    }


def _print_explanation(told: Explanation, console: Console) -> None:
    clock = told.clock
    console.print(
        msg(
            "Ticket {number} on {tag}, grade {grade}, reported {reported}: {state}.",
            number=clock.number,
            tag=clock.tag,
            grade=clock.grade,
            reported=At(clock.reported_at),
            state=Term(word_key(clock.state)),
        )
    )
    if told.calendar is None:
        console.print(msg("No repair limit applies to such a fault."))
        return
    console.print(msg("The clock runs by the calendar “{name}”.", name=told.calendar))
    for _, title, limit, deadline in _deadlines(told):
        if deadline is None or limit is None:
            continue
        console.print(
            "",
            msg(
                "{title} {limit}: due {due}",
                title=Term(title),
                limit=limit,
                due=At(deadline.due_at),
            ),
        )
        console.print(*(f"  {console.say(_step(step))}" for step in deadline.steps))


def _step(step: Step) -> Message:
    """Return one line of the way to a deadline."""
    values = {"start": At(step.start), "end": At(step.end), "time": hours(step.seconds)}
    match step.kind:
        case StepKind.COUNTED:
            return msg("{start} to {end}: counted {time}", **values)
        case StepKind.HELD:
            return msg("{start} to {end}: on hold, {time} taken out", **values)
        case StepKind.CLOSED:
            return msg("{start} to {end}: closed", start=At(step.start), end=At(step.end))
        case StepKind.WORKING_DAY:
            return msg(
                "{start} to {end}: working day {number}",
                start=At(step.start),
                end=At(step.end),
                number=step.seconds,
            )
        case StepKind.MOVED:
            return msg("{start} to {end}: moved on by the holds, {time}", **values)
