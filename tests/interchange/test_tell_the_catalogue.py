"""What came from the Finnish Service Catalogue goes back as it came; what was changed here is told, and nothing else."""

from copy import deepcopy
from typing import Any

import pytest
from django.test import Client

from opinovi.directory.actions.take_in_batch import take_in_batch
from opinovi.directory.models import Service, ServicePoint
from opinovi.interchange import ptv
from opinovi.interchange.ptv_out import full_place, full_service, service_in
from tests.interchange.serving import real

# What the catalogue tells and does not take: docs/standards.md has the same list.
NOT_TAKEN = {"id", "modified", "serviceCollections", "responsibleSoteOrganization", "organizations"}


def service_of(record: dict[str, Any]) -> Service:
    [key] = take_in_batch("service", "ptv", [ptv.to_service(deepcopy(record))])
    return Service.objects.get(source="ptv", external_id=key)


@pytest.mark.parametrize("name", ["etalukio_service", "service_example"])
def test_a_service_goes_back_as_it_came(db: None, name: str) -> None:
    record = real(name)
    one = service_of(record)
    assert full_service(one) == record
    answer = Client().get(f"/api/ptv/services/{one.id}", {"form": "full"})
    assert answer.json() == record


def test_a_place_goes_back_as_it_came(db: None) -> None:
    record = real("otava_service_channel")
    made = ptv.to_point(deepcopy(record))
    made.linked = []
    take_in_batch("point", "ptv", [made])
    assert full_place(ServicePoint.objects.get(source="ptv", external_id=record["id"])) == record


@pytest.mark.parametrize("name", ["etalukio_service", "service_example"])
def test_as_it_is_taken_in_it_loses_nothing_that_can_be_taken(db: None, name: str) -> None:
    record = real(name)
    told = service_in(full_service(service_of(record)), "own-1")
    for field, value in record.items():
        if field in NOT_TAKEN:
            continue
        assert field in told, field
        if field in ("serviceClasses", "ontologyTerms", "targetGroups", "lifeEvents", "industrialClasses"):
            assert told[field] == [one["uri"] for one in value]
        elif field == "areas":
            assert [one["type"] for one in told[field]] == [one["type"] for one in value]
            assert [code for one in told[field] for code in one["areaCodes"]] == [
                place["code"] for one in value for place in one["municipalities"]
            ]
        elif field == "serviceChannels":
            assert [one["serviceChannelId"] for one in told[field]] == [one["serviceChannel"]["id"] for one in value]
            for mine, theirs in zip(told[field], value, strict=True):
                assert mine.get("description", []) == theirs["description"]
                assert mine.get("serviceHours", []) == theirs["serviceHours"]
        elif field == "sourceId":
            assert told[field] == (value or "own-1")
        else:
            assert told[field] == value or (value is None and field in ("fundingType", "type")), field
    houses = {(one["roleType"], one["organization"]["id"]) for one in record["organizations"]}
    assert {("Responsible", told["mainResponsibleOrganization"])} | {
        ("OtherResponsible", one) for one in told["otherResponsibleOrganizations"]
    } | {("Producer", one["organizations"][0]) for one in told["serviceProducers"]} == houses


def test_what_was_changed_here_is_told_and_the_rest_as_it_came(db: None) -> None:
    record = real("etalukio_service")
    one = service_of(record)
    one.name = one.name | {"sv": "Ett nytt namn"}
    one.description = one.description | {"fi-simple": "Selkeästi sanottuna."}
    one.service_classes = [*one.service_classes, "P6.4"]
    told = full_service(one)
    assert {"language": "sv", "value": "Ett nytt namn", "type": "Name"} in told["serviceNames"]
    assert told["serviceClasses"][:-1] == sorted(record["serviceClasses"], key=lambda row: str(row["code"]))
    assert told["serviceClasses"][-1]["code"] == "P6.4" and told["serviceClasses"][-1]["name"]
    unchanged = {name: value for name, value in told.items() if name not in ("serviceNames", "serviceClasses")}
    assert unchanged == {
        name: value for name, value in record.items() if name not in ("serviceNames", "serviceClasses")
    }


def test_our_own_services_are_told_too(career_guidance: Service) -> None:
    told = Client().get(f"/api/ptv/services/{career_guidance.id}").json()
    assert told["sourceId"] == str(career_guidance.id)
    assert {one["language"] for one in told["serviceNames"] if one["type"] == "Name"} == {"fi", "sv", "en"}
    assert told["serviceDescriptions"] and told["serviceChargeType"] == "FreeOfCharge" and told["languages"]
    page = Client().get("/api/ptv/services", {"per_page": 100}).json()
    assert page["size"] == 100 and all(one["serviceNames"] for one in page["contents"])
    again = service_of({**full_service(career_guidance), "id": "00000000-0000-4000-9000-000000000001"})
    assert again.name == career_guidance.name and again.summary == career_guidance.summary
    assert again.municipalities == career_guidance.municipalities and again.charge == career_guidance.charge
