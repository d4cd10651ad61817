"""What people write into cells, read as values of the program.

Every function takes one cell and returns the value, None for an empty one, or raises
:class:`InputError` with the reason.  Local dates and times become instants in the zone of the
:class:`LocalClock`; nothing ambiguous is guessed (``3/5``, ``5-Mar``, ``26-3-5``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from desk_maint.domain.calendars import format_hours, parse_hours
from desk_maint.domain.deadlines import parse_limit
from desk_maint.domain.errors import InputError
from desk_maint.domain.instants import DAY, from_local
from desk_maint.domain.messages import Message, msg
from desk_maint.exchange.columns import Column, Kind, fold
from desk_maint.exchange.workbook_guard import CellError, Formula
from desk_maint.language import LANGUAGES, term
from desk_maint.language.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from zoneinfo import ZoneInfo

__all__ = ["LocalClock", "Reader", "Value", "clean_code", "clean_text", "shown"]

Value = str | int | bool | date | StrEnum | None

_COMPUTED = (Formula, CellError)
Dated = TypeVar("Dated", date, datetime)

_FIRST_YEAR, _LAST_YEAR = 1950, 2100
_FIRST_DAY, _LAST_DAY = _FIRST_YEAR * 10_000 + 101, _LAST_YEAR * 10_000 + 1231
"""As numbers like 20260305, which is how some write a date."""
_NOON, _MIDNIGHT = 12, 24
_LARGEST_EXACT = 10**15
"""Spreadsheet programs keep fifteen digits of a number; the rest of a long code is lost."""

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_DROP = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200c\u200d\u2060\ufeff]")
_TEXT_OF_NUMBER = re.compile(r'="([^"]*)"')
"""How CSV keeps a spreadsheet program from taking a code for a number."""
_PLAIN_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_./-]*")
_AROUND_DASH = re.compile(r"\s*-\s*")

_WEEKDAY = re.compile(r"\(?(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]\)?")
_CHINESE_SIGNS = str.maketrans("年月日号號时時点點分秒", "--   ::::: ")
_MOMENT = re.compile(
    r"(?:(?P<year>\d{4}) ?(?P<mark>[-/.]) ?)?"
    r"(?P<month>\d{1,2}) ?(?(mark)(?P=mark)|-) ?(?P<day>\d{1,2})"
    r"(?:(?:[ t,]+)?(?P<half>上午|下午|早上|晚上|中午|凌晨|am|pm)? ?"
    r"(?<!\d)(?P<hour>\d{1,2}) ?:(?: ?(?P<minute>\d{1,2})(?: ?: ?(?P<second>\d{1,2})(?:[.]\d+)?)?)?"
    r" ?:? ?(?P<half2>am|pm)?)?"
    r" ?(?P<offset>z|[+-]\d\d:?\d\d)?"
)
"""After :data:`_CHINESE_SIGNS` has made ``2026年3月5日9时05分`` into ``2026-3-5 9:05:``."""
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)")
_MONTH_ONLY = re.compile(r"(?P<year>\d{4}) ?[-/.] ?(?P<month>\d{1,2}) ?-?")
_INTEGER = re.compile(r"([+-]?\d{1,9})(?:\.0*)?\s*(?:天|日|days?)?")

_GRADES = {
    **{str(grade): grade for grade in range(1, 5)},
    **dict(zip(["一", "二", "三", "四"], range(1, 5), strict=True)),
    **dict(zip(["i", "ii", "iii", "iv"], range(1, 5), strict=True)),
}
_YES = {"yes", "y", "true", "1", "√", "✓", "✔", "有"}
_NO = {"no", "n", "false", "0", "×", "✗", "✘", "x", "无", "無"}
_VARIANTS: Mapping[str, Mapping[str, str]] = {
    "DeviceState": {"报废": "scrapped", "報廢": "scrapped", "待報廢": "pending_scrap"},
    "SpecialDayKind": {"休": "rest", "休息": "rest", "班": "work", "上班": "work"},
    "Impact": {"停用": "out_of_service", "停机": "out_of_service", "降级": "degraded"},
    "Zone": {"市区": "city", "市區": "city", "县": "county", "乡镇": "rural", "鄉鎮": "rural"},
}
"""Usual words beside the glossary's, per vocabulary."""


def clean_text(text: str) -> str:
    """Return ``text`` without stray blanks at its ends and without signs that nobody sees."""
    if text.isprintable():  # nearly always, and much faster to find out
        return text.strip()
    return _DROP.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_code(text: str) -> str:
    """Return a tag, code or number as it is stored: plain width, plain dashes, no stray blanks."""
    if _PLAIN_CODE.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKC", clean_text(text).translate(_DASHES)).translate(_DASHES)
    quoted = _TEXT_OF_NUMBER.fullmatch(plain)
    plain = quoted[1] if quoted else plain.removeprefix("'")
    return _AROUND_DASH.sub("-", " ".join(plain.split()))


def shown(cell: object) -> str:
    """Return a cell as its reader sees it, for messages and for the file of refused rows."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _LARGEST_EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)


class LocalClock:
    """Turns local wall-clock times of one zone into instants, fast for many of them.

    On nearly every day the offset is the same from midnight to midnight; such days are
    remembered, the others are looked up time by time.
    """

    _EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (wall-clock arithmetic)
    _SECOND = timedelta(seconds=1)

    def __init__(self, tz: ZoneInfo) -> None:
        self.tz = tz
        self._offsets: dict[date, int | None] = {}

    def instant(self, moment: datetime) -> int:
        """Return the instant of a local time, rounded to whole seconds as it is displayed."""
        if moment.tzinfo is not None:
            return from_local(moment, self.tz)
        if moment.microsecond:
            moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
        day = moment.date()
        try:
            offset = self._offsets[day]
        except KeyError:
            offset = self._offsets[day] = self._steady_offset(day)
        if offset is None:
            return from_local(moment, self.tz)
        return (moment - self._EPOCH) // self._SECOND - offset

    def _steady_offset(self, day: date) -> int | None:
        midnight = datetime.combine(day, time.min)
        start = from_local(midnight, self.tz)
        if from_local(midnight + timedelta(days=1), self.tz) - start != DAY:
            return None
        return (midnight - self._EPOCH) // self._SECOND - start


@dataclass(slots=True)
class Reader:
    """Reads the cells of one table: knows its zone, its year, and its keeper's own words."""

    clock: LocalClock
    year: int | None = None
    """The year that the table's title names, for dates without one."""
    date_formats: Sequence[str] = ()
    """``strptime`` forms that the profile names; they go before the usual ones."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By column: the table's word, folded, and ours; that for ``""`` fills empty cells."""

    def converter(self, column: Column) -> Callable[[object], Value]:
        """Return the function that reads the cells of ``column``."""
        read = self._by_kind(column)
        own = self.words.get(column.key, {})
        longest = column.max_length

        def convert(cell: object) -> Value:
            if cell is None:
                return None
            value = self._computed(column, cell) if isinstance(cell, _COMPUTED) else read(cell)
            if longest is not None and isinstance(value, str) and len(value) > longest:
                raise InputError(
                    msg(
                        "The text has {length} characters; at most {longest} can be kept. "
                        "Shorten it.",
                        length=len(value),
                        longest=longest,
                    )
                )
            return None if value == "" else value

        if not own:
            return convert

        def translate(cell: object) -> Value:
            if isinstance(cell, _COMPUTED):
                return convert(cell)
            return convert(own.get(fold(shown(cell)), cell))

        return translate

    def _by_kind(self, column: Column) -> Callable[[object], Value]:
        if column.words is not None:
            return _word_reader(column.words)
        return {
            Kind.TEXT: read_text,
            Kind.REMARK: read_text,
            Kind.CODE: read_code,
            Kind.DATE: self.date,
            Kind.MOMENT: self.moment,
            Kind.YES_NO: read_yes_no,
            Kind.GRADE: read_grade,
            Kind.HOURS: read_hours,
            Kind.LIMIT: read_limit,
            Kind.INTEGER: read_integer,
        }[column.kind]

    @staticmethod
    def _computed(column: Column, cell: Formula | CellError) -> Value:
        if isinstance(cell, CellError):
            raise InputError(
                msg("The cell holds the error {error}. Put the value itself there.", error=cell)
            )
        if column.kind is Kind.REMARK:
            return str(cell)
        raise InputError(
            msg(
                "The cell holds the formula {formula} instead of a value. "
                "Paste the value itself there.",
                formula=cell,
            )
        )

    def date(self, cell: object) -> date | None:
        """Return the local date in a cell."""
        if isinstance(cell, datetime):
            return _sensible(cell, cell).date()
        if isinstance(cell, date):
            return _sensible(cell, cell)
        found = self._parse(cell, month_only=True)
        return None if found is None else found.date()

    def moment(self, cell: object) -> int | None:
        """Return the instant of the local date and time in a cell; a bare date means 00:00."""
        if isinstance(cell, datetime):
            return self.clock.instant(_sensible(cell, cell))
        if isinstance(cell, date):
            return self.clock.instant(datetime.combine(_sensible(cell, cell), time.min))
        found = self._parse(cell, month_only=False)
        return None if found is None else self.clock.instant(found)

    def _parse(self, cell: object, *, month_only: bool) -> datetime | None:
        if not isinstance(cell, str):
            if isinstance(cell, float) and cell.is_integer() and _FIRST_DAY <= cell <= _LAST_DAY:
                cell = str(int(cell))
            else:
                raise InputError(
                    msg(
                        "{value} is a number, not a date. Give the cell the form of a date or "
                        "write 2026-03-05.",
                        value=shown(cell),
                    )
                )
        text = clean_text(cell)
        for form in self.date_formats:
            # A spreadsheet program makes "5-Jun" of June 2005; strptime wants two digits.
            padded = f"0{text}" if form.startswith("%y") and text[1:2] == "-" else text
            try:
                found_date = datetime.strptime(padded, form)  # noqa: DTZ007  (local)
            except ValueError:
                continue
            return _sensible(found_date, cell)
        plain = unicodedata.normalize("NFKC", text.translate(_DASHES)).casefold()
        if not plain:
            return None
        marked = _WEEKDAY.sub(" ", plain).translate(_CHINESE_SIGNS)
        marked = " ".join(marked.split())
        found = _MOMENT.fullmatch(marked) or _COMPACT.fullmatch(marked)
        if found is None and month_only:
            found = _MONTH_ONLY.fullmatch(marked)
        if found is None or not (found["year"] or "月" in plain):
            raise InputError(_unreadable(text, moment=not month_only))
        parts = found.groupdict()
        year = int(parts["year"]) if parts.get("year") else self.year
        if year is None:
            raise InputError(
                msg(
                    "“{value}” has no year, and the title of the table names none. "
                    "Write the year too.",
                    value=text,
                )
            )
        return _put_together(text, year, parts)


def _put_together(text: str, year: int, parts: Mapping[str, str | None]) -> datetime:
    month = int(parts["month"] or 1)
    hour = int(parts.get("hour") or 0)
    half = parts.get("half") or parts.get("half2") or ""
    if half in {"下午", "晚上", "pm"} and hour < _NOON:
        hour += _NOON
    elif half in {"凌晨", "上午", "am"} and hour == _NOON:
        hour = 0
    extra = timedelta()
    if (
        hour == _MIDNIGHT
        and not int(parts.get("minute") or 0)
        and not int(parts.get("second") or 0)
    ):
        hour, extra = 0, timedelta(days=1)
    try:
        moment = datetime(  # noqa: DTZ001  (local to the table's zone)
            year,
            month,
            int(parts.get("day") or 1),
            hour,
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
        )
    except ValueError:
        raise InputError(
            msg("“{value}” is a date or time that does not exist. Correct it.", value=text)
        ) from None
    offset = parts.get("offset")
    if offset:
        moment = datetime.fromisoformat(moment.isoformat() + offset.upper())
    return _sensible(moment + extra, text)


def _sensible(moment: Dated, cell: object) -> Dated:
    """Return the date unless no equipment can bear it (a stray number with the form of a date)."""
    if _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return moment
    raise InputError(
        msg("“{value}” lies in an impossible year. Correct the date.", value=shown(cell))
    )


def _unreadable(text: str, *, moment: bool) -> Message:
    if moment:
        return msg(
            "“{value}” cannot be read as a date and time. Write it like 2026-03-05 09:05.",
            value=text,
        )
    return msg("“{value}” cannot be read as a date. Write it like 2026-03-05.", value=text)


def read_text(cell: object) -> str:
    """Return free text; a number or a date as it is displayed."""
    return clean_text(cell if isinstance(cell, str) else shown(cell))


def read_code(cell: object) -> str:
    """Return a tag, code or number of something."""
    if isinstance(cell, str):
        code = clean_code(cell)
        if code[:1] in {"=", "+", "-", "@"}:
            raise InputError(
                msg(
                    "“{value}” begins with {sign}, as a formula does and no code or number may. "
                    "Correct it.",
                    value=code,
                    sign=code[0],
                )
            )
        return code
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if abs(cell) < _LARGEST_EXACT:
            return shown(float(cell))
        raise InputError(
            msg(
                "The spreadsheet program took this code for a number and lost its last digits. "
                "Give the cells the form of text and enter it again."
            )
        )
    raise InputError(
        msg(
            "The spreadsheet program took this code for a date or another value ({value}). "
            "Give the cells the form of text and enter it again.",
            value=shown(cell),
        )
    )


def read_yes_no(cell: object) -> bool | None:
    """Return yes or no, in any of the three languages."""
    word = fold(shown(cell))
    yes, no = _yes_no_words()
    if not word:
        return None
    if word in yes:
        return True
    if word in no:
        return False
    raise InputError(msg("“{value}” is neither yes nor no. Write 是 or 否.", value=shown(cell)))


@cache
def _yes_no_words() -> tuple[frozenset[str], frozenset[str]]:
    yes = _YES | {fold(term("yes", lang)) for lang in LANGUAGES}
    no = _NO | {fold(term("no", lang)) for lang in LANGUAGES}
    return frozenset(map(fold, yes)), frozenset(map(fold, no))


@cache
def _words(words: type[StrEnum]) -> Mapping[str, StrEnum]:
    known = {fold(word): words(value) for word, value in _VARIANTS.get(words.__name__, {}).items()}
    for value, key in WORDS[words].items():
        for lang in LANGUAGES:
            known[fold(term(key, lang))] = words(value)
    for member in words:
        known[fold(member.value)] = member
    return known


def _word_reader(words: type[StrEnum]) -> Callable[[object], StrEnum | None]:
    known = _words(words)

    def read(cell: object) -> StrEnum | None:
        text = shown(cell)
        # Most cells of a column repeat a few spellings: the fold is only for the others.
        member = known.get(text)
        if member is None and (folded := fold(text)):
            member = known.get(folded)
            if member is None:
                raise InputError(
                    msg(
                        "“{value}” is not known here. Use one of: {words}.",
                        value=clean_text(text),
                        words=tuple(words),
                    )
                )
        return member

    return read


def read_grade(cell: object) -> int | None:
    """Return the grade 1 to 4 that ``2``, ``二级``, ``Ⅱ级``, ``Grade II: …`` means."""
    folded = fold(shown(cell))
    if not folded:
        return None
    head = re.split("[:,.;]", folded)[0]
    for word in ("grade", "级", "級", "类", "類", "第"):
        head = head.replace(word, "")
    grade = _GRADES.get(head)
    if grade is None:
        raise InputError(
            msg("“{value}” is not a fault grade. Use 1, 2, 3 or 4.", value=shown(cell))
        )
    return grade


def read_hours(cell: object) -> str | None:
    """Return the opening hours of a day in their canonical writing."""
    text = clean_text(shown(cell))
    return format_hours(parse_hours(text)) if text else None


def read_limit(cell: object) -> str | None:
    """Return a repair limit in its canonical writing (``30m``, ``8h``, ``2wd``)."""
    text = clean_text(shown(cell))
    return str(parse_limit(text)) if text else None


def read_integer(cell: object) -> int | None:
    """Return a whole number that is not negative, with or without the unit «days»."""
    text = unicodedata.normalize("NFKC", clean_text(shown(cell))).casefold()
    if not text:
        return None
    found = _INTEGER.fullmatch(text)
    if found is None:
        raise InputError(msg("“{value}” is not a whole number.", value=shown(cell)))
    number = int(found[1])
    if number < 0:
        raise InputError(
            msg("{value} is negative, which makes no sense here. Correct it.", value=number)
        )
    return number
