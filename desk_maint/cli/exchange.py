"""``desk-maint template``, ``import`` and ``export``: spreadsheets out and in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.cli.arguments import file, instant, needed, period
from desk_maint.cli.console import DONE, REFUSED
from desk_maint.cli.location import opened
from desk_maint.cli.uptime import takes_period
from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import Message, msg

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from desk_maint.cli.arguments import AddCommand
    from desk_maint.cli.console import Console
    from desk_maint.exchange.importing import ImportReport, RefusedRow

__all__ = ["add_commands"]

FORMAT = "desk-maint/import/1"
_COUNTS = ("read", "added", "changed", "unchanged", "refused", "left_out")
_MOST_ROWS_SHOWN = 20
"""More refused rows than these are in the file of refused rows, or in ``--json``."""


def add_commands(command: AddCommand) -> None:
    """Add this family to the parser."""
    parser = command(
        "template",
        "FILE.xlsx",
        msg("write the empty exchange workbook with drop-down lists and an explanation"),
        _template,
    )
    parser.takes(
        "file", metavar="FILE.xlsx", nargs="?", type=file, about=msg("the workbook to write")
    )
    parser = command(
        "import",
        "FILE [--profile FILE] [--dry-run] [--create-devices] [--skip-bad-rows] [--json]",
        msg("bring a workbook, a CSV file or a year's rest days (JSON) in: all of it, or nothing"),
        _import,
    )
    parser.takes("file", metavar="FILE", nargs="?", type=file, about=msg("the file to bring in"))
    parser.takes(
        "--profile",
        metavar="FILE",
        type=file,
        about=msg("what the columns of somebody else's table mean (TOML)"),
    )
    parser.takes("--dry-run", action="store_true", about=msg("only tell what would be done"))
    parser.takes(
        "--create-devices",
        action="store_true",
        about=msg("make the devices that the file names and nobody knows yet"),
    )
    parser.takes(
        "--skip-bad-rows",
        action="store_true",
        about=msg(
            "bring the good rows in all the same; the others come back in FILE-refused.xlsx, "
            "each with its reason"
        ),
    )
    parser.takes_json()
    parser = command(
        "export",
        "inventory|faults|tickets|all|SHEET --out FILE  |  "
        "uptime --from D --to D [--as-of T] --out FILE.xlsx",
        msg("write what is known into a workbook or CSV file; what is exported can be imported"),
        _export,
    )
    parser.takes(
        "what",
        metavar="inventory|faults|tickets|uptime|…",
        nargs="?",
        about=msg(
            "what to write: inventory, faults, tickets, all, one sheet of the exchange workbook, "
            "or uptime for the managers' workbook"
        ),
    )
    parser.takes("--out", metavar="FILE", type=file, about=msg("the file to write, .xlsx or .csv"))
    takes_period(parser)


def _template(options: argparse.Namespace, console: Console) -> int:
    from desk_maint.exchange.template import write_template  # noqa: PLC0415  (openpyxl)

    path = needed("FILE.xlsx", options.file)
    write_template(path, console.lang)
    console.print(msg("The template has been written: {path}", path=str(path)))
    return DONE


def _import(options: argparse.Namespace, console: Console) -> int:
    path = needed("FILE", options.file)
    from desk_maint.exchange.day_tables import (  # noqa: PLC0415  (SQLAlchemy)
        day_table,
        import_days,
    )
    from desk_maint.exchange.importing import import_file  # noqa: PLC0415  (SQLAlchemy, openpyxl)

    days = None if options.profile is not None else day_table(path)
    if days is not None:
        with opened(options, console) as database:
            report = import_days(
                database,
                console.actor,
                path,
                days,
                dry_run=options.dry_run,
                at=console.now(),
            )
        return _tell(report, console)
    with (
        opened(options, console) as database,
        console.progress(msg("Importing")) as progress,
    ):
        report = import_file(
            database,
            console.actor,
            path,
            profile=options.profile,
            dry_run=options.dry_run,
            create_devices=options.create_devices,
            skip_bad_rows=options.skip_bad_rows,
            at=console.now(),
            lang=console.lang,
            progress=lambda table, done, total: progress.advance(done, total, of=table),
        )
    console.zone = report.timezone
    return _tell(report, console)


def _tell(report: ImportReport, console: Console) -> int:
    """Tell what became of a file, and return the exit status."""
    if console.json:
        console.document(_document(report, console))
    else:
        _print_report(report, console)
    return REFUSED if report.refused else DONE


def _export(options: argparse.Namespace, console: Console) -> int:
    what = needed("inventory|faults|tickets|uptime|…", options.what)
    path = needed("--out", options.out)
    if what == "uptime":
        return _export_uptime(options, path, console)
    for option in ("first", "last", "as_of"):
        if getattr(options, option) is not None:
            raise InputError(
                msg("--from, --to and --as-of belong to “export uptime” only. Leave them out.")
            )
    from desk_maint.exchange.exporting import export  # noqa: PLC0415  (SQLAlchemy, openpyxl)

    with opened(options, console) as database, console.progress(msg("Exporting")) as progress:
        exported = export(
            database, console.actor, what, path, lang=console.lang, progress=progress.advance
        )
    console.print(*exported.notes)
    console.print(
        msg(
            "{count} rows have been written: {path}",
            count=sum(exported.rows.values()),
            path=str(path),
        )
    )
    return DONE


def _export_uptime(options: argparse.Namespace, path: Path, console: Console) -> int:
    first, last = period(options.first, options.last)
    from desk_maint.exchange.managers_workbook import export_uptime  # noqa: PLC0415  (NumPy)

    with opened(options, console) as database, console.progress(msg("Exporting")) as progress:
        export_uptime(
            database,
            console.actor,
            first,
            last,
            path,
            as_of=instant(options.as_of, console.zone, console.now()),
            lang=console.lang,
            progress=progress.advance,
        )
    console.print(msg("The managers' workbook has been written: {path}", path=str(path)))
    return DONE


def _document(report: ImportReport, console: Console) -> dict[str, object]:
    """Return what became of a file; counts stand under the keys of our sheets."""
    sheets: dict[str, dict[str, object]] = {}
    for each in report.sheets:
        counts = sheets.setdefault(each.kind, {"tables": [], **dict.fromkeys(_COUNTS, 0)})
        tables = counts["tables"]
        if isinstance(tables, list) and each.sheet not in tables:
            tables.append(each.sheet)
        for name in _COUNTS:
            counts[name] = int(str(counts[name])) + getattr(each, name)
    return {
        "format": FORMAT,
        "file": str(report.path),
        "dry_run": report.dry_run,
        "applied": report.applied,
        "sheets": sheets,
        "refused": [
            {
                "sheet": row.sheet,
                "row": row.row,
                "column": row.column,
                "value": row.value,
                "reason": console.say(row.reason),
            }
            for row in report.refused
        ],
        "refused_file": None if report.refused_file is None else str(report.refused_file),
        "unknown_columns": [
            {"sheet": each.sheet, "column": each.title} for each in report.unknown_columns
        ],
        "warnings": [console.say(warning) for warning in report.warnings],
    }


def _print_report(report: ImportReport, console: Console) -> None:
    from desk_maint.exchange.columns import sheet  # noqa: PLC0415

    titles = ["sheet", "ui_import_as", *(f"import_{name}" for name in _COUNTS)]
    console.print_table(
        [console.word(key) for key in titles],
        [
            (
                each.sheet,
                sheet(each.kind).title_in(console.lang),
                *(str(getattr(each, name)) for name in _COUNTS),
            )
            for each in report.sheets
        ],
        right=range(2, 2 + len(_COUNTS)),
    )
    for each in report.unknown_columns:
        console.print(
            msg(
                "Sheet “{sheet}”: the column “{column}” is not known and was left alone.",
                sheet=each.sheet,
                column=each.title,
            )
        )
    console.print(*report.warnings)
    for row in report.refused[:_MOST_ROWS_SHOWN]:
        console.print(_refused(row))
    more = len(report.refused) - _MOST_ROWS_SHOWN
    if more > 0:
        console.print(msg("… and {count} more rows; --json names them all.", count=more))
    console.print(_outcome(report))


def _refused(row: RefusedRow) -> Message:
    if row.column is None:
        return msg(
            "Sheet “{sheet}”, row {row}: {reason}", sheet=row.sheet, row=row.row, reason=row.reason
        )
    return msg(
        "Sheet “{sheet}”, row {row}, column “{column}”, value “{value}”: {reason}",
        sheet=row.sheet,
        row=row.row,
        column=row.column,
        value=row.value,
        reason=row.reason,
    )


def _outcome(report: ImportReport) -> Message:
    if report.applied and report.refused_file is not None:
        return msg(
            "The good rows have been imported; {count} were refused and stand with their reasons "
            "in {path}.",
            count=len(report.refused),
            path=str(report.refused_file),
        )
    if report.applied:
        return msg("The file has been imported.")
    if report.dry_run:
        return msg("Nothing was written: this was only a trial (--dry-run).")
    return msg(
        "Nothing was imported, for {count} rows were refused. Mend them and try again, or import "
        "the good rows with --skip-bad-rows.",
        count=len(report.refused),
    )
