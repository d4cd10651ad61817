"""The inventory: units at the left, the ledger, and the device in hand at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSplitter,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desk_maint.db.change import Changes
from desk_maint.domain.devices import DeviceState
from desk_maint.domain.messages import Term, msg
from desk_maint.services import device_lists, devices, outlets
from ui.connections import connect_for
from ui.files import ask_save
from ui.managers.inventory.device_panel import DevicePanel
from ui.managers.inventory.dialogs import BulkDialog, MoveDialog, RecordDialog, StateDialog
from ui.managers.inventory.ledger import Ledger
from ui.managers.inventory.paper import InventoryPaper
from ui.operations import ask
from ui.page import Key, Page
from ui.problems import show_problem
from ui.theme import Space
from ui.widgets.basics import button, caption
from ui.widgets.naming import named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from desk_maint.services.device_lists import DeviceRow
    from desk_maint.services.outlets import OutletNode
    from ui.context import Context
    from ui.tasks import Job
    from ui.texts import Text

__all__ = ["InventoryPage"]

_KINDS = frozenset({"device", "outlet", "placement", "device_state_change", "fault"})


class InventoryPage(Page):
    """Find devices, look at one, and do things to one or many."""

    title = Term("equipment_ledger")
    icon = "mdi6.archive-outline"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.ledger = Ledger(context)
        self.paper = InventoryPaper(context, self, self.ledger)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.setSpacing(Space.S)
        layout.addLayout(self._make_head())
        splitter = named(QSplitter(Qt.Orientation.Horizontal), "inventory_splitter")
        splitter.setChildrenCollapsible(False)
        self.tree = self._make_tree()
        left = QWidget()
        beside = QHBoxLayout(left)
        beside.setContentsMargins(0, 0, Space.S, 0)
        beside.addWidget(self.tree)
        splitter.addWidget(left)
        self.ledger.setContentsMargins(Space.S, 0, Space.S, 0)
        self.ledger.chosen.connect(self._choose)
        self.ledger.filters.unit_left.connect(self._show_all_units)
        self.ledger.empty.add_asked.connect(self.start_new)
        self.ledger.empty.import_asked.connect(self.bring_in)
        self.ledger.selection_changed.connect(self._count)
        splitter.addWidget(self.ledger)
        self.panel = DevicePanel(context)
        self.panel.added.connect(lambda _key: self._read_again())
        splitter.addWidget(self.panel)
        splitter.setSizes([204, 620, 340])
        splitter.setStretchFactor(1, 1)
        layout.addWidget(splitter, 1)
        self._units: tuple[OutletNode, ...] = ()
        connect_for(self, context.texts.changed, lambda: self._fill_tree(self._units))
        self._add_keys()

    def _add_keys(self) -> None:
        ledger, panel = self.ledger, self.panel
        self.add_key("Ctrl+F", msg("To the search"), ledger.filters.search.setFocus)
        ledger.filters.search.returnPressed.connect(ledger.table.setFocus)
        self.add_key("Ctrl+Shift+F", msg("Show all devices again"), ledger.filters.clear)
        # The list itself hears this one, as it does a double click.
        self.keys.append(Key("Return", msg("In the list: edit the device in hand")))
        ledger.opened.connect(panel.edit)
        self.add_key("Ctrl+T", msg("Particulars, past, changes: the next one"), panel.turn)
        self.add_key("Ctrl+N", msg("Add a device"), self.start_new)
        self.add_key("Ctrl+S", Term("ui_save"), panel.save)
        self.add_key("Ctrl+M", msg("Move…"), self._ask_move)
        self.add_key("Ctrl+I", msg("Import…"), self.bring_in)
        self.add_key("Ctrl+E", msg("Export…"), self._ask_export)
        self.add_key("Ctrl+P", Term("ui_print"), self.paper.print_list)

    def _make_head(self) -> QHBoxLayout:
        context = self.context
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(
            button(context, msg("Add a device"), self.start_new, name="device_new", role="primary")
        )
        row.addWidget(button(context, msg("Import…"), self.bring_in, name="inventory_import"))
        row.addWidget(button(context, msg("Export…"), self._ask_export, name="inventory_export"))
        self.printing = self._menu(
            Term("ui_print"),
            "inventory_print",
            (
                ("print_ledger", msg("This list…"), self.paper.print_list),
                ("print_labels", msg("Labels with QR codes…"), self.paper.print_labels),
                ("pdf_ledger", msg("This list as PDF…"), self.paper.ask_list_pdf),
                ("pdf_labels", msg("Labels as PDF…"), self.paper.ask_labels_pdf),
            ),
        )
        row.addWidget(self.printing)
        row.addStretch(1)
        self._chosen = caption(context, name="inventory_chosen")
        row.addWidget(self._chosen)
        self._of_selection = [
            button(context, msg("Move…"), self._ask_move, name="inventory_move"),
            button(context, msg("State or retire…"), self._ask_state, name="inventory_state"),
            button(context, msg("Change all…"), self._ask_bulk, name="inventory_bulk"),
        ]
        for each in self._of_selection:
            row.addWidget(each)
        return row

    def _menu(
        self, text: Text, name: str, entries: Sequence[tuple[str, Text, Callable[[], object]]]
    ) -> QToolButton:
        made = named(QToolButton(), name)
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.context.texts.bind(made, made.setText, text)
        menu = QMenu(made)
        for key, words, call in entries:
            action = menu.addAction("")
            action.setObjectName(key)
            self.context.texts.bind(action, action.setText, words)
            action.triggered.connect(lambda _=False, call=call: call())
        made.setMenu(menu)
        return made

    def _make_tree(self) -> QTreeWidget:
        tree = named(QTreeWidget(), "inventory_tree")
        tree.setHeaderHidden(True)
        tree.setMinimumWidth(150)
        tree.setColumnCount(1)
        self.context.texts.bind(tree, tree.setAccessibleName, Term("outlet"))
        tree.currentItemChanged.connect(lambda item, _old: self._use_unit(item))
        return tree

    def on_opened(self) -> None:
        """Read units and ledger."""
        self.panel.read_choices()
        self._read_units()
        self.begin_at(self.ledger.filters.search)

    def on_changes(self, changes: object) -> None:
        """Read again what was changed, here or elsewhere."""
        if isinstance(changes, Changes) and self.isVisible() and _KINDS & changes.kinds:
            self._read_again()

    def _read_again(self) -> None:
        self._read_units()

    def _read_units(self) -> None:
        context = self.context
        ask(
            self,
            context,
            lambda: outlets.tree(context.database, context.actor),
            self._fill_tree,
        )

    def _fill_tree(self, units: tuple[OutletNode, ...]) -> None:
        item = self.tree.currentItem()
        kept = None if item is None else item.data(0, Qt.ItemDataRole.UserRole)
        self._units = units
        self.tree.blockSignals(True)
        self.tree.clear()
        everything = QTreeWidgetItem([self.context.texts.say(msg("All units"))])
        self.tree.addTopLevelItem(everything)
        chosen = everything
        above: list[QTreeWidgetItem] = []
        for unit in units:
            made = QTreeWidgetItem([f"{unit.data.name} {unit.all_devices}"])
            made.setData(0, Qt.ItemDataRole.UserRole, unit.id)
            made.setToolTip(0, f"{unit.data.code} {unit.data.name}")
            del above[unit.depth :]
            (above[-1].addChild if above else self.tree.addTopLevelItem)(made)
            above.append(made)
            if unit.id == kept:
                chosen = made
        self.tree.expandToDepth(0)
        self.tree.setCurrentItem(chosen)
        self.tree.blockSignals(False)
        self._use_unit(chosen)

    def _use_unit(self, item: QTreeWidgetItem | None) -> None:
        key = None if item is None else item.data(0, Qt.ItemDataRole.UserRole)
        names = (unit.data.name for unit in self._units if unit.id == key)
        self.ledger.filters.use_unit(key, next(names, ""))

    def _show_all_units(self) -> None:
        everything = self.tree.topLevelItem(0)
        if everything is not None:
            self.tree.setCurrentItem(everything)

    def _choose(self, row: DeviceRow | None) -> None:
        self.panel.show_device(row)

    def _count(self, count: int) -> None:
        words = msg("Devices chosen: {count}", count=count)
        self._chosen.setText(self.context.texts.say(words) if count > 1 else "")
        for each in self._of_selection:
            each.setEnabled(count > 0)

    def may_close(self, then: Callable[[], object]) -> bool:
        """Ask about a device that is typed and not saved."""
        return self.panel.may_leave(then)

    def start_new(self) -> None:
        """Begin with a new device, in the unit that is chosen."""
        item = self.tree.currentItem()
        unit = None if item is None else item.data(0, Qt.ItemDataRole.UserRole)
        first = self._units[0].id if self._units else None
        self.panel.start_new(unit or first)

    # To what is chosen

    def _ask_move(self) -> None:
        units = [(unit.id, f"{unit.data.code} {unit.data.name}") for unit in self._units]
        self._ask_and_do(
            lambda count: MoveDialog(self.context, self, count, units),
            lambda answer, chosen, at: devices.move(
                self.context.database,
                self.context.actor,
                chosen,
                answer["outlet_id"],
                answer["position"],
                on=answer["on"],
                at=at,
            ),
        )

    def _ask_state(self) -> None:
        def change(answer: Mapping[str, Any], chosen: Mapping[int, int], at: int) -> Changes:
            scrapped = answer["state"] is DeviceState.SCRAPPED
            call = devices.retire if scrapped else devices.change_state
            database, actor = self.context.database, self.context.actor
            return call(database, actor, chosen, answer["state"], on=answer["on"], at=at)

        self._ask_and_do(lambda count: StateDialog(self.context, self, count), change)

    def _ask_bulk(self) -> None:
        self._ask_and_do(
            lambda count: BulkDialog(self.context, self, count),
            lambda values, chosen, at: devices.bulk_edit(
                self.context.database, self.context.actor, chosen, values, at=at
            ),
        )

    def _ask_and_do(
        self,
        make: Callable[[int], RecordDialog],
        call: Callable[[Mapping[str, Any], Mapping[int, int], int], Changes],
    ) -> None:
        """Ask about what is chosen in the list, and do it to all of it."""

        def begin(rows: Sequence[DeviceRow]) -> None:
            chosen = {row.id: row.version for row in rows}
            dialog = make(len(chosen))

            def prepare() -> Callable[[], Changes] | None:
                answer, at = dialog.answer(), self.context.now()
                return None if answer is None else lambda: call(answer, chosen, at)

            def take(versions: Mapping[int, int]) -> None:
                chosen.clear()
                chosen.update(versions)

            def look_again() -> None:
                context = self.context
                ask(
                    self,
                    context,
                    lambda: device_lists.read_versions(context.database, context.actor, chosen),
                    take,
                )

            dialog.run(
                prepare,
                success=msg("Devices changed: {count}", count=len(chosen)),
                look_again=look_again,
                title=msg("Changing devices…"),
            )

        self.ledger.with_chosen(begin)

    # In and out

    def show_part(self, name: str) -> None:
        """Open the import assistant (``import``) once the page stands."""
        if name == "import":
            QTimer.singleShot(0, self, self.bring_in)

    def bring_in(self) -> None:
        """Open the import assistant."""
        from ui.managers.inventory.importing.assistant import ImportAssistant

        assistant = ImportAssistant(self.context, self)
        assistant.exec()
        assistant.deleteLater()

    def _ask_export(self) -> None:
        name = f"{self.context.texts.say(Term('equipment_ledger'))}.xlsx"
        path = ask_save(self, self.context, msg("Export…"), name)
        if path is not None:
            self.export(path)

    def export(self, path: Path) -> Job:
        """Write the whole inventory; progress and cancel at the foot."""
        context, lang = self.context, self.context.texts.language

        def work(job: Job) -> Path:
            from desk_maint.exchange.exporting import export

            export(
                context.database,
                context.actor,
                "inventory",
                path,
                lang=lang,
                progress=job.progress,
                cancelled=job.cancelled,
            )
            return path

        return context.tasks.start(
            self,
            work,
            done=context.written.emit,
            failed=lambda error: show_problem(self.window(), context.texts, error),
            title=msg("Writing the workbook…"),
            free=True,
        )
