"""A conversation as a page shows it: each word unlocked, who said it, and its files."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from opinovi.base import storage
from opinovi.base.text import choose
from opinovi.contact.models import Attachment, Enquiry, Message


@dataclass
class File:
    id: UUID
    name: str
    size: int

    @property
    def kilobytes(self) -> int:
        return max(1, self.size // 1000)


@dataclass
class Line:
    """One word of a conversation."""

    id: UUID
    author: str
    who: str
    text: str
    at: datetime
    read_at: datetime | None = None
    files: list[File] = field(default_factory=list)


def lines_of(enquiry: Enquiry, person: bool) -> list[Line]:
    """The words in their order; notes only for the guides. Two queries."""
    if enquiry.key is None:
        return []
    rows = Message.objects.filter(enquiry=enquiry).select_related("member__person", "member__organisation")
    if person:
        rows = rows.exclude(author=Message.Author.NOTE)
    files: dict[UUID, list[File]] = {}
    sent = Attachment.objects.filter(enquiry=enquiry).defer("content").order_by("at", "id")
    for one in sent if enquiry.has_files else []:
        files.setdefault(one.message_id, []).append(File(one.id, enquiry.key.unlock(one.locked_name), one.size))
    return [
        Line(one.id, one.author, who(one), enquiry.key.unlock(one.locked), one.at, one.read_at, files.get(one.id, []))
        for one in rows
    ]


def who(message: Message) -> str:
    """Who said it: a guide by name and organisation."""
    if message.member is None:
        return ""
    return f"{message.member.person}, {choose(message.member.organisation.name).text}"


def sent_file(enquiry: Enquiry, file: Attachment) -> HttpResponse:
    """The file to save, never to open within our pages."""
    assert enquiry.key is not None
    response = HttpResponse(
        storage.fetch(storage.unlocked(file.content, enquiry.key.unlock_bytes)), content_type=file.kind
    )
    name = enquiry.key.unlock(file.locked_name)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response
