"""An official release is taken in whole, again without change, and changed by the next; a broken one says where."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.esco_files import make, uri
from opinovi.base.models import Event
from opinovi.esco.models import Concept, SkillOf
from opinovi.esco.queries import find, occupation_by_uri, skills_of

Files = Callable[..., Path]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    def made(occupations: int = 10, skills: int = 60, relations: int = 80) -> Path:
        make(tmp_path / "esco", occupations, skills, relations)
        return tmp_path / "esco"

    return made


def take_in(folder: Path, *options: str) -> str:
    told = io.StringIO()
    call_command("esco", str(folder), *options, stdout=told, stderr=told)
    return told.getvalue()


def change(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def test_it_is_taken_in_and_again_nothing_changes(db: None, files: Files) -> None:
    folder = files()
    assert "concepts: 70 new, 0 changed, 0 gone; relations: 80 new" in take_in(folder)
    one = Concept.objects.get(uri=uri("skill", 7))
    assert one.name == {"fi": "hitsata koneita 7", "sv": "svetsa maskiner 7", "en": "weld machines 7"}
    assert one.others["en"][0] == "weld machines 7 tapa 0"
    events = Event.objects.count()
    assert "concepts: 0 new, 0 changed, 0 gone; relations: 0 new, 0 gone" in take_in(folder)
    assert Event.objects.count() == events


def test_the_next_release_changes_what_is_new_and_marks_what_is_gone(db: None, files: Files) -> None:
    take_in(files())
    folder = files(skills=50, relations=70)
    change(folder / "skills_sv.csv", ("svetsa maskiner 7,", "foga maskiner 7,"))
    told = take_in(folder)
    assert "0 new, 1 changed, 10 gone" in told
    assert Concept.objects.get(uri=uri("skill", 7)).name["sv"] == "foga maskiner 7"
    assert Concept.objects.filter(gone=True).count() == 10 and find("59", "skill", "fi") == []
    # What comes back is as it was.
    assert "0 new, 11 changed, 0 gone" in take_in(files())


def test_two_languages_are_enough(db: None, files: Files) -> None:
    folder = files()
    for path in folder.glob("*_sv.csv"):
        path.unlink()
    take_in(folder)
    assert Concept.objects.get(uri=uri("skill", 7)).find_sv == ""


@pytest.mark.parametrize(
    ("file", "pair", "words"),
    [
        ("skills_fi.csv", ("conceptUri", "adress"), "skills_fi.csv:1: conceptUri: the column is missing"),
        ("skills_fi.csv", (uri("skill", 3), "http://example.org/x"), "skills_fi.csv:25: conceptUri: is not an address of ESCO"),
        ("skills_fi.csv", (uri("skill", 3), uri("skill", 2)), "stands in the file twice"),
        ("occupations_fi.csv", ("hoitaja 4,", ","), "preferredLabel: is missing"),
        ("occupationSkillRelations_fi.csv", ("essential", "perhaps"), "relationType: is neither essential nor optional"),
        ("occupationSkillRelations_fi.csv", (uri("skill", 0), uri("skill", 999)), "skillUri: is no skill of this release"),
        ("skills_en.csv", ("use", "\x00"), "has a zero byte in it"),
    ],
)  # fmt: skip
def test_of_a_broken_release_nothing_is_taken_in(
    db: None, files: Files, file: str, pair: tuple[str, str], words: str
) -> None:
    folder = files()
    change(folder / file, pair)
    told = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("esco", str(folder), stdout=told, stderr=told)
    assert words in told.getvalue() and not Concept.objects.exists()


def test_bad_rows_are_left_out_if_one_asks_for_it_but_no_whole_file_is(db: None, files: Files) -> None:
    folder = files()
    change(folder / "skills_fi.csv", (uri("skill", 3), "http://example.org/x"))
    assert "skipped: 1" in take_in(folder, "--skip-bad")
    # The other languages still tell of it.
    assert Concept.objects.get(uri=uri("skill", 3)).name.keys() == {"sv", "en"}
    (folder / "occupations_fi.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError):
        take_in(folder, "--skip-bad")
    with pytest.raises(CommandError, match="is not a folder"):
        take_in(folder / "nothing")


def test_one_finds_as_one_types(db: None, files: Files, django_assert_max_num_queries: Any) -> None:
    take_in(files(skills=300, relations=200))
    for typed, first in (("hitsata koneita 7", "hitsata koneita 7"), ("HITS", "hitsata"), ("koneita 7", "hitsata koneita 7"),
                         ("hitsattiin konei", "hitsata"), ("leivottiin leipää", "leipoa")):  # fmt: skip
        with django_assert_max_num_queries(3):
            found = find(typed, "skill", "fi")
        assert found and found[0].name["fi"].startswith(first), typed
    assert find("svetsa", "skill", "sv") and not find("svetsa", "skill", "fi") and find("weld", "skill", "en-GB")
    assert find("h", "skill", "fi") == [] and find("\x00 ", "skill", "fi") == []
    occupation = occupation_by_uri(uri("occupation", 3))
    assert occupation is not None
    rows = skills_of(occupation)
    assert len(rows) == 20 and [row.essential for row in rows] == [True] * 10 + [False] * 10
    assert SkillOf.objects.count() == 200


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=120))
def test_whatever_is_typed_is_no_error(db: None, typed: str) -> None:
    assert isinstance(find(typed, "skill", "fi"), list)
