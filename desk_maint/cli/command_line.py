"""The words after ``desk-maint``: its commands, what they take, and what is not understood.

Apart from the front door, for the window needs none of it.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from desk_maint.cli import agent, database, demo, exchange, selfcheck, tickets, uptime
from desk_maint.cli.arguments import Parser
from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_maint.cli.console import Console
    from desk_maint.domain.messages import Message

__all__ = ["read_command_line"]


def read_command_line(words: list[str], console: Console) -> argparse.Namespace:
    """Return what was asked for; raises :class:`InputError` for what is not understood."""
    parser = Parser(
        console,
        prog="desk-maint",
        usage="desk-maint [--database FILE|URL] [--lang WORD] [COMMAND …]",
        about=msg(
            "Keeps a post bureau's equipment in service and proves it. Without a command the "
            "window opens; with one it works without a screen."
        ),
    )
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title=console.say(msg("Commands"))
    )

    def command(
        name: str,
        usage: str,
        about: Message,
        run: Callable[[argparse.Namespace, Console], int],
    ) -> Parser:
        child: Parser = commands.add_parser(
            name,
            console=console,
            usage=f"desk-maint {name} {usage}".rstrip(),
            about=about,
            help=console.say(about),
        )
        child.set_defaults(run=run)
        return child

    for family in (database, demo, exchange, uptime, tickets, selfcheck, agent):
        family.add_commands(command)
    for child in commands.choices.values():
        child.takes_global_options(default=argparse.SUPPRESS)
    parser.takes("--version", action="store_true", about=msg("print the version"))
    parser.takes_global_options(default=None)
    try:
        options, unknown = parser.parse_known_args(words)
    except argparse.ArgumentError as error:
        raise _refusal(error, tuple(commands.choices)) from error
    if unknown:
        raise InputError(
            msg(
                "“{word}” is not understood here. See: {help}",
                word=unknown[0],
                help=" ".join(filter(None, ("desk-maint", options.command, "--help"))),
            )
        )
    return options


def _refusal(error: argparse.ArgumentError, commands: tuple[str, ...]) -> InputError:
    if error.argument_name == "COMMAND":
        return InputError(
            msg("There is no such command. The commands are: {words}.", words=", ".join(commands))
        )
    return InputError(
        msg(
            "The option {option} is not given as it should be. See its description with --help.",
            option=error.argument_name,
        )
    )
