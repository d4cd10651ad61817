"""Profiles: how somebody else's table says what ours says.

A profile is a TOML file.  All keys but ``kind`` may be left out::

    kind = "faults"                 # which of our sheets the table is
    sheet = "Sheet1"                # its sheet; left out: the one that the columns fit
    header_row = 3                  # left out: found by itself
    year = 2026                     # of dates without one; left out: from the title
    timezone = "America/Denver"     # of the table's times; left out: the bureau's
    date_formats = ["%m/%d/%Y %H:%M"]   # tried before the usual forms

    [columns]                       # our key = their header
    tag = "资产编号"

    [templates]                     # our key, built from several of their columns
    number = "{System}-{nodenumz}"  # {#row} is the row's number in their table

    [filled]                        # our key = the header of the first of these that is filled
    cause = ["Hardware", "Software"]

    [constants]                     # our key, the same in every row
    impact = "out_of_service"

    [values.state]                  # by our key: their word = ours; "" is an empty cell
    "停用" = "sealed"

    [outlet]                        # a unit to make where the table names an unknown one:
    code = "{网点编码}"              # our keys of the sheet "outlets", constants or templates
    name = "{使用单位}"

    [device]                        # a device to make where the tag is unknown (and wanted)
    category = "atm"

    [leave_out]                     # rows in which this column holds one of these
    "备注" = ["作废"]

Empty rows, subtotals, repeated headers and signature lines are left out without being named.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, TypeVar

from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import zone
from desk_maint.domain.messages import msg
from desk_maint.exchange.columns import SHEETS, Sheet, sheet
from desk_maint.exchange.values import LocalClock, Reader

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ROW_NUMBER", "Profile", "headers_in", "read_profile", "save_profile"]

ROW_NUMBER = "#row"
_FIELD = re.compile(r"\{([^{}]*)\}")
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Profile:
    """What the module's example says, checked."""

    kind: str
    sheet: str | None = None
    header_row: int | None = None
    year: int | None = None
    timezone: str | None = None
    date_formats: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    filled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    outlet: Mapping[str, str] = field(default_factory=dict)
    device: Mapping[str, str] = field(default_factory=dict)
    leave_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def headers(self) -> frozenset[str]:
        """Every header of their table that the profile names."""
        named = {*self.columns.values(), *self.leave_out}
        for several in self.filled.values():
            named.update(several)
        for texts in (self.templates, self.outlet, self.device):
            for text in texts.values():
                named.update(headers_in(text))
        return frozenset(named)

    @property
    def counts_rows(self) -> bool:
        """Whether some value is built from the number of the row."""
        texts = [*self.templates.values(), *self.outlet.values(), *self.device.values()]
        return any(name.strip() == ROW_NUMBER for text in texts for name in _FIELD.findall(text))


def headers_in(template: str) -> list[str]:
    """Return the headers that a template names, the row's number left out."""
    return [name.strip() for name in _FIELD.findall(template) if name.strip() != ROW_NUMBER]


def read_profile(path: Path) -> Profile:
    """Read a profile; raise :class:`InputError` that names the file and the key at fault."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise InputError(
            msg("There is no profile {path}. Check the name and try again.", path=path)
        ) from error
    except OSError as error:
        raise InputError(
            msg("The file {path} cannot be read: {reason}.", path=path, reason=error.strerror)
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            msg("The profile {path} is not in TOML form: {reason}.", path=path.name, reason=error)
        ) from error
    return _Checker(path.name, content).profile()


def save_profile(profile: Profile, path: Path) -> None:
    """Write ``profile`` as TOML, for the window's import assistant."""
    import tomli_w  # noqa: PLC0415  (only the assistant writes profiles)

    content = {}
    for part in fields(profile):
        value = getattr(profile, part.name)
        if isinstance(value, Mapping):
            value = {
                key: list(inner) if isinstance(inner, tuple) else inner
                for key, inner in value.items()
            }
        elif isinstance(value, tuple):
            value = list(value)
        if value not in (None, {}, []):
            content[part.name] = value
    path.write_text(tomli_w.dumps(content), encoding="utf-8")


class _Checker:
    """Reads one profile's keys and knows how to name the one at fault."""

    def __init__(self, name: str, content: Mapping[str, object]) -> None:
        self._name = name
        self._content = content

    def profile(self) -> Profile:
        known = {part.name for part in fields(Profile)}
        for key in self._content:
            if key not in known:
                raise self._error(key, _unknown_key(known))
        kind = self._take("kind", str)
        if kind is None or kind not in {each.key for each in SHEETS}:
            kinds = ", ".join(each.key for each in SHEETS)
            raise self._error("kind", msg("It must be one of: {kinds}.", kinds=kinds))
        target = sheet(kind)
        profile = Profile(
            kind=kind,
            sheet=self._take("sheet", str),
            header_row=self._take("header_row", int),
            year=self._take("year", int),
            timezone=self._take("timezone", str),
            date_formats=self._list("date_formats", self._content.get("date_formats", [])),
            columns=self._texts("columns", target),
            templates=self._texts("templates", target),
            filled={
                key: self._list(f"filled.{key}", value)
                for key, value in self._table("filled", target).items()
            },
            constants=self._texts("constants", target),
            values=self._values(),
            outlet=self._texts("outlet", sheet("outlets")),
            device=self._texts("device", sheet("devices")),
            leave_out={
                key: self._list(f"leave_out.{key}", value)
                for key, value in self._table("leave_out", None).items()
            },
        )
        self._check(profile, target)
        return profile

    def _check(self, profile: Profile, target: Sheet) -> None:
        if profile.header_row is not None and profile.header_row < 1:
            raise self._error("header_row", msg("Rows are counted from 1."))
        if profile.timezone is not None:
            try:
                zone(profile.timezone)
            except InputError as error:
                raise self._error("timezone", error.message) from error
        given: dict[str, str] = {}
        for part in ("columns", "templates", "filled", "constants"):
            for key in getattr(profile, part):
                if key in given:
                    raise self._error(
                        f"{part}.{key}",
                        msg("{key} is given under {other} too.", key=key, other=given[key]),
                    )
                given[key] = part
        self._require("columns", target, given)
        for part, made in (("outlet", sheet("outlets")), ("device", sheet("devices"))):
            given = getattr(profile, part)
            # The tag of a device to make is that of the row.
            self._require(part, made, {"tag": "", **given} if given else None)
        self._try_out(profile, target)

    def _require(self, part: str, of: Sheet, given: Mapping[str, str] | None) -> None:
        """Refuse a part that lacks what every row of a sheet has to have."""
        for column in of.columns:
            if given is not None and column.required and column.key not in given:
                raise self._error(
                    part, msg("{key} is missing, which every row needs.", key=column.key)
                )

    def _try_out(self, profile: Profile, target: Sheet) -> None:
        """Read every word that the profile supplies as the import will."""
        reader = Reader(LocalClock(zone("UTC")), profile.year)
        for part, source in (
            ("constants", target),
            ("outlet", sheet("outlets")),
            ("device", sheet("devices")),
        ):
            for key, text in getattr(profile, part).items():
                if "{" not in text:
                    self._try(f"{part}.{key}", reader, source, key, text)
        places = {
            "outlets": profile.outlet,
            "devices": profile.device,
            profile.kind: {**profile.columns, **profile.templates, **profile.filled},
        }
        for key, words in profile.values.items():
            sources = [sheet(kind) for kind, part in places.items() if key in part]
            if not sources:
                raise self._error(
                    f"values.{key}", msg("{key} is not filled from the table.", key=key)
                )
            for theirs, ours in words.items():
                self._try(f"values.{key}.{theirs}", reader, sources[0], key, ours)

    def _try(self, place: str, reader: Reader, source: Sheet, key: str, text: str) -> None:
        try:
            reader.converter(source.column(key))(text)
        except InputError as error:
            raise self._error(place, error.message) from error

    def _take(self, key: str, kind: type[Part]) -> Part | None:
        value = self._content.get(key)
        if value is None or (isinstance(value, kind) and not isinstance(value, bool)):
            return value
        wanted = msg("A whole number belongs here.") if kind is int else msg("A text belongs here.")
        raise self._error(key, wanted)

    def _table(self, key: str, target: Sheet | None) -> Mapping[str, object]:
        value = self._content.get(key, {})
        if not isinstance(value, dict):
            raise self._error(key, msg("A table belongs here, begun by [{key}].", key=key))
        if target is not None:
            known = {column.key for column in target.columns}
            for name in value:
                if name not in known:
                    raise self._error(f"{key}.{name}", _unknown_key(known))
        return value

    def _texts(self, key: str, target: Sheet) -> Mapping[str, str]:
        texts = {}
        for name, value in self._table(key, target).items():
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                raise self._error(f"{key}.{name}", msg("A text belongs here."))
            texts[name] = str(value)
        return texts

    def _values(self) -> Mapping[str, Mapping[str, str]]:
        known = {column.key for each in SHEETS for column in each.columns}
        values: dict[str, Mapping[str, str]] = {}
        for key, words in self._table("values", None).items():
            if key not in known:
                raise self._error(f"values.{key}", _unknown_key(known))
            if not isinstance(words, dict) or not all(isinstance(w, str) for w in words.values()):
                raise self._error(
                    f"values.{key}", msg("A table of words belongs here, theirs = ours.")
                )
            values[key] = words
        return values

    def _list(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self._error(key, msg("A list of texts belongs here."))
        return tuple(value)

    def _error(self, key: str, reason: object) -> InputError:
        return InputError(
            msg(
                "The profile {path} is wrong at “{key}”: {reason}",
                path=self._name,
                key=key,
                reason=reason,
            )
        )


def _unknown_key(known: set[str]) -> object:
    return msg("There is no such key. Known are: {keys}.", keys=", ".join(sorted(known)))
