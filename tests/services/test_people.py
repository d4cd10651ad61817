"""People: who may come in, what they may do, and that somebody can always administer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from desk_maint.db.models import ChangedField, Person
from desk_maint.domain.errors import InputError, PermissionDeniedError, StaleError
from desk_maint.domain.people import Actor, Role
from desk_maint.services import exemptions, people, tickets
from desk_maint.services.people import PersonData
from desk_maint.services.permissions import PERMISSIONS, may, require
from tests.services.conftest import local

AT = local("2026-06-01 08:00")


def _row(district, login):
    found = people.list_people(district.database, district.manager)
    return next(row for row in found if row.login == login)


def test_the_first_administrator_is_named_once(database):
    assert not people.has_people(database)
    with pytest.raises(InputError, match="too short"):
        people.add_first_administrator(database, "root", "管理员", "12345", at=AT)
    added = people.add_first_administrator(database, " root ", "管理员", "一个秘密的密码", at=AT)
    assert added.actor == Actor("管理员", Role.ADMINISTRATOR, person_id=added.actor.person_id)
    assert added.changes.kinds == {"person"}
    with pytest.raises(PermissionDeniedError, match="already has"):
        people.add_first_administrator(database, "other", "第二人", at=AT)


def test_signing_in_needs_both_halves(district):
    d = district
    row = _row(d, "north")
    people.set_password(
        d.database, d.administrator, row.id, "correct horse", version=row.version, at=AT
    )
    assert people.sign_in(d.database, "NORTH", "correct horse") == d.clerk
    for login, password in (("north", "wrong"), ("north", None), ("nobody", "correct horse")):
        with pytest.raises(InputError, match="user name or the password"):
            people.sign_in(d.database, login, password)
    assert people.sign_in(d.database, "tech") == d.technician, "no password on one trusted PC"
    with pytest.raises(InputError):
        people.sign_in(d.database, "tech", "guess")
    names = {each.login: each for each in people.list_sign_in_names(d.database)}
    assert names["north"].needs_password
    assert not names["tech"].needs_password
    assert people.sign_in_again(d.database, "TECH") == d.technician
    assert people.sign_in_again(d.database, "north") is None, "she has a password"
    assert people.sign_in_again(d.database, "nobody") is None


def test_passwords_are_kept_as_salted_hashes_and_not_in_the_history(district):
    d = district
    for login in ("north", "south"):
        row = _row(d, login)
        people.set_password(
            d.database, d.administrator, row.id, "the same one", version=row.version, at=AT
        )
    with d.database.read() as session:
        hashes = session.scalars(select(Person.password_hash).where(Person.password_hash != ""))
        kept = hashes.all()
        assert len(set(kept)) == 2
        assert all(each.startswith("scrypt$16384$8$1$") for each in kept)
        told = session.scalars(
            select(ChangedField.new).where(ChangedField.field == "password_hash")
        )
        assert set(told) == {"•••"}


def test_one_changes_ones_own_password_with_the_old_one(district):
    d = district
    people.change_own_password(d.database, d.clerk, None, "new password", at=AT)
    with pytest.raises(InputError, match="old password"):
        people.change_own_password(d.database, d.clerk, "wrong one", "other one", at=AT)
    people.change_own_password(d.database, d.clerk, "new password", "other one", at=AT)
    assert people.sign_in(d.database, "north", "other one") == d.clerk
    with pytest.raises(PermissionDeniedError, match="Sign in first"):
        people.change_own_password(
            d.database, Actor("命令行", Role.ADMINISTRATOR), None, "other one", at=AT
        )


def test_the_last_administrator_stays(district):
    d = district
    row = _row(d, "admin")
    with pytest.raises(InputError, match="last administrator"):
        people.set_active(
            d.database, d.administrator, row.id, active=False, version=row.version, at=AT
        )
    with pytest.raises(InputError, match="last administrator"):
        people.edit(
            d.database,
            d.administrator,
            row.id,
            replace(row.data, role=Role.MANAGER),
            version=row.version,
            at=AT,
        )
    deputy = _row(d, "deputy")
    people.edit(
        d.database,
        d.administrator,
        deputy.id,
        replace(deputy.data, role=Role.ADMINISTRATOR),
        version=deputy.version,
        at=AT,
    )
    people.set_active(d.database, d.administrator, row.id, active=False, version=row.version, at=AT)
    with pytest.raises(InputError):
        people.sign_in(d.database, "admin")
    assert people.sign_in_again(d.database, "admin") is None
    assert people.sign_in_again(d.database, "deputy").role is Role.ADMINISTRATOR


def test_login_and_name_tell_people_apart(district):
    d = district
    for data in (
        PersonData("TECH", "别人", Role.TECHNICIAN),
        PersonData("tech9", "王师傅", Role.TECHNICIAN),
        PersonData(" ", "某人", Role.TECHNICIAN),
        PersonData("clerk9", "某人", Role.REPORTER),
    ):
        with pytest.raises(InputError):
            people.add(d.database, d.administrator, data, at=AT)
    assert len(people.list_people(d.database, d.manager)) == 7


def test_other_outlets_are_a_change_that_the_history_tells(district):
    d = district
    row = _row(d, "north")
    both = replace(row.data, outlet_ids=frozenset({d.north, d.south}))
    changes = people.edit(d.database, d.administrator, row.id, both, version=row.version, at=AT)
    assert changes.ids["person"] == {row.id}
    assert people.sign_in_again(d.database, "north").outlet_ids == {d.north, d.south}
    with pytest.raises(StaleError):
        people.edit(d.database, d.administrator, row.id, both, version=row.version, at=AT)
    with d.database.read() as session:
        line = session.scalars(
            select(ChangedField).where(ChangedField.field == "outlets", ChangedField.old == "0101")
        ).one()
        assert line.new == "0101 0102"


def test_a_new_name_follows_into_open_work(district):
    d = district
    reported = d.report()
    tickets.accept(d.database, d.technician, {reported.id: 1}, at=local("2026-06-01 09:10"))
    exemptions.propose(
        d.database,
        d.manager,
        reported.id,
        "停电",
        version=d.version(reported.id),
        at=local("2026-06-01 09:20"),
    )
    for login, name in (("tech", "王建国"), ("manager", "赵明")):
        row = _row(d, login)
        people.edit(
            d.database,
            d.administrator,
            row.id,
            replace(row.data, name=name),
            version=row.version,
            at=AT,
        )
    details = d.ticket(reported.id)
    assert details.row.technician == "王建国"
    assert details.exempt_proposed_by == "赵明"
    with pytest.raises(PermissionDeniedError, match="yourself"):
        exemptions.approve(
            d.database,
            people.sign_in_again(d.database, "manager"),
            reported.id,
            version=details.row.version,
            at=local("2026-06-01 09:30"),
        )


def test_only_administrators_edit_people(district):
    d = district
    for actor in (d.manager, d.technician, d.clerk):
        with pytest.raises(PermissionDeniedError):
            people.add(d.database, actor, PersonData("x", "新人", Role.TECHNICIAN), at=AT)
    with pytest.raises(PermissionDeniedError):
        people.list_people(d.database, d.technician)
    assert people.list_technicians(d.database, d.technician) == ("李师傅", "王师傅")


def test_an_administrator_may_do_everything_and_a_reporter_only_at_home():
    administrator = Actor("管", Role.ADMINISTRATOR)
    clerk = Actor("孙", Role.REPORTER, frozenset({2}))
    assert all(may(administrator, action, 9) for action in PERMISSIONS)
    assert may(clerk, "ticket.report", 2)
    assert not may(clerk, "ticket.report", 3)
    with pytest.raises(PermissionDeniedError, match="not yours"):
        require(clerk, "ticket.report", 3)
    with pytest.raises(PermissionDeniedError, match="may not do this"):
        require(clerk, "device.edit", 2)


def test_one_edit_changes_all_of_it_or_nothing(district):
    d = district
    row = _row(d, "north")
    short, longer = "12345", "correct horse"
    moved = replace(row.data, name="孙新名", role=Role.MANAGER, outlet_ids=frozenset())
    with pytest.raises(InputError, match="too short") as refused:
        people.edit(
            d.database,
            d.administrator,
            row.id,
            moved,
            active=False,
            password=short,
            version=row.version,
            at=AT,
        )
    assert refused.value.field == "password"
    assert _row(d, "north") == row
    people.edit(
        d.database,
        d.administrator,
        row.id,
        moved,
        active=False,
        password=longer,
        version=row.version,
        at=AT,
    )
    after = _row(d, "north")
    assert (after.data, after.active, after.has_password) == (moved, False, True)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"login": " "}, "login"),
        ({"name": ""}, "name"),
        ({"login": "TECH"}, "login"),
        ({"name": "王师傅"}, "name"),
        ({"outlet_ids": frozenset()}, "outlets"),
    ],
)
def test_what_is_refused_names_its_field(district, wrong, field):
    row = _row(district, "north")
    with pytest.raises(InputError) as refused:
        people.edit(
            district.database,
            district.administrator,
            row.id,
            replace(row.data, **wrong),
            version=row.version,
            at=AT,
        )
    assert refused.value.field == field


def test_outlets_tell_reporters_apart(district):
    told = {each.login: each for each in people.list_sign_in_names(district.database)}
    assert (told["north"].outlets, told["tech"].outlets) == ("城北支局", "")
