"""Files that people send: made harmless or refused, and locked."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from opinovi.contact import files
from opinovi.contact.files import make_harmless
from opinovi.contact.models import Attachment
from opinovi.network.models import Network
from tests.contact.asking import ask, form

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture(place: bool = False, kind: str = "JPEG") -> bytes:
    made, exif = io.BytesIO(), Image.Exif()
    if place:
        exif.get_ifd(0x8825).update({1: "N", 2: (60.0, 59.0, 0.0), 3: "E", 4: (25.0, 39.0, 0.0)})
        exif[0x010F] = "KAMERA-XYZ"
    Image.new("RGB", (40, 30), "navy").save(made, kind, exif=exif)
    return made.getvalue()


def packed(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def document(**more: bytes) -> bytes:
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>", **more})


def refused(name: str, content: bytes) -> str:
    with pytest.raises(ValidationError) as error:
        make_harmless(name, content)
    return " ".join(error.value.messages)


@pytest.mark.parametrize(
    ("name", "content", "kept", "kind"),
    [
        ("cv.pdf", PDF, "cv.pdf", "application/pdf"),
        ("kuva.png", picture(), "kuva.jpg", "image/jpeg"),
        ("cv.docx", document(), "cv.docx", files.OFFICE["word/document.xml"][0]),
        (
            "cv.odt",
            packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}),
            "cv.odt",
            "application/vnd.oasis.opendocument.text",
        ),
    ],
    ids=lambda told: told if isinstance(told, str) else "",
)
def test_what_people_send_is_taken_by_its_content(name: str, content: bytes, kept: str, kind: str) -> None:
    made = make_harmless(name, content)
    assert (made.name, made.kind) == (kept, kind)


def test_a_picture_loses_its_place_and_its_camera() -> None:
    sent = picture(place=True)
    assert b"KAMERA-XYZ" in sent
    made = make_harmless("kuva.jpg", sent).content
    assert b"KAMERA-XYZ" not in made and not dict(Image.open(io.BytesIO(made)).getexif())


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "C:\\Temp\\cv.pdf", "a/b\x00c<d>.pdf", "...pdf", "/.pdf"])
def test_a_name_keeps_no_path(name: str) -> None:
    kept = make_harmless(name, PDF).name
    assert kept.endswith(".pdf") and not set(kept) & set("/\\<>\x00") and ".." not in kept and len(kept) > 4


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tyhjä.pdf", b""),
        ("iso.pdf", PDF + b" " * 10_000_001),
        ("kuva.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("sivu.pdf", b"<html><script>alert(1)</script></html>"),
        ("ohjelma.pdf", b"MZ\x90\x00" + b"\x00" * 200),
        ("skripti.pdf", b"#!/bin/sh\nrm -rf /\n"),
        ("paketti.zip", packed({"a.txt": b"hei"})),
        ("rikki.jpg", picture()[:40]),
        ("rikki.docx", document()[:60]),
        ("makro.docx", document(**{"word/vbaProject.bin": b"\x00"})),
        ("polku.docx", document(**{"../../etc/cron.d/x": b"* * * * *"})),
    ],
    # By the name alone: a packed file has the minute in it, and two workers would name the test differently.
    ids=lambda told: told if isinstance(told, str) else "",
)
def test_what_is_not_what_it_should_be_is_refused_with_a_reason(name: str, content: bytes) -> None:
    assert name.split(".")[0] in refused(name, content)


def test_a_file_that_is_two_things_at_once_is_refused() -> None:
    refused("cv.pdf", PDF + packed({"a.txt": b"hei"}))
    refused("cv.pdf", b"<script>alert(1)</script>" + PDF)
    refused("cv.pdf", PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"))
    both = make_harmless("kuva.jpg", picture() + b"<script>alert(1)</script>")
    assert b"<script>" not in both.content
    hidden = make_harmless("cv.docx", b"" + document() + b"<script>alert(1)</script>")
    assert b"<script>" not in hidden.content


def test_a_bomb_is_not_unfolded() -> None:
    bomb = document(**{"word/media/a.xml": b"\x00" * 120_000_000})
    assert len(bomb) < 1_000_000
    refused("pommi.docx", bomb)
    liar = bytearray(document(**{"word/media/a.xml": b"\x00" * 120_000_000}))
    size = (120_000_000).to_bytes(4, "little")
    while (place := liar.find(size)) >= 0:
        liar[place : place + 4] = (10).to_bytes(4, "little")
    refused("valehtelija.docx", bytes(liar))


def test_a_picture_too_large_to_draw_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_PIXELS", 1000)
    assert "liian suuri" in refused("kuva.jpg", picture())


def test_a_virus_scanner_is_asked_where_there_is_one(settings: object) -> None:
    import socket
    import threading

    server = socket.create_server(("127.0.0.1", 0))
    settings.CLAMAV = f"127.0.0.1:{server.getsockname()[1]}"  # type: ignore[attr-defined]
    said = [b"stream: OK\0", b"stream: Eicar-Test FOUND\0"]

    def answer() -> None:
        for word in said:
            client, _address = server.accept()
            got = b""
            while not got.endswith(b"\0\0\0\0"):
                got += client.recv(65_536)
            client.sendall(word)
            client.close()

    thread = threading.Thread(target=answer)
    thread.start()
    assert make_harmless("cv.pdf", PDF).name == "cv.pdf"
    assert "haittaohjelma" in refused("cv.pdf", PDF)
    thread.join()
    server.close()
    assert "ei voi nyt tarkistaa" in refused("cv.pdf", PDF)


def test_a_file_is_locked_at_rest_and_opens_for_those_who_talk(
    visitor: Client, region: Network, as_person: Callable[[str], Client], tmp_path: Path
) -> None:
    one = ask(visitor, attachments=SimpleUploadedFile("Oma todistus.pdf", PDF))
    file = Attachment.objects.get()
    assert PDF not in bytes(file.content) and "todistus" not in file.locked_name
    path = f"/conversations/{one.id}/files/{file.id}"
    response = visitor.get(path)
    assert response.content == PDF and response["X-Content-Type-Options"] == "nosniff"
    assert 'attachment; filename="Oma todistus.pdf"' in response["Content-Disposition"]
    assert as_person("nelli").get(f"/desk/files/{file.id}").content == PDF
    assert as_person("oona").get(f"/desk/files/{file.id}").status_code == 404
    assert Client().get(path).status_code == 404
    as_person("nelli").post(
        f"/desk/enquiries/{one.id}",
        {"then": "reply", "text": "Tässä lomake.", "attachments": SimpleUploadedFile("lomake.pdf", PDF)},
    )
    assert "lomake.pdf" in visitor.get(f"/conversations/{one.id}").content.decode()


def test_a_refused_file_says_why_and_keeps_the_words(visitor: Client, region: Network) -> None:
    response = visitor.post("/ask", form("Tässä kuva.", attachments=SimpleUploadedFile("kuva.svg", b"<svg/>")))
    page = response.content.decode()
    assert response.status_code == 422 and "kuva" in page and "Tässä kuva." in page
    many = [SimpleUploadedFile(f"{number}.pdf", PDF) for number in range(4)]
    assert "Enintään kolme" in visitor.post("/ask", form("Monta.", attachments=many)).content.decode()
