"""The import assistant: point at their columns, then at their words, look at what would happen.

Nothing is changed before the last step, and a refusal keeps everything that was chosen.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desk_maint.db.change import Changes
from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import Term, msg
from desk_maint.exchange.importing import import_file
from desk_maint.exchange.preview import preview, preview_below
from desk_maint.exchange.profiles import read_profile, save_profile
from desk_maint.exchange.template import write_template
from desk_maint.exchange.vocabulary import read_words
from desk_maint.services import outlets
from ui.files import ask_open, ask_save
from ui.managers.inventory.importing.columns_page import ColumnsPage
from ui.managers.inventory.importing.result_page import ResultPage
from ui.managers.inventory.importing.steps import Steps
from ui.managers.inventory.importing.words_page import WordsPage
from ui.problems import show_problem
from ui.progress import ProgressStrip
from ui.theme import Space, Tone, set_tone
from ui.widgets.basics import button
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from desk_maint.exchange.importing import ImportReport
    from desk_maint.exchange.preview import TablePreview
    from desk_maint.exchange.profiles import Profile
    from desk_maint.exchange.vocabulary import ColumnWords
    from ui.context import Context
    from ui.tasks import Job

__all__ = ["COLUMNS", "RESULT", "WORDS", "ImportAssistant"]

_FILES = "Excel, CSV (*.xlsx *.csv *.txt)"
COLUMNS, WORDS, RESULT = range(3)
"""The steps."""


def profiles_folder() -> Path:
    """Return where this person's profiles are kept."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    return Path(place) / "profiles"


class ImportAssistant(QDialog):
    """Three steps: file and columns, words, what would happen with every refused row."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._path: Path | None = None
        self._values: Mapping[str, Mapping[str, str]] = {}
        self._has_words = False
        self._report: ImportReport | None = None
        self._jobs: list[Job] = []
        self._begun: int | None = None
        """The step that the focus was put into last."""
        self._pressed: QWidget | None = None
        """The button that had the keys when the work began."""
        self.setObjectName("import_assistant")
        self.setAcceptDrops(True)
        self.resize(1100, 660)
        self.setWindowTitle(context.texts.say(msg("Bring in a table")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        layout.setSpacing(Space.M)
        titles = (msg("File and columns"), msg("Your words"), msg("What would happen"))
        self.steps = Steps(context, titles, name="import_step")
        layout.addWidget(self.steps)
        self.columns_page = ColumnsPage(context)
        self.words_page = WordsPage(context)
        self.result_page = ResultPage(context)
        self.pages = QStackedWidget()
        for page in (self.columns_page, self.words_page, self.result_page):
            self.pages.addWidget(page)
        layout.addWidget(self.pages, 1)
        layout.addWidget(ProgressStrip(context, self))
        self.problem = named(QLabel(wordWrap=True), "import_problem")
        self.problem.hide()
        layout.addWidget(self.problem)
        layout.addLayout(self._make_foot())
        self.columns_page.file_asked.connect(self._ask_file)
        self.columns_page.template_asked.connect(self._ask_template)
        self.columns_page.header_row_asked.connect(self._read_below)
        self.columns_page.profile_asked.connect(self._use_profile)
        self.result_page.refused_asked.connect(self._want_refused)
        self.result_page.skip.toggled.connect(lambda _on: self._allow())
        self._show_step(COLUMNS)

    def _make_foot(self) -> QHBoxLayout:
        context = self.context
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self.save_profile_button = button(
            context, msg("Save as profile…"), self._ask_profile_name, name="import_save_profile"
        )
        row.addWidget(self.save_profile_button)
        row.addStretch(1)
        self.back = button(context, msg("Back"), self.go_back, name="import_back")
        self.check = button(context, msg("Next"), self.go_on, name="import_check", role="primary")
        self.take = button(
            context, Term("ui_import"), self.import_now, name="import_now", role="primary"
        )
        self.leave = button(context, Term("ui_cancel"), self.reject, name="import_cancel")
        for each in (self.back, self.check, self.take, self.leave):
            row.addWidget(each)
        return row

    # From step to step

    @property
    def step(self) -> int:
        """The step in front."""
        return self.pages.currentIndex()

    def _show_step(self, step: int) -> None:
        self.pages.setCurrentIndex(step)
        self.steps.show_step(step)
        self.back.setVisible(step != COLUMNS)
        self.take.setVisible(step == RESULT)
        self.check.setVisible(step != RESULT)
        # Enter presses it from anywhere but from another button.
        (self.take if step == RESULT else self.check).setDefault(True)
        words = msg("Look at what would happen") if step == WORDS else msg("Next")
        self.context.texts.bind(self.check, self.check.setText, words)
        self.save_profile_button.setVisible(bool(self.columns_page.tables))
        self._say("", Tone.PLAIN)
        self._allow()

    def _begin(self) -> None:
        """Put the focus where the step in front is gone on with."""
        if self.step == RESULT:
            (self.result_page.skip if self.result_page.refused.rows else self.take).setFocus()
        elif self.step == COLUMNS or not self.words_page.begin():
            self.check.setFocus()

    def _allow(self) -> None:
        idle, result = not self._jobs, self.result_page
        self.check.setEnabled(idle and bool(self.columns_page.tables))
        whole = not result.refused.rows or result.skip.isChecked()
        self.take.setEnabled(idle and whole)

    def reject(self) -> None:
        """Leave; what is under way stops, and nothing of it is done."""
        for job in self._jobs:
            job.cancel()
        super().reject()

    def go_on(self) -> None:
        """To the words where there are unknown ones, else to what would happen."""
        if self.step == WORDS:
            self.look()
            return
        path, pages = self._path, self.columns_page
        if path is None:
            return
        if pages.as_it_is and len(pages.tables) > 1:
            self._has_words = False
            self.look()
            return
        profile = pages.profile({})
        self._run(lambda job: read_words(path, profile, cancelled=job.cancelled), self._show_words)

    def _show_words(self, columns: tuple[ColumnWords, ...]) -> None:
        self._has_words = bool(columns)
        self.words_page.show_words(columns, self._values)
        if self.words_page.open_words:
            self._show_step(WORDS)
        else:
            self.look()

    def go_back(self) -> None:
        """One step back; what was said stays."""
        self._keep_words()
        to_words = self.step == RESULT and self._has_words
        self._show_step(WORDS if to_words else COLUMNS)
        self._begun = self.step
        self._begin()

    def _keep_words(self) -> None:
        if self._has_words:
            self._values = self.words_page.values()

    # The file

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.open_file(Path(event.mimeData().urls()[0].toLocalFile()))

    def _ask_file(self) -> None:
        path = ask_open(self, self.context, msg("Choose a file…"), _FILES)
        if path is not None:
            self.open_file(path)

    def _ask_template(self) -> None:
        context, lang = self.context, self.context.texts.language
        path = ask_save(self, context, msg("Empty template…"), "template.xlsx")

        def written(_none: object) -> None:
            context.written.emit(path)
            self.reject()

        if path is not None:
            self._run(lambda _job: write_template(path, lang), written)

    def open_file(self, path: Path) -> None:
        """Look into a file."""
        context = self.context

        def look_in(_job: Job) -> tuple[tuple[TablePreview, ...], bool]:
            found = preview(path)
            return found, not outlets.list_choices(context.database, context.actor)

        self._run(look_in, partial(self._opened, path))

    def _opened(self, path: Path, found: tuple[tuple[TablePreview, ...], bool]) -> None:
        tables, no_units = found
        self._path, self._values, self._has_words, self._report = path, {}, False, None
        self.columns_page.show_tables(path, tables, no_units=no_units)
        self._list_profiles()
        self._show_step(COLUMNS)
        if not tables:
            self._say(self.context.texts.say(msg("The file holds no table.")), Tone.DANGER)

    def _list_profiles(self) -> None:
        self.columns_page.list_profiles(sorted(profiles_folder().glob("*.toml")))

    def _read_below(self, row: int) -> None:
        path, name = self._path, self.columns_page.table.name

        def fail(error: Exception) -> None:
            if isinstance(error, InputError):
                self.columns_page.show_no_titles(row)
            self._refuse(error)

        if path is not None:
            again = self.columns_page.show_table_again
            self._run(lambda _job: preview_below(path, name, row), again, failed=fail)

    # Profiles

    def _use_profile(self, path: Path | None) -> None:
        self._values = {}
        if path is None:
            self.columns_page.forget_profile()
        else:
            self._run(lambda _job: read_profile(path), self._profile_read)

    def _profile_read(self, found: Profile) -> None:
        lacking = self.columns_page.use_profile(found)
        self._values = found.values
        if lacking:
            words = msg(
                "The profile names columns that this table lacks: {columns}.",
                columns="、".join(lacking),
            )
            self._say(self.context.texts.say(words), Tone.WARNING)

    def profile(self, *, to_keep: bool = False) -> Profile | None:
        """Return how the file is read; None: as it is."""
        self._keep_words()
        if self.columns_page.as_it_is and not self._values and not to_keep:
            return None
        return self.columns_page.profile(self._values, to_keep=to_keep)

    def _ask_profile_name(self) -> None:
        say = self.context.texts.say
        name, agreed = QInputDialog.getText(self, say(msg("Save as profile…")), say(Term("name")))
        if agreed and name.strip():
            self.save_as(name.strip())

    def save_as(self, name: str) -> None:
        """Keep what is pointed at as a profile of this person."""
        path = profiles_folder() / f"{name}.toml"
        made = self.profile(to_keep=True)

        def work(_job: Job) -> None:
            path.parent.mkdir(parents=True, exist_ok=True)
            if made is not None:
                save_profile(made, path)

        def done(_none: object) -> None:
            self._list_profiles()
            saved = msg("The profile {name} is saved.", name=name)
            self._say(self.context.texts.say(saved), Tone.OK)

        self._run(work, done)

    # What would happen, and doing it

    def look(self) -> None:
        """Try the import without changing anything, and show what would happen."""
        self._import(dry_run=True, done=self._show_report)

    def import_now(self) -> None:
        """Bring the file in."""
        self._import(dry_run=False, done=self._imported)

    def _import(self, *, dry_run: bool, done: Callable[[ImportReport], object]) -> None:
        path, profile = self._path, self.profile()
        if path is None:
            return
        context, skip = self.context, self.result_page.skip.isChecked() and not dry_run
        now, lang = context.now(), context.texts.language

        def work(job: Job) -> ImportReport:
            return import_file(
                context.database,
                context.actor,
                path,
                profile=profile,
                dry_run=dry_run,
                skip_bad_rows=skip,
                at=now,
                lang=lang,
                progress=lambda _sheet, count, total: job.progress(count, total),
                cancelled=job.cancelled,
            )

        self._run(work, done)

    def _show_report(self, report: ImportReport) -> None:
        self._report = report
        self.result_page.show_report(report)
        self._show_step(RESULT)

    def _imported(self, report: ImportReport) -> None:
        self._show_report(report)
        say = self.context.texts.say
        if not report.applied:
            self._say(say(msg("Nothing was brought in: rows were refused.")), Tone.DANGER)
            return
        self.back.hide()
        self.take.hide()
        self.context.texts.bind(self.leave, self.leave.setText, msg("Close"))
        words = msg("The table is in.")
        if report.refused_file is not None:
            words = msg(
                "The good rows are in; the refused ones are in {path}.",
                path=str(report.refused_file),
            )
        self._say(say(words), Tone.OK)
        self.context.report(Changes({"device": frozenset(), "fault": frozenset()}))

    def _want_refused(self) -> None:
        report, lang = self._report, self.context.texts.language
        if report is None:
            return
        if report.refused_file is not None:
            self._open_refused(report.refused_file)
        else:
            self._run(lambda _job: report.save_refused(lang), self._refused_saved)

    def _refused_saved(self, path: Path) -> None:
        self.result_page.show_file(written=True)
        sentence = msg("Written: {path}", path=str(path))
        self._say(self.context.texts.say(sentence), Tone.OK)

    def _open_refused(self, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    # Jobs and what is said about them

    def _run(
        self,
        work: Callable[[Job], Any],
        done: Callable[[Any], object],
        *,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        self._say("", Tone.PLAIN)
        if not self._jobs:
            held = self.focusWidget()
            self._pressed = held if held in {self.check, self.take} else None
        job = self.context.tasks.start(
            self, work, done=done, failed=failed or self._refuse, title=msg("Reading the table…")
        )
        self._jobs.append(job)
        job.ended.connect(partial(self._ended, job))
        self._allow()

    def _ended(self, job: Job) -> None:
        self._jobs.remove(job)
        self._allow()
        if self._jobs:
            return
        if self.step != self._begun:
            self._begun = self.step
            self._begin()
        elif self._pressed is not None and self.focusWidget() is self.leave:
            # Switched off for the time, it lost the keys to its neighbour, Cancel.
            self._pressed.setFocus()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, InputError):
            self._say(self.context.texts.say(error.message), Tone.DANGER)
        else:
            show_problem(self, self.context.texts, error)

    def _say(self, text: str, tone: Tone) -> None:
        set_tone(self.problem, tone)
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
