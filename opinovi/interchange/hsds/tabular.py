"""The directory as HSDS's tabular data package: a table a kind, by the standard's own schemas, and a datapackage.json.

What stands within another record in JSON has a row of its own here, with the id of what it belongs to.
"""

import csv
import io
import json
import time
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from django.conf import settings
from django.utils import translation

from opinovi.base.clock import today
from opinovi.directory.queries import in_force
from opinovi.interchange.changes import events
from opinovi.interchange.hsds import VERSION, out, reads
from opinovi.interchange.hsds.terms import TAXONOMIES, taxonomy

# Parts whose lists are called otherwise than their tables.
TABLES = {"addresses": "address", "accessibility": "accessibility", "phones": "phone", "schedules": "schedule",
          "languages": "language", "contacts": "contact", "locations": "location", "services": "service",
          "programs": "program", "service_areas": "service_area", "service_at_locations": "service_at_location",
          "cost_options": "cost_option", "required_documents": "required_document", "attributes": "attribute",
          "metadata": "metadata", "organization_identifiers": "organization_identifier",
          "funding": "funding"}  # fmt: skip
SINGLE = {"organization": "organization", "location": "location", "program": "program", "service": "service",
          "taxonomy_term": "taxonomy_term", "taxonomy_detail": "taxonomy"}  # fmt: skip
MAKING = Lock()
# For so many seconds a package is given as it is, whatever has changed.
FRESH = 600.0
TYPES = {"number": "number", "integer": "integer", "boolean": "boolean"}
FORMATS = {"date": "date", "date-time": "datetime"}


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """The standard's schema of each table."""
    found = {}
    for path in sorted((settings.DATA_DIR / "hsds").glob("*.json")):
        if path.stem != "openapi":
            found[path.stem] = json.loads(path.read_text(encoding="utf-8"))
    return found


def columns(table: str) -> list[str]:
    """The columns of a table: what of its schema is neither a list nor a record, in the schema's order."""
    return [
        name for name, told in schemas()[table]["properties"].items()
        if "$ref" not in told and told.get("type") not in ("array", "object")
    ]  # fmt: skip


def rows_of(
    table: str, record: dict[str, Any], above: dict[str, str] | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The record's own row and those of all that stands within it, each with its table."""
    names = columns(table)
    own = {name: record[name] for name in names if record.get(name) is not None} | {
        name: value for name, value in (above or {}).items() if name in names
    }
    inner: list[tuple[str, dict[str, Any], dict[str, str]]] = []
    for name, value in record.items():
        if name in SINGLE and isinstance(value, dict) and value.get("id"):
            if f"{name}_id" in names:
                own[f"{name}_id"] = value["id"]
            elif name == "taxonomy_detail":
                own["taxonomy_id"] = value["id"]
            inner.append((SINGLE[name], value, {}))
        elif name in TABLES and isinstance(value, list):
            belongs = {f"{table}_id": record["id"], "link_id": record["id"], "link_entity": table,
                       "resource_id": record["id"], "resource_type": table}  # fmt: skip
            inner += [(TABLES[name], one, belongs) for one in value if isinstance(one, dict)]
    yield table, own
    for kind, one, belongs in inner:
        yield from rows_of(kind, one, belongs)


def records(language: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """All that the directory tells, whole."""
    for one in TAXONOMIES:
        yield "taxonomy", taxonomy(one)
    for houses in reads.chunks(reads.organisations()):
        for house in reads.organisations_whole(houses, language, False):
            yield "organization", {name: value for name, value in house.items() if name != "services"}
    if reads.some_untold():
        for house in reads.organisations_whole([None], language, False):
            yield "organization", {name: value for name, value in house.items() if name != "services"}
    for part in reads.chunks(reads.services_whole(in_force())):
        for service in part:
            yield "service", out.service_full(service, language)


def write_package(path: Path, language: str = "fi") -> dict[str, int]:
    """Write the package as a zip; gives how many rows each table has."""
    with TemporaryDirectory(dir=path.parent) as folder, translation.override(language):
        counts = write_tables(Path(folder), records(language))
        made = path.with_suffix(".part")
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("datapackage.json", json.dumps(description(counts), ensure_ascii=False, indent=1))
            for table in counts:
                file.write(Path(folder) / f"{table}.csv", f"{table}.csv")
        made.replace(path)
    return counts


def write_tables(folder: Path, told: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, int]:
    """A CSV file a table, each row once."""
    files: dict[str, tuple[io.TextIOWrapper, Any]] = {}
    seen: dict[str, set[str]] = {}
    try:
        for kind, record in told:
            for table, row in rows_of(kind, record):
                if table not in files:
                    file = (folder / f"{table}.csv").open("w", encoding="utf-8", newline="")
                    writer = csv.DictWriter(file, columns(table))
                    writer.writeheader()
                    files[table], seen[table] = (file, writer), set()
                if row["id"] not in seen[table]:
                    seen[table].add(row["id"])
                    files[table][1].writerow({name: as_cell(value) for name, value in row.items()})
    finally:
        for file, _writer in files.values():
            file.close()
    return {table: len(ids) for table, ids in sorted(seen.items())}


def as_cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def description(counts: dict[str, int]) -> dict[str, Any]:
    """datapackage.json, by Frictionless Data: each table's columns, key and what it refers to."""
    return {
        "name": "human_services_data",
        "profile": "tabular-data-package",
        "title": "Opin ovi",
        "homepage": settings.BASE_URL,
        "version": VERSION,
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "resources": [resource(table, counts) for table in counts],
    }


def resource(table: str, counts: dict[str, int]) -> dict[str, Any]:
    properties, names = schemas()[table]["properties"], columns(table)
    fields = [
        {
            "name": name,
            "type": FORMATS.get(properties[name].get("format", ""), TYPES.get(properties[name].get("type"), "string")),
            # Other columns that the standard needs may hold an empty text: an address in Finland has no province.
            **({"constraints": {"required": True}} if name == "id" else {}),
        }
        for name in names
    ]
    keys = [
        {"fields": name, "reference": {"resource": name.removesuffix("_id"), "fields": "id"}}
        for name in names if name.endswith("_id") and name.removesuffix("_id") in counts
    ]  # fmt: skip
    return {
        "name": table,
        "path": f"{table}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "primaryKey": "id", "foreignKeys": keys},
    }


def package(language: str) -> Path:
    """The package as the directory is now or was some minutes ago. Each host makes its own."""
    last = events().order_by("-seq").values_list("seq", flat=True).first() or 0
    folder = Path(settings.OPINOVI_HOME) / "packages"
    path = folder / f"hsds-{language}-{last}-{today().isoformat()}.zip"
    made = max(folder.glob(f"hsds-{language}-*.zip"), key=lambda one: one.stat().st_mtime, default=path)
    if made.exists() and 0 <= time.time() - made.stat().st_mtime < FRESH:
        return made
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with MAKING:
            if not path.exists():
                write_package(path, language)
                for old in folder.glob(f"hsds-{language}-*.zip"):
                    if old != path:
                        old.unlink(missing_ok=True)
    return path
