"""Where a database is: a file on this PC, or a server."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "Place",
    "default_path",
    "keep_password",
    "mounts",
    "place_of",
    "refuse_network_share",
]

NETWORK_FILE_SYSTEMS = frozenset(
    {
        *("9p", "afs", "beegfs", "ceph", "cifs", "coda", "glusterfs", "gpfs", "lustre", "ncpfs"),
        *("nfs", "nfs4", "pvfs2", "smb", "smb2", "smb3", "smbfs", "vboxsf"),
        *("fuse.beegfs", "fuse.curlftpfs", "fuse.davfs2", "fuse.glusterfs", "fuse.gvfsd-fuse"),
        *("fuse.rclone", "fuse.s3fs", "fuse.smbnetfs", "fuse.sshfs", "fuse.vmhgfs-fuse", "davfs"),
    }
)
"""File systems whose locks another PC does not see, or not in time."""
_SERVERS = frozenset({"postgresql", "postgres", "postgresql+psycopg"})
_REMOTE_DRIVE = 4  # DRIVE_REMOTE of the Windows API


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database is or shall be."""

    url: URL
    path: Path | None
    """The SQLite file, absolute; None: a server."""

    @property
    def location(self) -> str:
        """What :func:`place_of` makes this place of again; it may hold a password."""
        if self.path is not None:
            return str(self.path)
        return self.url.render_as_string(hide_password=False)

    def __str__(self) -> str:
        """Return the place for people: the file, or the URL without its password."""
        if self.path is not None:
            return str(self.path)
        return self.url.difference_update_query(["passfile"]).render_as_string()


def default_path() -> Path:
    """Return the SQLite file that is used where none is named: in the user's data folder."""
    from platformdirs import user_data_path  # noqa: PLC0415  (only where no database is named)

    return user_data_path("desk-maint", "DeskMaint") / "desk-maint.db"


def place_of(location: str) -> Place:
    """Return the place that a path or a URL names, as people write them.

    A path is taken as it is, ``sqlite:///`` before it or not; a server is
    ``postgresql://user@server/name``.  Raises :class:`InputError` for what is neither.
    """
    text = location.strip()
    scheme = re.match(r"([\w+]+)://", text)
    if scheme is None:
        return _file(text)
    if scheme[1] == "sqlite":
        # sqlite:////srv/x.db is /srv/x.db, sqlite:///x.db is x.db
        return _file(text.removeprefix("sqlite://").removeprefix("/"))
    if scheme[1] not in _SERVERS:
        raise InputError(
            msg(
                "“{scheme}” is not a kind of database that this program knows. Name a file, or "
                "postgresql://server/name.",
                scheme=scheme[1],
            )
        )
    try:
        url = make_url("postgresql+psycopg://" + text[scheme.end() :])
    except (ArgumentError, ValueError) as error:
        raise InputError(
            msg(
                "“{location}” is not the address of a server. Write it like "
                "postgresql://user@server/name.",
                location=text,
            )
        ) from error
    return Place(url, None)


def keep_password(location: str, passfile: Path) -> str:
    """Return ``location`` as it may be remembered: the password is kept in ``passfile`` instead.

    The file is PostgreSQL's own (``host:port:database:user:password`` in lines), readable by its
    owner alone; what it holds for other servers stays.  A place without a password is returned as
    it is.
    """
    url = place_of(location).url
    if url.password is None:
        return location
    parts = (url.host or "localhost", str(url.port or "*"), url.database or "*", url.username or "")
    server = ":".join(re.sub(r"([\\:])", r"\\\1", part) for part in parts)
    password = re.sub(r"([\\:])", r"\\\1", str(url.password))
    try:
        known = passfile.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        known = []
    lines = [line for line in known if not line.startswith(f"{server}:")]
    passfile.parent.mkdir(parents=True, exist_ok=True)
    # Made for its owner alone from the beginning, and put in place whole.
    fresh = passfile.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as written:
        written.write("\n".join([*lines, f"{server}:{password}", ""]))
    fresh.replace(passfile)
    kept = URL.create(
        url.drivername, url.username, None, url.host, url.port, url.database, url.query
    )
    return kept.update_query_dict({"passfile": str(passfile)}).render_as_string()


def _file(text: str) -> Place:
    if not text:
        raise InputError(msg("No database is named. Give a file or postgresql://server/name."))
    path = Path(text).expanduser().absolute()
    return Place(URL.create("sqlite", database=str(path)), path)


def mounts() -> list[tuple[str, str]]:
    """Return mount point and file system type of all mounts (Linux; elsewhere none)."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    # device, mount point, type, …
    return [(_unescaped(point), kind) for _, point, kind, *_ in map(str.split, lines)]


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
        # The later of two mounts on one point hides the earlier.
        if resolved.is_relative_to(point) and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1].casefold() in NETWORK_FILE_SYSTEMS


def _unescaped(text: str) -> str:
    """Return a field of the mount table with its blanks, written as octal codes, put back."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
