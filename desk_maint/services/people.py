"""The people who work with the program: their roles, outlets and passwords."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from desk_maint.db.models import Fault, Outlet, Person, Stoppage, person_outlet
from desk_maint.domain.errors import InputError, PermissionDeniedError
from desk_maint.domain.faults import ExemptState
from desk_maint.domain.messages import msg
from desk_maint.domain.people import Actor, Role
from desk_maint.services.passwords import hashed, matches
from desk_maint.services.permissions import require
from desk_maint.services.records import fetch, touch

if TYPE_CHECKING:
    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from desk_maint.db.change import Changes, Work
    from desk_maint.db.engine import Database

__all__ = [
    "PersonAdded",
    "PersonData",
    "PersonRow",
    "SignInName",
    "add",
    "add_first_administrator",
    "change_own_password",
    "edit",
    "has_people",
    "list_people",
    "list_sign_in_names",
    "list_technicians",
    "set_active",
    "set_password",
    "sign_in",
    "sign_in_again",
]


@dataclass(frozen=True, slots=True)
class PersonData:
    """What an administrator fills in about a person."""

    login: str
    name: str
    role: Role
    outlet_ids: frozenset[int] = frozenset()
    """The outlets a reporter is bound to; empty for the other roles."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in the list of people."""

    id: int
    login: str
    name: str
    role: Role
    outlet_ids: frozenset[int]
    outlets: str
    """Names of the outlets, joined."""
    has_password: bool
    active: bool
    version: int

    @property
    def data(self) -> PersonData:
        """What a form for this person starts with."""
        return PersonData(self.login, self.name, self.role, self.outlet_ids)


@dataclass(frozen=True, slots=True)
class PersonAdded:
    """A new person, ready to work."""

    actor: Actor
    changes: Changes


@dataclass(frozen=True, slots=True)
class SignInName:
    """Who may be chosen when signing in."""

    login: str
    name: str
    role: Role
    needs_password: bool
    outlets: str = ""
    """Names of a reporter's outlets, joined; empty where they were not asked for."""


def has_people(database: Database) -> bool:
    """Whether anybody is known yet; if not, the first administrator is to be named."""
    with database.read() as session:
        return bool(session.scalar(select(func.count(Person.id))))


def list_sign_in_names(database: Database) -> tuple[SignInName, ...]:
    """Return the active people by name, for the sign-in page."""
    query = (
        select(Person)
        .where(Person.active)
        .order_by(Person.name, Person.login)
        .options(selectinload(Person.outlets))
    )
    with database.read() as session:
        return tuple(
            SignInName(
                row.login,
                row.name,
                row.role,
                row.password_hash is not None,
                ", ".join(outlet.name for outlet in row.outlets),
            )
            for row in session.scalars(query)
        )


def sign_in(database: Database, login: str, password: str | None = None) -> Actor:
    """Return the person who signs in.

    Raises :class:`InputError` where login and password do not belong together; it does not say
    which of the two is wrong.
    """
    with database.read() as session:
        found = _find(session, login)
        if found is None or not matches(found.password_hash, password):
            raise InputError(
                msg("The user name or the password is wrong. Try again, or ask an administrator.")
            )
        return _signed_in(session, found)


def sign_in_again(database: Database, login: str) -> Actor | None:
    """Return the person who worked on this PC last; None: she has to sign in.

    That is where a password is asked of her, or she is not active any more.
    """
    with database.read() as session:
        found = _find(session, login)
        if found is None or found.password_hash is not None:
            return None
        return _signed_in(session, found)


# Columns alone, for these queries stand before the first desk: whole rows and what belongs to
# them take twice as long to come up.
def _find(session: Session, login: str) -> Row[int, str, Role, str | None] | None:
    """Return key, name, role and password hash of an active person."""
    return session.execute(
        select(Person.id, Person.name, Person.role, Person.password_hash).where(
            Person.active, func.lower(Person.login) == login.strip().lower()
        )
    ).one_or_none()


def _signed_in(session: Session, found: Row[int, str, Role, str | None]) -> Actor:
    bound = select(person_outlet.c.outlet_id).where(person_outlet.c.person_id == found.id)
    return Actor(found.name, found.role, frozenset(session.scalars(bound)), found.id)


def list_people(database: Database, actor: Actor) -> tuple[PersonRow, ...]:
    """Return everybody, the active ones first."""
    require(actor, "person.read")
    with database.read() as session:
        return tuple(
            PersonRow(
                id=row.id,
                login=row.login,
                name=row.name,
                role=row.role,
                outlet_ids=frozenset(outlet.id for outlet in row.outlets),
                outlets=", ".join(outlet.name for outlet in row.outlets),
                has_password=row.password_hash is not None,
                active=row.active,
                version=row.version,
            )
            for row in session.scalars(
                select(Person)
                .options(selectinload(Person.outlets))
                .order_by(Person.active.desc(), Person.name, Person.login)
            )
        )


def list_technicians(database: Database, actor: Actor) -> tuple[str, ...]:
    """Return the names of those to whom a ticket can be handed."""
    require(actor, "ticket.assign")
    with database.read() as session:
        return tuple(
            session.scalars(
                select(Person.name)
                .where(Person.active, Person.role == Role.TECHNICIAN)
                .order_by(Person.name)
            )
        )


def add_first_administrator(
    database: Database, login: str, name: str, password: str | None = None, *, at: int
) -> PersonAdded:
    """Name the first administrator of a new database; refused once there is anybody."""
    data = PersonData(login, name, Role.ADMINISTRATOR)
    with database.change(Actor(name.strip(), Role.ADMINISTRATOR), "person.edit", at=at) as work:
        if work.session.scalar(select(func.count(Person.id))):
            raise PermissionDeniedError(
                msg("This database already has its administrator. Sign in instead.")
            )
        person = _new(work.session, data, password)
        actor = _actor(person)
    return PersonAdded(actor, work.changes)


def add(
    database: Database, actor: Actor, data: PersonData, password: str | None = None, *, at: int
) -> PersonAdded:
    """Add a person; without a password she signs in by choosing her name."""
    require(actor, "person.edit")
    with database.change(actor, "person.edit", at=at) as work:
        person = _new(work.session, data, password)
        _record_outlets(work, person, before="")
        added = _actor(person)
    return PersonAdded(added, work.changes)


def edit(
    database: Database,
    actor: Actor,
    person_id: int,
    data: PersonData,
    *,
    active: bool | None = None,
    password: str | None = None,
    version: int,
    at: int,
) -> Changes:
    """Change a person's name, login, role or outlets; a new name follows into open work.

    ``active`` and ``password`` None: as before.  Either all of it is changed or nothing.
    """
    require(actor, "person.edit")
    new_hash = hashed(password)
    with database.change(actor, "person.edit", at=at) as work:
        session = work.session
        person = fetch(session, Person, person_id, version=version)
        _check(session, data, person_id)
        if data.role is not Role.ADMINISTRATOR:
            _keep_an_administrator(session, person, "role")
        name, outlets = person.name, _outlet_codes(person)
        person.login, person.name = data.login.strip(), data.name.strip()
        person.role = data.role
        person.outlets = _outlets(session, data)
        if active is not None:
            if not active:
                _keep_an_administrator(session, person, "active")
            person.active = active
        if new_hash is not None:
            person.password_hash = new_hash
        if outlets != _outlet_codes(person):
            touch(person)
        session.flush()
        _record_outlets(work, person, before=outlets)
        if name != person.name:
            _rename(session, name, person.name)
    return work.changes


def set_active(
    database: Database, actor: Actor, person_id: int, *, active: bool, version: int, at: int
) -> Changes:
    """Let a person in, or no longer; her name stays on what she did."""
    require(actor, "person.edit")
    with database.change(actor, "person.edit", at=at) as work:
        person = fetch(work.session, Person, person_id, version=version)
        if not active:
            _keep_an_administrator(work.session, person, "active")
        person.active = active
    return work.changes


def set_password(
    database: Database,
    actor: Actor,
    person_id: int,
    password: str | None,
    *,
    version: int,
    at: int,
) -> Changes:
    """Give a person a new password; None: signs in without one (one PC, trusted)."""
    require(actor, "person.edit")
    new_hash = hashed(password)
    with database.change(actor, "person.password", at=at) as work:
        fetch(work.session, Person, person_id, version=version).password_hash = new_hash
    return work.changes


def change_own_password(
    database: Database, actor: Actor, old: str | None, new: str | None, *, at: int
) -> Changes:
    """Change the password of the person who is signed in; the old one has to be right."""
    new_hash = hashed(new)
    with database.change(actor, "person.password", at=at) as work:
        if actor.person_id is None:
            raise PermissionDeniedError(msg("Sign in first, then change your password."))
        person = fetch(work.session, Person, actor.person_id)
        if not matches(person.password_hash, old):
            raise InputError(msg("The old password is wrong. Type it again."), field="old")
        person.password_hash = new_hash
    return work.changes


def _new(session: Session, data: PersonData, password: str | None) -> Person:
    _check(session, data, None)
    person = Person(
        login=data.login.strip(),
        name=data.name.strip(),
        role=data.role,
        password_hash=hashed(password),
        active=True,
        outlets=_outlets(session, data),
    )
    session.add(person)
    session.flush()
    return person


def _check(session: Session, data: PersonData, person_id: int | None) -> None:
    login, name = data.login.strip(), data.name.strip()
    if not login or not name:
        raise InputError(
            msg("A person needs a user name and a name. Fill in both."),
            field="name" if login else "login",
        )
    for column, text in ((Person.login, login), (Person.name, name)):
        other = session.scalar(select(Person.id).where(func.lower(column) == text.lower()))
        if other is not None and other != person_id:
            # Names tell people apart on tickets and in approvals, so they are unique as well.
            raise InputError(
                msg(
                    "There is already a user “{name}”. Choose another name, or add something "
                    "that tells the two apart.",
                    name=text,
                ),
                field=column.key,
            )
    if data.role is Role.REPORTER and not data.outlet_ids:
        raise InputError(
            msg("Somebody who reports faults belongs to an outlet. Choose at least one."),
            field="outlets",
        )


def _outlets(session: Session, data: PersonData) -> list[Outlet]:
    if data.role is not Role.REPORTER:
        return []
    return list(
        session.scalars(select(Outlet).where(Outlet.id.in_(data.outlet_ids)).order_by(Outlet.code))
    )


def _outlet_codes(person: Person) -> str:
    return " ".join(sorted(outlet.code for outlet in person.outlets))


def _record_outlets(work: Work, person: Person, *, before: str) -> None:
    """Write the outlets into the history: they stand in a table of their own."""
    after = _outlet_codes(person)
    if before != after:
        work.record("person", person.id, "outlets", before, after)


def _keep_an_administrator(session: Session, person: Person, field: str) -> None:
    if person.role is not Role.ADMINISTRATOR or not person.active:
        return
    others = session.scalars(
        select(Person.id)
        .where(Person.role == Role.ADMINISTRATOR, Person.active, Person.id != person.id)
        .with_for_update()
    ).all()
    if not others:
        raise InputError(
            msg(
                "{name} is the last administrator. Make somebody else an administrator first.",
                name=person.name,
            ),
            field=field,
        )


def _rename(session: Session, old: str, new: str) -> None:
    """Carry a new name into what is still open, or approvals and «mine» would lose the person."""
    for fault in session.scalars(
        select(Fault).where(
            Fault.technician == old, Fault.confirmed_at.is_(None), Fault.cancelled_at.is_(None)
        )
    ):
        fault.technician = new
    for fault in session.scalars(
        select(Fault).where(
            Fault.exempt_proposed_by == old, Fault.exempt_state == ExemptState.PROPOSED
        )
    ):
        fault.exempt_proposed_by = new
    for stoppage in session.scalars(
        select(Stoppage).where(Stoppage.proposed_by == old, Stoppage.approved_by.is_(None))
    ):
        stoppage.proposed_by = new


def _actor(person: Person) -> Actor:
    return Actor(
        name=person.name,
        role=person.role,
        outlet_ids=frozenset(outlet.id for outlet in person.outlets),
        person_id=person.id,
    )
