"""What this PC remembers between two starts: which database, whose desk, which language."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

__all__ = ["Preferences"]


class Preferences:
    """Typed access to the settings file of the person at this PC (no data of the bureau)."""

    def __init__(self, settings: QSettings | None = None) -> None:
        self._settings = settings or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "DeskMaint", "desk-maint"
        )

    def _text(self, key: str) -> str | None:
        value = self._settings.value(key)
        return str(value) if value else None

    def _remember(self, key: str, value: str | None) -> None:
        if value is None:
            self._settings.remove(key)
        else:
            self._settings.setValue(key, value)
        self._settings.sync()

    @property
    def database(self) -> str | None:
        """Path or URL of the database that was used last; never a password."""
        return self._text("database")

    @database.setter
    def database(self, location: str | None) -> None:
        self._remember("database", location)

    @property
    def login(self) -> str | None:
        """Login of the person who worked here last."""
        return self._text("login")

    @login.setter
    def login(self, login: str | None) -> None:
        self._remember("login", login)

    @property
    def language(self) -> str | None:
        """Language chosen here; None: as the system's."""
        return self._text("language")

    @language.setter
    def language(self, language: str | None) -> None:
        self._remember("language", language)

    @property
    def outlet_code(self) -> str | None:
        """The outlet this counter PC stands in."""
        return self._text("outlet")

    @outlet_code.setter
    def outlet_code(self, code: str | None) -> None:
        self._remember("outlet", code)

    @property
    def folder(self) -> Path | None:
        """The folder of the file that was chosen last."""
        folder = self._text("folder")
        return None if folder is None else Path(folder)

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._remember("folder", str(folder))

    def beside(self, name: str) -> Path:
        """Return the place of a file or folder beside the settings; it need not be there yet."""
        return Path(self._settings.fileName()).parent / name

    def geometry(self, name: str) -> QByteArray:
        """Return the remembered place and size of a window or a splitter."""
        value = self._settings.value(f"geometry/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_geometry(self, name: str, geometry: QByteArray) -> None:
        """Remember the place and size of a window or a splitter."""
        self._settings.setValue(f"geometry/{name}", geometry)

    def note(self, name: str) -> str:
        """Return a short text kept under ``name`` (a saved view, the draft of a report)."""
        return self._text(f"note/{name}") or ""

    def set_note(self, name: str, text: str) -> None:
        """Keep a short text under ``name``; written to disk at once."""
        self._remember(f"note/{name}", text or None)
