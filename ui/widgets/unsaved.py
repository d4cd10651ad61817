"""The question about what was typed and is not saved: before another record, or before leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

from desk_maint.domain.messages import Term, msg

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from ui.texts import Texts

__all__ = ["may_leave"]


def may_leave(
    parent: QWidget,
    texts: Texts,
    *,
    save: Callable[[Callable[[], object]], object],
    then: Callable[[], object],
) -> bool:
    """Ask what becomes of it; True: it is given up, and the person may go on at once.

    Where it is to be saved, ``save(then)`` is called: ``then`` follows once it is saved, and
    never where it was refused.
    """
    kinds = QMessageBox.StandardButton
    question = texts.say(msg("What was typed here is not saved yet."))
    box = QMessageBox(QMessageBox.Icon.Question, "", question, parent=parent.window())
    box.setObjectName("unsaved")
    for kind, text in (
        (kinds.Save, Term("ui_save")),
        (kinds.Discard, msg("Do not save")),
        (kinds.Cancel, msg("Go on typing")),
    ):
        box.addButton(kind).setText(texts.say(text))
    answer = kinds(box.exec())
    if answer is kinds.Save:
        save(then)
    return answer is kinds.Discard
