"""opinovi import ptv FILE: whole PTV v11 records."""

import json
from pathlib import Path

import pytest

from opinovi.directory.models import Channel, Service, ServicePoint
from opinovi.interchange.actions.take_in_file import import_file
from tests.conftest import DATA


@pytest.mark.django_db
def test_nothing_of_a_whole_service_is_lost() -> None:
    report = import_file("ptv", DATA / "etalukio_service.json")
    assert report.loaded and not report.problems
    [external_id] = [*report.services.added, *report.services.updated]
    service = Service.objects.get(source="ptv", external_id=external_id)
    assert service.name["fi"] and service.summary["fi"] and service.description["fi"]
    assert service.service_classes and service.languages and service.target_groups
    assert service.source_record == json.loads((DATA / "etalukio_service.json").read_text())


@pytest.mark.django_db
def test_a_place_comes_with_its_address_hours_numbers_and_accessibility() -> None:
    report = import_file("ptv", DATA / "otava_service_channel.json")
    assert report.loaded and not report.problems
    [external_id] = report.points.added
    point = ServicePoint.objects.get(external_id=external_id)
    assert point.street["fi"] and point.postcode and point.municipality
    assert point.latitude and 59 < point.latitude < 71 and point.longitude and 19 < point.longitude < 32
    assert point.channels.filter(kind=Channel.Kind.PHONE).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["etalukio_service.json", "otava_service_channel.json", "service_example.json"])
def test_a_second_run_changes_nothing(name: str) -> None:
    import_file("ptv", DATA / name)
    report = import_file("ptv", DATA / name)
    assert not (report.services.added or report.services.updated or report.points.added or report.points.updated)


@pytest.mark.django_db
def test_a_list_never_overwrites_what_came_in_whole(tmp_path: Path) -> None:
    import_file("ptv", DATA / "etalukio_service.json")
    row = json.loads((DATA / "etalukio_service.json").read_text())
    thin = {"id": row["id"], "area": ["kansalliset"], "name": "Vain nimi", "summary": "", "life_meters": []}
    (tmp_path / "list.jsonl").write_text(json.dumps(thin))
    report = import_file("ptv-list", tmp_path / "list.jsonl", complete=False)
    assert report.services.kept == [row["id"]]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["etalukio_service.json", "otava_service_channel.json"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_cut_in_the_middle_says_its_line_and_loads_nothing(tmp_path: Path, name: str, share: float) -> None:
    text = (DATA / name).read_text()
    (tmp_path / name).write_text(text[: int(len(text) * share)])
    before = Service.objects.count(), ServicePoint.objects.count()
    report = import_file("ptv", tmp_path / name)
    assert not report.loaded and report.problems[0].line > 1
    assert (Service.objects.count(), ServicePoint.objects.count()) == before


@pytest.mark.django_db
def test_a_record_without_a_name_says_so(tmp_path: Path) -> None:
    row = json.loads((DATA / "etalukio_service.json").read_text())
    row["serviceNames"] = []
    (tmp_path / "one.json").write_text(json.dumps(row))
    [problem] = import_file("ptv", tmp_path / "one.json").problems
    assert (problem.field, problem.reason) == ("serviceNames", "has no name")
