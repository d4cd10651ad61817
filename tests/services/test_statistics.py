"""Statistics beside uptime, on small ledgers that can be worked out by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from desk_maint.db.models import Device, DeviceStateChange, Fault, Outlet, Placement
from desk_maint.domain.devices import Group
from desk_maint.domain.errors import InputError, PermissionDeniedError
from desk_maint.domain.faults import ExemptState, Impact, Responsibility
from desk_maint.domain.instants import DAY, HOUR, from_local, zone
from desk_maint.domain.people import Actor, Role
from desk_maint.services.demo import fill_demo
from desk_maint.services.statistics import (
    GroupEvidence,
    GroupStatistics,
    Kept,
    Share,
    group_evidence,
    statistics,
)
from tests.services.ledger import MANAGER, write

if TYPE_CHECKING:
    from desk_maint.db.engine import Database

FIRST, LAST = date(2026, 6, 1), date(2026, 7, 1)


def at(day: int, hour: int, month: int = 6) -> int:
    return from_local(datetime(2026, month, day, hour), zone("Asia/Shanghai"))


AFTER = at(5, 8, 7)


def june(database: Database, *, as_of: int = AFTER) -> GroupStatistics:
    found = statistics(database, MANAGER, FIRST, LAST, as_of=as_of)
    return next(row for row in found.groups if row.group is Group.ATM)


def test_a_month_by_hand(database: Database) -> None:
    with write(database) as ledger:
        round_the_clock = ledger.calendar("always", "24h")
        here, there = ledger.outlet("01", round_the_clock), ledger.outlet("02", round_the_clock)
        one, two, other = (
            ledger.device(tag, outlet)
            for tag, outlet in (("A1", here), ("A2", here), ("A3", there))
        )
        ledger.fault(
            one,
            "2026-06-03 08:00",
            "2026-06-03 10:00",
            cause="卡钞",
            symptom="卡钞",
            responsibility=Responsibility.MAINTENANCE,
        )
        # The same five days later; without a word on its cause.
        ledger.fault(one, "2026-06-08 08:00", "2026-06-08 14:00", symptom=" 卡钞")
        # Eight days later still: no repeat.
        ledger.fault(one, "2026-06-16 15:00", "2026-06-16 16:00", symptom="卡钞", cause="卡钞")
        ledger.fault(
            two,
            "2026-06-20 08:00",
            "2026-06-20 12:00",
            cause="线路",
            exempt=ExemptState.APPROVED,
            responsibility=Responsibility.CARRIER,
        )
        ledger.fault(other, "2026-06-30 22:00", "2026-07-02 00:00", cause="硬件")
        ledger.fault(
            other,
            "2026-06-12 08:00",
            "2026-06-12 09:00",
            symptom="卡钞",
            cancelled_at="2026-06-12 10:00",
        )
    got = june(database)
    assert (got.faults, got.restored, got.repeats) == (4, 4, 1)
    assert (got.mean_to_restore, got.median_to_restore) == (13 * HOUR // 4, 3 * HOUR)
    required = 3 * 30 * DAY - 4 * HOUR
    assert got.mean_between_faults == (required - 11 * HOUR) // 4
    assert got.by_cause == (
        Share(None, 6 * HOUR),
        Share("卡钞", 3 * HOUR),
        Share("硬件", 2 * HOUR),
    )
    assert got.by_holder == (
        Share(None, 9 * HOUR),
        Share(Responsibility.MAINTENANCE, 2 * HOUR),
    )
    assert (got.in_use, got.intact, got.intact_percent) == (3, 2, "66.66")
    assert (got.outlets, got.intact_outlets) == (2, 1)


def test_an_open_ticket_past_its_limit_is_a_miss(database: Database) -> None:
    with write(database) as ledger:
        outlet = ledger.outlet("01", ledger.calendar("always", "24h"))
        one, two, three = (ledger.device(tag, outlet) for tag in ("A1", "A2", "A3"))
        ledger.fault(one, "2026-06-03 08:00", "2026-06-03 10:00", accepted_at="2026-06-03 08:05")
        ledger.fault(two, "2026-06-10 08:00", None)
        ledger.fault(three, "2026-06-30 19:00", None)
    assert june(database).repaired == Kept(1, 2)
    assert june(database).repaired.percent == "50.00"
    assert june(database, as_of=at(10, 9)).repaired == Kept(1, 1)
    assert june(database).accepted.kept == 1


def test_without_devices_nothing_is_judged(database: Database) -> None:
    got = june(database)
    assert (got.faults, got.mean_to_restore, got.mean_between_faults) == (0, None, None)
    assert got.repaired.percent is None
    assert got.intact_percent is None
    assert got.by_cause == ()


def test_who_reports_faults_sees_no_figures_of_the_whole_bureau(database: Database) -> None:
    clerk = Actor("何秀梅", Role.REPORTER, outlet_ids=frozenset({1}))
    with pytest.raises(PermissionDeniedError):
        statistics(database, clerk, FIRST, LAST, as_of=AFTER)
    with pytest.raises(PermissionDeniedError):
        group_evidence(database, clerk, Group.ATM, FIRST, LAST, as_of=AFTER)
    with pytest.raises(InputError):
        statistics(database, MANAGER, LAST, FIRST, as_of=AFTER)


MOMENTS = st.integers(0, 75 * 24).map(lambda hours: at(1, 0, 5) + hours * HOUR)
FAULTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        MOMENTS,
        st.one_of(st.none(), st.integers(0, 200)),
        st.sampled_from(("卡钞", "缺纸", None)),
        st.booleans(),
        st.booleans(),
    ),
    max_size=12,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(FAULTS, st.sampled_from((AFTER, at(15, 12))))
def test_a_plain_reading_finds_the_same(database: Database, rows, now) -> None:
    with database.change(MANAGER, "import", at=0) as work:
        for table in (Fault, Placement, DeviceStateChange, Device, Outlet):
            work.session.execute(delete(table))
    rows = [
        (device, occurred, None if hours is None else occurred + hours * HOUR, *rest)
        for device, occurred, hours, *rest in rows
    ]
    with write(database) as ledger:
        outlet = ledger.outlet("01")
        devices = [ledger.device(f"A{n}", outlet) for n in range(3)]
        for number, (device, occurred, restored, symptom, degraded, exempt) in enumerate(rows):
            ledger.session.add(
                Fault(
                    number=f"X{number}",
                    device_id=devices[device].id,
                    outlet_id=outlet.id,
                    occurred_at=occurred,
                    reported_at=occurred,
                    restored_at=restored,
                    symptom=symptom,
                    impact=Impact.DEGRADED if degraded else Impact.OUT_OF_SERVICE,
                    grade=2,
                    exempt_state=ExemptState.APPROVED if exempt else None,
                )
            )
    got = june(database, as_of=now)
    start, end = at(1, 0), min(at(1, 0, 7), now)
    took = sorted(
        restored - occurred
        for _, occurred, restored, *_ in rows
        if restored is not None and start <= restored <= end and restored < at(1, 0, 7)
    )
    assert got.restored == len(took)
    assert got.mean_to_restore == (sum(took) // len(took) if took else None)
    repeats = 0
    for number, (device, occurred, _, symptom, *_) in enumerate(rows):
        earlier = [
            row[2]
            for other, row in enumerate(rows)
            if row[0] == device and row[3] == symptom and (row[1], other) < (occurred, number)
        ]
        if symptom and start <= occurred < end:
            repeats += any(r is not None and 0 <= occurred - r <= 7 * DAY for r in earlier)
    assert got.repeats == repeats
    faulty = {
        device
        for device, occurred, restored, _, degraded, exempt in rows
        if not degraded and not exempt and occurred < end and (restored or end) >= end
    }
    assert (got.in_use, got.intact) == (3, 3 - len(faulty))
    assert sum(share.seconds for share in got.by_cause) == sum(
        share.seconds for share in got.by_holder
    )
    adds_up(got, group_evidence(database, MANAGER, Group.ATM, FIRST, LAST, as_of=now))


def adds_up(got: GroupStatistics, evidence: GroupEvidence) -> None:
    """Recompute every figure from its lines alone."""
    for shares, read in (
        (got.by_cause, lambda piece: piece.cause),
        (got.by_holder, lambda piece: piece.responsibility),
    ):
        sums = Counter()
        for piece in evidence.pieces:
            sums[read(piece)] += piece.seconds
        assert {share.of: share.seconds for share in shares} == dict(sums)
    took = [row.restored_at - row.occurred_at for row in evidence.tickets if row.restored_at]
    assert (len(took), sum(took) // len(took) if took else None) == (
        got.restored,
        got.mean_to_restore,
    )
    verdicts = Counter(row.in_time for row in evidence.tickets)
    assert Kept(verdicts[True], verdicts[True] + verdicts[False]) == got.repaired
    assert len({row.number for row in evidence.repeats}) == got.repeats
    assert len({row.device_id for row in evidence.not_intact}) == got.in_use - got.intact


def test_every_figure_of_a_district_is_what_its_lines_say(database: Database) -> None:
    now = at(24, 12)
    fill_demo(database, Actor("周敏", Role.ADMINISTRATOR), months=1, at=now)
    found = statistics(database, MANAGER, FIRST, LAST, as_of=now)
    for row in found.groups:
        evidence = group_evidence(database, MANAGER, row.group, FIRST, LAST, as_of=now)
        assert evidence.tickets
        adds_up(row, evidence)
