"""A client that a generator writes from the standard's OpenAPI alone reads all that we tell."""

import importlib
import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from types import ModuleType
from typing import Any

import httpx
import pytest
from django.conf import settings as project
from django.core.wsgi import get_wsgi_application
from openapi_python_client import Config, generate
from openapi_python_client.config import ConfigFile, MetaType

from opinovi.base.fresh import fresh
from opinovi.directory.models import Service
from opinovi.directory.queries import in_force

STANDARD = project.DATA_DIR / "hsds"
NAME = "hsds_client"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")


def bundled() -> dict[str, Any]:
    """The standard's description with its schemas in it, which it names by their addresses on the net."""

    def led(told: Any) -> Any:
        if isinstance(told, dict):
            return {
                key: f"#/components/schemas/{value.rsplit('/', 1)[-1].removesuffix('.json').removesuffix('_list')}"
                if key == "$ref" and isinstance(value, str) and value.endswith(".json") else led(value)
                for key, value in told.items()
            }  # fmt: skip
        return [led(one) for one in told] if isinstance(told, list) else told

    whole: dict[str, Any] = led(json.loads((STANDARD / "openapi.json").read_text(encoding="utf-8")))
    for path in STANDARD.glob("*.json"):
        if path.stem != "openapi":
            whole["components"]["schemas"][path.stem] = led(json.loads(path.read_text(encoding="utf-8")))
    return whole


@pytest.fixture(scope="module")
def client_code(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("client")
    (folder / "standard.json").write_text(json.dumps(bundled()))
    config = Config.from_sources(
        ConfigFile(post_hooks=[]), MetaType.NONE, document_source=folder / "standard.json", file_encoding="utf-8",
        overwrite=True, output_path=folder / NAME,
    )  # fmt: skip
    assert list(generate(config=config)) == []
    sys.path.insert(0, str(folder))
    yield importlib.import_module(NAME)
    sys.path.remove(str(folder))
    for name in [one for one in sys.modules if one.split(".")[0] == NAME]:
        del sys.modules[name]


def in_one_form(told: Any) -> Any:
    """A record with its moments in one form, in which a client may tell them otherwise than they came."""
    if isinstance(told, dict):
        return {key: in_one_form(value) for key, value in told.items()}
    if isinstance(told, list):
        return [in_one_form(one) for one in told]
    if isinstance(told, str) and MOMENT.match(told):
        return datetime.fromisoformat(told)
    return told


class Reader:
    """Calls the generated operations by the names that the standard gives them."""

    def __init__(self, code: ModuleType) -> None:
        transport = httpx.WSGITransport(app=Answering())
        self.client = code.Client(
            base_url="http://localhost/api", httpx_args={"transport": transport}, raise_on_unexpected_status=True
        )

    def ask(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        module = importlib.import_module(f"{NAME}.api.default.{operation}")
        answer = module.sync_detailed(*args, client=self.client, **kwargs)
        assert answer.status_code == 200 and answer.parsed is not None
        return answer.parsed

    def pages(self, operation: str, **kwargs: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        page = 1
        while True:
            told = self.ask(operation, page=page, per_page=500, **kwargs)
            found += told["contents"]
            if told.last_page:
                assert len(found) == told.total_items
                return found
            page += 1


class Answering:
    """The site as it answers in tests, without letting go of the database that a test holds."""

    def __init__(self) -> None:
        get_wsgi_application()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        from tests.interchange.test_the_api_answers_anything import served

        return served(environ, start_response)


@pytest.mark.once
def test_it_reads_every_record_and_loses_nothing(db: None, client_code: ModuleType) -> None:
    fresh.forget()
    models, reader = importlib.import_module(f"{NAME}.models"), Reader(client_code)
    assert reader.ask("get_api_meta_information").version == "3.0"
    for of, listed, one in (
        ("Service", "get_paginated_list_of_services", "get_fully_nested_service_by_id"),
        ("Organization", "get_paginated_list_of_organizations", "get_organization_by_id"),
        ("ServiceAtLocation", "get_paginated_list_of_service_at_location", "get_service_at_location_with_nested_data_by_id"),
        ("Taxonomy", "get_paginated_list_of_taxonomies", "get_taxonomy_by_id"),
        # The standard has the names of these two the other way round.
        ("TaxonomyTerm", "get_taxonomy_term_by_id", "get_paginated_list_of_taxonomy_terms"),
    ):  # fmt: skip
        model, rows = getattr(models, of), reader.pages(listed)
        assert rows, listed
        for row in rows:
            assert in_one_form(model.from_dict(row).to_dict()) == in_one_form(row)
            whole = reader.ask(one, row["id"])
            # The standard describes a service at a location as a service; its own id is what tells.
            assert str(whole.id) == row["id"]
        if of == "Service":
            assert len(rows) == Service.objects.filter(in_force()).count() > 1_800
    full = reader.pages("get_paginated_list_of_services", full=True)
    for row in full:
        assert in_one_form(models.Service.from_dict(row).to_dict()) == in_one_form(row)
    assert any(row.get("phones") for row in full) and any(row.get("service_at_locations") for row in full)
