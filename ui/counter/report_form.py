"""The report itself: symptom by number key, when it began, a note, a picture, Ctrl+Enter."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QObject, Qt, QTime, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.faults import Impact
from desk_maint.domain.instants import MINUTE, from_local, to_local
from desk_maint.domain.messages import Term, msg
from desk_maint.services.attachments import NewAttachment
from ui.counter.draft import (
    Began,
    Draft,
    forget,
    keep,
    keep_pictures,
    recall_pictures,
)
from ui.formats import moment_near
from ui.theme import Size, Space, Tone, indent_text
from ui.widgets.basics import Banner, button, caption, chip
from ui.widgets.flow import flow_widget
from ui.widgets.naming import named
from ui.widgets.tile import Tile
from ui.words import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_maint.services.device_finder import FoundDevice
    from desk_maint.services.symptoms import SymptomRow
    from ui.context import Context

__all__ = ["ReportForm"]

_PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"}
_KEEP_AFTER_MS = 400
LAST_DIGIT = 9
_SYMPTOM_WIDTH = 140


class ReportForm(QFrame):
    """One device, one report; it never opens another window."""

    sent = Signal(object)
    """What to report: (device id, impact, symptom, occurred_at, note, pictures)."""
    left = Signal()
    """The clerk goes back to the box without reporting."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("report_form")
        self.setProperty("role", "card")
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.device: FoundDevice | None = None
        self._opened_at: int | None = None
        self._symptoms: Sequence[SymptomRow] = ()
        self._pictures: list[NewAttachment] = []
        self._keep = QTimer(self, singleShot=True, interval=_KEEP_AFTER_MS)
        self._keep.timeout.connect(self._keep_draft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        layout.setSpacing(Space.M)
        head = QHBoxLayout()
        self._name = named(QLabel(), "report_device")
        self._name.setProperty("role", "title")
        self._place = caption(context, name="report_place")
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._name)
        names.addWidget(self._place)
        head.addLayout(names, 1)
        head.addWidget(
            button(
                context, msg("Another device (Esc)"), self.leave, name="report_leave", role="quiet"
            )
        )
        layout.addLayout(head)
        self._already = Banner(context, name="report_already")
        layout.addWidget(self._already)
        self._fill(layout)
        for keys, call in (
            ("Ctrl+Return", self.submit),
            ("Ctrl+Enter", self.submit),
            ("Esc", self.leave),
            ("Ctrl+Shift+V", self.paste_picture),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)

    def _fill(self, layout: QVBoxLayout) -> None:
        context = self.context
        self._what = caption(context, msg("What is wrong? Press the number."))
        layout.addWidget(self._what)
        self._symptom_box, self._symptom_flow = flow_widget(column=_SYMPTOM_WIDTH)
        layout.addWidget(self._symptom_box)
        self._symptom_group = QButtonGroup(self)
        self._symptom_group.setExclusive(True)
        self._symptom_group.buttonClicked.connect(self._changed)
        self._since = QWidget()
        since = QVBoxLayout(self._since)
        since.setContentsMargins(0, 0, 0, 0)
        since.setSpacing(Space.M)
        since.addWidget(caption(context, msg("Since when?")))
        since.addLayout(self._make_began())
        layout.addWidget(self._since)
        note_label = caption(context, msg("Note (may stay empty)"))
        self.note = named(QLineEdit(maxLength=1000), "report_note")
        self.note.textChanged.connect(self._changed)
        self.note.installEventFilter(self)
        note_label.setBuddy(self.note)
        layout.addWidget(note_label)
        layout.addWidget(self.note)
        self._picture_box, self._picture_flow = flow_widget(spacing=Space.XS)
        layout.addWidget(self._picture_box)
        foot = QHBoxLayout()
        foot.addWidget(
            button(
                context,
                msg("Paste a picture"),
                self.paste_picture,
                name="report_paste",
                icon_name="mdi6.image-plus",
            )
        )
        self._picture_hint = caption(context, name="report_picture_hint")
        foot.addWidget(self._picture_hint, 1)
        self.send = button(
            context, msg("Report (Ctrl+Enter)"), self.submit, name="report_send", role="primary"
        )
        self.send.setMinimumHeight(Size.CONTROL + Space.S)
        self.send.setMinimumWidth(180)
        foot.addWidget(self.send)
        layout.addLayout(foot)
        layout.addStretch(1)

    def _make_began(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self._began = QButtonGroup(self)
        for began, text, key in (
            (Began.NOW, msg("Just now (F2)"), "F2"),
            (Began.QUARTER, msg("15 minutes ago (F3)"), "F3"),
            (Began.OPENING, msg("Since opening (F4)"), "F4"),
            (Began.TIME, msg("At (F6)"), "F6"),
        ):
            made = chip(self.context, text, name=f"began_{began.value}", checked=began is Began.NOW)
            made.setProperty("began", began.value)
            self._began.addButton(made)
            row.addWidget(made)
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(made.click)
        self._time = named(QTimeEdit(), "began_at")
        indent_text(self._time)
        self._time.setDisplayFormat("HH:mm")
        self.context.texts.bind(self._time, self._time.setAccessibleName, Term("occurred_at"))
        self._time.setEnabled(False)
        row.addWidget(self._time)
        row.addStretch(1)
        self._began.buttonClicked.connect(self._began_changed)
        self._time.timeChanged.connect(self._changed)
        return row

    def show_device(
        self,
        device: FoundDevice,
        symptoms: Sequence[SymptomRow],
        opened_at: int | None,
        draft: Draft | None = None,
    ) -> None:
        """Begin a report; ``opened_at`` is when the device's service began today (UTC seconds)."""
        self.device, self._symptoms, self._opened_at = device, symptoms, opened_at
        self._name.setText(f"{device.tag}　{device.name or self._say(word(device.category))}")
        place = [device.outlet_name, device.position]
        self._place.setText("　".join(part for part in place if part))
        self._pictures = recall_pictures(self.context.preferences) if draft else []
        self._show_pictures()
        self.note.setText(draft.note if draft else "")
        self._fill_symptoms(draft)
        opening = self._began_button(Began.OPENING)
        opening.setEnabled(opened_at is not None)
        self._began_button(Began(draft.began) if draft else Began.NOW).setChecked(True)
        self._time.setTime(
            QTime.fromString(draft.time, "HH:mm")
            if draft and draft.time
            else QTime.fromString(
                f"{to_local(self.context.now(), self.context.zone):%H:%M}", "HH:mm"
            )
        )
        self._time.setEnabled(self._chosen_began() is Began.TIME)
        self._show_already(device)
        self.send.setEnabled(True)
        if device.open_fault is not None:
            self.note.setFocus()
        else:
            self.setFocus()

    def _show_already(self, device: FoundDevice) -> None:
        fault = device.open_fault
        for widget in (self._what, self._symptom_box, self._since):
            widget.setVisible(fault is None)
        send = msg("Report (Ctrl+Enter)") if fault is None else msg("Add to it (Ctrl+Enter)")
        self.context.texts.bind(self.send, self.send.setText, send)
        if fault is None:
            self._already.hide()
            return
        now = self.context.now()
        self._already.say(
            msg(
                "Already reported {when} as {number} ({symptom}); to be repaired by {due}. What "
                "you write is added to that ticket.",
                when=moment_near(self.context.texts, fault.reported_at, now),
                number=fault.number,
                symptom=fault.symptom or "—",
                due=moment_near(self.context.texts, fault.repair_due_at, now),
            ),
            "mdi6.information-outline",
            Tone.INFO,
        )

    def _fill_symptoms(self, draft: Draft | None) -> None:
        for made in self._symptom_group.buttons():
            self._symptom_group.removeButton(made)
        self._symptom_flow.clear()
        for number, symptom in enumerate(self._symptoms, start=1):
            stops = symptom.impact is Impact.OUT_OF_SERVICE
            made = Tile(
                self.context,
                symptom.text,
                self._say(word(symptom.impact)),
                name=f"symptom_{number}",
                key=str(number) if number <= LAST_DIGIT else "·",
                second_tone=Tone.DANGER if stops else Tone.WARNING,
            )
            made.setProperty("symptom", number - 1)
            made.setCheckable(True)
            self._symptom_group.addButton(made)
            self._symptom_flow.addWidget(made)
            if draft is not None and draft.symptom == symptom.text:
                made.setChecked(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Ctrl+V in the note take a picture, where the clipboard holds nothing to write."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.matches(QKeySequence.StandardKey.Paste)
        ):
            clipboard = QApplication.clipboard()
            if not clipboard.text() and not clipboard.image().isNull():
                self.paste_picture()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        if 1 <= number <= min(len(self._symptoms), LAST_DIGIT) and self._symptom_box.isVisible():
            self._symptom_group.buttons()[number - 1].click()
            self.send.setFocus()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.symptom is not None:
            self.submit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_picture()
        else:
            super().keyPressEvent(event)

    @property
    def symptom(self) -> SymptomRow | None:
        """The symptom that is chosen."""
        checked = self._symptom_group.checkedButton()
        return None if checked is None else self._symptoms[checked.property("symptom")]

    def submit(self) -> None:
        """Send the report, or add the note to the ticket that is open already."""
        device = self.device
        if device is None or not self.send.isEnabled():
            return
        if device.open_fault is None and self.symptom is None:
            self._already.say(
                msg("Choose what is wrong first: press its number."),
                "mdi6.alert-outline",
                Tone.WARNING,
            )
            return
        self.send.setEnabled(False)
        symptom = self.symptom
        self.sent.emit(
            (
                device.id,
                symptom.impact if symptom else Impact.OUT_OF_SERVICE,
                symptom.text if symptom else None,
                self._occurred_at(),
                self.note.text().strip() or None,
                tuple(self._pictures),
            )
        )

    def refused(self) -> None:
        """Let the clerk try again: everything stays as it was typed."""
        self.send.setEnabled(True)

    def finished(self) -> None:
        """Put the draft away, for the report was taken."""
        self._keep.stop()
        forget(self.context.preferences)
        self.device = None

    def leave(self) -> None:
        """Go back to the box; what was typed waits until the device is chosen again."""
        self._keep.stop()
        if self.note.text().strip() or self._pictures:
            self._keep_draft(left=True)
        else:
            forget(self.context.preferences)
        self.device = None
        self.left.emit()

    def _occurred_at(self) -> int | None:
        now, began = self.context.now(), self._chosen_began()
        if began is Began.QUARTER:
            return now - 15 * MINUTE
        if began is Began.OPENING:
            return self._opened_at
        if began is Began.TIME:
            local, chosen = to_local(now, self.context.zone), self._time.time()
            moment = datetime.combine(local.date(), time(chosen.hour(), chosen.minute()))
            if moment.time() > local.time():  # later than now: it was yesterday
                moment -= timedelta(days=1)
            return from_local(moment, self.context.zone)
        return now

    def _chosen_began(self) -> Began:
        checked = self._began.checkedButton()
        return Began.NOW if checked is None else Began(checked.property("began"))

    def _began_button(self, began: Began) -> QAbstractButton:
        return next(b for b in self._began.buttons() if b.property("began") == began.value)

    def _began_changed(self) -> None:
        self._time.setEnabled(self._chosen_began() is Began.TIME)
        if self._time.isEnabled():
            self._time.setFocus()
        self._changed()

    def _changed(self, *_unused: object) -> None:
        self._keep.start()

    def _keep_draft(self, *, left: bool = False) -> None:
        if self.device is None:
            return
        symptom, began = self.symptom, self._chosen_began()
        keep(
            self.context.preferences,
            Draft(
                tag=self.device.tag,
                symptom=symptom.text if symptom else "",
                began=began.value,
                time=self._time.time().toString("HH:mm") if began is Began.TIME else "",
                note=self.note.text(),
                left=left,
            ),
        )

    def paste_picture(self) -> None:
        """Take the picture on the clipboard (a screenshot)."""
        image = QApplication.clipboard().image()
        if image.isNull():
            self._picture_hint.setText(self._say(msg("There is no picture on the clipboard.")))
            return
        self._add(image, f"{self._say(msg('screenshot'))}-{len(self._pictures) + 1}.png")

    def _add(self, image: QImage, name: str) -> None:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs lack QIODevice
        self._take([NewAttachment(name, bytes(buffer.data().data()))])

    def _take(self, pictures: Sequence[NewAttachment]) -> None:
        self._pictures += pictures
        self._pictures_changed()

    def _drop_picture(self, number: int) -> None:
        del self._pictures[number]
        self._pictures_changed()

    def _pictures_changed(self) -> None:
        keep_pictures(self.context.preferences, self._pictures)
        self._show_pictures()
        self._changed()

    def _show_pictures(self) -> None:
        """Show each picture as a button that takes it away again."""
        self._picture_hint.clear()
        self._picture_flow.clear()
        self._picture_box.setVisible(bool(self._pictures))
        for number, picture in enumerate(self._pictures):
            made = button(
                self.context,
                msg("{name}  ✕", name=picture.file_name),
                partial(self._drop_picture, number),
                name=f"report_picture_{number + 1}",
                icon_name="mdi6.image-outline",
            )
            without = msg("Take {name} away", name=picture.file_name)
            self.context.texts.bind(made, made.setAccessibleName, without)
            self.context.texts.bind(made, made.setToolTip, without)
            self._picture_flow.addWidget(made)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasImage() or any(
            Path(url.toLocalFile()).suffix.casefold() in _PICTURES
            for url in event.mimeData().urls()
        ):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls()]
        files = [path for path in paths if path.suffix.casefold() in _PICTURES and path.is_file()]
        try:
            self._take([NewAttachment(path.name, path.read_bytes()) for path in files])
        except OSError as error:
            problem = msg("The picture cannot be read: {problem}", problem=str(error))
            self._picture_hint.setText(self._say(problem))
        if not files and event.mimeData().hasImage():
            self._add(QImage(event.mimeData().imageData()), "picture.png")

    def _say(self, text: object) -> str:
        return self.context.texts.say(text)  # type: ignore[arg-type]
