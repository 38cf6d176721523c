"""Files that people send in: told by their content, made harmless, or refused with a reason."""

import io
import re
import socket
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from opinovi.base import storage

MOST_BYTES = 10_000_000
MOST_FILES = 3
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 3_000
# Of an office document: what it may unfold to, and of how many parts.
MOST_UNFOLDED = 100_000_000
MOST_PARTS = 2_000
PDF = "application/pdf"
PICTURES = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff"}
WORD = "application/vnd.openxmlformats-officedocument."
OFFICE = {
    "word/document.xml": (f"{WORD}wordprocessingml.document", "docx"),
    "xl/workbook.xml": (f"{WORD}spreadsheetml.sheet", "xlsx"),
    "ppt/presentation.xml": (f"{WORD}presentationml.presentation", "pptx"),
}
OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
ACTIVE = re.compile(r"vbaproject|activex|embeddings/ole|basic/|scripts/", re.IGNORECASE)


@dataclass(frozen=True)
class Harmless:
    """A file as it is kept: its name without a path, its media type, and its bytes."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Kept:
    """The same once it was laid aside: its size, and what its row is to hold of it (base/storage.py)."""

    name: str
    kind: str
    size: int
    content: bytes


def lay_aside(one: Harmless) -> Kept:
    """Before anything is written down, since it may take long. Raises Away."""
    return Kept(one.name, one.kind, len(one.content), storage.keep(one.content))


def make_harmless(name: str, content: bytes) -> Harmless:
    """The file as it may be kept. Raises ValidationError, in words for the sender, for one that may not."""
    stem = clean_stem(name)
    if not content:
        raise ValidationError(_("Tiedosto ”%(name)s” on tyhjä.") % {"name": stem})
    if len(content) > MOST_BYTES:
        raise ValidationError(_("Tiedosto ”%(name)s” on liian suuri. Enintään 10 Mt.") % {"name": stem})
    refuse_virus(content, stem)
    kind = filetype.guess_mime(content) or ""
    if content.startswith(b"%PDF-"):
        return Harmless(f"{stem}.pdf", PDF, checked_pdf(content, stem))
    if kind in PICTURES:
        made, media, ending = picture(content, stem)
        return Harmless(f"{stem}.{ending}", media, made)
    if content.startswith(b"PK\x03\x04"):
        made, media, ending = office(content, stem)
        return Harmless(f"{stem}.{ending}", media, made)
    raise ValidationError(
        _("Tiedostoa ”%(name)s” emme voi ottaa vastaan. Lähetä PDF, kuva tai asiakirja.") % {"name": stem}
    )


def clean_stem(name: str) -> str:
    """A file's name without folders, ending, or signs that a disk or a page could stumble on."""
    last = PurePosixPath(name.replace("\\", "/").replace("\x00", "")).name
    stem = re.sub(r"[^\w\- ().]", "", last.rsplit(".", 1)[0]).strip(" .")
    return stem[:80] or _("tiedosto")


def checked_pdf(content: bytes, stem: str) -> bytes:
    """The PDF, if it is one from the first byte to the last and brings nothing that runs."""
    end = content.rfind(b"%%EOF")
    hidden = end < 0 or len(content[end + 5 :].strip()) > 0
    head = content[:2048].lower()
    runs = re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b", content)
    if hidden or b"<html" in head or b"<script" in head or runs:
        raise ValidationError(
            _("Tiedostossa ”%(name)s” on jotain muuta kuin sivuja. Tallenna se uudelleen PDF:nä.") % {"name": stem}
        )
    return content


def picture(content: bytes, stem: str) -> tuple[bytes, str, str]:
    """The picture drawn anew, right side up: nothing of the file remains but what is seen. No place, no camera."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise Image.DecompressionBombError
                drawn = ImageOps.exif_transpose(opened)
                drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                clear = drawn.mode in ("RGBA", "LA", "P")
                drawn = drawn.convert("RGBA" if clear else "RGB")
                bare = Image.new(drawn.mode, drawn.size)
                bare.paste(drawn)
                made = io.BytesIO()
                bare.save(made, "PNG" if clear else "JPEG", quality=88)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise ValidationError(_("Kuva ”%(name)s” ei aukea.") % {"name": stem}) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_("Kuva ”%(name)s” on liian suuri.") % {"name": stem}) from error
    return made.getvalue(), *(("image/png", "png") if clear else ("image/jpeg", "jpg"))


def office(content: bytes, stem: str) -> tuple[bytes, str, str]:
    """An office document packed anew out of its own parts, so that nothing hides around them."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            found = parts.infolist()
            names = {one.filename for one in found}
            kind = next((told for part, told in OFFICE.items() if part in names), None) or open_document(parts)
            unfit = (
                kind is None
                or len(found) > MOST_PARTS
                or sum(one.file_size for one in found) > MOST_UNFOLDED
                or any(ACTIVE.search(one) or ".." in one or one.startswith("/") for one in names)
            )
            if unfit:
                raise ValidationError(
                    _("Asiakirjaa ”%(name)s” emme voi ottaa vastaan. Tallenna se PDF:nä.") % {"name": stem}
                )
            assert kind is not None
            return packed_anew(parts, found), *kind
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise ValidationError(_("Asiakirja ”%(name)s” ei aukea.") % {"name": stem}) from error


def open_document(parts: zipfile.ZipFile) -> tuple[str, str] | None:
    if "mimetype" not in parts.namelist() or parts.getinfo("mimetype").file_size > 200:
        return None
    kind = parts.read("mimetype").decode("ascii", "replace").strip()
    return (kind, OPEN_DOCUMENT[kind]) if kind in OPEN_DOCUMENT else None


def packed_anew(parts: zipfile.ZipFile, found: list[zipfile.ZipInfo]) -> bytes:
    """What is said of sizes may lie: what really unfolds is counted, part by part."""
    made, left = io.BytesIO(), MOST_UNFOLDED
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for one in found:
            if one.is_dir():
                continue
            with parts.open(one) as part:
                text = part.read(left + 1)
            left -= len(text)
            if left < 0:
                raise ValueError("unfolds to more than it may")
            how = zipfile.ZIP_STORED if one.filename == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(zipfile.ZipInfo(one.filename), text, how)
    return made.getvalue()


def refuse_virus(content: bytes, stem: str) -> None:
    """Ask ClamAV, where there is one. If it does not answer, the file waits for a better time: it is refused."""
    if not settings.CLAMAV:
        return
    host, _colon, port = settings.CLAMAV.partition(":")
    try:
        with socket.create_connection((host, int(port or 3310)), timeout=20) as daemon:
            daemon.sendall(b"zINSTREAM\0")
            for begin in range(0, len(content), 65_536):
                chunk = content[begin : begin + 65_536]
                daemon.sendall(len(chunk).to_bytes(4, "big") + chunk)
            daemon.sendall((0).to_bytes(4, "big"))
            said = daemon.recv(4096)
    except OSError as error:
        raise ValidationError(
            _("Tiedostoja ei voi nyt tarkistaa. Lähetä viesti ilman tiedostoa tai yritä myöhemmin.")
        ) from error
    if b"FOUND" in said or b"OK" not in said:
        raise ValidationError(_("Tiedostossa ”%(name)s” on haittaohjelma. Emme ottaneet sitä.") % {"name": stem})
