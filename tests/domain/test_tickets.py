from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_maint.domain.errors import InputError
from desk_maint.domain.faults import TicketState
from desk_maint.domain.instants import from_local, zone
from desk_maint.domain.messages import At, Term
from desk_maint.domain.tickets import (
    ALLOWED,
    OPEN_STATES,
    Moments,
    TicketAction,
    check_action,
    check_holds,
    check_moments,
    in_time,
    is_open,
    is_repeat,
    state_of,
)

DAY = 86400
ORDER = ("occurred_at", "reported_at", "accepted_at", "on_site_at", "restored_at", "confirmed_at")


def at(text: str) -> int:
    return from_local(datetime.fromisoformat(text), zone("Asia/Shanghai"))


# --- State --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "held", "state"),
    [
        ({}, False, TicketState.REPORTED),
        ({"accepted_at": 2}, False, TicketState.ACCEPTED),
        ({"accepted_at": 2, "on_site_at": 3}, False, TicketState.ON_SITE),
        ({"on_site_at": 3}, False, TicketState.ON_SITE),
        ({"accepted_at": 2}, True, TicketState.ON_HOLD),
        ({"accepted_at": 2, "on_site_at": 3}, True, TicketState.ON_HOLD),
        ({"on_site_at": 3, "restored_at": 4}, False, TicketState.RESTORED),
        ({"restored_at": 4}, False, TicketState.RESTORED),
        ({"restored_at": 4, "confirmed_at": 5}, False, TicketState.CLOSED),
        ({"accepted_at": 2, "cancelled_at": 3}, False, TicketState.CANCELLED),
    ],
)
def test_the_state_follows_from_the_moments(later, held, state):
    moments = Moments(0, 1, **later)
    check_moments(moments)
    assert state_of(moments, held=held) is state
    assert is_open(state) == (not {"restored_at", "cancelled_at"} & set(later))


def test_a_ticket_sent_back_is_where_it_was_before():
    restored = Moments(0, 1, accepted_at=2, on_site_at=3, restored_at=4)
    assert state_of(restored) is TicketState.RESTORED
    assert state_of(Moments(0, 1, accepted_at=2, on_site_at=3)) is TicketState.ON_SITE


# --- Actions ------------------------------------------------------------------------------------


def test_only_reported_or_accepted_tickets_are_cancelled():
    assert ALLOWED[TicketAction.CANCEL] == {TicketState.REPORTED, TicketState.ACCEPTED}


def test_every_action_is_in_the_table_and_no_finished_ticket_allows_any():
    assert set(ALLOWED) == set(TicketAction)
    for states in ALLOWED.values():
        assert not states & {TicketState.CLOSED, TicketState.CANCELLED}


def test_the_whole_way_of_a_ticket_is_allowed():
    way = [
        (TicketAction.ACCEPT, TicketState.REPORTED),
        (TicketAction.ARRIVE, TicketState.ACCEPTED),
        (TicketAction.HOLD, TicketState.ON_SITE),
        (TicketAction.RESUME, TicketState.ON_HOLD),
        (TicketAction.RESTORE, TicketState.ON_SITE),
        (TicketAction.SEND_BACK, TicketState.RESTORED),
        (TicketAction.RESTORE, TicketState.ON_SITE),
        (TicketAction.CONFIRM, TicketState.RESTORED),
    ]
    for action, state in way:
        check_action(action, state, "F-1")


def test_what_a_state_does_not_allow_is_refused_with_the_state():
    with pytest.raises(InputError) as refused:
        check_action(TicketAction.CONFIRM, TicketState.ON_SITE, "F-1")
    assert refused.value.message.values == {"number": "F-1", "state": Term("ts_on_site")}


# --- Moments --------------------------------------------------------------------------------------


@given(
    st.lists(st.none() | st.integers(0, 9), min_size=4, max_size=4),
    st.integers(0, 9),
    st.integers(0, 9),
)
def test_moments_are_accepted_exactly_where_none_runs_backwards(later, occurred, reported):
    moments = Moments(occurred, reported, *later)
    given_ones = [value for value in (occurred, reported, *later) if value is not None]
    forward = given_ones == sorted(given_ones)
    whole = moments.confirmed_at is None or moments.restored_at is not None
    if forward and whole:
        check_moments(moments)
    else:
        with pytest.raises(InputError):
            check_moments(moments)


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (1, 4)])
def test_moments_that_run_backwards_are_both_named(first, second):
    values = dict.fromkeys(ORDER) | {"occurred_at": 10, "reported_at": 10, "restored_at": 40}
    values |= {ORDER[first]: 30, ORDER[second]: 20}
    if first > 1:
        values |= {ORDER[n]: 10 for n in range(first)}
    with pytest.raises(InputError) as refused:
        check_moments(Moments(**{name: value for name, value in values.items() if value}))
    told = refused.value.message.values
    assert (told["before"], told["after"]) == (At(30), At(20))


def test_a_fault_is_not_confirmed_before_it_is_restored():
    with pytest.raises(InputError, match="never restored"):
        check_moments(Moments(0, 1, confirmed_at=5))


@pytest.mark.parametrize("begun", ["on_site_at", "restored_at"])
def test_work_that_has_begun_is_not_cancelled(begun):
    with pytest.raises(InputError, match="Take out one of the two"):
        check_moments(Moments(0, 1, cancelled_at=9, **{begun: 5}))


def test_a_ticket_is_not_cancelled_before_it_is_accepted():
    check_moments(Moments(0, 1, accepted_at=5, cancelled_at=5))
    with pytest.raises(InputError) as refused:
        check_moments(Moments(0, 1, accepted_at=5, cancelled_at=4))
    assert refused.value.message.values["before"] == At(5)


# --- Holds ----------------------------------------------------------------------------------------

OPEN = Moments(0, 10, accepted_at=20)


@pytest.mark.parametrize(
    ("moments", "holds"),
    [
        (OPEN, []),
        (OPEN, [(10, 20), (20, None)]),
        (OPEN, [(40, 50), (20, 30)]),
        (OPEN, [(20, 20)]),
        (Moments(0, 10, restored_at=50), [(20, 50)]),
        (Moments(0, 10, cancelled_at=50), [(20, 50)]),
    ],
)
def test_holds_one_after_the_other_in_the_life_of_the_ticket(moments, holds):
    check_holds(moments, holds)


@pytest.mark.parametrize(
    ("moments", "holds", "sentence"),
    [
        (OPEN, [(30, 20)], "ends .* before it begins"),
        (OPEN, [(9, 20)], "before the fault was reported"),
        (OPEN, [(20, 40), (30, 50)], "Two holds overlap"),
        (OPEN, [(20, None), (30, 50)], "Two holds overlap"),
        (OPEN, [(20, None), (30, None)], "Two holds overlap"),
        (Moments(0, 10, restored_at=50), [(20, 51)], "outlasts the ticket"),
        (Moments(0, 10, restored_at=50), [(20, None)], "outlasts the ticket"),
        (Moments(0, 10, cancelled_at=50), [(60, 70)], "outlasts the ticket"),
    ],
)
def test_holds_that_cannot_be_are_refused(moments, holds, sentence):
    with pytest.raises(InputError, match=sentence):
        check_holds(moments, holds)


# --- Repeats and being in time --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("symptom", "since", "repeat"),
    [
        ("卡钞", 0, True),
        ("卡钞", 7 * DAY, True),
        ("卡钞", 7 * DAY + 1, False),
        ("卡钞", -1, False),
        ("吞卡", DAY, False),
        (" 卡钞 ", DAY, True),
        (None, DAY, False),
        ("", DAY, False),
    ],
)
def test_the_same_symptom_within_seven_days_of_restoration_is_a_repeat(symptom, since, repeat):
    restored = at("2026-06-01T12:00")
    earlier = [("黑屏", restored - DAY), ("卡钞", restored), (None, restored)]
    assert is_repeat(symptom, restored + since, earlier) is repeat


@pytest.mark.parametrize(
    ("restored", "due", "now", "expected"),
    [
        (100, 100, 500, True),
        (101, 100, 500, False),
        (None, 100, 100, None),
        (None, 100, 101, False),
        (None, None, 500, None),
        (50, None, 500, None),
    ],
)
def test_repaired_within_the_limit(restored, due, now, expected):
    assert in_time(restored, due, now) is expected


def test_open_states_are_those_of_a_fault_that_lasts():
    assert frozenset(TicketState) - OPEN_STATES == {
        TicketState.RESTORED,
        TicketState.CLOSED,
        TicketState.CANCELLED,
    }
