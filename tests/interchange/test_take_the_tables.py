"""The whole directory as HSDS's tabular data package."""

import csv
import io
import json
import zipfile
from typing import Any

import jsonschema
import pytest
from django.test import Client

from opinovi.directory.models import Service
from opinovi.directory.queries import in_force
from opinovi.interchange.hsds.tabular import columns, schemas


@pytest.fixture
def tables(settings: Any, tmp_path: Any, visitor: Client) -> dict[str, Any]:
    settings.OPINOVI_HOME = tmp_path
    response = visitor.get("/api/tabular?language=fi")
    assert response["Content-Type"] == "application/zip" and response["ETag"]
    content = response.content
    again = visitor.get("/api/tabular?language=fi", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        package = json.loads(archive.read("datapackage.json"))
        rows = {
            one["name"]: list(csv.DictReader(io.StringIO(archive.read(one["path"]).decode())))
            for one in package["resources"]
        }
        assert {one.filename for one in archive.infolist()} == {"datapackage.json", *(f"{name}.csv" for name in rows)}
    return {"package": package, "rows": rows}


def test_every_row_holds_to_the_standards_schema_and_refers_to_what_is_there(tables: dict[str, Any]) -> None:
    rows = tables["rows"]
    ids = {table: {row["id"] for row in told} for table, told in rows.items()}
    for one in tables["package"]["resources"]:
        table, told = one["name"], rows[one["name"]]
        assert len(ids[table]) == len(told) > 0
        assert [field["name"] for field in one["schema"]["fields"]] == columns(table) == list(told[0])
        validator = jsonschema.Draft202012Validator(schemas()[table], format_checker=jsonschema.FormatChecker())
        for row in told:
            needed = schemas()[table].get("required") or []
            record = {
                name: as_told(schemas()[table]["properties"][name], cell)
                for name, cell in row.items() if cell or name in needed
            }  # fmt: skip
            wrong = [error.message for error in validator.iter_errors(record)]
            assert wrong == [], (table, row, wrong)
            assert all(row[name] for name in schemas()[table].get("tabular_required") or [] if name in row), (
                table,
                row,
            )
        for key in one["schema"]["foreignKeys"]:
            there = ids[key["reference"]["resource"]]
            assert {row[key["fields"]] for row in told} - {""} <= there, (table, key)


def as_told(schema: dict[str, Any], cell: str) -> Any:
    if schema.get("type") == "number":
        return float(cell)
    return cell == "true" if schema.get("type") == "boolean" else cell


def test_the_tables_tell_as_much_as_the_records(tables: dict[str, Any], visitor: Client) -> None:
    rows = tables["rows"]
    assert len(rows["service"]) == Service.objects.filter(in_force()).count()
    told = visitor.get("/api/services?full=true&per_page=100").json()["contents"]
    for service in told:
        mine = [row for row in rows["phone"] if row["service_id"] == service["id"]]
        assert {row["number"] for row in mine} == {one["number"] for one in service.get("phones", [])}
        links = [row for row in rows["service_at_location"] if row["service_id"] == service["id"]]
        assert {row["location_id"] for row in links} == {
            one["location"]["id"] for one in service.get("service_at_locations", [])
        }
        marks = [row for row in rows["attribute"] if row["link_id"] == service["id"]]
        assert len(marks) == len(service.get("attributes", [])) and {row["link_entity"] for row in marks} <= {"service"}
