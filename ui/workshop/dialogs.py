"""What is asked before something is done to a ticket: one small form each, keys only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.deadlines import StepKind
from desk_maint.domain.faults import STOPPING_HOLDS, Grade, HoldReason, Impact, Responsibility
from desk_maint.domain.messages import Term, msg
from desk_maint.language.words import calendar_words
from ui.formats import duration, limit, moment
from ui.theme import Tone, set_tone
from ui.widgets.form_dialog import FormDialog
from ui.widgets.moment_edit import MomentEdit
from ui.widgets.naming import named
from ui.words import grade_word, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_maint.services.ticket_clocks import Explanation
    from ui.context import Context
    from ui.texts import Text

__all__ = [
    "ChoiceDialog",
    "GradeDialog",
    "HoldDialog",
    "RestoreDialog",
    "WhenDialog",
    "WhyDialog",
]

_STEP_WORDS = {
    StepKind.COUNTED: msg("counted"),
    StepKind.HELD: msg("held"),
    StepKind.CLOSED: msg("closed"),
    StepKind.WORKING_DAY: msg("working day"),
    StepKind.MOVED: msg("moved on by the hold"),
}


_CAUSES = tuple(
    Term(key)
    for key in (
        "rsn_hardware",
        "rsn_software",
        "rsn_card_reader",
        "rsn_dispenser",
        "rsn_note_jam",
        "rsn_printer",
        "rsn_cash_out",
        "rsn_paper_out",
        "rsn_operator",
        "rsn_line",
        "rsn_host",
        "rsn_power_cut",
        "rsn_ups",
        "rsn_vandalism",
        "rsn_force_majeure",
    )
)


class WhenDialog(FormDialog):
    """When it happened: now, as long as nothing else is said."""

    def __init__(self, context: Context, parent: QWidget | None, title: Text, label: Text) -> None:
        super().__init__(context, parent, title, "when_dialog")
        self._when = MomentEdit(context, name="when")
        self.row(label, self._when)

    def moment(self) -> int | None:
        """Return the instant, UTC seconds; None: now."""
        return self._when.moment()


class ChoiceDialog(FormDialog):
    """One of several names."""

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        title: Text,
        label: Text,
        names: Sequence[str],
    ) -> None:
        super().__init__(context, parent, title, "choice_dialog")
        self._names = named(QComboBox(), "choice_names")
        self._names.addItems(list(names))
        self.row(label, self._names)
        self.accept_button.setEnabled(bool(names))

    def choice(self) -> str:
        """Return the name that was chosen."""
        return self._names.currentText()


class HoldDialog(FormDialog):
    """Why the work rests, and whether that stops the clock."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        super().__init__(context, parent, Term("do_ticket_hold"), "hold_dialog")
        self._reason = named(QComboBox(), "hold_reason")
        for reason in HoldReason:
            self._reason.addItem(context.texts.say(word(reason)), reason)
        self.row(Term("hold_reason"), self._reason)
        self._when = MomentEdit(context, name="hold_since")
        self.row(msg("Held since"), self._when)
        self._note = named(QLineEdit(), "hold_note")
        self.row(Term("remark"), self._note)
        self._effect = QLabel(wordWrap=True)
        self.form.addRow(self._effect)
        self._reason.currentIndexChanged.connect(self._tell)
        self._tell()

    def _tell(self) -> None:
        stops = self.reason in STOPPING_HOLDS
        self._effect.setText(
            self.context.texts.say(
                msg("The clock stands still until you resume.")
                if stops
                else msg("The clock runs on: put a spare in service if you can.")
            )
        )
        set_tone(self._effect, Tone.INFO if stops else Tone.WARNING)

    @property
    def reason(self) -> HoldReason:
        """The reason that is chosen."""
        return HoldReason(self._reason.currentData())

    def moment(self) -> int | None:
        """Return when the work came to rest, UTC seconds; None: now."""
        return self._when.moment()

    def note(self) -> str | None:
        """Return what was added, if anything."""
        return self._note.text().strip() or None


class RestoreDialog(FormDialog):
    """Since when it serves again, the cause, who held it, what was done, which parts."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        super().__init__(context, parent, Term("do_ticket_restore"), "restore_dialog")
        self._cause = named(QComboBox(editable=True), "restore_cause")
        self._cause.addItems([context.texts.say(cause) for cause in _CAUSES])
        self._cause.setCurrentText("")
        self.row(Term("fault_cause"), self._cause)
        self._who = named(QComboBox(), "restore_responsibility")
        for who in Responsibility:
            self._who.addItem(context.texts.say(word(who)), who)
        self._who.setCurrentIndex(self._who.findData(Responsibility.MAINTENANCE))
        self.row(Term("responsibility"), self._who)
        self._when = MomentEdit(context, name="restored")
        self.row(Term("service_restored_at"), self._when)
        self._done = named(QPlainTextEdit(), "restore_action")
        self._done.setTabChangesFocus(True)
        self._done.setFixedHeight(72)
        self.row(Term("repair_action"), self._done)
        self._parts = named(QLineEdit(), "restore_parts")
        self.row(Term("parts_replaced"), self._parts)
        self.accept_button.setEnabled(False)
        self._cause.currentTextChanged.connect(
            lambda text: self.accept_button.setEnabled(bool(text.strip()))
        )

    def moment(self) -> int | None:
        """Return since when it serves again, UTC seconds; None: now."""
        return self._when.moment()

    def answers(self) -> tuple[str, Responsibility, str, str]:
        """Return cause, responsibility, what was done and the parts used."""
        return (
            self._cause.currentText().strip(),
            Responsibility(self._who.currentData()),
            self._done.toPlainText().strip(),
            self._parts.text().strip(),
        )


class GradeDialog(FormDialog):
    """Another grade with its reason, and the impact where that was wrong too."""

    def __init__(
        self, context: Context, parent: QWidget | None, grade: int, impact: Impact
    ) -> None:
        super().__init__(context, parent, Term("do_ticket_grade"), "grade_dialog")
        self._grade = named(QComboBox(), "grade_choice")
        for each in Grade:
            self._grade.addItem(context.texts.say(grade_word(each)), each.value)
        self._grade.setCurrentIndex(self._grade.findData(grade))
        self.row(Term("fault_level"), self._grade)
        self._impact = named(QComboBox(), "grade_impact")
        for impact_choice in Impact:
            self._impact.addItem(context.texts.say(word(impact_choice)), impact_choice)
        self._impact.setCurrentIndex(self._impact.findData(impact))
        self.row(Term("impact"), self._impact)
        self._reason = named(QLineEdit(), "grade_reason")
        self.row(Term("reason"), self._reason)
        self.accept_button.setEnabled(False)
        self._reason.textChanged.connect(
            lambda text: self.accept_button.setEnabled(bool(text.strip()))
        )

    def answers(self) -> tuple[Grade, Impact, str]:
        """Return grade, impact and reason."""
        return (
            Grade(self._grade.currentData()),
            Impact(self._impact.currentData()),
            self._reason.text().strip(),
        )


class WhyDialog(QDialog):
    """How each deadline came about, step by step."""

    def __init__(self, context: Context, parent: QWidget | None, answer: Explanation) -> None:
        super().__init__(parent)
        self.setObjectName("why_dialog")
        texts = context.texts
        self.setWindowTitle(texts.say(msg("Why this deadline?")))
        self.setMinimumSize(560, 420)
        layout = QVBoxLayout(self)
        self._text = named(QPlainTextEdit(readOnly=True), "why_text")
        self._text.setAccessibleName(texts.say(msg("Why this deadline?")))
        lines: list[str] = []
        for term, written, deadline in (
            (Term("response_limit"), answer.accept_limit, answer.accept),
            (Term("arrival_limit"), answer.on_site_limit, answer.on_site),
            (Term("repair_limit"), answer.repair_limit, answer.repair),
        ):
            if deadline is None:
                continue
            lines.append(
                f"{texts.say(term)}  {limit(texts, written)}  →  {moment(texts, deadline.due_at)}"
            )
            for step in deadline.steps:
                what = texts.say(_STEP_WORDS[step.kind])
                if step.kind is StepKind.WORKING_DAY:
                    what = f"{what} {step.seconds}"
                elif step.kind is not StepKind.CLOSED:
                    what = f"{what} {duration(texts, step.seconds)}"
                span = f"{moment(texts, step.start)} – {moment(texts, step.end)}"
                lines.append(f"    {span}    {what}")
            lines.append("")
        if answer.calendar:
            clock = calendar_words(answer.calendar)
            name = clock if isinstance(clock, str) else texts.say(clock)
            lines.insert(0, f"{texts.say(Term('repair_clock'))}: {name}\n")
        self._text.setPlainText("\n".join(lines))
        layout.addWidget(self._text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
