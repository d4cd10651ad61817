"""Published rest days as they come: JSON of the form of holiday-cn, or a CSV file of days."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from desk_maint.domain import holidays
from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg
from desk_maint.exchange.importing import ImportReport, SheetReport
from desk_maint.exchange.layout import find_layout
from desk_maint.exchange.reading import open_tables
from desk_maint.exchange.values import shown
from desk_maint.services import settings, special_days

if TYPE_CHECKING:
    from pathlib import Path

    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor
    from desk_maint.exchange.reading import Table

__all__ = ["day_table", "import_days"]

_LARGEST = 4 << 20
"""Bytes; a year's table has some ten thousand."""


def day_table(path: Path) -> str | None:
    """Return the text of the table of days at ``path``; None where it is another kind of file.

    A CSV file with the columns of our own sheet «special_days» is left to the import of sheets.
    Raises :class:`InputError` where the file cannot be read at all.
    """
    if path.suffix.lower() == ".json":
        return _text_of(path)
    tables = open_tables(path)
    if len(tables) != 1 or not tables[0].is_text:
        return None
    (table,) = tables
    first = next((cells for _, cells in table.rows()), [])
    if not holidays.begins_table([shown(cell) for cell in first]):
        return None
    return None if find_layout(table) is not None else _comma_text(table)


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(_LARGEST).decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(
            msg("There is no file {path}. Check the name and try again.", path=path)
        ) from error
    except UnicodeDecodeError:
        return "{"  # what is no text is no table either, which its reader says best
    except OSError as error:
        raise InputError(
            msg("The file {path} cannot be read: {reason}.", path=path, reason=error.strerror)
        ) from error


def _comma_text(table: Table) -> str:
    """Return the table in UTF-8 with commas, each row in its own line as before."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    line = 1
    for number, cells in table.rows():
        written.write("\n" * (number - line))
        writer.writerow([" ".join(shown(cell).split()) for cell in cells])
        line = number + 1
    return written.getvalue()


def import_days(  # noqa: PLR0913  (what a person can say about an import)
    database: Database, actor: Actor, path: Path, text: str, *, dry_run: bool, at: int
) -> ImportReport:
    """Take over the table of days ``text`` for all calendars that follow the published days.

    ``at``: UTC seconds.  Raises :class:`InputError` for a table without days, with a line that
    is none, or with a contradiction; then nothing is changed.
    """
    zone = settings.read_settings(database, actor).zone
    read = special_days.read_table(database, actor, text, at=at, dry_run=dry_run)
    counts = SheetReport(
        path.stem,
        "special_days",
        read=read.added + read.changed + read.unchanged,
        added=read.added,
        changed=read.changed,
        unchanged=read.unchanged,
    )
    return ImportReport(path, zone, dry_run, applied=not dry_run, sheets=[counts])
