"""The sheets and columns of the exchange workbook, once for import, export and template.

Keys, order and what is required stand in the contract («Exchange workbook»).  A sheet or a
column is found by its key or by its title in any of the three languages, whatever the case,
the width of the characters or the spacing.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache
from typing import TYPE_CHECKING

from desk_maint.domain.calendars import HolidaySource, SpecialDayKind
from desk_maint.domain.devices import Category, DeviceState, ExtinguisherType
from desk_maint.domain.faults import ExemptState, HoldReason, Impact, Responsibility
from desk_maint.domain.outlets import OutletKind, Zone
from desk_maint.domain.stoppages import StoppageScope
from desk_maint.language import LANGUAGES, term

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "SHEETS",
    "Column",
    "HeaderMatch",
    "Kind",
    "Sheet",
    "fold",
    "match_headers",
    "sheet",
    "sheet_named",
]


class Kind(Enum):
    """What the cells of a column hold."""

    TEXT = "text"
    REMARK = "remark"
    """Free text that nothing is computed from; a formula found here is kept as its text."""
    CODE = "code"
    """A tag, code, number or name that other rows refer to: full-width forms and dashes are
    folded to the plain ones, numbers lose their ``.0``."""
    DATE = "date"
    MOMENT = "moment"
    """A local date and time."""
    YES_NO = "yes_no"
    WORD = "word"
    """A member of ``Column.words``."""
    GRADE = "grade"
    HOURS = "hours"
    """Opening hours of a day: ``08:00-12:00 13:00-17:30``, ``24h``, ``closed``."""
    LIMIT = "limit"
    """``30m``, ``8h`` or ``2wd`` (working days)."""
    INTEGER = "integer"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in files, what its cells hold, and its title's glossary key."""

    key: str
    kind: Kind
    title: str
    required: bool = False
    words: type[StrEnum] | None = None
    max_length: int | None = None
    """Longest text the database keeps; None: any length."""

    def title_in(self, lang: str) -> str:
        """Return the column's title in ``lang``."""
        return term(self.title, lang)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of record."""

    key: str
    title: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...]
    """The columns that tell one record from another."""

    def title_in(self, lang: str) -> str:
        """Return the sheet's name in ``lang``."""
        return term(self.title, lang)

    def column(self, key: str) -> Column:
        """Return the column called ``key``; raise ``KeyError`` where there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        """Whether there is a column called ``key``."""
        return any(column.key == key for column in self.columns)


def _text(key: str, title: str, length: int | None = 100, *, required: bool = False) -> Column:
    return Column(key, Kind.TEXT, title, required, max_length=length)


def _code(key: str, title: str, length: int, *, required: bool = False) -> Column:
    return Column(key, Kind.CODE, title, required, max_length=length)


def _date(key: str, title: str, *, required: bool = False) -> Column:
    return Column(key, Kind.DATE, title, required)


def _moment(key: str, title: str, *, required: bool = False) -> Column:
    return Column(key, Kind.MOMENT, title, required)


def _word(key: str, title: str, words: type[StrEnum], *, required: bool = False) -> Column:
    return Column(key, Kind.WORD, title, required, words)


def _hours(key: str, title: str, *, required: bool = False) -> Column:
    return Column(key, Kind.HOURS, title, required, max_length=200)


def _limit(key: str, title: str, *, required: bool = False) -> Column:
    return Column(key, Kind.LIMIT, title, required, max_length=16)


_REMARKS = Column("remarks", Kind.REMARK, "remark")
_CALENDAR = _code("calendar", "service_calendar", 100)

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "settings",
        "ui_settings",
        (
            _code("key", "setting_key", 64, required=True),
            _text("value", "setting_value", None),
        ),
        ("key",),
    ),
    Sheet(
        "calendars",
        "service_calendars",
        (
            _code("name", "calendar_name", 100, required=True),
            _date("valid_from", "valid_from"),
            _text("timezone", "time_zone", 64),
            _hours("mon", "monday", required=True),
            _hours("tue", "tuesday", required=True),
            _hours("wed", "wednesday", required=True),
            _hours("thu", "thursday", required=True),
            _hours("fri", "friday", required=True),
            _hours("sat", "saturday", required=True),
            _hours("sun", "sunday", required=True),
            _hours("rest_day", "rest_day"),
            _hours("makeup_workday", "makeup_workday"),
            _word("holidays", "holiday_source", HolidaySource),
        ),
        ("name", "valid_from"),
    ),
    Sheet(
        "special_days",
        "special_days",
        (
            _date("date", "date", required=True),
            _word("kind", "special_day_kind", SpecialDayKind, required=True),
            _CALENDAR,
            _hours("hours", "service_hours"),
            _text("name", "special_day_name"),
        ),
        ("date", "calendar"),
    ),
    Sheet(
        "outlets",
        "outlet",
        (
            _code("code", "outlet_code", 32, required=True),
            _text("name", "outlet_name", required=True),
            _code("parent_code", "parent_outlet_code", 32),
            _word("kind", "outlet_kind", OutletKind),
            _word("zone", "outlet_zone", Zone),
            Column("networked", Kind.YES_NO, "networked"),
            _CALENDAR,
            _text("manager", "role_outlet_head"),
            _text("phone", "phone", 50),
            _text("address", "address", None),
            _REMARKS,
        ),
        ("code",),
    ),
    Sheet(
        "devices",
        "equipment",
        (
            _code("tag", "asset_no", 64, required=True),
            _text("name", "equipment_name"),
            _word("category", "equipment_category", Category, required=True),
            _code("outlet_code", "outlet_code", 32, required=True),
            _text("position", "install_location"),
            _CALENDAR,
            _word("state", "equipment_state", DeviceState),
            _date("commissioned_on", "commission_date", required=True),
            _date("retired_on", "retirement_date"),
            _text("manufacturer", "manufacturer"),
            _text("model", "model_spec"),
            _text("serial_number", "serial_no"),
            _date("warranty_until", "warranty_until"),
            _text("custodian", "custodian"),
            _text("owner", "equipment_owner"),
            _word("extinguisher_type", "ext_type", ExtinguisherType),
            _date("manufactured_on", "manufacture_date"),
            _date("last_serviced_on", "ext_service_date"),
            Column("retention_days_required", Kind.INTEGER, "retention_days_required"),
            _REMARKS,
        ),
        ("tag",),
    ),
    Sheet(
        "moves",
        "equipment_moves",
        (
            _code("tag", "asset_no", 64, required=True),
            _date("moved_on", "moved_on", required=True),
            _code("to_outlet_code", "to_outlet_code", 32, required=True),
            _text("position", "install_location"),
        ),
        ("tag", "moved_on"),
    ),
    Sheet(
        "repair_limits",
        "repair_limits",
        (
            _word("category", "equipment_category", Category),
            Column("grade", Kind.GRADE, "fault_level", required=True),
            _word("zone", "outlet_zone", Zone, required=True),
            _code("clock", "repair_clock", 100, required=True),
            _limit("accept", "response_limit"),
            _limit("on_site", "arrival_limit"),
            _limit("repair", "repair_limit", required=True),
        ),
        ("category", "grade", "zone"),
    ),
    Sheet(
        "faults",
        "faults",
        (
            _code("number", "ticket_no", 64),
            _code("tag", "asset_no", 64, required=True),
            _moment("occurred_at", "occurred_at"),
            _moment("reported_at", "reported_at", required=True),
            _text("reported_by", "reporter"),
            _word("impact", "impact", Impact, required=True),
            Column("grade", Kind.GRADE, "fault_level"),
            _text("symptom", "fault_symptom", 200),
            _text("cause", "fault_cause", 200),
            _word("responsibility", "responsibility", Responsibility),
            _word("exempt", "exclude_from_assessment", ExemptState),
            _text("exempt_reason", "exempt_reason", None),
            _text("exempt_by", "exempt_by"),
            _moment("accepted_at", "accepted_at"),
            _moment("on_site_at", "arrived_at"),
            _moment("restored_at", "service_restored_at"),
            _moment("confirmed_at", "verified_at"),
            _text("technician", "role_technician"),
            _text("action_taken", "repair_action", None),
            _moment("spare_from", "spare_from"),
            _moment("cancelled_at", "cancelled_at"),
            _REMARKS,
        ),
        ("number",),
    ),
    Sheet(
        "holds",
        "ticket_holds",
        (
            _code("number", "ticket_no", 64, required=True),
            _moment("from", "time_from", required=True),
            _moment("to", "time_to"),
            _word("reason", "hold_reason", HoldReason, required=True),
        ),
        ("number", "from"),
    ),
    Sheet(
        "stoppages",
        "stoppages",
        (
            _word("scope", "stoppage_scope", StoppageScope, required=True),
            _code("key", "stoppage_key", 64),
            _moment("from", "time_from", required=True),
            _moment("to", "time_to", required=True),
            _text("reason", "reason", None, required=True),
            _text("approved_by", "role_approver", required=True),
        ),
        ("scope", "key", "from", "to"),
    ),
)
"""In the order in which they are imported: whatever a row refers to comes before it."""

_BY_KEY: Mapping[str, Sheet] = {sheet.key: sheet for sheet in SHEETS}


def sheet(key: str) -> Sheet:
    """Return the sheet called ``key``; raise ``KeyError`` where there is none."""
    return _BY_KEY[key]


def fold(text: str) -> str:
    """Return ``text`` without what does not tell titles apart: case, width, spacing, ``*``."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(ch for ch in plain if not ch.isspace() and ch not in "_*-\ufeff\u200b")


@cache
def _sheet_names() -> Mapping[str, Sheet]:
    names = {fold(title.title_in(lang)): title for title in SHEETS for lang in LANGUAGES}
    return names | {fold(key): title for key, title in _BY_KEY.items()}


def sheet_named(name: str) -> Sheet | None:
    """Return the sheet whose key or title in some language is ``name``."""
    return _sheet_names().get(fold(name))


@cache
def _headers(sheet_key: str) -> Mapping[str, Column]:
    columns = sheet(sheet_key).columns
    titles = {fold(column.title_in(lang)): column for column in columns for lang in LANGUAGES}
    return titles | {fold(column.key): column for column in columns}


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """What a header row says: our columns by place, the unknown titles, and those met twice."""

    columns: Mapping[int, Column]
    unknown: tuple[str, ...]
    twice: tuple[str, ...]

    def missing(self, of: Sheet) -> tuple[Column, ...]:
        """Return the required columns that the row lacks."""
        present = {column.key for column in self.columns.values()}
        return tuple(c for c in of.columns if c.required and c.key not in present)


def match_headers(of: Sheet, titles: Sequence[object] | Iterable[object]) -> HeaderMatch:
    """Match a row of cells against the columns of a sheet; empty cells are passed over."""
    known = _headers(of.key)
    columns: dict[int, Column] = {}
    unknown: list[str] = []
    twice: list[str] = []
    for place, title in enumerate(titles):
        words = str(title).strip() if title is not None else ""
        if not words:
            continue
        column = known.get(fold(words))
        if column is None:
            unknown.append(words)
        elif column in columns.values():
            twice.append(words)
        else:
            columns[place] = column
    return HeaderMatch(columns, tuple(unknown), tuple(twice))
