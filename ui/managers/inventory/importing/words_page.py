"""The second step: which of our words each of theirs means, where ours has a fixed few."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.messages import Message, Term, msg
from desk_maint.exchange.columns import fold
from ui.managers.inventory.importing.boxes import CalmBox
from ui.theme import Space
from ui.widgets.basics import EmptyState, caption, chip
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk_maint.exchange.vocabulary import ColumnWords, FoundWord
    from ui.context import Context

__all__ = ["WordsPage"]

_ROW_HEIGHT = 40
_EMPTY = ""
"""What a profile calls an empty cell."""


class WordsPage(QWidget):
    """Only words that would be refused are asked about, unless all are wanted."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._columns: Sequence[ColumnWords] = ()
        self._said: dict[tuple[str, str], str | None] = {}
        """By our column and their folded word: what it means; None: nothing is said of it."""
        self._kept: Mapping[str, Mapping[str, str]] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        self.hint = caption(context, name="import_words_hint")
        self.hint.setWordWrap(True)
        head.addWidget(self.hint, 1)
        self.all_words = chip(context, msg("Show all words"), name="import_all_words")
        self.all_words.toggled.connect(lambda _on: self._fill())
        head.addWidget(self.all_words, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        self.table = self._make_table()
        layout.addWidget(self.table, 1)
        self._nothing = EmptyState(
            context,
            "mdi6.check-circle-outline",
            msg("Every word of the table is understood."),
            name="import_words_known",
        )
        layout.addWidget(self._nothing, 1)

    def _make_table(self) -> QTableWidget:
        table = named(QTableWidget(0, 4), "import_words")
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        table.setShowGrid(False)
        table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        head = table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        say = self.context.texts.say
        titles = (msg("Our column"), msg("Your word"), msg("Rows"), msg("It means"))
        table.setHorizontalHeaderLabels([say(title) for title in titles])
        table.setAccessibleName(say(msg("Your words")))
        return table

    def show_words(
        self, columns: Sequence[ColumnWords], values: Mapping[str, Mapping[str, str]]
    ) -> None:
        """Show the words of a table; ``values``: what is said of some already."""
        self._columns, self._kept = columns, values
        said = {
            (key, fold(theirs)): ours
            for key, words in values.items()
            for theirs, ours in words.items()
        }
        self._said = {
            (each.column.key, fold(word.text)): said.get(
                (each.column.key, fold(word.text)), word.value
            )
            for each in columns
            for word in each.words
        }
        self.all_words.setChecked(False)
        self._fill()

    def begin(self) -> bool:
        """Put the focus into the first word, if there is one."""
        first = self.table.cellWidget(0, 3)
        if first is not None:
            first.setFocus()
        return first is not None

    @property
    def open_words(self) -> int:
        """How many words would still be refused."""
        return sum(meant is None for meant in self._said.values())

    def meant(self, key: str, text: str) -> str | None:
        """Return what their word in our column means; None: it would be refused."""
        return self._said.get((key, fold(text)))

    def values(self) -> dict[str, dict[str, str]]:
        """Return what a profile has to say of words: what our reader does not know by itself."""
        values = {key: dict(words) for key, words in self._kept.items()}
        for each in self._columns:
            own = values.setdefault(each.column.key, {})
            for word in each.words:
                for theirs in [theirs for theirs in own if fold(theirs) == fold(word.text)]:
                    del own[theirs]
                meant = self.meant(each.column.key, word.text)
                if meant is not None and meant != word.value:
                    own[word.text] = meant
        return {key: words for key, words in values.items() if words}

    def _fill(self) -> None:
        everything = self.all_words.isChecked()
        shown = [
            (each, word)
            for each in self._columns
            for word in (each.words if everything else each.unknown)
        ]
        self.table.setRowCount(len(shown))
        before = None
        for number, (each, word) in enumerate(shown):
            self._fill_row(number, each, word, first=each is not before)
            before = each
        self.table.setVisible(bool(shown))
        self._nothing.setVisible(not shown)
        self.all_words.setVisible(
            any(len(each.unknown) < len(each.words) for each in self._columns)
        )
        self.hint.setText(self.context.texts.say(self._advice()))

    def _advice(self) -> Message:
        if any(each.more for each in self._columns):
            titles = tuple(each.header for each in self._columns if each.more)
            return msg(
                "The column {column} has more different words than can be asked about. "
                "Is it the right one?",
                column="、".join(titles),
            )
        return msg(
            "Here ours has a fixed few words. Say what yours mean; rows with a word that "
            "means nothing are refused."
        )

    def _fill_row(self, number: int, of: ColumnWords, word: FoundWord, *, first: bool) -> None:
        say, key = self.context.texts.say, (of.column.key, fold(word.text))
        title = say(Term(of.column.title))
        heading = QTableWidgetItem(f"{title} ← {of.header}" if first else "")
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        self.table.setItem(number, 0, heading)
        self.table.setItem(number, 1, QTableWidgetItem(word.text or say(msg("(empty cell)"))))
        count = QTableWidgetItem(str(word.count))
        count.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table.setItem(number, 2, count)
        box = named(CalmBox(), f"import_word_{of.column.key}_{number}")
        box.setAccessibleName(f"{title} {word.text}")
        box.addItem(say(msg("Refuse these rows")), None)
        for each in of.choices:
            box.addItem(say(each.word), each.value)
        if not of.column.required and word.text:
            box.addItem(say(msg("Nothing: as an empty cell")), _EMPTY)
        box.take(self._said[key])
        box.currentIndexChanged.connect(lambda _index: self._said.update({key: box.currentData()}))
        self.table.setCellWidget(number, 3, box)
