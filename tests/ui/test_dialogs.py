"""Every dialog in every language, light and dark: it opens, and no text is cut."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from desk_maint.domain.devices import Group
from desk_maint.domain.faults import Impact
from desk_maint.domain.messages import Term, msg
from desk_maint.language import LANGUAGES
from desk_maint.services import (
    inspections,
    outlets,
    ticket_clocks,
    ticket_details,
    ticket_queue,
)
from tests.ui.conftest import ADMINISTRATOR, MONDAY_NINE
from tests.ui.test_pages import cut_texts
from ui.counter.failed_dialog import FailedDialog
from ui.keys_dialog import KeysDialog
from ui.managers.breakdown import BreakdownDialog
from ui.managers.evidence_dialog import EvidenceDialog
from ui.managers.inventory.dialogs import BulkDialog, MoveDialog, StateDialog
from ui.managers.repairs import Asked, Figure
from ui.managers.settings.calendar_dialogs import CalendarNameDialog, DayDialog
from ui.managers.stoppage_dialog import StoppageDialog
from ui.widgets.reason_dialog import ReasonDialog
from ui.workshop.correct_dialog import CorrectDialog
from ui.workshop.dialogs import (
    ChoiceDialog,
    GradeDialog,
    HoldDialog,
    RestoreDialog,
    WhenDialog,
    WhyDialog,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QDialog

    from desk_maint.db.engine import Database
    from tests.ui.conftest import Window


def dialogs(window: Window) -> Iterator[QDialog]:
    """Make every dialog of the three desks."""
    context, parent = window.program.context, window.program.window
    units = outlets.list_choices(window.database, ADMINISTRATOR)
    (ticket, *_) = ticket_queue.list_tickets(window.database, ADMINISTRATOR, limit=1).rows
    why = ticket_clocks.explain(window.database, ADMINISTRATOR, ticket.number, as_of=MONDAY_NINE)
    page = window.open("workshop")
    yield KeysDialog(context, page.keys, parent)
    yield FailedDialog(
        context,
        parent,
        next(
            due
            for unit in units
            for due in inspections.list_due(
                window.database, ADMINISTRATOR, unit.id, at=context.now()
            )
        ),
    )
    panel = window.open("settings").choose("calendars")
    window.settle()
    yield DayDialog(context, parent, panel.year_card.days[date(2026, 10, 1)], panel.row.name)
    yield CalendarNameDialog(context, parent)
    yield ReasonDialog(context, parent, Term("do_ticket_send_back"), msg("What is still wrong?"))
    yield ChoiceDialog(context, parent, Term("do_ticket_assign"), Term("assigned_to"), ["刘洋"])
    yield WhenDialog(context, parent, Term("do_ticket_arrive"), Term("arrived_at"))
    yield HoldDialog(context, parent)
    yield RestoreDialog(context, parent)
    yield GradeDialog(context, parent, 2, Impact.OUT_OF_SERVICE)
    details = ticket_details.read_ticket(window.database, ADMINISTRATOR, ticket.id)
    yield CorrectDialog(context, parent, details.correction)
    yield WhyDialog(context, parent, why)
    yield MoveDialog(context, parent, 3, [(unit.id, unit.name) for unit in units])
    yield StateDialog(context, parent, 3)
    yield BulkDialog(context, parent, 3)
    first = units[0]
    period = (date(2026, 5, 1), date(2026, 6, 1))
    for figure in Figure:
        asked = Asked(figure, context.texts.say(Term("mttr")), frozenset({None, "卡钞"}))
        yield EvidenceDialog(context, parent, Group.ATM, period, asked)
    yield StoppageDialog(context, parent, units)
    yield BreakdownDialog(context, parent, first.id, first.name, Group.ATM, period)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_cut(
    make_window: Callable[..., Window],
    demo_bureau: Database,
    language: str,
    dark: bool,  # noqa: FBT001
) -> None:
    window = make_window(demo_bureau, language=language, dark=dark)
    window.sign_in("zhoumin")
    seen = set()
    for dialog in dialogs(window):
        dialog.show()
        window.settle()
        assert dialog.windowTitle()
        assert cut_texts(dialog) == [], dialog.objectName()
        seen.add(dialog.objectName())
        dialog.reject()
    assert len(seen) == 18
