"""opinovi import ptv-list FILE: a second run changes nothing, and a broken file loads nothing."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opinovi.base.models import Event
from opinovi.directory.models import Service
from opinovi.interchange.actions.take_in_file import import_file
from opinovi.interchange.ptv_list import read

ROWS: list[dict[str, Any]] = [
    {"id": f"00000000-0000-4000-8000-00000000000{n}", "area": ["kansalliset"], "name": f"Palvelu {n}", "summary": "Kuvaus.", "life_meters": []}
    for n in range(3)
]  # fmt: skip


@pytest.fixture
def nothing(db: None) -> None:
    Service.objects.all().delete()


def write(path: Path, rows: list[Any], encoding: str = "utf-8") -> Path:
    path.write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) if not isinstance(row, str) else row for row in rows), encoding
    )
    return path


@pytest.mark.usefixtures("nothing")
def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "list.jsonl", ROWS)
    import_file("ptv-list", path)
    before = list(Service.objects.values_list("id", "changed_at"))
    events = Event.objects.count()
    report = import_file("ptv-list", path)
    assert len(report.services.unchanged) == 3 and not report.services.updated
    assert list(Service.objects.values_list("id", "changed_at")) == before and Event.objects.count() == events


@pytest.mark.usefixtures("nothing")
def test_a_changed_record_is_updated_and_a_vanished_one_withdrawn(tmp_path: Path) -> None:
    import_file("ptv-list", write(tmp_path / "list.jsonl", ROWS))
    report = import_file("ptv-list", write(tmp_path / "list.jsonl", [ROWS[0], {**ROWS[1], "name": "Uusi nimi"}]))
    assert (len(report.services.unchanged), len(report.services.updated), len(report.services.withdrawn)) == (1, 1, 1)
    assert Service.objects.get(external_id=ROWS[1]["id"]).name == {"fi": "Uusi nimi"}
    assert Service.objects.get(external_id=ROWS[2]["id"]).state == "withdrawn"


@pytest.mark.usefixtures("nothing")
@pytest.mark.parametrize(
    ("rows", "line", "field"),
    [
        ([ROWS[0], json.dumps(ROWS[1])[:40]], 2, "record"),
        ([ROWS[0], ROWS[0]], 2, "id"),
        ([ROWS[0], {**ROWS[1], "name": "  "}], 2, "name"),
        ([{key: value for key, value in ROWS[0].items() if key != "name"}], 1, "name"),
        ([{**ROWS[0], "id": "yksi"}], 1, "id"),
        ([{**ROWS[0], "area": ["Atlantis"]}], 1, "area"),
        ([{**ROWS[0], "area": "Turku"}], 1, "area"),
        ([{**ROWS[0], "summary": 5}], 1, "summary"),
        (["[]"], 1, "record"),
        ([], 0, "file"),
    ],
)
def test_a_broken_file_says_where_and_why_and_loads_nothing(
    tmp_path: Path, rows: list[Any], line: int, field: str
) -> None:
    report = import_file("ptv-list", write(tmp_path / "list.jsonl", rows))
    assert not report.loaded and Service.objects.count() == 0
    [problem] = report.problems
    assert (problem.file, problem.line, problem.field) == ("list.jsonl", line, field) and problem.reason


@pytest.mark.usefixtures("nothing")
def test_a_file_in_latin_1_is_told_to_be_saved_as_utf_8(tmp_path: Path) -> None:
    path = write(tmp_path / "list.jsonl", [ROWS[0], {**ROWS[1], "name": "Työ"}], encoding="latin-1")
    [problem] = import_file("ptv-list", path).problems
    assert "UTF-8" in problem.reason and problem.line == 2 and Service.objects.count() == 0


@pytest.mark.usefixtures("nothing")
def test_told_to_skip_the_bad_ones_it_takes_the_good_and_withdraws_none(tmp_path: Path) -> None:
    import_file("ptv-list", write(tmp_path / "list.jsonl", ROWS))
    report = import_file("ptv-list", write(tmp_path / "list.jsonl", [ROWS[0], "rikki"]), skip_bad=True)
    assert report.loaded and len(report.problems) == 1
    assert Service.objects.filter(state="published").count() == 3


@pytest.mark.usefixtures("nothing")
def test_the_command_prints_what_it_did_and_fails_when_it_did_not(tmp_path: Path) -> None:
    said = io.StringIO()
    call_command("import", "ptv-list", write(tmp_path / "list.jsonl", ROWS), stdout=said)
    assert "3 added" in said.getvalue()
    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("import", "ptv-list", tmp_path / "missing.jsonl", stderr=io.StringIO())


@pytest.mark.usefixtures("nothing")
def test_a_fault_of_the_database_in_the_middle_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("cut")

    monkeypatch.setattr("opinovi.directory.actions.take_in.record_many", fail)
    with pytest.raises(RuntimeError):
        import_file("ptv-list", write(tmp_path / "list.jsonl", ROWS))
    assert Service.objects.count() == 0 and not connection.needs_rollback


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    data=st.binary(max_size=400)
    | st.lists(
        st.dictionaries(
            st.sampled_from(["id", "name", "area", "summary"]), st.none() | st.text(max_size=8) | st.integers()
        )
    ).map(lambda rows: "\n".join(map(json.dumps, rows)).encode())
)
def test_no_file_whatever_is_in_it_breaks_the_reader(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.jsonl"
    path.write_bytes(data)
    reading = read(path)
    assert reading.problems or reading.services
