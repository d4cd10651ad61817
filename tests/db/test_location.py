from __future__ import annotations

from pathlib import Path

import pytest

from desk_maint.db.location import (
    default_path,
    keep_password,
    mounts,
    place_of,
    refuse_network_share,
)
from desk_maint.domain.errors import InputError

MOUNTS = [
    ("/", "ext4"),
    ("/mnt/share", "nfs4"),
    ("/mnt/share/local", "ext4"),
    ("/srv", "ext4"),
    ("/srv", "cifs"),
    ("/run/user/1000/gvfs", "fuse.gvfsd-fuse"),
]


def mounted() -> list[tuple[str, str]]:
    return MOUNTS


@pytest.mark.parametrize(
    "location",
    ["/data/局 的?#%20.db", "sqlite:////data/局 的?#%20.db", "  /data/局 的?#%20.db "],
)
def test_a_path_is_taken_as_it_is(location: str) -> None:
    place = place_of(location)
    assert place.path == Path("/data/局 的?#%20.db")
    assert place.url.database == "/data/局 的?#%20.db"
    assert place_of(place.location) == place


def test_a_relative_path_is_below_the_present_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/anna")
    assert place_of("x.db").path == tmp_path / "x.db"
    assert place_of("sqlite:///x.db").path == tmp_path / "x.db"
    assert place_of("~/x.db").path == Path("/home/anna/x.db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_server_is_told_without_its_password(scheme: str) -> None:
    place = place_of(f"{scheme}://anna:ge%40heim@db.local:5433/desk?sslmode=require")
    assert place.path is None
    assert place.url.password == "ge@heim"  # noqa: S105  (made up)
    assert place.url.drivername == "postgresql+psycopg"
    assert "ge%40heim" not in str(place)
    assert "db.local:5433/desk" in str(place)
    assert place_of(place.location) == place


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("", "No database is named"),
        ("  ", "No database is named"),
        ("sqlite:///", "No database is named"),
        ("mysql://server/name", "“mysql” is not a kind of database"),
        ("postgresql://server:port/name", "is not the address of a server"),
    ],
)
def test_what_is_no_place_is_refused(location: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        place_of(location)


@pytest.mark.parametrize(
    "path",
    [
        "/mnt/share/desk.db",
        "/srv/deep/down/desk.db",
        "/run/user/1000/gvfs/smb-share:server=nas,share=x/desk.db",
        "//nas/share/desk.db",
        "\\\\nas\\share\\desk.db",
    ],
)
def test_a_network_share_is_refused_with_the_way_out(path: str) -> None:
    with pytest.raises(InputError, match="postgresql://server/name") as refused:
        refuse_network_share(Path(path), mounted)
    assert "file locks do not hold" in str(refused.value)


@pytest.mark.parametrize("path", ["/data/desk.db", "/mnt/share/local/desk.db", "/mnt/shared.db"])
def test_a_disk_of_this_pc_is_accepted(path: str) -> None:
    refuse_network_share(Path(path), mounted)


def test_a_link_to_a_network_share_is_refused(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (tmp_path / "link").symlink_to(share)
    with pytest.raises(InputError, match="network share"):
        refuse_network_share(
            tmp_path / "link" / "desk.db", lambda: [("/", "ext4"), (str(share), "cifs")]
        )


def test_the_mount_table_is_read_with_its_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    table = "nas:/x /mnt/my\\040share\\134a nfs4 rw 0 0\n/dev/sda1 / ext4 rw 0 0\n"
    monkeypatch.setattr(Path, "read_text", lambda *_unused, **_more: table)
    assert mounts() == [("/mnt/my share\\a", "nfs4"), ("/", "ext4")]


def test_without_a_mount_table_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_unused: object, **_more: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
    assert mounts() == []


def test_the_default_is_in_the_folder_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_path() == tmp_path / "desk-maint" / "desk-maint.db"


def test_a_password_is_kept_apart_and_for_its_owner_alone(tmp_path: Path) -> None:
    passfile = tmp_path / "config" / "pgpass.conf"
    first = keep_password("postgresql://anna:ge%3Aheim@db.local/desk?sslmode=require", passfile)
    second = keep_password("postgresql://bert:andere@db.local:5433/desk", passfile)
    again = keep_password("postgresql://anna:neu@db.local/desk", passfile)

    assert "heim" not in first
    assert "andere" not in second
    assert passfile.read_text(encoding="utf-8").splitlines() == [
        "db.local:5433:desk:bert:andere",
        "db.local:*:desk:anna:neu",
    ]
    assert passfile.stat().st_mode & 0o077 == 0
    place = place_of(again)
    assert (place.url.password, place.url.query["passfile"]) == (None, str(passfile))
    assert str(passfile) not in str(place), "people are told where the data is, not how it is kept"
    assert place_of(first).url.query["sslmode"] == "require"


def test_what_needs_no_password_is_remembered_as_it_is(tmp_path: Path) -> None:
    passfile = tmp_path / "pgpass.conf"
    for location in ("/data/desk.db", "postgresql://anna@db.local/desk"):
        assert keep_password(location, passfile) == location
    assert not passfile.exists()
