"""``desk-maint selfcheck``: recomputes published cases and names each that differs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from desk_maint.cli.arguments import file
from desk_maint.cli.console import DONE, REFUSED
from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from desk_maint.cli.arguments import AddCommand
    from desk_maint.cli.console import Console

__all__ = ["add_commands"]

FORMAT = "desk-maint/selfcheck/1"


def add_commands(command: AddCommand) -> None:
    """Add this family to the parser."""
    parser = command(
        "selfcheck",
        "[CASES.json] [--json]",
        msg("recompute published cases and name each that differs"),
        _run,
    )
    parser.takes(
        "cases",
        metavar="CASES.json",
        nargs="?",
        type=file,
        about=msg("the file of cases (otherwise those that ship with the program)"),
    )
    parser.takes_json()


def _run(options: argparse.Namespace, console: Console) -> int:
    from desk_maint.domain.selfcheck import run  # noqa: PLC0415  (NumPy)

    results = run(_read(options.cases))
    passed = sum(result.ok is True for result in results)
    failed = sum(result.ok is False for result in results)
    skipped = len(results) - passed - failed
    if console.json:
        console.document(
            {
                "format": FORMAT,
                "passed": passed,
                "failed": failed,
                "skipped": skipped,
                "results": [
                    {
                        "id": result.id,
                        "kind": result.kind,
                        "expected": result.expected,
                        "got": result.got,
                        "ok": result.ok,
                        "reason": None if result.reason is None else console.say(result.reason),
                    }
                    for result in results
                ],
            }
        )
    else:
        for result in results:
            if result.ok is None:
                console.print(
                    msg(
                        "{id}: skipped, the kind “{kind}” is not known",
                        id=result.id,
                        kind=result.kind,
                    )
                )
            elif not result.ok:
                console.print(
                    msg(
                        "{id} ({kind}): expected {expected}, got {got}",
                        id=result.id,
                        kind=result.kind,
                        expected=json.dumps(result.expected, ensure_ascii=False),
                        got=json.dumps(result.got, ensure_ascii=False),
                    )
                )
                if result.reason is not None:
                    console.print(f"  {console.say(result.reason)}")
        console.print(
            msg(
                "{passed} cases passed, {failed} failed, {skipped} were skipped.",
                passed=passed,
                failed=failed,
                skipped=skipped,
            )
        )
    return REFUSED if failed or skipped else DONE


def _read(path: Path | None) -> object:
    if path is None:
        from importlib import resources  # noqa: PLC0415

        shipped = resources.files("desk_maint.domain") / "selfcheck_cases.json"
        return json.loads(shipped.read_text(encoding="utf-8"))
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise InputError(
            msg("There is no file {path}. Check the name and try again.", path=str(path))
        ) from error
    except OSError as error:
        raise InputError(
            msg("The file {path} cannot be read: {reason}.", path=str(path), reason=error.strerror)
        ) from error
    except ValueError as error:
        raise InputError(
            msg("The file {path} is not in JSON form: {reason}.", path=str(path), reason=str(error))
        ) from error
