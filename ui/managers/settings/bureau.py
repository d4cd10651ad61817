"""The bureau and the rules that its groups are judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desk_maint.domain.devices import Group
from desk_maint.domain.messages import Term, msg
from desk_maint.services import settings
from desk_maint.services.permissions import may
from ui.managers.setting_words import COUNTS, MEASURES
from ui.operations import ask, perform
from ui.theme import Space
from ui.widgets.basics import Card, button, caption
from ui.widgets.naming import named
from ui.widgets.problem_line import ProblemLine
from ui.widgets.record_form import FieldKind, FormField, RecordForm
from ui.widgets.unsaved import may_leave
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_maint.services.settings import Settings
    from ui.context import Context

__all__ = ["BureauPanel"]


class BureauPanel(QWidget):
    """Name and time zone; for each group its target, what counts, and the measure."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("panel_bureau")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(Space.M)
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.S, 0)
        column.setSpacing(Space.M)
        self._forms = {"": self._form("bureau", self._bureau_fields())}
        card = Card(context, msg("Your bureau"), name="bureau_card")
        card.body.addWidget(self._forms[""])
        column.addWidget(card)
        across = QHBoxLayout()
        across.setSpacing(Space.M)
        for group in Group:
            card = Card(context, word(group), name=f"rules_{group.value}")
            form = self._form(f"rules_{group.value}", self._group_fields())
            card.body.addWidget(form)
            card.body.addStretch(1)
            across.addWidget(card, 1)
            self._forms[group.value] = form
        column.addLayout(across)
        for text in (
            msg("* has to be filled in"),
            msg("A change holds for every figure from now on, those of past months too."),
        ):
            rule = caption(context, text)
            rule.setWordWrap(True)
            column.addWidget(rule)
        column.addStretch(1)
        scroll = named(QScrollArea(widgetResizable=True), "bureau_scroll")
        scroll.setWidget(inside)
        outer.addWidget(scroll, 1)
        self.problem = ProblemLine(context, name="bureau_problem")
        outer.addWidget(self.problem)
        self._save_button = button(
            context, Term("ui_save"), self.save, name="bureau_save", role="primary"
        )
        foot = QHBoxLayout()
        foot.addWidget(self._save_button)
        foot.addStretch(1)
        outer.addLayout(foot)
        self._expected: Settings | None = None
        self._unsaved = False

    def _form(self, name: str, fields: list[FormField]) -> RecordForm:
        form = RecordForm(self.context, fields, name=name, legend=False)
        form.edited.connect(self._tell_unsaved)
        form.allow(editing=may(self.context.actor, "settings.edit"))
        return form

    def _bureau_fields(self) -> list[FormField]:
        return [
            FormField("bureau_name", Term("bureau_name")),
            FormField("timezone", Term("time_zone"), needed=True, example="Asia/Shanghai"),
        ]

    def _group_fields(self) -> list[FormField]:
        return [
            FormField("target", msg("Target in %"), needed=True, example="95"),
            FormField("counts", msg("What counts"), FieldKind.CHOICE, list(COUNTS.items())),
            FormField("measure", msg("Judged by"), FieldKind.CHOICE, list(MEASURES.items())),
        ]

    def _tell_unsaved(self) -> None:
        self._unsaved = True

    def may_leave(self, then: Callable[[], object]) -> bool:
        """Ask about what is typed and not saved; ``then`` follows where it is saved first."""
        if self._unsaved:
            return may_leave(self, self.context.texts, save=self.save, then=then)
        return True

    def refresh(self) -> None:
        """Read the settings again, unless something is being changed here."""
        if not self._unsaved:
            context = self.context
            ask(
                self,
                context,
                lambda: settings.read_settings(context.database, context.actor),
                self._show,
            )

    def _show(self, found: Settings) -> None:
        self._expected = found
        for name, form in self._forms.items():
            form.show_values(_values(found, name))
        self._unsaved = False
        self._save_button.setEnabled(may(self.context.actor, "settings.edit"))
        self.problem.say_nothing()

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Save what is different."""
        found = {name: form.values() for name, form in self._forms.items()}
        expected = self._expected
        if expected is None or not self._save_button.isEnabled():
            return
        wanted: dict[str, str] = {}
        for name, values in found.items():
            if values is None:
                return
            for key, value in values.items():
                wanted[f"{key}.{name}" if name else key] = str(value or "")
        changed = {key: text for key, text in wanted.items() if text != expected.value(key)}
        context = self.context
        perform(
            self,
            context,
            lambda: settings.update(
                context.database, context.actor, changed, expected=expected, at=context.now()
            ),
            success=msg("Saved."),
            done=lambda _changes: self._saved(then),
            failed=self._refused,
        )

    def _saved(self, then: Callable[[], object] | None) -> None:
        self._unsaved = False
        self.refresh()
        if then is not None:
            then()

    def _refused(self, error: Exception) -> bool:
        context = self.context

        def look_again() -> None:
            ask(
                self,
                context,
                lambda: settings.read_settings(context.database, context.actor),
                self._show_both,
            )

        return self.problem.deal_with(error, refuse=self._refuse_field, look_again=look_again)

    def _refuse_field(self, setting: str, text: str) -> bool:
        """Say beside a setting, such as ``target.atm``, why it was refused."""
        part, _, group = setting.partition(".")
        return group in self._forms and self._forms[group].refuse(part, text)

    def _show_both(self, theirs: Settings) -> None:
        self._expected = theirs
        for name, form in self._forms.items():
            form.show_theirs(_values(theirs, name))
        self.problem.say_stale()


def _values(found: Settings, name: str) -> dict[str, object]:
    """Return the fields of the bureau (no name) or of a group."""
    if not name:
        return {"bureau_name": found.bureau_name or None, "timezone": found.zone.key}
    group = Group(name)
    return {
        "target": found.value(f"target.{name}"),
        "counts": found.counts[group],
        "measure": found.measure[group],
    }
