"""The usual symptoms of each category: the buttons of the counter desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from desk_maint.db.models import Symptom
from desk_maint.domain.devices import Category
from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg
from desk_maint.services.permissions import require
from desk_maint.services.records import fetch, stale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from desk_maint.db.change import Changes
    from desk_maint.db.engine import Database
    from desk_maint.domain.faults import Impact
    from desk_maint.domain.people import Actor

__all__ = ["SymptomRow", "add", "edit", "list_symptoms", "remove", "reorder"]


@dataclass(frozen=True, slots=True)
class SymptomRow:
    """One symptom and the impact it usually has."""

    id: int
    category: Category
    text: str
    impact: Impact
    version: int


def list_symptoms(
    database: Database, actor: Actor, category: Category | None = None
) -> tuple[SymptomRow, ...]:
    """Return the symptoms in the order of their buttons; of one category, or of all."""
    require(actor, "symptom.read")
    query = select(Symptom).order_by(Symptom.rank, Symptom.id)
    if category is not None:
        query = query.where(Symptom.category == category)
    with database.read() as session:
        rows = [
            SymptomRow(row.id, row.category, row.text, row.impact, row.version)
            for row in session.scalars(query)
        ]
    categories = list(Category)
    return tuple(sorted(rows, key=lambda row: categories.index(row.category)))


def add(
    database: Database, actor: Actor, category: Category, text: str, impact: Impact, *, at: int
) -> Changes:
    """Add a symptom behind the others of its category."""
    require(actor, "symptom.edit")
    with database.change(actor, "symptom.edit", at=at) as work:
        wording = _check(work.session, category, text, None)
        last = work.session.scalar(
            select(func.max(Symptom.rank)).where(Symptom.category == category)
        )
        rank = 0 if last is None else last + 1
        work.session.add(Symptom(category=category, text=wording, impact=impact, rank=rank))
    return work.changes


def edit(
    database: Database,
    actor: Actor,
    symptom_id: int,
    text: str,
    impact: Impact,
    *,
    version: int,
    at: int,
) -> Changes:
    """Change the wording or the impact; faults already reported keep theirs."""
    require(actor, "symptom.edit")
    with database.change(actor, "symptom.edit", at=at) as work:
        row = fetch(work.session, Symptom, symptom_id, version=version)
        row.text = _check(work.session, row.category, text, symptom_id)
        row.impact = impact
    return work.changes


def remove(database: Database, actor: Actor, symptom_id: int, *, version: int, at: int) -> Changes:
    """Offer a symptom no more."""
    require(actor, "symptom.edit")
    with database.change(actor, "symptom.edit", at=at) as work:
        work.session.delete(fetch(work.session, Symptom, symptom_id, version=version))
    return work.changes


def reorder(
    database: Database, actor: Actor, category: Category, symptom_ids: Sequence[int], *, at: int
) -> Changes:
    """Put the buttons of a category in this order; all of them have to be named."""
    require(actor, "symptom.edit")
    with database.change(actor, "symptom.edit", at=at) as work:
        rows = {
            row.id: row
            for row in work.session.scalars(
                select(Symptom).where(Symptom.category == category).with_for_update()
            )
        }
        if set(rows) != set(symptom_ids):
            changed = next(iter(set(rows) ^ set(symptom_ids)), 0)
            raise stale(work.session, "symptom", str(changed))
        for rank, key in enumerate(symptom_ids):
            rows[key].rank = rank
    return work.changes


def _check(session: Session, category: Category, text: str, symptom_id: int | None) -> str:
    wording = text.strip()
    if not wording:
        raise InputError(
            msg("A symptom needs a wording. Say in a few words what is seen."), field="text"
        )
    other = session.scalar(
        select(Symptom.id).where(Symptom.category == category, Symptom.text == wording)
    )
    if other is not None and other != symptom_id:
        raise InputError(
            msg("There is already a symptom “{text}” for this category.", text=wording),
            field="text",
        )
    return wording
