"""The ticket in hand: what it is, its clocks and why, what can be done, what has been done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.faults import TicketState
from desk_maint.domain.messages import Term, msg
from desk_maint.domain.tickets import OPEN_STATES
from desk_maint.language.fields import action_key
from ui.formats import moment, moment_near
from ui.operations import ask
from ui.theme import Space
from ui.widgets.basics import Badge, Card, EmptyState, button, caption
from ui.widgets.flow import flow_widget
from ui.widgets.naming import named
from ui.widgets.time_left import TimeLeft
from ui.words import STATE_LOOKS, grade_word, word

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_maint.services.ticket_details import TicketDetails
    from desk_maint.services.ticket_rows import TicketRow
    from ui.context import Context

__all__ = ["TicketView"]

# What can be done, in the order of a ticket's life: action, words, key, icon.
ACTIONS = (
    ("accept", Term("do_ticket_accept"), "Ctrl+1", "mdi6.hand-back-right-outline"),
    ("arrive", Term("do_ticket_arrive"), "Ctrl+2", "mdi6.map-marker-check-outline"),
    ("hold", Term("do_ticket_hold"), "Ctrl+3", "mdi6.pause-circle-outline"),
    ("resume", Term("do_ticket_resume"), "Ctrl+4", "mdi6.play-circle-outline"),
    ("spare", Term("do_ticket_spare"), "Ctrl+5", "mdi6.swap-horizontal"),
    ("restore", Term("do_ticket_restore"), "Ctrl+Return", "mdi6.check-circle-outline"),
    ("confirm", Term("do_ticket_confirm"), "Ctrl+6", "mdi6.check-all"),
    ("send_back", Term("do_ticket_send_back"), "Ctrl+7", "mdi6.undo-variant"),
    ("assign", Term("do_ticket_assign"), "Ctrl+D", "mdi6.account-arrow-right-outline"),
    ("note", Term("do_ticket_note"), "Ctrl+N", "mdi6.note-plus-outline"),
    ("attach", Term("do_ticket_attach"), "Ctrl+I", "mdi6.image-plus"),
    ("grade", Term("do_ticket_grade"), "Ctrl+G", "mdi6.chevron-triple-up"),
    ("edit", Term("do_ticket_edit"), "Ctrl+Shift+C", "mdi6.pencil-outline"),
    (
        "propose_exemption",
        Term("do_ticket_propose_exemption"),
        "Ctrl+E",
        "mdi6.shield-half-full",
    ),
    ("approve_exemption", Term("do_ticket_approve_exemption"), "", "mdi6.shield-check-outline"),
    ("refuse_exemption", Term("do_ticket_refuse_exemption"), "", "mdi6.shield-off-outline"),
    ("cancel", Term("do_ticket_cancel"), "Ctrl+Delete", "mdi6.cancel"),
)
_MAIN = ("accept", "arrive", "restore", "confirm")
"""The next step of a state; of these the one that is possible stands out."""
_THUMBNAIL = 120


class TicketView(QWidget):
    """Shows one ticket; what a button means is decided by the page."""

    asked = Signal(str, object)
    """An action of :data:`ACTIONS` and the :class:`TicketRow` it is asked for."""
    why_asked = Signal(object)
    """Why this deadline? The :class:`TicketRow`."""
    print_asked = Signal(object)
    """The :class:`TicketDetails` to print."""
    pdf_asked = Signal(object)
    """The :class:`TicketDetails` to write as PDF."""
    opened = Signal(int)
    """Another ticket of the same device is to be shown: its key."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("ticket_view")
        self.details: TicketDetails | None = None
        self._stack = QStackedWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        self._stack.addWidget(
            EmptyState(
                context,
                "mdi6.wrench-outline",
                msg("Choose a ticket on the left."),
                name="no_ticket",
            )
        )
        self._scroll = named(QScrollArea(widgetResizable=True), "ticket_scroll")
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack.addWidget(self._scroll)
        context.texts.changed.connect(self._again)
        context.theme.changed.connect(self._again)

    def clear(self) -> None:
        """Show that there is no ticket."""
        self.details = None
        self._stack.setCurrentIndex(0)

    def show_ticket(self, details: TicketDetails) -> None:
        """Show a ticket from the top."""
        same = self.details is not None and self.details.row.id == details.row.id
        place = self._scroll.verticalScrollBar().value() if same else 0
        self.details = details
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(Space.S, 0, Space.S, 0)
        layout.setSpacing(Space.M)
        layout.addWidget(self._head(details.row))
        layout.addWidget(self._actions(details))
        layout.addWidget(self._clocks(details.row))
        layout.addWidget(self._facts(details))
        if details.attachments:
            layout.addWidget(self._pictures(details))
        layout.addWidget(self._timeline(details))
        if details.earlier:
            layout.addWidget(self._earlier(details))
        layout.addStretch(1)
        self._scroll.setWidget(inside)
        self._scroll.verticalScrollBar().setValue(place)
        self._stack.setCurrentIndex(1)

    def _again(self) -> None:
        if self.details is not None:
            self.show_ticket(self.details)

    def _say(self, text: object) -> str:
        return self.context.texts.say(text)  # type: ignore[arg-type]

    def _head(self, row: TicketRow) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        first = QHBoxLayout()
        badge = Badge(self.context, name="ticket_state")
        icon, tone = STATE_LOOKS[row.state]
        badge.show_state(word(row.state), icon, tone)
        first.addWidget(badge)
        number = caption(self.context, name="ticket_number")
        number.setText(row.number)
        number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        first.addWidget(number, 1)
        first.addWidget(
            button(
                self.context,
                Term("ui_print"),
                lambda: self.print_asked.emit(self.details),
                name="ticket_print",
                role="quiet",
                icon_name="mdi6.printer-outline",
            )
        )
        first.addWidget(
            button(
                self.context,
                msg("PDF…"),
                lambda: self.pdf_asked.emit(self.details),
                name="ticket_pdf",
                role="quiet",
            )
        )
        layout.addLayout(first)
        name = QLabel(f"{row.tag}　{row.symptom or self._say(word(row.impact))}", wordWrap=True)
        name.setProperty("role", "title")
        name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(name)
        place = [row.device_name, f"{row.outlet_code} {row.outlet_name}", row.position]
        second = caption(self.context, name="ticket_place")
        second.setText("　".join(part for part in place if part))
        second.setWordWrap(True)
        layout.addWidget(second)
        return holder

    def _actions(self, details: TicketDetails) -> QWidget:
        box, flow = flow_widget()
        main = next((name for name in _MAIN if f"ticket.{name}" in details.possible), None)
        for name, text, key, icon in ACTIONS:
            if f"ticket.{name}" not in details.possible:
                continue
            role = "primary" if name == main else ""
            made = button(
                self.context,
                text,
                self._asker(name),
                name=f"do_{name}",
                role=role,
                icon_name="" if role else icon,
            )
            if key:
                made.setToolTip(key)
            flow.addWidget(made)
        return box

    def _asker(self, name: str) -> Callable[[], None]:
        def press() -> None:
            if self.details is not None:
                self.asked.emit(name, self.details.row)

        return press

    def _clocks(self, row: TicketRow) -> Card:
        card = Card(self.context, Term("time_limit"), name="ticket_clocks")
        card.head.addWidget(
            button(
                self.context,
                msg("Why this deadline?"),
                lambda: self.why_asked.emit(row),
                name="ticket_why",
                role="quiet",
                icon_name="mdi6.help-circle-outline",
            )
        )
        now = self.context.now()
        form = QFormLayout()
        form.setHorizontalSpacing(Space.L)
        form.setVerticalSpacing(Space.S)
        for text, due, done in (
            (Term("response_limit"), row.accept_due_at, row.accepted_at),
            (Term("arrival_limit"), row.on_site_due_at, row.on_site_at),
            (Term("repair_limit"), row.repair_due_at, row.restored_at),
        ):
            if due is None:
                continue
            if done is not None or row.state not in OPEN_STATES:
                late = done is not None and done > due
                answer = QLabel()
                when = moment_near(self.context.texts, done, now)
                answer.setText(
                    self._say(
                        msg("{when}, too late", when=when)
                        if late
                        else msg("{when}, in time", when=when)
                    )
                    if done is not None
                    else "—"
                )
                form.addRow(self._say(text), answer)
            else:
                clock = TimeLeft(self.context)
                clock.show_clock(row, due, now)
                clock.setToolTip(moment(self.context.texts, due))
                form.addRow(self._say(text), clock)
        card.body.addLayout(form)
        return card

    def _facts(self, details: TicketDetails) -> Card:
        row, texts = details.row, self.context.texts
        card = Card(self.context, Term("fault_report"), name="ticket_facts")
        form = QFormLayout()
        form.setHorizontalSpacing(Space.L)
        form.setVerticalSpacing(Space.XS)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        occurred = moment(texts, row.occurred_at)
        if row.occurred_estimated:
            occurred += self._say(msg(" (estimated)"))
        repeat = (
            self._say(msg("Repeat of {number}", number=details.repeat_of))
            if details.repeat_of
            else None
        )
        exempt = self._say(word(row.exempt_state)) if row.exempt_state else None
        if exempt and details.exempt_reason:
            exempt = f"{exempt}　{details.exempt_reason}"
        rows: list[tuple[object, str | None]] = [
            (Term("fault_level"), self._say(grade_word(row.grade))),
            (Term("impact"), self._say(word(row.impact))),
            (Term("occurred_at"), occurred),
            (Term("reported_at"), moment(texts, row.reported_at)),
            (Term("reporter"), row.reported_by),
            (Term("role_technician"), row.technician),
            (Term("fault_cause"), row.cause),
            (
                Term("responsibility"),
                self._say(word(row.responsibility)) if row.responsibility else None,
            ),
            (Term("repair_action"), details.action_taken),
            (Term("parts_replaced"), details.parts_used),
            (Term("spare_from"), moment(texts, row.spare_from) if row.spare_from else None),
            (Term("exclude_from_assessment"), exempt),
            (Term("repeat_fault"), repeat),
            (Term("reason"), details.cancel_reason),
            (Term("remark"), details.remarks),
        ]
        for name, value in rows:
            if value:
                answer = QLabel(value, wordWrap=True)
                answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                label = caption(self.context)
                label.setText(self._say(name))
                form.addRow(label, answer)
        card.body.addLayout(form)
        return card

    def _pictures(self, details: TicketDetails) -> Card:
        card = Card(self.context, Term("attachment"), name="ticket_pictures")
        box, flow = flow_widget()
        for row in details.attachments:
            made = named(QPushButton(row.file_name), f"picture_{row.id}")
            made.setAccessibleName(row.file_name)
            made.setToolTip(f"{row.file_name}\n{row.author} {moment(self.context.texts, row.at)}")
            made.setIconSize(made.iconSize() * 5)
            flow.addWidget(made)
            self._load_picture(row.id, made)
        card.body.addWidget(box)
        return card

    def _load_picture(self, key: int, made: QPushButton) -> None:
        from desk_maint.services import attachments

        context = self.context

        def show(content: attachments.AttachmentContent) -> None:
            image = QImage.fromData(content.content)
            if not image.isNull():
                keep = Qt.AspectRatioMode.KeepAspectRatio
                smooth = Qt.TransformationMode.SmoothTransformation
                small = image.scaled(_THUMBNAIL, _THUMBNAIL, keep, smooth)
                made.setIcon(QPixmap.fromImage(small))
                made.setIconSize(small.size())
                made.setText("")
            made.clicked.connect(lambda _=False: _show_picture(self, content.file_name, image))

        ask(made, context, lambda: attachments.read(context.database, context.actor, key), show)

    def _timeline(self, details: TicketDetails) -> Card:
        card = Card(self.context, msg("Course of events"), name="ticket_timeline")
        for event in details.timeline:
            row = QHBoxLayout()
            when = caption(self.context)
            when.setText(moment(self.context.texts, event.at))
            when.setFixedWidth(112)
            row.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
            what = self._say(Term(action_key(event.action)))
            if event.hold_reason is not None:
                what = f"{what}：{self._say(word(event.hold_reason))}"
            parts = [what, event.actor, event.text]
            words = QLabel("　".join(part for part in parts if part), wordWrap=True)
            row.addWidget(words, 1)
            card.body.addLayout(row)
        return card

    def _earlier(self, details: TicketDetails) -> Card:
        card = Card(self.context, msg("Earlier faults of this device"), name="ticket_earlier")
        for each in details.earlier[:8]:
            text = "　".join(
                part
                for part in (
                    moment(self.context.texts, each.reported_at),
                    each.symptom,
                    self._say(word(each.state)),
                )
                if part
            )
            made = named(QPushButton(text), f"earlier_{each.number}")
            made.setProperty("role", "quiet")
            made.clicked.connect(self._opener(each.id))
            card.body.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _opener(self, key: int) -> Callable[[], None]:
        return lambda: self.opened.emit(key)

    def is_waiting(self) -> bool:
        """Whether the ticket in hand waits to be confirmed."""
        return self.details is not None and self.details.row.state is TicketState.RESTORED


def _show_picture(parent: QWidget, name: str, image: QImage) -> None:
    from ui.workshop.picture_dialog import PictureDialog

    PictureDialog(parent, name, image).exec()
