"""The figures of the uptime benchmark by other means, each written as one would write it there.

All are given the open time of the service calendars ready-made; what they compute is scheduled,
exempt and down seconds of every device in every month.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Spans = Sequence[Sequence[tuple[int, int]]]

__all__ = [
    "COLUMNS",
    "by_pandas",
    "by_range_types",
    "copy_to_postgresql",
    "read_plainly",
]

COLUMNS = "device_id, occurred_at, restored_at, impact, exempt_state, repair_due_at, spare_from"
_WHERE = (
    "cancelled_at IS NULL AND occurred_at < :end AND (restored_at IS NULL OR restored_at >= :start)"
)
_FAULTS = f"SELECT {COLUMNS} FROM fault WHERE {_WHERE} ORDER BY device_id, occurred_at"  # noqa: S608  (both are above)


def read_plainly(path: str, start: int, end: int, columns: str = COLUMNS) -> int:
    """Fetch the rows that the figures need, by plain sqlite3, and do nothing with them."""
    connection = sqlite3.connect(path)
    query = _FAULTS.replace(COLUMNS, columns)
    rows = connection.execute(query, {"start": start, "end": end}).fetchall()
    connection.close()
    return len(rows)


def by_pandas(path: str, edges: Sequence[int], spans: Spans, calendars: Sequence[int]) -> Any:
    """Compute the figures with data frames; ``calendars`` is the calendar of each device."""
    start, end = edges[0], edges[-1]
    connection = sqlite3.connect(path)
    faults = pd.read_sql(_FAULTS, connection, params={"start": start, "end": end})
    stops = pd.read_sql(
        "SELECT device_id, from_at, to_at FROM stoppage WHERE from_at < :end AND to_at > :start"
        " AND approved_by IS NOT NULL AND refused_by IS NULL",
        connection,
        params={"start": start, "end": end},
    )
    connection.close()
    faults = faults.rename(columns={"occurred_at": "from_at", "restored_at": "to_at"})
    faults["to_at"] = faults["to_at"].fillna(end).astype("int64")
    # Terminals count any fault, cash machines only what puts them out of service.
    faults = faults[(faults["impact"] == "out_of_service") | ((faults["device_id"] - 1) % 3 != 0)]
    counted = faults[faults["exempt_state"] != "approved"]
    table = _CumulativeTime(edges, spans, calendars)
    columns = ["device_id", "from_at", "to_at"]
    stopped = table.covered(stops[columns])
    down = table.covered(pd.concat([counted[columns], stops[columns]]))
    either = table.covered(pd.concat([faults[columns], stops[columns]]))
    return table.whole() - stopped, either - down, down - stopped


class _CumulativeTime:
    """Open seconds of each calendar before an instant, and what a union of intervals covers."""

    def __init__(self, edges: Sequence[int], spans: Spans, calendars: Sequence[int]) -> None:
        self._edges = np.asarray(edges, np.int64)
        self._calendars = np.asarray(calendars)
        self._points: list[Ints] = []
        self._open: list[Ints] = []
        for each in spans:
            opens, closes = np.asarray(each, np.int64).T
            before = np.concatenate([[0], np.cumsum(closes - opens)])
            self._points.append(np.stack([opens, closes], axis=1).ravel())
            self._open.append(np.repeat(before, 2)[1:-1])

    def _before(self, device: Ints, at: Ints) -> Ints:
        calendar = self._calendars[device - 1]
        found = np.zeros(len(at))
        for number, (points, opened) in enumerate(zip(self._points, self._open, strict=True)):
            rows = calendar == number
            found[rows] = np.interp(at[rows], points, opened)
        return found.astype(np.int64)

    def whole(self) -> Ints:
        """Return the open seconds of every device in every month."""
        devices, months = len(self._calendars), len(self._edges)
        device = np.repeat(np.arange(1, devices + 1), months)
        before = self._before(device, np.tile(self._edges, devices))
        return np.diff(before.reshape(devices, months), axis=1)

    def covered(self, frame: pd.DataFrame) -> Ints:
        """Return the open seconds under the union of the intervals, by device and month."""
        frame = frame.assign(
            from_at=frame["from_at"].clip(self._edges[0]),
            to_at=frame["to_at"].clip(upper=self._edges[-1]),
        )
        frame = frame[frame["from_at"] < frame["to_at"]].sort_values(["device_id", "from_at"])
        reached = frame.groupby("device_id")["to_at"].cummax()
        previous = reached.groupby(frame["device_id"]).shift(fill_value=-1)
        block = (frame["from_at"] > previous).cumsum()
        union = frame.groupby(block).agg(
            device_id=("device_id", "first"), from_at=("from_at", "first"), to_at=("to_at", "max")
        )
        first = np.searchsorted(self._edges, union["from_at"].to_numpy(), side="right") - 1
        last = np.searchsorted(self._edges, union["to_at"].to_numpy(), side="left") - 1
        union = union.assign(month=first).loc[union.index.repeat(last - first + 1)]
        month = union["month"].to_numpy() + union.groupby(level=0).cumcount().to_numpy()
        device = union["device_id"].to_numpy()
        begin = np.maximum(union["from_at"].to_numpy(), self._edges[month])
        finish = np.minimum(union["to_at"].to_numpy(), self._edges[month + 1])
        seconds = self._before(device, finish) - self._before(device, begin)
        pieces = pd.DataFrame({"device": device - 1, "month": month, "seconds": seconds})
        total = pieces.groupby(["device", "month"])["seconds"].sum()
        covered = np.zeros((len(self._calendars), len(self._edges) - 1), np.int64)
        covered[total.index.get_level_values(0), total.index.get_level_values(1)] = total
        return covered


def copy_to_postgresql(
    connection: Any,
    path: str,
    edges: Sequence[int],
    spans: Spans,
    calendars: Sequence[int],
) -> None:
    """Put the same rows into PostgreSQL, with the indexes that the queries there like."""
    source = sqlite3.connect(path)
    cursor = connection.cursor()
    cursor.execute("""
        CREATE TABLE fault (device_id int, during int8range, counted boolean);
        CREATE TABLE stop (device_id int, during int8range);
        CREATE TABLE device (id int PRIMARY KEY, calendar int);
        CREATE TABLE opening (calendar int, month int, open int8multirange);
        CREATE FUNCTION seconds(int8multirange) RETURNS bigint IMMUTABLE LANGUAGE sql AS
            'SELECT coalesce(sum(upper(r) - lower(r)), 0)::bigint FROM unnest($1) r';
    """)
    with cursor.copy("COPY fault FROM STDIN") as copy:
        rows = source.execute(
            "SELECT device_id, occurred_at, coalesce(restored_at, ?), coalesce(exempt_state, '')"
            " FROM fault WHERE cancelled_at IS NULL"
            " AND (impact = 'out_of_service' OR (device_id - 1) % 3 <> 0)",
            (edges[-1],),
        )
        for device, begin, finish, exempt in rows:
            copy.write_row((device, f"[{begin},{max(begin, finish)})", exempt != "approved"))
    with cursor.copy("COPY stop FROM STDIN") as copy:
        for device, begin, finish in source.execute(
            "SELECT device_id, from_at, to_at FROM stoppage"
            " WHERE approved_by IS NOT NULL AND refused_by IS NULL"
        ):
            copy.write_row((device, f"[{begin},{finish})"))
    with cursor.copy("COPY device FROM STDIN") as copy:
        for number, calendar in enumerate(calendars, start=1):
            copy.write_row((number, calendar))
    with cursor.copy("COPY opening FROM STDIN") as copy:
        for calendar, opened in enumerate(spans):
            for month in range(len(edges) - 1):
                inside = ",".join(
                    f"[{max(a, edges[month])},{min(b, edges[month + 1])})"
                    for a, b in opened
                    if a < edges[month + 1] and b > edges[month]
                )
                copy.write_row((calendar, month, "{" + inside + "}"))
    cursor.execute("CREATE INDEX ON fault USING btree (device_id); ANALYZE")
    connection.commit()
    source.close()


_RANGE_TYPES = """
    WITH stopped AS (SELECT device_id, range_agg(during) AS r FROM stop GROUP BY 1),
    counted AS (
        SELECT device_id, range_agg(during) AS r FROM fault
        WHERE counted AND during && int8range(%(start)s, %(end)s) GROUP BY 1),
    exempt AS (
        SELECT device_id, range_agg(during) AS r FROM fault
        WHERE NOT counted AND during && int8range(%(start)s, %(end)s) GROUP BY 1),
    scheduled AS (
        SELECT device.id, month,
            open - coalesce(stopped.r, '{}') AS open,
            coalesce(counted.r, '{}') AS down,
            coalesce(exempt.r, '{}') AS exempt
        FROM device JOIN opening USING (calendar)
        LEFT JOIN stopped ON stopped.device_id = device.id
        LEFT JOIN counted ON counted.device_id = device.id
        LEFT JOIN exempt ON exempt.device_id = device.id)
    SELECT seconds(open), seconds(open * (exempt - down)), seconds(open * down)
    FROM scheduled ORDER BY id, month
"""


def by_range_types(connection: Any, edges: Sequence[int]) -> Any:
    """Compute the figures with multiranges in SQL."""
    between = {"start": edges[0], "end": edges[-1]}
    rows = connection.execute(_RANGE_TYPES, between).fetchall()
    return tuple(np.asarray(rows, np.int64).T.reshape(3, -1, len(edges) - 1))
