"""Several of many: a list with check marks, and a line above it that narrows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desk_maint.domain.messages import msg
from ui.icons import icon
from ui.theme import Space, Tone
from ui.widgets.basics import caption
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QAbstractItemModel

    from ui.context import Context
    from ui.texts import Text

__all__ = ["ChoiceList"]

_LINES = 6
_LINE_HEIGHT = 28


class ChoiceList(QWidget):
    """Values that are chosen by a check mark; what is chosen stands on top when it is shown.

    Typing narrows the list, Down goes from the line into it, Space sets and takes the mark, and
    Return in the line does so with the first that fits.
    """

    edited = Signal()
    """A mark was set or taken by the person."""

    def __init__(self, context: Context, label: Text, *, name: str) -> None:
        super().__init__()
        self._context = context
        self.setObjectName(name)
        self._names: dict[Any, str] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        self.narrow = named(QLineEdit(), f"{name}_narrow")
        context.texts.bind(
            self.narrow, self.narrow.setPlaceholderText, msg("Type to narrow the list")
        )
        context.texts.bind(
            self.narrow, self.narrow.setAccessibleName, msg("Narrow the list: {what}", what=label)
        )
        self.narrow.textChanged.connect(lambda _text: self._narrow())
        self.narrow.returnPressed.connect(self._toggle_first)
        self.narrow.installEventFilter(self)
        layout.addWidget(self.narrow)
        self.list = named(QListWidget(), f"{name}_list")
        self.list.setFixedHeight(_LINES * _LINE_HEIGHT)
        context.texts.bind(self.list, self.list.setAccessibleName, label)
        self.list.setItemDelegate(_Box(context, self.list))
        self.list.itemChanged.connect(self._marked)
        layout.addWidget(self.list)
        self.chosen: QLabel = caption(context, name=f"{name}_chosen")
        self.chosen.setWordWrap(True)
        layout.addWidget(self.chosen)
        self.setFocusProxy(self.narrow)
        context.texts.changed.connect(self._tell)
        context.theme.changed.connect(self.list.viewport().update)

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Offer these values; what is chosen stays if it is among them."""
        kept = self.value()
        self._names = dict(choices)
        self.show_value(kept)

    def value(self) -> frozenset[Any]:
        """Return what is chosen."""
        return frozenset(
            item.data(Qt.ItemDataRole.UserRole)
            for item in self._items()
            if item.checkState() is Qt.CheckState.Checked
        )

    def show_value(self, value: frozenset[Any]) -> None:
        """Mark these values and no others."""
        self.list.blockSignals(True)
        self.list.clear()
        for key in sorted(self._names, key=lambda key: key not in value):
            item = QListWidgetItem(self._names[key])
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            marked = Qt.CheckState.Checked if key in value else Qt.CheckState.Unchecked
            item.setCheckState(marked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.narrow.clear()
        self._narrow()
        self._tell()

    def words_of(self, value: frozenset[Any]) -> str:
        """Return what is chosen in a line."""
        return "、".join(name for key, name in self._names.items() if key in value)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(number) for number in range(self.list.count())]

    def _narrow(self) -> None:
        wanted = self.narrow.text().strip().casefold()
        for item in self._items():
            item.setHidden(wanted not in item.text().casefold())
        shown = next((item for item in self._items() if not item.isHidden()), None)
        if shown is not None:
            self.list.setCurrentItem(shown)

    def _toggle_first(self) -> None:
        row = self.list.currentRow()
        if not self.narrow.text() or row < 0:
            return
        item = self.list.item(row)
        if not item.isHidden():
            checked = item.checkState() is Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked)
            self.narrow.selectAll()

    def _marked(self, _item: QListWidgetItem) -> None:
        self._tell()
        self.edited.emit()

    def _tell(self) -> None:
        chosen = self.value()
        said = self._context.texts.say(msg("Chosen: {count}", count=len(chosen)))
        self.chosen.setText(f"{said}　{self.words_of(chosen)}".strip())
        self.list.setAccessibleDescription(self.chosen.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.narrow
            and isinstance(event, QKeyEvent)
            and event.type() == QKeyEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
        ):
            self.list.setFocus()
            return True
        return super().eventFilter(watched, event)


class _Box(QStyledItemDelegate):
    """A box that is seen on light and dark alike, and set by a click anywhere in its line."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        self.initStyleOption(option, index)
        widget, theme = option.widget, self._context.theme
        style = widget.style()
        parts = style.SubElement
        style.drawPrimitive(style.PrimitiveElement.PE_PanelItemViewItem, option, painter, widget)
        box = style.subElementRect(parts.SE_ItemViewItemCheckIndicator, option, widget)
        marked = option.checkState is Qt.CheckState.Checked
        picture = (
            icon(theme, "mdi6.checkbox-marked", Tone.ACCENT)
            if marked
            else icon(theme, "mdi6.checkbox-blank-outline", Tone.MUTED)
        )
        picture.paint(painter, box.adjusted(-2, -2, 2, 2))
        words = style.subElementRect(parts.SE_ItemViewItemText, option, widget)
        painter.setPen(theme.colour(Tone.PLAIN))
        cut = option.fontMetrics.elidedText(
            option.text, Qt.TextElideMode.ElideRight, words.width() - Space.XS
        )
        sides = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words.adjusted(Space.XS, 0, 0, 0), sides, cut)

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        if event.type() == QEvent.Type.MouseButtonRelease:
            marked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
            state = Qt.CheckState.Unchecked if marked else Qt.CheckState.Checked
            return model.setData(index, state.value, Qt.ItemDataRole.CheckStateRole)
        if event.type() in {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick}:
            return False
        return super().editorEvent(event, model, option, index)
