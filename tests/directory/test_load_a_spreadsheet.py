"""Many services by a spreadsheet: every change is seen before it is made, errors tell row and column, all or nothing."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from opinovi.base.models import Event
from opinovi.directory.actions import bulk
from opinovi.directory.models import BulkLoad, Service, Version
from opinovi.directory.sheet import LARGEST, SheetError, guarded, rows_of, unguarded, write_csv, write_xlsx
from tests.directory.editing import open_draft

As = Callable[[str], Client]
Sheet = list[list[str]]


def upload(client: Client, organisation: Any, content: bytes, name: str = "palvelut.xlsx") -> BulkLoad:
    """Send a file in, and let the task read it as the worker would."""
    answer = client.post(f"/desk/organisations/{organisation.id}/sheets", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    load = BulkLoad.objects.get(id=answer.headers["Location"].rsplit("/", 1)[1])
    bulk.read(load.id)
    load.refresh_from_db()
    return load


def make_real(client: Client, load: BulkLoad) -> BulkLoad:
    client.post(f"/desk/loads/{load.id}", {"do": "load"})
    bulk.apply(load.id)
    load.refresh_from_db()
    return load


@pytest.fixture
def sheet(salpaus: Any) -> Sheet:
    return list(bulk.sheet_of(salpaus))


def put(sheet: Sheet, row: int, column: str, value: str) -> None:
    sheet[row][sheet[0].index(column)] = value


def errors(load: BulkLoad) -> list[tuple[int, str]]:
    return [(one["row"], one["column"]) for one in load.errors]


@pytest.mark.parametrize("write", [write_xlsx, write_csv])
def test_a_sheet_that_comes_back_as_it_went_changes_nothing(
    as_person: As, salpaus: Any, sheet: Sheet, write: Any
) -> None:
    load = upload(as_person("eetu"), salpaus, write(sheet))
    assert (load.state, load.changes, load.errors) == ("ready", [], []) and load.unchanged == len(sheet) - 1


def test_it_is_downloaded_in_both_forms(as_person: As, salpaus: Any) -> None:
    client = as_person("eetu")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/desk/organisations/{salpaus.id}/sheet.xlsx").content))
    assert book.worksheets[0]["A1"].value == "id"
    assert client.get(f"/desk/organisations/{salpaus.id}/sheet.csv").content.startswith(
        b"\xef\xbb\xbfid;version;name_fi"
    )


def test_every_change_is_shown_and_then_made(as_person: As, visitor: Client, salpaus: Any, sheet: Sheet) -> None:
    put(sheet, 1, "name_fi", "Uusi nimi")
    put(sheet, 2, "remove", "x")
    new = [""] * len(sheet[0])
    sheet.append(new)
    put(sheet, -1, "name_fi", "Aivan uusi")
    put(sheet, -1, "summary_fi", "Tämä on uusi palvelu.")
    for column, value in (
        ("kind", "advice"),
        ("charge", "free"),
        ("languages", "fi, en"),
        ("area", "Lahti, Heinola"),
        ("phone", "03 100 1139"),
        ("phone_hours", "ma-pe 9-15"),
        ("confirm_months", "3"),
    ):
        put(sheet, -1, column, value)
    client = as_person("eetu")
    load = upload(client, salpaus, write_xlsx(sheet))
    assert load.errors == [] and [one["how"] for one in load.changes] == ["change", "remove", "add"]
    page = client.get(f"/desk/loads/{load.id}").content.decode()
    assert "Uusi nimi" in page and "<code>name_fi</code>" in page and "Lataa muutokset" in page
    changed, removed = (Service.objects.get(id=sheet[row][0]) for row in (1, 2))
    assert changed.name["fi"] != "Uusi nimi"
    assert make_real(client, load).state == "loaded"
    changed.refresh_from_db()
    removed.refresh_from_db()
    assert changed.name["fi"] == "Uusi nimi" and removed.state == "withdrawn"
    added = Service.objects.get(name__fi="Aivan uusi")
    assert (
        added.municipalities == ["398", "111"]
        and added.channels.get().hours == "Mo-Fr 09:00-15:00; PH off"
        and added.confirm_months == 3
    )
    assert visitor.get(f"/services/{added.id}").status_code == 200
    assert {one.how for one in Version.objects.filter(record_id=changed.id)} == {"before", "loaded"}
    assert Event.objects.filter(verb="publish", subject_id=str(changed.id)).count() == 1


def test_errors_tell_row_and_column_and_nothing_is_changed(as_person: As, salpaus: Any, sheet: Sheet) -> None:
    wrong = {
        "name_fi": "",
        "kind": "kurssi",
        "charge": "halpa",
        "languages": "fi, klingon",
        "topics": "ei-ole",
        "area": "Atlantis",
        "phone": "soita",
        "email": "eiosoite",
        "web": "sivu",
        "valid_from": "joskus",
        "confirm_months": "99",
        "phone_hours": "joskus 9",
        "summary_fi": "x" * 301,
    }
    for column, value in wrong.items():
        put(sheet, 1, column, value)
    client = as_person("eetu")
    load = upload(client, salpaus, write_xlsx(sheet))
    assert load.state == "broken" and load.changes == []
    assert set(errors(load)) == {(2, column) for column in wrong}
    page = client.get(f"/desk/loads/{load.id}").content.decode()
    assert "Mitään ei ole muutettu" in page and "<td>phone_hours</td>" in page
    assert client.post(f"/desk/loads/{load.id}", {"do": "load"}).status_code == 302
    load.refresh_from_db()
    assert load.state == "broken"


def test_a_row_of_another_house_is_as_one_that_is_not_there(as_person: As, salpaus: Any, sheet: Sheet) -> None:
    other = Service.objects.filter(organisation__external_id="wellamo").first()
    assert other is not None
    put(sheet, 1, "id", str(other.id))
    put(sheet, 2, "id", "00000000-0000-7000-8000-000000000000")
    put(sheet, 3, "id", "'; DROP TABLE")
    load = upload(as_person("eetu"), salpaus, write_csv(sheet), "p.csv")
    reasons = {one["reason"] for one in load.errors}
    assert errors(load) == [(2, "id"), (3, "id"), (4, "id")] and len(reasons) == 1


def test_what_changed_meanwhile_is_not_overwritten(as_person: As, salpaus: Any, sheet: Sheet) -> None:
    client = as_person("eetu")
    Service.objects.filter(id=sheet[1][0]).update(version=7)
    open_draft(client, "service", sheet[2][0])
    put(sheet, 3, "name_fi", "Uusi nimi")
    assert errors(upload(client, salpaus, write_xlsx(sheet))) == [(2, "version"), (3, "id")]
    fine = [sheet[0], sheet[3]]
    load = upload(client, salpaus, write_xlsx(fine))
    Service.objects.filter(id=sheet[3][0]).update(version=9)
    assert make_real(client, load).state == "refused"
    assert Service.objects.get(id=sheet[3][0]).name["fi"] != "Uusi nimi"


def test_a_fault_in_the_middle_leaves_nothing(
    as_person: As, salpaus: Any, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    for row in range(1, len(sheet)):
        put(sheet, row, "name_fi", f"Nimi {row}")
    client = as_person("eetu")
    load = upload(client, salpaus, write_xlsx(sheet))
    client.post(f"/desk/loads/{load.id}", {"do": "load"})

    def fail(*args: Any, **more: Any) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("opinovi.directory.actions.bulk.record_many", fail)
    with pytest.raises(RuntimeError):
        bulk.apply(load.id)
    assert not Service.objects.filter(name__fi__startswith="Nimi ").exists()


def test_a_formula_never_leaves_nor_comes_in(as_person: As, salpaus: Any, sheet: Sheet) -> None:
    evil = '=HYPERLINK("https://paha.example","klikkaa")'
    Service.objects.filter(id=sheet[1][0]).update(name={"fi": evil})
    client = as_person("eetu")
    csv = client.get(f"/desk/organisations/{salpaus.id}/sheet.csv").content.decode()
    assert "'=HYPERLINK" in csv and ";=HYPERLINK" not in csv and ';"=HYPERLINK' not in csv
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/desk/organisations/{salpaus.id}/sheet.xlsx").content))
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)
    book = openpyxl.Workbook()
    book.active.append(["name_fi", "summary_fi"])
    book.active.append(["Palvelu", "=1+1"])
    out = io.BytesIO()
    book.save(out)
    assert (2, "summary_fi") in errors(upload(client, salpaus, out.getvalue()))


@given(st.text(max_size=40))
def test_what_is_guarded_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text or text.startswith("'")


def bomb() -> bytes:
    """A small file that would unpack to 200 megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 200_000_000)
    return out.getvalue()


LIES = {
    "zip.xlsx": b"PK\x03\x04" + b"\x00" * 100,
    "picture.xlsx": b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
    "page.xlsx": b"<html><script>alert(1)</script></html>",
    "empty.xlsx": b"",
    "latin.csv": "nimi;pöytä".encode("latin-1"),
    "quotes.csv": b'name_fi;summary_fi\n"a;b\n',
    "columns.csv": b"name_fi;tuntematon\na;b\n",
    "twice.csv": b"name_fi;name_fi\na;b\n",
}


@pytest.mark.parametrize("name", LIES)
def test_a_file_that_lies_is_refused_with_a_reason(as_person: As, salpaus: Any, name: str) -> None:
    client = as_person("eetu")
    load = upload(client, salpaus, LIES[name] or b" ", name)
    assert load.state == "broken" and load.errors[0]["reason"]
    assert client.get(f"/desk/loads/{load.id}").status_code == 200


def test_an_xml_entity_in_a_workbook_opens_nothing(as_person: As, salpaus: Any, sheet: Sheet) -> None:
    source = io.BytesIO(write_xlsx(sheet))
    out = io.BytesIO()
    with zipfile.ZipFile(source) as was, zipfile.ZipFile(out, "w") as now:
        for part in was.infolist():
            content = was.read(part)
            if part.filename.startswith("xl/worksheets/"):
                content = content.replace(
                    b"<worksheet", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet', 1
                )
            now.writestr(part.filename, content)
    load = upload(as_person("eetu"), salpaus, out.getvalue())
    assert "root:" not in str(load.changes) + str(load.errors)


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    with pytest.raises(SheetError):
        list(rows_of(bomb()))


def test_a_file_of_200_megabytes_is_refused_before_it_is_read(as_person: As, salpaus: Any) -> None:
    client = as_person("eetu")
    path = f"/desk/organisations/{salpaus.id}/sheets"
    answer = client.post(
        path,
        b"x",
        content_type="multipart/form-data; boundary=x",
        headers={"content-length": "200000000"},
        CONTENT_LENGTH="200000000",
    )
    assert answer.status_code == 413
    answer = client.post(path, {"file": SimpleUploadedFile("iso.xlsx", b"x" * (LARGEST + 1))})
    assert answer.status_code == 422 and "liian suuri" in answer.content.decode() and not BulkLoad.objects.exists()


def test_no_file_is_said(as_person: As, salpaus: Any) -> None:
    answer = as_person("eetu").post(f"/desk/organisations/{salpaus.id}/sheets")
    assert answer.status_code == 422 and "Valitse tiedosto" in answer.content.decode()


def test_what_is_not_wanted_is_dropped_and_what_is_old_forgotten(
    as_person: As, salpaus: Any, sheet: Sheet, still: Any
) -> None:
    client = as_person("eetu")
    load = upload(client, salpaus, write_xlsx(sheet))
    client.post(f"/desk/loads/{load.id}", {"do": "drop"})
    assert not BulkLoad.objects.exists()
    upload(client, salpaus, write_xlsx(sheet))
    still.shift(3 * 86_400)
    assert bulk.forget_old_loads() == 1


def test_while_it_is_read_the_page_tells_how_far_it_is(as_person: As, salpaus: Any, sheet: Sheet) -> None:
    client = as_person("eetu")
    load = upload(client, salpaus, write_xlsx(sheet))
    BulkLoad.objects.filter(id=load.id).update(state="reading", done=500, total=5000)
    page = client.get(f"/desk/loads/{load.id}").content.decode()
    assert '<progress max="5000" value="500">' in page and "site/wait" in page
