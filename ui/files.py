"""The files a person names: where the dialog starts, and the ending it adds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QStandardPaths
from PySide6.QtWidgets import QFileDialog

from desk_maint.domain.messages import msg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from ui.context import Context
    from ui.texts import Text

__all__ = ["ask_open", "ask_open_many", "ask_save"]

_KINDS = {
    ".xlsx": "Excel (*.xlsx)",
    ".pdf": "PDF (*.pdf)",
    ".db": "SQLite (*.db)",
}


def ask_save(owner: QWidget, context: Context, title: Text, name: str) -> Path | None:
    """Ask where to write a file; ``name`` is proposed and its ending kept.  None: nowhere."""
    dialog = _dialog(owner, context, title)
    suffix = Path(name).suffix
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(_KINDS[suffix])
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(name)
    return next(iter(_chosen(dialog, context)), None)


def ask_open(
    owner: QWidget,
    context: Context,
    title: Text,
    kinds: str = "",
    *,
    folder: Path | None = None,
) -> Path | None:
    """Ask for a file that is there, in ``folder`` or where the last one was.  None: none."""
    dialog = _dialog(owner, context, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(kinds)
    if folder is not None:
        dialog.setDirectory(str(folder))
    return next(iter(_chosen(dialog, context)), None)


def ask_open_many(owner: QWidget, context: Context, title: Text, kinds: str) -> Sequence[Path]:
    """Ask for files that are there; none where she turns back."""
    dialog = _dialog(owner, context, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilter(kinds)
    return _chosen(dialog, context)


def _dialog(owner: QWidget, context: Context, title: Text) -> QFileDialog:
    say = context.texts.say
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    folder = context.preferences.folder or QStandardPaths.writableLocation(documents)
    # Not the program's own folder, which nobody looks into and often nobody may write to.
    where = QDir(str(folder))
    dialog = QFileDialog(owner, say(title), (where if where.exists() else QDir.home()).path())
    dialog.setObjectName("file_dialog")
    # Qt's own texts lack some words of its dialog; names alone need none of them.
    dialog.setViewMode(QFileDialog.ViewMode.List)
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, say(msg("Folder:")))
    dialog.setLabelText(QFileDialog.DialogLabel.FileType, say(msg("Kind of file:")))
    return dialog


def _chosen(dialog: QFileDialog, context: Context) -> Sequence[Path]:
    accepted = dialog.exec() == QFileDialog.DialogCode.Accepted
    chosen = [Path(name) for name in dialog.selectedFiles()] if accepted else []
    dialog.deleteLater()
    if chosen:
        context.preferences.folder = chosen[0].parent
    return chosen
