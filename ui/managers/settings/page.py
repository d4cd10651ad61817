"""Settings: what can be set at the left, one panel for each at the right, made when opened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.messages import Term, msg
from desk_maint.services.permissions import may
from ui.managers.records import RecordsPanel
from ui.managers.settings.limits import limit_records
from ui.managers.settings.people import people_records
from ui.managers.settings.sections import outlet_records, plan_records
from ui.managers.settings.symptoms import SymptomsPanel
from ui.page import Page
from ui.theme import Space
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.context import Context
    from ui.texts import Text

__all__ = ["SettingsPage"]

_LINE = 34
"""Height of a line of the list."""


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    title: Text
    make: Callable[[Context], QWidget]
    action: str
    """What one has to be allowed to see it."""


def _bureau(context: Context) -> QWidget:
    from ui.managers.settings.bureau import BureauPanel

    return BureauPanel(context)


def _calendars(context: Context) -> QWidget:
    from ui.managers.settings.calendars import CalendarsPanel

    return CalendarsPanel(context)


def _safekeeping(context: Context) -> QWidget:
    from ui.managers.settings.safekeeping import SafekeepingPanel

    return SafekeepingPanel(context)


def _audit(context: Context) -> QWidget:
    from ui.managers.settings.audit import AuditPanel

    return AuditPanel(context)


_SECTIONS = (
    _Section("bureau", Term("targets_title"), _bureau, "settings.read"),
    _Section(
        "people", Term("user_account"), lambda c: RecordsPanel(c, people_records(c)), "person.read"
    ),
    _Section(
        "outlets", Term("outlet"), lambda c: RecordsPanel(c, outlet_records(c)), "outlet.read"
    ),
    _Section("calendars", Term("service_calendars"), _calendars, "calendar.read"),
    _Section(
        "symptoms",
        Term("fault_symptom"),
        SymptomsPanel,
        "symptom.read",
    ),
    _Section(
        "plans",
        Term("inspection_plan"),
        lambda c: RecordsPanel(c, plan_records(c)),
        "inspection_plan.read",
    ),
    _Section(
        "limits",
        Term("repair_limits"),
        lambda c: RecordsPanel(c, limit_records(c)),
        "repair_limit.read",
    ),
    _Section("safekeeping", msg("Backup"), _safekeeping, "database.backup"),
    _Section("audit", msg("History of changes"), _audit, "history.read"),
)


class SettingsPage(Page):
    """A list of what can be set, and the panel of what is chosen in it."""

    title = Term("ui_settings")
    icon = "mdi6.cog-outline"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.setSpacing(Space.L)
        self.sections = [each for each in _SECTIONS if may(context.actor, each.action)]
        self.list = named(QListWidget(), "settings_list")
        self.list.setFixedWidth(168)
        for number, section in enumerate(self.sections):
            item = QListWidgetItem()
            item.setSizeHint(QSize(0, _LINE))
            self.list.addItem(item)
            context.texts.bind(self, self._namer(number), section.title)
        context.texts.bind(self.list, self.list.setAccessibleName, Term("ui_settings"))
        self.list.currentRowChanged.connect(self._open)
        layout.addWidget(self.list)
        right = QVBoxLayout()
        self._stack = QStackedWidget()
        right.addWidget(self._stack)
        layout.addLayout(right, 1)
        self._panels: dict[str, QWidget] = {}
        self.add_key("Ctrl+S", Term("ui_save"), self._save)
        self.add_key("Alt+Up", msg("Move up"), partial(self._move, -1))
        self.add_key("Alt+Down", msg("Move down"), partial(self._move, 1))

    def may_close(self, then: Callable[[], object]) -> bool:
        """Ask in every section where something is typed and not saved."""
        return all(
            panel.may_leave(then) for panel in self._panels.values() if hasattr(panel, "may_leave")
        )

    def _namer(self, number: int) -> Callable[[str], None]:
        return lambda text: self.list.item(number).setText(text)

    def on_opened(self) -> None:
        """Show the section that was chosen last."""
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        else:
            self._refresh()
        self.begin_at(self.list)

    def on_changes(self, changes: object) -> None:
        """Read the section in front again: somebody has changed something."""
        if self.isVisible():
            self._refresh()

    def choose(self, name: str) -> QWidget:
        """Open a section by its name, and return its panel."""
        names = [section.name for section in self.sections]
        self.list.setCurrentRow(names.index(name))
        return self._panels[name]

    def _open(self, row: int) -> None:
        section = self.sections[row]
        if section.name not in self._panels:
            self._panels[section.name] = section.make(self.context)
            self._stack.addWidget(self._panels[section.name])
        self._stack.setCurrentWidget(self._panels[section.name])
        self._refresh()

    def _refresh(self) -> None:
        panel = self._stack.currentWidget()
        if panel is not None:
            panel.refresh()  # type: ignore[attr-defined]

    def _save(self) -> None:
        panel = self._stack.currentWidget()
        if panel is not None and hasattr(panel, "save"):
            panel.save()

    def _move(self, step: int) -> None:
        panel = self._stack.currentWidget()
        if panel is not None and hasattr(panel, "move_chosen"):
            panel.move_chosen(step)
