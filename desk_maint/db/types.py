"""Column types shared by all tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Dialect, Enum, TypeDecorator

if TYPE_CHECKING:
    from enum import StrEnum

__all__ = ["Instant", "enum_column"]


class Instant(TypeDecorator[int]):
    """A moment as whole UTC epoch seconds; anything but an ``int`` is refused when written."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Pass whole seconds through and refuse everything that only looks like them."""
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            problem = f"an instant is a whole number of UTC seconds, not {value!r}"
            raise TypeError(problem)
        return value


def enum_column(kind: type[StrEnum]) -> Enum:
    """Return a text column that holds the values (not the Python names) of ``kind``."""
    return Enum(
        kind,
        native_enum=False,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
        length=32,
    )
