"""Where a database is: a file on this PC, or a server."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlsplit

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg

__all__ = ["default_path", "mounts", "refuse_network_share", "sqlite_path", "url_of"]

NETWORK_FILE_SYSTEMS = frozenset(
    "9p afs ceph cifs davfs fuse.davfs2 fuse.glusterfs fuse.rclone fuse.sshfs glusterfs lustre "
    "ncpfs nfs nfs4 smb2 smb3 smbfs".split()
)
_REMOTE_DRIVE = 4  # DRIVE_REMOTE of the Windows API


def default_path() -> Path:
    """Return the SQLite file that is used where none is named: in the user's data folder."""
    from platformdirs import user_data_path  # noqa: PLC0415  (only where no database is named)

    return user_data_path("desk-maint", "DeskMaint") / "desk-maint.db"


def url_of(location: str) -> str:
    """Return the SQLAlchemy URL of a path or of a URL as people write it."""
    text = location.strip()
    if not text:
        raise InputError(msg("No database is named. Give a file or postgresql://server/name."))
    scheme = text.partition("://")[0] if "://" in text else ""
    if scheme in {"postgresql", "postgres", "postgresql+psycopg"}:
        return "postgresql+psycopg://" + text.partition("://")[2]
    if scheme == "sqlite":
        return "sqlite:///" + os.fspath(_absolute(urlsplit(text).path.removeprefix("/") or ""))
    if scheme:
        raise InputError(
            msg(
                "“{scheme}” is not a kind of database that this program knows. Name a file, or "
                "postgresql://server/name.",
                scheme=scheme,
            )
        )
    return "sqlite:///" + os.fspath(_absolute(text))


def sqlite_path(url: str) -> Path | None:
    """Return the file behind an SQLAlchemy URL; None for a server."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def _absolute(text: str) -> Path:
    # sqlite:////srv/x.db arrives here as /srv/x.db, sqlite:///x.db as x.db
    return Path(text).expanduser().absolute()


def mounts() -> list[tuple[str, str]]:
    """Return mount point and file system type of all mounts (Linux; elsewhere none)."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    fields = [line.split() for line in lines]
    return [(field[1].replace("\\040", " "), field[2]) for field in fields if len(field) > 2]  # noqa: PLR2004


def refuse_network_share(
    path: Path, mounted: Callable[[], Iterable[tuple[str, str]]] = mounts
) -> None:
    """Raise :class:`InputError` where ``path`` lies on a network share.

    SQLite's locks do not hold there: two PCs that write at once destroy the file.
    """
    if _is_remote(path, mounted):
        raise InputError(
            msg(
                "{path} lies on a network share, where file locks do not hold and two PCs would "
                "destroy the data. Keep the file on a disk of this PC, or share one PostgreSQL "
                "server: postgresql://server/name.",
                path=str(path),
            )
        )


def _is_remote(path: Path, mounted: Callable[[], Iterable[tuple[str, str]]]) -> bool:
    text = str(path)
    if text.startswith(("\\\\", "//")):
        return True
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415  (Windows only)

        drive = os.path.splitdrive(text)[0] + "\\"
        return bool(ctypes.windll.kernel32.GetDriveTypeW(drive) == _REMOTE_DRIVE)
    resolved = path.resolve()
    best = ("", "")
    for point, kind in mounted():
        inside = resolved == Path(point) or Path(point) in resolved.parents
        if inside and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1].casefold() in NETWORK_FILE_SYSTEMS
