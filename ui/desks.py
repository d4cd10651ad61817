"""Which pages each role works with, the one it starts on first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_maint.domain.messages import Term, msg
from desk_maint.domain.people import Role
from ui.main_window import PageEntry

if TYPE_CHECKING:
    from ui.context import Context
    from ui.page import Page

__all__ = ["pages_of"]


def _counter(context: Context) -> Page:
    from ui.counter.page import CounterPage

    return CounterPage(context)


def _workshop(context: Context) -> Page:
    from ui.workshop.page import WorkshopPage

    return WorkshopPage(context)


def _overview(context: Context) -> Page:
    from ui.managers.overview import OverviewPage

    return OverviewPage(context)


def _statements(context: Context) -> Page:
    from ui.managers.statements import StatementsPage

    return StatementsPage(context)


def _inventory(context: Context) -> Page:
    from ui.managers.inventory.page import InventoryPage

    return InventoryPage(context)


def _settings(context: Context) -> Page:
    from ui.managers.settings.page import SettingsPage

    return SettingsPage(context)


INVENTORY = PageEntry("inventory", Term("equipment_ledger"), "mdi6.archive-outline", _inventory)
SETTINGS = PageEntry("settings", Term("ui_settings"), "mdi6.cog-outline", _settings)
STATEMENTS = PageEntry("statements", msg("Statements"), "mdi6.file-table-outline", _statements)
OVERVIEW = PageEntry("overview", Term("ui_dashboard"), "mdi6.gauge", _overview)
COUNTER = PageEntry("counter", msg("Counter"), "mdi6.store-outline", _counter)
WORKSHOP = PageEntry("workshop", msg("Workshop"), "mdi6.wrench-outline", _workshop)

_PAGES = {
    Role.REPORTER: (COUNTER,),
    Role.TECHNICIAN: (WORKSHOP, COUNTER),
    Role.MANAGER: (OVERVIEW, STATEMENTS, INVENTORY, WORKSHOP, COUNTER, SETTINGS),
    Role.ADMINISTRATOR: (OVERVIEW, STATEMENTS, INVENTORY, WORKSHOP, COUNTER, SETTINGS),
}


def pages_of(role: Role) -> tuple[PageEntry, ...]:
    """Return the pages of a role."""
    return _PAGES[role]
