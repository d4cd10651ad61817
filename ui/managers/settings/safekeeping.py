"""A backup now, and bringing one back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMessageBox, QVBoxLayout, QWidget

from desk_maint.domain.instants import DAY, to_local
from desk_maint.domain.messages import Message, Term, msg
from desk_maint.jobs.backups import FOLDER
from desk_maint.services import backup
from ui.files import ask_open, ask_save
from ui.formats import moment
from ui.operations import ask, perform
from ui.theme import Space, Tone
from ui.widgets.basics import Badge, Card, button, caption
from ui.widgets.naming import named

if TYPE_CHECKING:
    from pathlib import Path

    from desk_maint.services.backup import LastBackup
    from ui.context import Context

__all__ = ["SafekeepingPanel"]


_OLD = 2 * DAY
"""A backup of yesterday is still a good one."""
_DAILY = msg(
    "Once a day a copy is written into the folder “backups” beside the data, while the program "
    "runs; 14 days and 12 months are kept. Put one on another disk now and then."
)
_SERVER = msg(
    "The data are on a server. Its administrator backs it up; what is written here is a copy more."
)


class SafekeepingPanel(QWidget):
    """Where the data are, a copy of them now, and one that is put in their place."""

    restored = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("panel_safekeeping")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        now = Card(context, msg("Backup now"), name="backup_card")
        self.last = Badge(context, name="last_backup")
        now.body.addWidget(self.last)
        self._where = named(QLabel(wordWrap=True), "data_place")
        self._where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        now.body.addWidget(self._where)
        for text in (
            _DAILY if context.database.is_sqlite else _SERVER,
            msg("The copy is proven before it is called one. People may go on working meanwhile."),
        ):
            hint = caption(context, text)
            hint.setWordWrap(True)
            now.body.addWidget(hint)
        now.body.addSpacing(Space.S)
        row = QHBoxLayout()
        row.addWidget(
            button(context, msg("Back up to…"), self._ask_target, name="back_up", role="primary")
        )
        row.addStretch(1)
        now.body.addLayout(row)
        layout.addWidget(now)
        back = Card(context, msg("Bring a backup back"), name="restore_card")
        warning = named(QLabel(wordWrap=True), "restore_warning")
        context.texts.bind(
            warning,
            warning.setText,
            msg(
                "What was entered since the backup is then no longer in the database. The present "
                "data are kept beside it under another name."
            ),
        )
        back.body.addWidget(warning)
        row = QHBoxLayout()
        row.addWidget(
            button(context, msg("Restore from…"), self._ask_source, name="restore", role="danger")
        )
        row.addStretch(1)
        back.body.addLayout(row)
        layout.addWidget(back)
        layout.addStretch(1)

    def refresh(self) -> None:
        """Say where the data are, and when they were last copied."""
        context = self.context
        where = msg("The data are in {where}", where=context.database.location)
        self._where.setText(context.texts.say(where))
        ask(
            self,
            context,
            lambda: backup.last_backup(context.database, context.actor),
            self._show_last,
        )

    def _show_last(self, last: LastBackup | None) -> None:
        tone = Tone.WARNING
        if last is not None and self.context.now() - last.at < _OLD:
            tone = Tone.OK
        icon = "mdi6.check-circle-outline" if tone is Tone.OK else "mdi6.alert-outline"
        self.last.show_state(self._words_of(last), icon, tone)

    def _words_of(self, last: LastBackup | None) -> Message:
        if last is None:
            return msg("No backup is known yet.")
        when = moment(self.context.texts, last.at)
        if last.by is None:
            return msg("Last backup: {when}, made by itself", when=when)
        return msg("Last backup: {when} by {who}, {name}", when=when, who=last.by, name=last.name)

    def _ask_target(self) -> None:
        day = f"{to_local(self.context.now(), self.context.zone):%Y-%m-%d}"
        path = ask_save(self, self.context, msg("Backup now"), f"desk-maint-{day}.db")
        if path is not None:
            self.back_up(path)

    def back_up(self, target: Path) -> None:
        """Write a backup to ``target``."""
        context = self.context

        perform(
            self,
            context,
            lambda: backup.back_up(context.database, context.actor, target, at=context.now()),
            success=msg("The backup has been written: {path}", path=str(target)),
            done=lambda _made: self.refresh(),
            title=msg("Writing the backup…"),
        )

    def _ask_source(self) -> None:
        say = self.context.texts.say
        data = self.context.database.place.path
        daily = None if data is None else data.parent / FOLDER
        title = msg("Bring a backup back")
        source = ask_open(self, self.context, title, folder=daily)
        if source is None:
            return
        question = say(msg("Put {name} in the place of the present data?", name=source.name))
        box = QMessageBox(QMessageBox.Icon.Warning, "", question, parent=self)
        box.setObjectName("restore_question")
        yes = box.addButton(say(msg("Restore from…")), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(say(Term("ui_cancel")), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        if box.clickedButton() is yes:
            self.restore(source)

    def restore(self, source: Path) -> None:
        """Put a backup in the place of the data, and open it."""
        context = self.context
        location, actor, now = context.database.url, context.actor, context.now()

        def work() -> None:
            # Nothing else reads on this lane meanwhile, and the file is let go of first.
            context.database.close()
            backup.restore(location, actor, source, at=now)

        perform(
            self,
            context,
            work,
            done=lambda _none: context.reopen_asked.emit(location),
            failed=self._reopen_after,
            title=msg("Bringing the backup back…"),
        )

    def _reopen_after(self, error: Exception) -> bool:
        context = self.context
        from ui.problems import show_problem

        show_problem(self.window(), context.texts, error)
        context.reopen_asked.emit(context.database.url)
        return True
