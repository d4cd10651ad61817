"""One ticket with all that is known of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from desk_maint.db.models import Fault, Hold
from desk_maint.domain.errors import InputError, NotFoundError, PermissionDeniedError
from desk_maint.domain.faults import Grade, HoldReason, Impact, Responsibility
from desk_maint.domain.people import Actor, Role
from desk_maint.services import attachments, fault_reports, ticket_details, tickets
from desk_maint.services.attachments import NewAttachment
from desk_maint.services.tickets import Repair
from tests.services.conftest import local

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def test_the_timeline_keeps_what_was_withdrawn(district):
    d = district
    key = d.report(note="客户在等").id

    def verb(call, actor, when, *rest, **more):
        at = local(f"2026-06-01 {when}")
        call(d.database, actor, key, *rest, version=d.version(key), at=at, **more)

    tickets.accept(d.database, d.technician, {key: 1}, at=local("2026-06-01 09:10"))
    verb(tickets.arrive, d.technician, "11:00", moment=local("2026-06-01 10:15"))
    verb(tickets.hold, d.technician, "11:10", HoldReason.THIRD_PARTY, note="等电信")
    verb(tickets.resume, d.technician, "12:00")
    verb(tickets.restore, d.technician, "13:00", Repair("线路", Responsibility.CARRIER))
    verb(tickets.send_back, d.clerk, "13:20", "又断了")
    verb(tickets.set_grade, d.technician, "13:30", Grade.WHOLE_OUTLET, "全网点")
    verb(tickets.restore, d.technician, "15:00", Repair("线路", Responsibility.CARRIER))
    told = [
        (event.action.removeprefix("ticket."), event.actor, event.text)
        for event in d.ticket(key).timeline
    ]
    assert told == [
        ("report", "孙营业", None),
        ("note", "孙营业", "客户在等"),
        ("accept", "王师傅", None),
        ("arrive", "王师傅", None),
        ("hold", "王师傅", "等电信"),
        ("resume", "王师傅", None),
        ("restore", "王师傅", None),
        ("send_back", "孙营业", "又断了"),
        ("grade", "王师傅", "全网点"),
        ("restore", "王师傅", None),
    ]
    events = {event.action: event for event in d.ticket(key).timeline}
    assert events["ticket.arrive"].at == local("2026-06-01 10:15"), "when it happened"
    assert events["ticket.hold"].hold_reason is HoldReason.THIRD_PARTY
    (graded,) = events["ticket.grade"].fields
    assert (graded.field, graded.old, graded.new) == ("grade", "2", "1")


def test_an_imported_ticket_tells_its_moments(district):
    importer = Actor("导入", Role.ADMINISTRATOR)
    at = local("2026-03-01 08:00")
    with district.database.change(importer, "import", at=at) as work:
        fault = Fault(
            number="旧-1",
            device_id=district.atm,
            outlet_id=district.north,
            occurred_at=at,
            reported_at=at + 60,
            impact=Impact.OUT_OF_SERVICE,
            grade=2,
            accepted_at=at + 120,
            restored_at=at + 4000,
            technician="老王",
        )
        fault.holds.append(
            Hold(from_at=at + 200, to_at=at + 300, reason=HoldReason.WAITING_FOR_PARTS)
        )
        work.session.add(fault)
    key = ticket_details.find_number(district.database, district.clerk, "旧-1")
    told = [(event.action, event.at - at, event.actor) for event in district.ticket(key).timeline]
    assert told == [
        ("ticket.report", 60, None),
        ("ticket.accept", 120, None),
        ("ticket.hold", 200, None),
        ("ticket.resume", 300, None),
        ("ticket.restore", 4000, None),
    ]


def test_earlier_tickets_and_repeats(district):
    first = district.report().id
    tickets.accept(district.database, district.technician, {first: 1}, at=local("2026-06-01 10:00"))
    tickets.restore(
        district.database,
        district.technician,
        first,
        Repair("老化", Responsibility.MAINTENANCE),
        version=district.version(first),
        at=local("2026-06-01 12:00"),
    )
    same = district.report(when="2026-06-08 11:00")
    details = district.ticket(same.id)
    assert [row.id for row in details.earlier] == [first]
    assert details.repeat_of == details.earlier[0].number
    tickets.cancel(
        district.database, district.clerk, same.id, "x", version=1, at=local("2026-06-08 11:01")
    )
    later = district.report(when="2026-06-09 12:01")
    assert district.ticket(later.id).repeat_of is None, "more than seven days later"


def test_a_picture_is_kept_with_its_ticket(district):
    d = district
    at = local("2026-06-01 09:00")
    reported = fault_reports.report(
        d.database,
        d.clerk,
        d.atm,
        Impact.DEGRADED,
        "屏幕花屏",
        pictures=[NewAttachment("C:\\照片\\屏幕.png", PNG)],
        at=at,
    )
    attachments.attach(
        d.database, d.technician, reported.id, [NewAttachment("a.jpg", b"\xff\xd8\xff0")], at=at
    )
    kept = d.ticket(reported.id).attachments
    assert [(each.file_name, each.media_type, each.author) for each in kept] == [
        ("屏幕.png", "image/png", "孙营业"),
        ("a.jpg", "image/jpeg", "王师傅"),
    ]
    assert attachments.read(d.database, d.clerk, kept[0].id).content == PNG
    with pytest.raises(PermissionDeniedError):
        attachments.read(d.database, d.south_clerk, kept[0].id)


def test_what_is_no_picture_is_refused_and_nothing_reported(district):
    d = district
    for content, words in ((b"MZ\x90", "not a picture"), (PNG + bytes(10 * 2**20), "larger")):
        with pytest.raises(InputError, match=words):
            fault_reports.report(
                d.database,
                d.clerk,
                d.atm,
                Impact.DEGRADED,
                "花屏",
                pictures=[NewAttachment("x.png", content)],
                at=local("2026-06-01 09:00"),
            )
    with d.database.read() as session:
        assert session.scalars(select(Fault.id)).all() == []


def test_tickets_of_other_outlets_are_closed_to_a_reporter(district):
    reported = district.report()
    with pytest.raises(NotFoundError):
        ticket_details.find_number(district.database, district.south_clerk, reported.number)
    with pytest.raises(PermissionDeniedError):
        ticket_details.read_ticket(district.database, district.south_clerk, reported.id)
    assert (
        ticket_details.find_number(district.database, district.clerk, f" {reported.number} ")
        == reported.id
    )
