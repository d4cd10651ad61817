"""Proposing a stoppage: what is to stand still, from when to when, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from desk_maint.domain.devices import Category
from desk_maint.domain.instants import HOUR
from desk_maint.domain.messages import Term, msg
from desk_maint.domain.stoppages import StoppageScope
from desk_maint.services import device_finder, stoppages
from desk_maint.services.stoppages import StoppageData
from ui.widgets.form_dialog import FormDialog
from ui.widgets.moment_edit import LocalMomentEdit
from ui.widgets.naming import named
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desk_maint.services.outlets import OutletChoice
    from desk_maint.services.stoppages import StoppageProposed
    from ui.context import Context

__all__ = ["StoppageDialog"]

_LASTS_HOURS = 2
"""What is offered at first; most planned work is done in that time."""


class StoppageDialog(FormDialog):
    """Only the field that the scope asks for is there; OK is on once there is a reason."""

    def __init__(
        self, context: Context, parent: QWidget | None, units: Sequence[OutletChoice]
    ) -> None:
        super().__init__(context, parent, msg("Propose a stoppage"), "stoppage_dialog")
        say = context.texts.say
        self._scope = named(QComboBox(), "stoppage_scope")
        for scope in StoppageScope:
            self._scope.addItem(say(word(scope)), scope)
        self.row(Term("stoppage_scope"), self._scope)
        self._tag = named(QLineEdit(), "stoppage_tag")
        self._outlet = named(QComboBox(), "stoppage_outlet")
        for unit in units:
            self._outlet.addItem(f"{unit.code} {unit.name}", unit.id)
        self._category = named(QComboBox(), "stoppage_category")
        for category in Category:
            self._category.addItem(say(word(category)), category)
        self._subjects: dict[StoppageScope, QWidget] = {
            StoppageScope.DEVICE: self._tag,
            StoppageScope.OUTLET: self._outlet,
            StoppageScope.CATEGORY: self._category,
        }
        for scope, field, label in (
            (StoppageScope.DEVICE, self._tag, Term("asset_no")),
            (StoppageScope.OUTLET, self._outlet, Term("outlet")),
            (StoppageScope.CATEGORY, self._category, Term("equipment_category")),
        ):
            self.row(label, field)
            self._subjects[scope] = field
        begin = context.now() // HOUR * HOUR + HOUR
        self._from = LocalMomentEdit(context.zone, begin, name="stoppage_from")
        self.row(Term("time_from"), self._from)
        end = begin + _LASTS_HOURS * HOUR
        self._to = LocalMomentEdit(context.zone, end, name="stoppage_to")
        self.row(Term("time_to"), self._to)
        self._reason = named(QPlainTextEdit(), "stoppage_reason")
        self._reason.setTabChangesFocus(True)
        self._reason.setFixedHeight(72)
        self.row(Term("reason"), self._reason)
        self._scope.setFocus()
        self._scope.currentIndexChanged.connect(self._show_subject)
        self._reason.textChanged.connect(self._look)
        self._tag.textChanged.connect(self._look)
        self._show_subject()

    @property
    def scope(self) -> StoppageScope:
        """How far it is to reach."""
        return StoppageScope(self._scope.currentData())

    def propose(self) -> None:
        """Ask, and propose it."""
        self.run(
            self._prepare,
            success=msg("The stoppage is proposed; somebody else has to approve it."),
        )

    def _show_subject(self) -> None:
        for scope, field in self._subjects.items():
            self.form.setRowVisible(field, scope is self.scope)
        self._look()

    def _look(self) -> None:
        named_one = self.scope is not StoppageScope.DEVICE or bool(self._tag.text().strip())
        self.accept_button.setEnabled(named_one and bool(self._reason.toPlainText().strip()))

    def _prepare(self) -> Callable[[], StoppageProposed]:
        context, scope, at = self.context, self.scope, self.context.now()
        tag, reason = self._tag.text().strip(), self._reason.toPlainText().strip()
        outlet, category = self._outlet.currentData(), self._category.currentData()
        begin, end = self._from.instant(), self._to.instant()

        def propose() -> StoppageProposed:
            database, actor = context.database, context.actor
            by_tag = scope is StoppageScope.DEVICE
            data = StoppageData(
                scope,
                begin,
                end,
                reason,
                device_id=device_finder.find_tag(database, actor, tag).id if by_tag else None,
                outlet_id=outlet if scope is StoppageScope.OUTLET else None,
                category=Category(category) if scope is StoppageScope.CATEGORY else None,
            )
            return stoppages.propose(database, actor, data, at=at)

        return propose
