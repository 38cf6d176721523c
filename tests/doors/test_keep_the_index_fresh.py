"""The index is a copy: it follows the Events, and a withdrawn service is not found."""

import fcntl
import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from opinovi.base.clock import today
from opinovi.base.events import record
from opinovi.directory.models import Service
from opinovi.doors.find import find
from opinovi.doors.index import Index
from opinovi.doors.indexed import KINDS
from opinovi.doors.need import understand


def found(text: str) -> set[Any]:
    return {hit.id for hit in find(understand(text, exact=True), limit=40).hits}


def change(service: Service, **fields: Any) -> None:
    with transaction.atomic():
        Service.objects.filter(id=service.id).update(**fields)
        record("update", "service", service.id)


def test_a_changed_name_is_found_without_a_rebuild(own_index: Callable[[], Any], career_guidance: Service) -> None:
    assert career_guidance.id not in found("kvanttihyppyvalmennus")
    change(career_guidance, name={"fi": "Kvanttihyppyvalmennus"}, municipalities=["398", "111"], regions=[])
    own_index().checked_at = float("-inf")
    assert career_guidance.id in found("kvanttihyppyvalmennus")


@pytest.mark.parametrize("field", ["state", "valid_until", "valid_from"])
def test_a_service_that_is_not_in_force_is_not_found(
    own_index: Callable[[], Any], career_guidance: Service, field: str
) -> None:
    assert career_guidance.id in found("uraohjaus aikuiselle")
    days = {"valid_until": -1, "valid_from": 1}
    change(career_guidance, **{field: "withdrawn" if field == "state" else today() + timedelta(days=days[field])})
    own_index().checked_at = float("-inf")
    assert career_guidance.id not in found("uraohjaus aikuiselle")


def test_a_rebuild_finds_what_the_fresh_index_finds(own_index: Callable[[], Any], career_guidance: Service) -> None:
    change(career_guidance, name={"fi": "Kvanttihyppyvalmennus"})
    assert own_index().build() == sum(one.model.objects.filter(state="published").count() for one in KINDS)
    assert career_guidance.id in found("kvanttihyppyvalmennus")


def test_nobodys_search_waits_for_a_whole_spreadsheet(
    own_index: Callable[[], Any], career_guidance: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("opinovi.doors.index.AT_ONCE", 0)
    monkeypatch.setattr("opinovi.doors.index.Index.take_in_aside", lambda self, ids, last: asked.append(len(ids)))
    change(career_guidance, name={"fi": "Kvanttihyppyvalmennus"})
    assert career_guidance.id not in found("kvanttihyppyvalmennus") and asked and asked[0] >= 1
    monkeypatch.undo()


@pytest.mark.parametrize("what", ["meta.json", "opinovi.json", "areas.json", "surfaces.json", "current", ""])
def test_one_that_was_cut_short_or_lost_is_made_anew(
    own_index: Callable[[], Any], career_guidance: Service, what: str
) -> None:
    assert career_guidance.id in found("uraohjaus aikuiselle")
    index = own_index()
    folder = index.home if what == "current" else index.folder
    if what:
        (folder / what).write_text("{")
    else:
        shutil.rmtree(folder)
    # As a process that starts now sees it.
    index.__init__(index.home)
    assert career_guidance.id in found("uraohjaus aikuiselle") and index.ready()


def test_while_the_disk_is_full_the_search_answers_as_it_did(
    own_index: Callable[[], Any], career_guidance: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert career_guidance.id in found("uraohjaus aikuiselle")
    index, before = own_index(), own_index().folder

    def no_room(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    change(career_guidance, name={"fi": "Kvanttihyppyvalmennus"})
    with monkeypatch.context() as full:
        full.setattr("opinovi.doors.index.put", no_room)
        full.setattr("opinovi.doors.index.is_full", lambda _folder: True)
        index.checked_at = float("-inf")
        assert found("oppisopimus")
    # And takes in what it missed, once there is room.
    index.checked_at = float("-inf")
    assert career_guidance.id in found("kvanttihyppyvalmennus") and index.folder == before


def test_two_who_miss_it_make_it_once(own_index: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    one, two = Index(own_index().home), Index(own_index().home)
    (one.home / "current").unlink()
    real = Index.make

    def make(self: Index) -> int:
        """While the first makes it, nobody else may."""
        with (self.home / "lock").open("w") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        made.append("made")
        return real(self)

    monkeypatch.setattr(Index, "make", make)
    one.refresh()
    two.refresh()
    # Who had it open before goes on, until it looks again.
    before = one.folder
    two.build()
    assert before is not None and before.exists() and made == ["made", "made"]
    one.refresh()
    assert one.folder != before and one.folder == two.home / (two.home / "current").read_text()
