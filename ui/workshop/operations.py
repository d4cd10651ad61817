"""What is done to tickets: each asks what has to be said, calls the core, and says it is done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import Message, Term, msg
from desk_maint.services import (
    attachments,
    exemptions,
    people,
    ticket_corrections,
    ticket_details,
    tickets,
)
from ui.files import ask_open_many
from ui.operations import ask, perform
from ui.widgets.form_dialog import FormDialog
from ui.widgets.reason_dialog import ReasonDialog
from ui.workshop.correct_dialog import CorrectDialog
from ui.workshop.dialogs import (
    ChoiceDialog,
    GradeDialog,
    HoldDialog,
    RestoreDialog,
    WhenDialog,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from desk_maint.db.change import Changes
    from desk_maint.services.ticket_details import TicketDetails
    from desk_maint.services.ticket_rows import TicketRow
    from ui.context import Context

__all__ = ["TicketOperations"]

_PICTURES = "PNG, JPEG, WebP, GIF, BMP (*.png *.jpg *.jpeg *.webp *.gif *.bmp)"

Dialog = TypeVar("Dialog", bound=FormDialog)


class TicketOperations:
    """What one page does to tickets.

    ``newest`` gives tickets as they were read last, so that a dialog that stays open while somebody
    else works on the ticket can be sent again; ``look_again`` reads what is shown.
    """

    def __init__(
        self,
        parent: QWidget,
        context: Context,
        newest: Callable[[Sequence[TicketRow]], Sequence[TicketRow]],
        look_again: Callable[[], object],
    ) -> None:
        self._parent, self._context = parent, context
        self._newest, self._look_again = newest, look_again

    def do(self, name: str, row: TicketRow) -> None:
        """Do the action of this name (one of ``ticket_view.ACTIONS``) to a ticket."""
        getattr(self, name)(row)

    # At once

    def accept(self, *rows: TicketRow) -> None:
        """Accept tickets that nobody has accepted."""
        context, wanted = self._context, {row.id: row.version for row in rows}
        self._perform(
            lambda at: tickets.accept(context.database, context.actor, wanted, at=at),
            msg("Tickets accepted: {count}.", count=len(rows)),
        )

    def confirm(self, row: TicketRow) -> None:
        """Agree that the device serves again."""
        context = self._context
        self._perform(
            lambda at: tickets.confirm(
                context.database, context.actor, row.id, version=row.version, at=at
            ),
            msg("Ticket {number} is closed.", number=row.number),
        )

    def approve_exemption(self, row: TicketRow) -> None:
        """Approve what somebody else has proposed."""
        context = self._context
        self._perform(
            lambda at: exemptions.approve(
                context.database, context.actor, row.id, version=row.version, at=at
            ),
            msg("The exemption of {number} is approved.", number=row.number),
        )

    def _perform(self, call: Callable[[int], Changes], success: Message) -> None:
        at = self._context.now()
        perform(self._parent, self._context, lambda: call(at), success=success)

    # At a moment that may lie back

    def arrive(self, row: TicketRow) -> None:
        """Be on site."""
        self._at_moment(
            row,
            Term("do_ticket_arrive"),
            Term("arrived_at"),
            tickets.arrive,
            msg("On site for {number}.", number=row.number),
        )

    def resume(self, row: TicketRow) -> None:
        """End the hold that is running."""
        self._at_moment(
            row,
            Term("do_ticket_resume"),
            msg("Held until"),
            tickets.resume,
            msg("{number} goes on.", number=row.number),
        )

    def spare(self, row: TicketRow) -> None:
        """Record that a spare serves in place of the device."""
        self._at_moment(
            row,
            Term("do_ticket_spare"),
            Term("spare_from"),
            tickets.spare_in_service,
            msg("A spare serves for {tag}.", tag=row.tag),
        )

    def _at_moment(
        self,
        row: TicketRow,
        title: Term,
        label: Term | Message,
        verb: Callable[..., Changes],
        success: Message,
    ) -> None:
        def call(dialog: WhenDialog) -> Callable[[int, int], Changes]:
            context, moment = self._context, dialog.moment()
            return lambda version, at: verb(
                context.database, context.actor, row.id, version=version, at=at, moment=moment
            )

        self._run(WhenDialog(self._context, self._parent, title, label), row, call, success)

    # With something to say

    def assign(self, *rows: TicketRow) -> None:
        """Hand tickets to one technician."""
        context = self._context

        def choose(names: Sequence[str]) -> None:
            dialog = ChoiceDialog(
                context, self._parent, Term("do_ticket_assign"), Term("assigned_to"), names
            )

            def prepare() -> Callable[[], Changes]:
                who, at = dialog.choice(), context.now()
                wanted = {row.id: row.version for row in self._newest(rows)}
                return lambda: tickets.assign(context.database, context.actor, wanted, who, at=at)

            dialog.run(
                prepare,
                success=lambda _changes: msg(
                    "Tickets handed to {who}: {count}.", count=len(rows), who=dialog.choice()
                ),
                look_again=self._look_again,
            )

        ask(
            self._parent,
            context,
            lambda: people.list_technicians(context.database, context.actor),
            choose,
        )

    def hold(self, row: TicketRow) -> None:
        """Let the work rest, for a reason."""

        def call(dialog: HoldDialog) -> Callable[[int, int], Changes]:
            context, moment = self._context, dialog.moment()
            reason, note = dialog.reason, dialog.note()
            return lambda version, at: tickets.hold(
                context.database,
                context.actor,
                row.id,
                reason,
                note=note,
                version=version,
                at=at,
                moment=moment,
            )

        done = msg("{number} rests.", number=row.number)
        self._run(HoldDialog(self._context, self._parent), row, call, done)

    def restore(self, row: TicketRow) -> None:
        """Put the device back in service: when, why it failed, what was done."""

        def call(dialog: RestoreDialog) -> Callable[[int, int], Changes]:
            context, moment = self._context, dialog.moment()
            repair = tickets.Repair(*dialog.answers())
            return lambda version, at: tickets.restore(
                context.database,
                context.actor,
                row.id,
                repair,
                version=version,
                at=at,
                moment=moment,
            )

        done = msg("{tag} is back in service; the outlet is asked to confirm.", tag=row.tag)
        self._run(RestoreDialog(self._context, self._parent), row, call, done)

    def grade(self, row: TicketRow) -> None:
        """Raise or lower the grade."""

        def call(dialog: GradeDialog) -> Callable[[int, int], Changes]:
            context, (grade, impact, reason) = self._context, dialog.answers()
            return lambda version, at: tickets.set_grade(
                context.database,
                context.actor,
                row.id,
                grade,
                reason,
                impact=impact,
                version=version,
                at=at,
            )

        done = msg("The grade of {number} is changed.", number=row.number)
        dialog = GradeDialog(self._context, self._parent, row.grade, row.impact)
        self._run(dialog, row, call, done)

    def send_back(self, row: TicketRow) -> None:
        """Send the ticket back for rework."""
        self._with_reason(
            row,
            Term("do_ticket_send_back"),
            msg("What is still wrong?"),
            tickets.send_back,
            msg("Ticket {number} goes back to the workshop.", number=row.number),
        )

    def cancel(self, row: TicketRow) -> None:
        """Cancel a report that was none."""
        self._with_reason(
            row,
            Term("do_ticket_cancel"),
            Term("reason"),
            tickets.cancel,
            msg("Ticket {number} is cancelled.", number=row.number),
        )

    def propose_exemption(self, row: TicketRow) -> None:
        """Propose that the fault leaves the required time."""
        self._with_reason(
            row,
            Term("do_ticket_propose_exemption"),
            Term("exempt_reason"),
            exemptions.propose,
            msg("The exemption of {number} waits for approval.", number=row.number),
        )

    def refuse_exemption(self, row: TicketRow) -> None:
        """Refuse what somebody else has proposed, or take an approval back."""
        self._with_reason(
            row,
            Term("do_ticket_refuse_exemption"),
            Term("reason"),
            exemptions.refuse,
            msg("The exemption of {number} is refused.", number=row.number),
        )

    def note(self, row: TicketRow) -> None:
        """Add to what is known of the fault."""

        def verb(*args: object, version: int, at: int) -> Changes:  # noqa: ARG001
            # A note makes nobody's form stale, so it takes no version.
            return tickets.add_note(*args, at=at)  # type: ignore[arg-type]

        self._with_reason(
            row,
            Term("do_ticket_note"),
            Term("note"),
            verb,
            msg("The note is added to {number}.", number=row.number),
        )

    def edit(self, row: TicketRow) -> None:
        """Put right what was entered wrongly, on a closed ticket too."""
        context = self._context

        def correct(details: TicketDetails) -> None:
            def call(dialog: CorrectDialog) -> Callable[[int, int], Changes] | None:
                correction, reason = dialog.correction(), dialog.reason()
                if correction is None:
                    return None
                return lambda version, at: ticket_corrections.correct(
                    context.database,
                    context.actor,
                    row.id,
                    correction,
                    reason,
                    version=version,
                    at=at,
                )

            done = msg("Ticket {number} is corrected.", number=row.number)
            dialog = CorrectDialog(context, self._parent, details.correction)
            self._run(dialog, details.row, call, done)

        ask(
            self._parent,
            context,
            lambda: ticket_details.read_ticket(context.database, context.actor, row.id),
            correct,
        )

    def attach(self, row: TicketRow) -> None:
        """Add pictures from files."""
        context = self._context
        title = Term("do_ticket_attach")
        self.attach_files(row, ask_open_many(self._parent, context, title, _PICTURES))

    def attach_files(self, row: TicketRow, paths: Sequence[Path]) -> None:
        """Add pictures to a ticket; none where one of them cannot be taken."""
        context, at = self._context, self._context.now()

        def work() -> Changes:
            try:
                files = [attachments.NewAttachment(path.name, path.read_bytes()) for path in paths]
            except OSError as error:
                problem = msg("The picture cannot be read: {problem}", problem=str(error))
                raise InputError(problem) from error
            return attachments.attach(context.database, context.actor, row.id, files, at=at)

        if paths:
            done = msg("Pictures added to {number}: {count}.", number=row.number, count=len(paths))
            perform(self._parent, context, work, success=done)

    def _with_reason(
        self,
        row: TicketRow,
        title: Term,
        label: Term | Message,
        verb: Callable[..., Changes],
        success: Message,
    ) -> None:
        """Ask for one text and do ``verb`` with it."""

        def call(dialog: ReasonDialog) -> Callable[[int, int], Changes]:
            context, text = self._context, dialog.text()
            return lambda version, at: verb(
                context.database, context.actor, row.id, text, version=version, at=at
            )

        self._run(ReasonDialog(self._context, self._parent, title, label), row, call, success)

    def _run(
        self,
        dialog: Dialog,
        row: TicketRow,
        call: Callable[[Dialog], Callable[[int, int], Changes] | None],
        success: Message,
    ) -> None:
        """Ask; ``call`` reads the dialog and returns what is done at a version and an instant.

        Or None, where a field is wrong and says so.
        """

        def prepare() -> Callable[[], Changes] | None:
            (newest,) = self._newest([row])
            do, version, at = call(dialog), newest.version, self._context.now()
            return None if do is None else partial(do, version, at)

        dialog.run(prepare, success=success, look_again=self._look_again)
