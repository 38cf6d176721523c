"""A source is taken in: fetched, compared, shown, let in; held where too much would vanish; the same after a kill."""

from collections.abc import Iterator
from typing import Any

import pytest

from opinovi.base.models import Event
from opinovi.directory.actions import take_in_batch
from opinovi.directory.models import Channel, GivenAt, Service, ServicePoint, State
from opinovi.interchange import ptv_api
from opinovi.interchange.actions import runs
from opinovi.interchange.models import Feed, Run, RunState, Taken
from opinovi.network.models import Network, Organisation
from tests.interchange.serving import Catalogue, served, small_catalogue


@pytest.fixture
def catalogue(settings: Any, tmp_path: Any) -> Iterator[Catalogue]:
    made = small_catalogue()
    with served(made.respond) as where:
        settings.FETCH_ALLOWED, settings.OPINOVI_HOME = [where], tmp_path
        made.where = where  # type: ignore[attr-defined]
        yield made


@pytest.fixture
def feed(region: Network, catalogue: Catalogue) -> Feed:
    address = f"http://{catalogue.where}/api/v11"  # type: ignore[attr-defined]
    return Feed.objects.create(network=region, name="PTV", format=ptv_api.PTV.name, address=address)


def run(feed: Feed, **told: Any) -> Run:
    return runs.go(runs.begin(feed, **told))


def mine() -> Any:
    return Service.objects.filter(source="ptv", source_form="full", state=State.PUBLISHED)


UNDISTURBED: list[Any] = []


def picture() -> list[Any]:
    """All that the source has brought about, without ids of ours and moments."""
    return [
        sorted(
            (one.external_id, one.state, str(one.name), one.source_hash, str(one.organisation),
             sorted((way.kind, way.value) for way in one.channels.all()),
             sorted(str(place.external_id) for place in one.points.all()))
            for one in Service.objects.filter(source="ptv", source_form="full")
        ),
        sorted(ServicePoint.objects.filter(source="ptv").values_list("external_id", "state", "hours", "source_hash")),
        sorted(Taken.objects.values_list("kind", "external_id", "hash", "links", "withdrawn")),
        sorted(map(str, Organisation.objects.filter(source="ptv").values_list("external_id", "name", "business_id"))),
    ]  # fmt: skip


def test_all_that_a_source_has_is_taken_in(feed: Feed) -> None:
    one = run(feed)
    assert (one.state, one.problems, one.why) == (RunState.APPLIED, [], "")
    assert one.counts == {"organisation": {"added": 1}, "channel": {"added": 10}, "point": {"added": 10},
                          "service": {"added": 10}}  # fmt: skip
    service = mine().get(external_id="00000000-0000-4000-9000-000000000903")
    assert service.name == {"fi": "Opintojen ohjaus 3"} and str(service.organisation) == "Esimerkkilän opisto"
    assert service.organisation.business_id == "0000000-0" and service.organisation.website == "https://opisto.example"
    assert [(way.kind, way.value, way.charge) for way in service.channels.all()] == [("phone", "+358401234503", "free")]
    assert [point.external_id for point in service.points.all()] == ["00000000-0000-4000-9000-000000000503"]
    assert Event.objects.filter(verb="take_in", subject_type="feed", subject_id=str(feed.id)).count() == 1


def test_a_second_run_changes_nothing_and_asks_only_for_what_changed(feed: Feed, catalogue: Catalogue) -> None:
    run(feed)
    before, events = picture(), Event.objects.count()
    one = run(feed)
    assert one.state == RunState.UNCHANGED and picture() == before
    assert Event.objects.count() == events + 1
    catalogue.asked.clear()
    since = run(feed, whole=False)
    assert since.state == RunState.UNCHANGED and not since.whole
    assert not any("guids" in asked for asked in catalogue.asked)


def test_what_changed_is_changed_and_what_vanished_is_withdrawn(feed: Feed, catalogue: Catalogue) -> None:
    run(feed)
    rows = catalogue.rows["Service"]
    changed, gone, phoned, *_others = rows
    rows[changed]["serviceNames"][0]["value"] = "Uusi nimi"
    del rows[gone]
    phone = catalogue.rows["ServiceChannel"]["00000000-0000-4000-8000-000000000002"]
    phone["phoneNumbers"][0]["number"] = "409999999"
    one = run(feed)
    assert one.state == RunState.APPLIED
    assert one.counts["service"] == {"unchanged": 7, "updated": 2, "withdrawn": 1}
    assert one.counts["channel"] == {"unchanged": 9, "updated": 1}
    assert mine().get(external_id=changed).name == {"fi": "Uusi nimi"}
    assert not mine().filter(external_id=gone).exists() and mine().count() == 9
    assert Channel.objects.filter(service__external_id=phoned).values_list("value", flat=True)[0] == "+358409999999"
    rows[gone] = small_catalogue().rows["Service"][gone]
    back = run(feed)
    assert back.counts["service"]["updated"] == 1 and mine().filter(external_id=gone).exists()


def test_a_phone_that_changed_reaches_its_services_when_only_changes_are_asked(
    feed: Feed, catalogue: Catalogue
) -> None:
    run(feed)
    phone = catalogue.rows["ServiceChannel"]["00000000-0000-4000-8000-000000000004"]
    phone["phoneNumbers"][0]["number"] = "401111111"
    catalogue.changed = {phone["id"]: "2099-01-01"}
    one = run(feed, whole=False)
    assert one.state == RunState.APPLIED and one.counts["service"] == {"updated": 1}
    assert Channel.objects.filter(value="+358401111111", service__in=mine()).count() == 1
    assert mine().count() == 10


def test_too_much_that_would_vanish_is_held_until_a_person_decides(feed: Feed, catalogue: Catalogue) -> None:
    run(feed)
    before = picture()
    for key in list(catalogue.rows["Service"])[:8]:
        del catalogue.rows["Service"][key]
    one = run(feed)
    assert (one.state, one.why) == (RunState.HELD, "vanish") and picture() == before
    assert one.counts["service"] == {"unchanged": 2, "withdrawn": 8}
    one.anyway, one.state = True, RunState.APPLYING
    one.save()
    assert runs.go(one).state == RunState.APPLIED and mine().count() == 2


def test_a_try_out_shows_and_changes_nothing(feed: Feed) -> None:
    before = picture()
    one = run(feed, trial=True)
    assert one.state == RunState.READY and picture() == before and not mine().exists()
    assert one.counts["service"] == {"added": 10}
    assert {"kind": "service", "how": "added", "id": "00000000-0000-4000-9000-000000000900",
            "name": "Opintojen ohjaus 0"} in one.changes  # fmt: skip


def test_a_bad_record_is_told_with_its_place_and_its_old_facts_stay(feed: Feed, catalogue: Catalogue) -> None:
    run(feed)
    key = list(catalogue.rows["Service"])[4]
    catalogue.rows["Service"][key]["serviceNames"] = []
    one = run(feed)
    assert one.problem_count == 1 and one.problems[0]["field"] == "serviceNames" and key in one.problems[0]["reason"]
    assert mine().get(external_id=key).name == {"fi": "Opintojen ohjaus 4"}


@pytest.mark.parametrize("at", range(7))
def test_killed_at_any_moment_and_run_again_the_result_is_the_same(
    feed: Feed, monkeypatch: pytest.MonkeyPatch, at: int, tmp_path: Any
) -> None:
    monkeypatch.setattr(runs, "BATCH", 4)

    class Killed(BaseException):
        pass

    left = [at]

    def dying(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return take_in_batch.take_in_batch(*args, **kwargs)

    monkeypatch.setattr(runs, "take_in_batch", dying)
    with pytest.raises(Killed):
        run(feed)
    monkeypatch.setattr(runs, "take_in_batch", take_in_batch.take_in_batch)
    one = runs.go(Run.objects.get(feed=feed))
    assert one.state == RunState.APPLIED
    after = picture()
    # As from a run that nothing disturbed, whose picture is the same for every moment of a kill.
    if UNDISTURBED:
        assert after == UNDISTURBED
        return
    Taken.objects.all().delete()
    GivenAt.objects.filter(service__in=mine()).delete()
    Service.objects.filter(source="ptv", source_form="full").delete()
    ServicePoint.objects.filter(source="ptv").delete()
    Organisation.objects.filter(source="ptv").delete()
    assert run(feed).state == RunState.APPLIED
    assert picture() == after
    UNDISTURBED.extend(after)


def test_a_fault_of_ours_while_it_is_let_in_says_so_and_the_next_run_goes_on(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "BATCH", 4)
    left = [3]

    def failing(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise RuntimeError("a fault of ours")
        return take_in_batch.take_in_batch(*args, **kwargs)

    monkeypatch.setattr(runs, "take_in_batch", failing)
    one = run(feed)
    assert (one.state, one.why) == (RunState.FAILED, "broken-in")
    monkeypatch.setattr(runs, "take_in_batch", take_in_batch.take_in_batch)
    assert run(feed).state == RunState.APPLIED and mine().count() == 10


def test_a_hold_is_written_down(feed: Feed, catalogue: Catalogue) -> None:
    run(feed)
    catalogue.rows["Service"].clear()
    assert run(feed).state == RunState.HELD
    assert Event.objects.filter(verb="hold", subject_type="feed", subject_id=str(feed.id)).count() == 1
