"""The life of a ticket through the services, on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from desk_maint.domain.errors import InputError, PermissionDeniedError, StaleError
from desk_maint.domain.faults import Grade, HoldReason, Impact, Responsibility, TicketState
from desk_maint.domain.instants import HOUR, MINUTE
from desk_maint.services import fault_reports, ticket_corrections, tickets
from desk_maint.services.tickets import Repair
from tests.services.conftest import local

REPAIR = Repair("钞箱卡钞", Responsibility.MAINTENANCE, "清理出钞模块", "皮带一根")


def test_a_report_answers_with_number_and_deadline(district):
    reported = district.report()
    assert reported.number == "WX20260601-0001"
    assert not reported.joined
    # Grade 2, city, 8 hours of maintenance hours 08:00-20:00.
    assert reported.repair_due_at == local("2026-06-01 17:00")
    row = district.ticket(reported.id).row
    assert row.state is TicketState.REPORTED
    assert (row.occurred_at, row.occurred_estimated) == (local("2026-06-01 09:00"), True)
    assert row.accept_due_at == local("2026-06-01 09:30")
    assert row.on_site_due_at == local("2026-06-01 11:00")
    assert (row.grade, row.reported_by, row.outlet_id) == (2, "孙营业", district.north)
    assert reported.changes.kinds == {"fault"}


def test_a_known_beginning_is_no_estimate(district):
    began = local("2026-06-01 08:40")
    row = district.ticket(district.report(occurred_at=began).id).row
    assert (row.occurred_at, row.occurred_estimated) == (began, False)
    with pytest.raises(InputError, match="still to come"):
        district.report(district.terminal, occurred_at=local("2026-06-02 08:00"))


def test_the_second_report_joins_the_open_fault(district):
    first = district.report()
    second = district.report(when="2026-06-01 09:20", symptom="黑屏", note="客户投诉")
    assert second.joined
    assert (second.id, second.number) == (first.id, first.number)
    details = district.ticket(first.id)
    assert [note.text for note in details.notes] == ["黑屏\n客户投诉"]
    assert details.row.version == 1, "a note makes nobody's form stale"
    assert second.changes.kinds == {"fault", "fault_note"}


def test_a_fault_after_the_restoration_is_a_new_one(district):
    first = _restored(district)
    again = district.report(when="2026-06-01 15:00")
    assert not again.joined
    assert again.number == "WX20260601-0002"
    assert district.ticket(again.id).repeat_of == first.number


def test_a_report_needs_words_and_a_device_of_ones_own(district):
    with pytest.raises(InputError, match="what is wrong"):
        district.report(symptom="  ")
    with pytest.raises(PermissionDeniedError):
        fault_reports.report(
            district.database,
            district.clerk,
            district.south_atm,
            Impact.OUT_OF_SERVICE,
            "卡钞",
            at=local("2026-06-01 09:00"),
        )


def test_the_grade_is_offered_higher_for_the_last_atm_only(district):
    def offer(device, impact=Impact.OUT_OF_SERVICE):
        return fault_reports.offer_grade(district.database, district.clerk, device, impact)

    assert offer(district.atm).higher is Grade.WHOLE_OUTLET
    assert offer(district.atm, Impact.DEGRADED) == fault_reports.GradeOffer(
        Grade.DEGRADED, None, None
    )
    assert offer(district.terminal).higher is None
    district.report(district.second_terminal)
    assert offer(district.terminal).higher is Grade.WHOLE_OUTLET
    district.report(grade=Grade.WHOLE_OUTLET)
    with pytest.raises(InputError, match="Give a reason for grade 4"):
        district.report(district.terminal, grade=Grade.MINOR)
    minor = district.report(district.terminal, grade=Grade.MINOR, grade_reason="备用台席")
    assert district.ticket(minor.id).grade_reason == "备用台席"


def test_the_whole_life_with_a_hold_and_a_return(district):
    database, technician = district.database, district.technician
    key = district.report().id

    def verb(call, actor, when, *rest, **more):
        before = district.version(key)
        changes = call(
            database, actor, key, *rest, version=before, at=local(f"2026-06-01 {when}"), **more
        )
        assert key in changes.ids["fault"]
        return district.ticket(key).row

    tickets.accept(database, technician, {key: district.version(key)}, at=local("2026-06-01 09:10"))
    assert district.ticket(key).row.technician == "王师傅"
    row = verb(tickets.arrive, technician, "10:00")
    assert row.state is TicketState.ON_SITE
    row = verb(tickets.hold, technician, "10:30", HoldReason.NO_ACCESS, note="门锁着")
    assert (row.state, row.hold_reason) == (TicketState.ON_HOLD, HoldReason.NO_ACCESS)
    assert row.clock_stopped
    assert row.repair_due_at == local("2026-06-01 17:00"), "as if the hold ended at once"
    row = verb(tickets.resume, technician, "12:30")
    assert row.state is TicketState.ON_SITE
    assert row.repair_due_at == local("2026-06-01 19:00"), "two held hours later"
    row = verb(tickets.spare_in_service, technician, "12:40")
    assert row.spare_from == local("2026-06-01 12:40")
    row = verb(tickets.restore, technician, "13:00", REPAIR)
    assert (row.state, row.cause) == (TicketState.RESTORED, "钞箱卡钞")
    row = verb(tickets.send_back, district.clerk, "13:30", "仍不出钞")
    assert (row.state, row.restored_at) == (TicketState.ON_SITE, None)
    row = verb(tickets.restore, technician, "14:00", REPAIR)
    row = verb(tickets.confirm, district.clerk, "14:10")
    assert row.state is TicketState.CLOSED
    assert row.confirmed_at == local("2026-06-01 14:10")


def test_waiting_for_parts_does_not_stop_the_clock(district):
    key = _on_site(district)
    due = district.ticket(key).row.repair_due_at
    _hold(district, key, HoldReason.WAITING_FOR_PARTS, "11:00")
    assert not district.ticket(key).row.clock_stopped
    tickets.resume(
        district.database,
        district.technician,
        key,
        version=district.version(key),
        at=local("2026-06-01 15:00"),
    )
    assert district.ticket(key).row.repair_due_at == due


def test_restoring_ends_a_running_hold(district):
    key = _on_site(district)
    _hold(district, key, HoldReason.THIRD_PARTY, "11:00")
    _restore(district, key, "12:00")
    details = district.ticket(key)
    assert details.row.state is TicketState.RESTORED
    assert [(hold.from_at, hold.to_at) for hold in details.holds] == [
        (local("2026-06-01 11:00"), local("2026-06-01 12:00"))
    ]


def test_a_stale_verb_changes_nothing_and_names_who_was_faster(district):
    key = district.report().id
    seen = district.version(key)
    at = local("2026-06-01 09:10")
    tickets.accept(district.database, district.technician, {key: seen}, at=at)
    with pytest.raises(StaleError) as refused:
        tickets.cancel(
            district.database, district.manager, key, "误报", version=seen, at=at + MINUTE
        )
    assert refused.value.message.values["who"] == "王师傅"
    assert district.ticket(key).row.state is TicketState.ACCEPTED


def test_many_at_once_are_all_or_nothing(district):
    first, second = district.report().id, district.report(district.terminal).id
    at = local("2026-06-01 09:10")
    versions = {first: district.version(first), second: district.version(second)}
    with pytest.raises(StaleError):
        tickets.accept(district.database, district.technician, versions | {second: 99}, at=at)
    assert district.ticket(first).row.state is TicketState.REPORTED
    changes = tickets.accept(
        district.database, district.manager, versions, technician="李师傅", at=at
    )
    assert changes.ids["fault"] == {first, second}
    assert {district.ticket(key).row.technician for key in versions} == {"李师傅"}
    tickets.assign(
        district.database,
        district.manager,
        {key: district.version(key) for key in versions},
        "王师傅",
        at=at + MINUTE,
    )
    assert {district.ticket(key).row.technician for key in versions} == {"王师傅"}


def test_moments_may_be_dated_back_but_not_backwards(district):
    key = district.report().id
    at = local("2026-06-01 12:00")
    with pytest.raises(InputError, match="lies before"):
        tickets.accept(
            district.database,
            district.technician,
            {key: 1},
            at=at,
            moment=local("2026-06-01 08:59"),
        )
    with pytest.raises(InputError, match="still to come"):
        tickets.accept(district.database, district.technician, {key: 1}, at=at, moment=at + HOUR)
    tickets.accept(
        district.database,
        district.technician,
        {key: 1},
        at=at,
        moment=local("2026-06-01 09:20"),
    )
    assert district.ticket(key).row.accepted_at == local("2026-06-01 09:20")


def test_a_clock_a_little_behind_does_not_stand_in_the_way(district):
    key = district.report(when="2026-06-01 09:05").id
    tickets.accept(district.database, district.technician, {key: 1}, at=local("2026-06-01 09:03"))
    assert district.ticket(key).row.accepted_at == local("2026-06-01 09:05")


def test_what_the_state_does_not_allow_is_refused(district):
    key = district.report().id
    with pytest.raises(InputError, match="cannot be done"):
        _restore(district, key, "10:00")
    closed = _restored(district, district.terminal).id
    with pytest.raises(InputError, match="cannot be done"):
        _hold(district, closed, HoldReason.NO_ACCESS, "20:00")
    with pytest.raises(InputError, match="back in service"):
        tickets.assign(
            district.database,
            district.manager,
            {closed: district.version(closed)},
            "李师傅",
            at=local("2026-06-02 09:00"),
        )


@pytest.mark.parametrize("verb", ["accept", "arrive", "hold", "restore", "grade", "correct"])
def test_a_reporter_repairs_nothing(district, verb):
    key = _on_site(district)
    at, version, clerk = local("2026-06-01 11:00"), district.version(key), district.clerk
    database = district.database
    calls = {
        "accept": lambda: tickets.accept(database, clerk, {key: version}, at=at),
        "arrive": lambda: tickets.arrive(database, clerk, key, version=version, at=at),
        "hold": lambda: tickets.hold(
            database, clerk, key, HoldReason.NO_ACCESS, version=version, at=at
        ),
        "restore": lambda: tickets.restore(database, clerk, key, REPAIR, version=version, at=at),
        "grade": lambda: tickets.set_grade(
            database, clerk, key, Grade.MINOR, "小事", version=version, at=at
        ),
        "correct": lambda: ticket_corrections.correct(
            database, clerk, key, district.ticket(key).correction, "更正", version=version, at=at
        ),
    }
    with pytest.raises(PermissionDeniedError):
        calls[verb]()
    assert district.version(key) == version


def test_only_the_using_unit_or_a_manager_confirms(district):
    key = _restored(district).id
    at, version = local("2026-06-01 15:00"), district.version(key)
    for actor in (district.technician, district.south_clerk):
        with pytest.raises(PermissionDeniedError):
            tickets.confirm(district.database, actor, key, version=version, at=at)
    tickets.confirm(district.database, district.clerk, key, version=version, at=at)
    assert district.ticket(key).row.state is TicketState.CLOSED


def test_a_reporter_cancels_her_own_report_until_it_is_accepted(district):
    own = district.report().id
    at = local("2026-06-01 09:30")
    with pytest.raises(InputError, match="reason"):
        tickets.cancel(district.database, district.clerk, own, " ", version=1, at=at)
    tickets.cancel(district.database, district.clerk, own, "误报", version=1, at=at)
    details = district.ticket(own)
    assert (details.row.state, details.cancel_reason) == (TicketState.CANCELLED, "误报")
    accepted = district.report(when="2026-06-01 10:00").id
    assert accepted != own, "a cancelled fault is joined by nothing"
    tickets.accept(
        district.database, district.technician, {accepted: 1}, at=local("2026-06-01 10:05")
    )
    with pytest.raises(PermissionDeniedError, match="Ask the technician"):
        tickets.cancel(
            district.database,
            district.clerk,
            accepted,
            "误报",
            version=district.version(accepted),
            at=local("2026-06-01 10:10"),
        )


def test_another_grade_moves_the_deadlines(district):
    key = district.report().id
    tickets.set_grade(
        district.database,
        district.technician,
        key,
        Grade.WHOLE_OUTLET,
        "全网点停业",
        version=1,
        at=local("2026-06-01 09:05"),
    )
    details = district.ticket(key)
    assert details.row.repair_due_at == local("2026-06-01 13:00")
    assert (details.row.grade, details.grade_reason) == (1, "全网点停业")


def test_the_grade_stays_once_the_repair_is_judged_by_it(district):
    key = _restored(district).id
    with pytest.raises(InputError, match="no longer open"):
        tickets.set_grade(
            district.database,
            district.technician,
            key,
            Grade.MINOR,
            "小事",
            version=district.version(key),
            at=local("2026-06-02 09:00"),
        )


def test_a_manager_corrects_a_closed_ticket_and_its_state_follows(district):
    key = _restored(district).id
    tickets.confirm(
        district.database,
        district.clerk,
        key,
        version=district.version(key),
        at=local("2026-06-01 15:00"),
    )
    details = district.ticket(key)
    earlier = local("2026-06-01 08:30")
    right = replace(
        details.correction,
        occurred_at=earlier,
        reported_at=earlier,
        restored_at=None,
        confirmed_at=None,
        impact=Impact.DEGRADED,
    )
    ticket_corrections.correct(
        district.database,
        district.manager,
        key,
        right,
        "登记有误",
        version=details.row.version,
        at=local("2026-06-03 09:00"),
    )
    row = district.ticket(key).row
    assert row.state is TicketState.ON_SITE
    assert row.repair_due_at == local("2026-06-01 16:30")
    assert row.impact is Impact.DEGRADED
    with pytest.raises(InputError, match="lies before"):
        ticket_corrections.correct(
            district.database,
            district.manager,
            key,
            replace(right, reported_at=earlier - HOUR),
            "登记有误",
            version=row.version,
            at=local("2026-06-03 09:00"),
        )


def test_numbers_stay_unique_when_many_report_at_once(district):
    """Twelve reports from twelve threads: twelve different numbers without a gap."""
    others = [district.atm, district.terminal, district.second_terminal]
    numbers: list[str] = []
    failures: list[BaseException] = []
    start = threading.Barrier(3)

    def work(device: int) -> None:
        start.wait()
        try:
            for round_ in range(4):
                reported = district.report(device, when=f"2026-06-01 09:{round_:02d}")
                numbers.append(reported.number)
                tickets.cancel(
                    district.database,
                    district.manager,
                    reported.id,
                    "演练",
                    version=1,
                    at=local(f"2026-06-01 09:{round_:02d}"),
                )
        except BaseException as error:  # noqa: BLE001  (told below)
            failures.append(error)

    threads = [threading.Thread(target=work, args=(device,)) for device in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert sorted(numbers) == [f"WX20260601-{serial:04d}" for serial in range(1, 13)]


def test_two_reports_at_once_on_one_device_make_one_fault(district):
    answers = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        answers.append(district.report())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer.id for answer in answers}) == 1
    assert [answer.joined for answer in answers].count(False) == 1


def _on_site(district, device=None) -> int:
    key = district.report(device).id
    tickets.accept(district.database, district.technician, {key: 1}, at=local("2026-06-01 09:10"))
    tickets.arrive(
        district.database,
        district.technician,
        key,
        version=district.version(key),
        at=local("2026-06-01 10:00"),
    )
    return key


def _hold(district, key, reason, when) -> None:
    tickets.hold(
        district.database,
        district.technician,
        key,
        reason,
        version=district.version(key),
        at=local(f"2026-06-01 {when}"),
    )


def _restore(district, key, when) -> None:
    tickets.restore(
        district.database,
        district.technician,
        key,
        REPAIR,
        version=district.version(key),
        at=local(f"2026-06-01 {when}"),
    )


def _restored(district, device=None):
    key = _on_site(district, device)
    _restore(district, key, "14:00")
    return district.ticket(key).row
