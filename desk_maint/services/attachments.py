"""Photos and screenshots that belong to a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_maint.db.models import Attachment, Fault
from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg
from desk_maint.services.permissions import require
from desk_maint.services.records import fetch, look_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from desk_maint.db.change import Changes
    from desk_maint.db.engine import Database
    from desk_maint.domain.people import Actor

__all__ = ["LARGEST_BYTES", "AttachmentContent", "NewAttachment", "attach", "keep", "read"]

LARGEST_BYTES = 10 * 1024 * 1024
# What a picture begins with; the name of a file proves nothing.
_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
}


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A picture that is to be kept: PNG, JPEG, WebP, GIF or BMP up to :data:`LARGEST_BYTES`."""

    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class AttachmentContent:
    """A kept picture."""

    file_name: str
    media_type: str
    content: bytes


def attach(
    database: Database, actor: Actor, ticket_id: int, files: Sequence[NewAttachment], *, at: int
) -> Changes:
    """Add pictures to a ticket; nobody's version is stale by it."""
    require(actor, "ticket.attach")
    with database.change(actor, "ticket.attach", at=at) as work:
        fault = fetch(work.session, Fault, ticket_id)
        require(actor, "ticket.attach", fault.outlet_id)
        keep(work.session, actor, fault.id, files, at=at)
        work.touched("fault", [fault.id])
    return work.changes


def keep(
    session: Session, actor: Actor, ticket_id: int, files: Sequence[NewAttachment], *, at: int
) -> None:
    """Keep pictures with a ticket in a transaction that is under way."""
    for file in files:
        session.add(
            Attachment(
                fault_id=ticket_id,
                at=at,
                author=actor.name,
                file_name=_plain_name(file.file_name),
                media_type=_media_type(file),
                content=file.content,
            )
        )


def read(database: Database, actor: Actor, attachment_id: int) -> AttachmentContent:
    """Return a kept picture with its content."""
    require(actor, "ticket.read")
    with database.read() as session:
        row = look_up(session, Attachment, attachment_id)
        require(actor, "ticket.read", look_up(session, Fault, row.fault_id).outlet_id)
        return AttachmentContent(row.file_name, row.media_type, row.content)


def _media_type(file: NewAttachment) -> str:
    if len(file.content) > LARGEST_BYTES:
        raise InputError(
            msg(
                "{name} is larger than {count} MB. Make the picture smaller and add it again.",
                name=file.file_name,
                count=LARGEST_BYTES // 1024**2,
            )
        )
    for beginning, media_type in _BEGINNINGS.items():
        if file.content.startswith(beginning):
            return media_type
    if file.content[:4] == b"RIFF" and file.content[8:12] == b"WEBP":
        return "image/webp"
    raise InputError(
        msg("{name} is not a picture. Add a PNG, JPEG or WebP file.", name=file.file_name)
    )


def _plain_name(name: str) -> str:
    """Return the last part of a path of either system, short enough for the database."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    return last[-200:] or "picture"
