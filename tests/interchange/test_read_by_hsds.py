"""Others read the directory by HSDS 3.0: every answer holds by the standard's own schemas."""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from opinovi.base.clock import now
from opinovi.base.fresh import fresh
from opinovi.directory.models import GivenAt, Service, ServicePoint, State
from opinovi.directory.queries import in_force
from opinovi.interchange.hsds import out
from opinovi.network.models import Organisation, Person

SCHEMAS = settings.DATA_DIR / "hsds"


@cache
def validator(name: str) -> Draft202012Validator:
    """The standard's own schema as it stands, with formats checked."""

    def read(uri: str) -> Resource[Any]:
        return Resource.from_contents(json.loads((SCHEMAS / uri).read_text()), default_specification=DRAFT202012)

    return Draft202012Validator(
        read(f"{name}.json").contents,
        registry=Registry(retrieve=read),
        format_checker=FormatChecker(),  # type: ignore[call-arg]
    )


def check(name: str, told: Any) -> None:
    wrong = [f"{'/'.join(map(str, one.absolute_path))}: {one.message}" for one in validator(name).iter_errors(told)]
    assert wrong == []
    assert empty(told) == [], "a key with nothing to tell is left out"


def empty(told: Any, at: str = "") -> list[str]:
    if isinstance(told, dict):
        return [place for key, value in told.items() for place in empty(value, f"{at}/{key}")]
    if isinstance(told, list):
        return [place for value in told for place in empty(value, at)]
    return [at] if told is None else []


def get(path: str, status: int = 200, **asked: Any) -> Any:
    response = Client().get(f"/api/{path}", asked)
    assert response.status_code == status, response.content[:500]
    return response.json()


def pages(path: str, **asked: Any) -> Iterator[dict[str, Any]]:
    page = 1
    while True:
        told = get(path, page=page, per_page=500, **asked)
        assert told["page_number"] == page and told["size"] == len(told["contents"]) > 0
        assert told["first_page"] == (page == 1) and told["empty"] is False
        yield told
        if told["last_page"]:
            assert told["total_pages"] == page
            return
        page += 1


def test_every_schema_of_the_standard_is_there() -> None:
    for path in sorted(SCHEMAS.glob("*.json")):
        if path.stem != "openapi":
            Draft202012Validator.check_schema(json.loads(path.read_text()))
    assert len(list(SCHEMAS.glob("*.json"))) == 22


def test_the_root_tells_version_profile_and_description(db: None) -> None:
    told = get("")
    assert told["version"] == "3.0"
    assert told["profile"].startswith("http") and told["openapi_url"].endswith("/api/openapi.json")


@pytest.mark.once
@pytest.mark.parametrize("full", [False, True])
def test_every_service_holds_by_the_standard(db: None, full: bool) -> None:
    seen = set()
    for page in pages("services", full=full):
        for one in page["contents"]:
            check("service", one)
            seen.add(one["id"])
    assert seen == {str(one) for one in Service.objects.filter(in_force()).values_list("id", flat=True)}
    assert len(seen) > 1_800


def test_one_service_tells_everything(career_guidance: Service) -> None:
    told = get(f"services/{career_guidance.id}")
    check("service", told)
    assert told["name"] == career_guidance.name["fi"] and told["status"] == "active"
    assert told["organization"]["id"] == str(career_guidance.organisation_id)
    assert {one["code"] for one in told["languages"]} == set(career_guidance.languages)
    assert {one["taxonomy_term"]["code"] for one in told["attributes"]} >= {*career_guidance.service_classes}
    assert len(told["service_at_locations"]) == 2
    for one in told["service_at_locations"]:
        check("service_at_location", one)
        assert one["location"]["addresses"][0]["country"] == "FI" and one["location"]["schedules"]
    assert get(f"services/{career_guidance.id}", language="sv")["name"] == career_guidance.name["sv"]
    assert get("services/00000000-0000-0000-0000-000000000000", 404)["status"] == 404


@pytest.mark.once
@pytest.mark.parametrize("full", [False, True])
def test_every_service_at_a_location_holds_by_the_standard(db: None, full: bool) -> None:
    seen = set()
    for page in pages("service_at_locations", full=full):
        for one in page["contents"]:
            check("service_at_location", one)
            check("service", one["service"])
            check("location", one["location"])
            seen.add(one["id"])
    links = GivenAt.objects.filter(point__state=State.PUBLISHED, service__in=Service.objects.filter(in_force()))
    assert seen == {str(one) for one in links.values_list("uid", flat=True)} and seen
    one = get(f"service_at_locations/{min(seen)}")
    # The standard's description names the schema of a service here, its example that of a service at a location.
    check("service_at_location", one)
    check("service", one)


@pytest.mark.once
@pytest.mark.parametrize("asked", [{}, {"full": True}, {"full": True, "full_service": True}])
def test_every_organisation_holds_by_the_standard(db: None, asked: dict[str, Any]) -> None:
    seen = set()
    for page in pages("organizations", **asked):
        for one in page["contents"]:
            check("organization", one)
            # Those whose provider is not told are what /services tells, looked at above.
            for service in one.get("services", [])[: 20 if one["id"] == out.UNTOLD else None]:
                check("service", service)
            seen.add(one["id"])
    assert out.UNTOLD in seen and len(seen) > 21
    one = get(f"organizations/{max(seen - {out.UNTOLD})}", full_service=True)
    check("organization", one)
    assert get(f"organizations/{out.UNTOLD}")["services"]


@pytest.mark.once
def test_taxonomies_and_their_terms_hold_by_the_standard(db: None) -> None:
    taxonomies = [one for page in pages("taxonomies") for one in page["contents"]]
    terms = {one["id"]: one for page in pages("taxonomy_terms") for one in page["contents"]}
    for one in taxonomies:
        check("taxonomy", one)
        assert get(f"taxonomies/{one['id']}") == one
    for one in terms.values():
        check("taxonomy_term", one)
        assert one.get("parent_id", one["id"]) in terms
    first = next(iter(terms.values()))
    assert get(f"taxonomy_terms/{first['id']}") == first
    assert {one["taxonomy_id"] for one in terms.values()} == {one["id"] for one in taxonomies}
    top = get("taxonomy_terms", top_only=True, taxonomy_id=taxonomies[0]["id"], per_page=500)["contents"]
    assert top and not any("parent_id" in one for one in top)
    under = get("taxonomy_terms", parent_id=top[0]["id"])["contents"]
    assert under and {one["parent_id"] for one in under} == {top[0]["id"]}
    every = {attribute["taxonomy_term_id"] for page in pages("services", full=True) for one in page["contents"]
             for attribute in one.get("attributes", [])}  # fmt: skip
    assert every and every <= set(terms)


# The standard's parameters


def test_a_page_is_as_large_as_asked_and_there_are_so_many(db: None) -> None:
    first, second = get("services", per_page=7), get("services", per_page=7, page=2)
    assert first["size"] == 7 and first["total_pages"] == -(-first["total_items"] // 7)
    assert not {one["id"] for one in first["contents"]} & {one["id"] for one in second["contents"]}
    beyond = get("services", page=first["total_pages"] + 1, per_page=7)
    assert beyond["empty"] is True and beyond["contents"] == [] and beyond["last_page"] is True


def test_minimal_gives_all_on_one_page(db: None) -> None:
    told = get("services", minimal=True)
    assert told["total_pages"] == 1 and told["size"] == told["total_items"] > 1_800
    assert {"id", "last_modified", "modified_date"} <= set(told["contents"][0])


def test_what_has_changed_since_is_told_with_what_was_withdrawn(career_guidance: Service, still: Any) -> None:
    still.shift(timedelta(days=1))
    since = now().isoformat()
    assert get("services", modified_after=since)["empty"] is True
    Service.objects.filter(id=career_guidance.id).update(state=State.WITHDRAWN, changed_at=now())
    fresh.forget()
    told = get("services", modified_after=since)["contents"]
    assert [(one["id"], one["status"], one["description"]) for one in told] == [
        (str(career_guidance.id), "inactive", "")
    ]
    check("service", told[0])
    assert str(career_guidance.id) not in {one["id"] for one in get("services", minimal=True)["contents"]}


def test_services_are_found_by_term_taxonomy_organisation_words_and_place(career_guidance: Service) -> None:
    told = get(f"services/{career_guidance.id}")
    term = next(one for one in told["attributes"] if one["link_type"] == "topics")["taxonomy_term"]

    def ids(**asked: Any) -> set[str]:
        return {one["id"] for one in get("services", per_page=500, **asked)["contents"]}

    mine = told["id"]
    of_topic = {str(one.id) for one in Service.objects.filter(in_force()) if term["code"] in one.topics}
    assert mine in ids(taxonomy_term_id=term["id"]) == of_topic
    assert mine in ids(taxonomy_id=term["taxonomy_id"])
    house = told["organization"]["id"]
    assert ids(organization_id=house) == {
        str(one) for one in Service.objects.filter(in_force(), organisation=house).values_list("id", flat=True)
    }
    assert mine in ids(search="uraohjaus")
    assert mine in ids(postcode="15110") and mine in ids(postcode="15110", proximity=20_000)
    assert not ids(postcode="00000") and mine not in ids(postcode="99100", proximity=10)
    assert not ids(taxonomy_term_id="none") and not ids(taxonomy_id="none") and not ids(search="qqqqqqq")
    links = get("service_at_locations", organization_id=house)["contents"]
    assert links and {one["service"]["organization"]["id"] for one in links} == {house}
    assert {one["id"] for one in get("organizations", search="salpaus")["contents"]} == {house}


def test_lines_give_all_of_them_one_by_one(db: None) -> None:
    for path in ("services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms"):
        response = Client().get(f"/api/{path}", {"format": "ndjson"})
        assert response["Content-Type"] == "application/x-ndjson" and response.streaming
        rows = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]  # type: ignore[attr-defined]
        assert len(rows) == get(path)["total_items"] == len({one["id"] for one in rows})
    full = Client().get("/api/services", {"format": "ndjson", "full": True, "organization_id": str(house_of_salpaus())})
    rows = [json.loads(line) for line in b"".join(full.streaming_content).splitlines()]  # type: ignore[attr-defined]
    for one in rows:
        check("service", one)
        assert one == get(f"services/{one['id']}")


def house_of_salpaus() -> Any:
    return Service.objects.get(source="example", external_id="salpaus-uraohjaus").organisation_id


# How it answers


def test_an_answer_that_has_not_changed_is_not_sent_again(career_guidance: Service) -> None:
    client, path = Client(), f"/api/services/{career_guidance.id}"
    first = client.get(path)
    assert first["ETag"] and first["Access-Control-Allow-Origin"] == "*" and "public" in first["Cache-Control"]
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and again.content == b"" and again["ETag"] == first["ETag"]
    Service.objects.filter(id=career_guidance.id).update(name={"fi": "Toinen nimi"})
    fresh.forget()
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert client.head(path).status_code == 200 and client.head(path).content == b""


@pytest.mark.parametrize(
    "asked",
    [
        {"page": 0}, {"page": "x"}, {"per_page": 501}, {"per_page": -1}, {"full": "perhaps"}, {"format": "xml"},
        {"modified_after": "yesterday"}, {"organization_id": "7"}, {"postcode": "1"}, {"proximity": "near"},
        {"language": "xx"}, {"page": 10**30}, {"modified_after": "0.5"}, {"search": "\x00"},
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_told_as_a_problem(db: None, asked: dict[str, Any]) -> None:
    response = Client().get("/api/services", asked)
    assert response.status_code == 400 and response["Content-Type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == 400 and told["errors"][0]["where"].endswith(next(iter(asked))), told


def test_other_methods_and_leave_to_ask_from_other_sites(db: None) -> None:
    response = Client().post("/api/services")
    assert response.status_code == 405 and response["Allow"] == "GET, HEAD, OPTIONS"
    leave = Client().options("/api/bookings")
    assert leave.status_code == 204 and "POST" in leave["Access-Control-Allow-Methods"]
    assert "Authorization" in leave["Access-Control-Allow-Headers"]


def test_a_machine_that_asks_too_much_is_told_to_wait(db: None, settings: Any) -> None:
    settings.API_READS_AN_HOUR = 2
    client = Client()
    assert [client.get("/api/taxonomies").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/api/taxonomies")["Retry-After"] == "3600"


def test_few_questions_are_asked_of_the_database(career_guidance: Service, in_service: None) -> None:
    paths = ("services?per_page=100", "services?per_page=100&full=1", f"services/{career_guidance.id}",
             "service_at_locations?full=1", "organizations?full=1&full_service=1")  # fmt: skip
    for path in paths:
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(f"/api/{path}").status_code == 200
        assert len(asked.captured_queries) <= 12, path
        with CaptureQueriesContext(connection) as again:
            assert Client().get(f"/api/{path}").status_code == 200
        assert len(again.captured_queries) <= 1, path


def test_nothing_withdrawn_or_of_one_person_is_told(db: None) -> None:
    text = json.dumps(list(pages("organizations", full=True, full_service=True)))
    for person in Person.objects.exclude(name=""):
        assert person.name not in text and person.email not in text
    assert ServicePoint.objects.exists() and Organisation.objects.exists()
