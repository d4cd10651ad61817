"""What goes into an import and what becomes of it, row by row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import Message, msg

if TYPE_CHECKING:
    from desk_maint.db.models import Base

__all__ = [
    "Outcome",
    "Refusal",
    "RefusedError",
    "Row",
    "Seen",
    "Writer",
    "differences",
    "each_row",
]


class Row(NamedTuple):
    """One row of a sheet: its number there, and the values of its filled cells by column key.

    An empty cell is not in it: it leaves what the database knows as it is.
    """

    number: int
    values: Mapping[str, object]


class Outcome(Enum):
    """What an accepted row did."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row was not taken, and at which of its columns (None: the row as a whole)."""

    column: str | None
    reason: Message


class RefusedError(Exception):
    """Raised while a row is looked at; becomes its :class:`Refusal`."""

    def __init__(self, column: str | None, reason: Message) -> None:
        super().__init__(reason)
        self.refusal = Refusal(column, reason)


Result = Outcome | Refusal


class Writer(Protocol):
    """Validates and writes the rows of one sheet."""

    whole: bool
    """Whether all rows have to come at once, since they refer to each other in any order."""

    def write(self, rows: Sequence[Row]) -> list[Result]:
        """Write rows and say, in their order, what became of each."""
        ...

    def close(self) -> None:
        """Bring up to date what follows from all rows together."""
        ...


Key = TypeVar("Key", bound=Hashable)


class Seen(Generic[Key]):
    """Notices when a record comes twice in one file, and knows where it came first.

    Only rows that are fit otherwise are noted: a spoiled row does not stand in a good one's way.
    """

    def __init__(self) -> None:
        self._rows: dict[Key, int] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._rows

    def remember(self, key: Key, row: int) -> None:
        """Remember ``key`` for those that come after, whoever had it before."""
        self._rows.setdefault(key, row)

    def note(self, key: Key, row: int, column: str) -> None:
        """Remember ``key``; raise :class:`RefusedError` where another row has it."""
        first = self._rows.setdefault(key, row)
        if first != row:
            raise RefusedError(
                column,
                msg(
                    "Row {row} is the same record as row {first}. Keep one of the two.",
                    row=row,
                    first=first,
                ),
            )


def each_row(rows: Sequence[Row], take: Callable[[Row], Outcome]) -> list[Result]:
    """Take rows one by one, turning what is raised for a row into its refusal."""
    results: list[Result] = []
    for row in rows:
        try:
            results.append(take(row))
        except RefusedError as refused:
            results.append(refused.refusal)
        except InputError as error:
            results.append(Refusal(None, error.message))
    return results


def differences(record: Base, values: Mapping[str, object]) -> dict[str, object]:
    """Return those of ``values`` that the record does not have yet."""
    return {name: value for name, value in values.items() if getattr(record, name) != value}
