"""Records of several sources that mean the same are found, shown as one, and can be parted."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from opinovi.base.fresh import fresh
from opinovi.base.models import Event
from opinovi.directory.actions import Record
from opinovi.directory.actions import same as deciding
from opinovi.directory.actions.take_in_batch import take_in_batch, withdraw_batch
from opinovi.directory.models import Channel, Pair, PairState, Service, ServicePoint, State
from opinovi.directory.queries import in_force
from opinovi.interchange.actions import same
from opinovi.interchange.same.finding import find_same
from opinovi.interchange.same.scoring import AGAINST, REASONS, judge
from opinovi.interchange.same.told import Told
from opinovi.network.models import Network, Organisation, Person
from tests.interchange.same_pairs import pairs

OURS = "Suomen kielen kurssi Hartolassa"


def measured(held: bool | None, bound: float) -> tuple[float, float]:
    """Precision and recall on the pairs labelled by hand, where those from `bound` on are taken for the same."""
    rows = [(judge(one, other).score >= bound, labelled) for one, other, labelled, _line in pairs(held)]
    right = sum(found and labelled for found, labelled in rows)
    return right / sum(found for found, _labelled in rows), right / sum(labelled for _found, labelled in rows)


@pytest.mark.once
@pytest.mark.parametrize("held", [None, True])
def test_pairs_labelled_by_hand_are_told_apart(held: bool | None) -> None:
    assert len(list(pairs())) >= 500
    precision, recall = measured(held, 0.8)
    assert precision >= 0.98 and recall >= 0.85
    # What is joined without a person is right every time.
    precision, recall = measured(held, 0.95)
    assert precision == 1.0 and recall >= 0.6


def test_why_is_told_and_either_way_round_is_the_same() -> None:
    for one, other, _labelled, _line in pairs():
        verdict, turned = judge(one, other), judge(other, one)
        assert abs(verdict.score - turned.score) < 0.02 and 0 <= verdict.score <= 1
        assert set(verdict.reasons) <= set(REASONS) and set(verdict.against) <= set(AGAINST)
    told = Told.make("service", ["Uraohjaus"], ["Salpaus"], phones=["03 100 1130"], places=["Lahti"])
    again = Told.make("service", ["Uraohjaus"], ["Salpaus"], phones=["+358 3 1001130"], places=["398"])
    assert {"name_equal", "phone_same", "place_same"} <= set(judge(told, again).reasons)


@pytest.fixture
def twin(db: None) -> Service:
    """Another directory's record of a course that is kept here."""
    house = Organisation.objects.create(source="hsds", external_id="t", name={"fi": "Itä-Hämeen Opisto"})
    record = Record(
        "twin", {"name": {"fi": "Suomen kielen kurssi, Hartola"}, "municipalities": ["081"], "languages": ["fi"],
                 "summary": {"fi": "Kurssi toisesta hakemistosta."}},
        channels=[{"kind": Channel.Kind.PHONE, "value": "0100 555"}], owner=house.external_id,
    )  # fmt: skip
    ids = take_in_batch("service", "hsds", [record])
    return Service.objects.get(id=ids["twin"])


@pytest.fixture
def ours(db: None) -> Service:
    return Service.objects.get(source="example", name__fi=OURS)


def found_pair(first: Service, second: Service) -> Pair:
    same.look()
    return Pair.objects.get(first=first.id, second=second.id)


def test_a_record_of_two_sources_is_found_joined_shown_as_one_and_parted(
    as_person: Callable[[str], Client], visitor: Client, region: Network, ours: Service, twin: Service
) -> None:
    one, kaisa = found_pair(ours, twin), as_person("kaisa")
    assert one.state == PairState.FOUND and 0.5 <= one.score < 0.95
    page = f"/desk/networks/{region.id}/same"
    assert OURS in kaisa.get(page).content.decode()
    shown = kaisa.get(f"/desk/same/{one.id}").content.decode()
    assert "Kurssi toisesta hakemistosta." in shown and "Toinen hakemisto" in shown and "sama nimi" in shown
    assert kaisa.post(f"/desk/same/{one.id}", {"then": "join"})["Location"].startswith(page)
    twin.refresh_from_db()
    assert twin.state == State.JOINED and not Service.objects.filter(in_force(), id=twin.id).exists()
    told = visitor.get(f"/services/{twin.id}")
    assert told.status_code == 302 and told["Location"] == f"/services/{ours.id}"
    whole = visitor.get(f"/services/{ours.id}").content.decode()
    assert "Näytä lähteet rinnakkain" in whole and "0100 555" in whole
    assert str(twin.id) not in visitor.get("/api/services?per_page=2000").content.decode()
    # Its source tells it on: it stays behind, and what is told beside is as fresh as that.
    take_in_batch("service", "hsds", [Record("twin", {"name": twin.name, "summary": {"fi": "Uutta."}}, owner="t")])
    twin.refresh_from_db()
    assert twin.state == State.JOINED and twin.summary == {"fi": "Uutta."}
    assert kaisa.post(f"/desk/same/{one.id}", {"then": "join"}).status_code == 409
    kaisa.post(f"/desk/same/{one.id}", {"then": "part"})
    twin.refresh_from_db()
    assert twin.state == State.PUBLISHED and visitor.get(f"/services/{twin.id}").status_code == 200
    assert "Näytä lähteet rinnakkain" not in visitor.get(f"/services/{ours.id}").content.decode()
    # What was decided is not asked again.
    same.look()
    assert Pair.objects.get(id=one.id).state == PairState.APART
    verbs = Event.objects.filter(subject_type="service", subject_id=str(twin.id)).order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == ["add", "join", "update", "part"]


def test_what_stands_behind_comes_to_light_when_the_first_is_gone(twin: Service, ours: Service) -> None:
    one = found_pair(ours, twin)
    deciding.join(None, one)
    Service.objects.filter(id=ours.id).update(state=State.WITHDRAWN)
    assert deciding.settle() == 1
    twin.refresh_from_db()
    assert twin.state == State.PUBLISHED
    Service.objects.filter(id=ours.id).update(state=State.PUBLISHED)
    assert deciding.settle() == 1 and deciding.settle() == 0
    withdraw_batch("service", "hsds", ["twin"])
    twin.refresh_from_db()
    assert twin.state == State.WITHDRAWN and deciding.settle() == 0
    take_in_batch("service", "hsds", [Record("twin", {"name": twin.name}, owner="t")])
    assert deciding.settle() == 1
    twin.refresh_from_db()
    assert twin.state == State.JOINED


def test_what_is_surely_the_same_is_joined_by_itself_and_what_is_kept_here_never_hidden(
    settings: Any, ours: Service, twin: Service, person: Callable[[str], Person]
) -> None:
    settings.SAME_SURE = 0.5
    assert same.look()["joined"] >= 1
    one = Pair.objects.get(first=ours.id)
    assert (one.state, one.decided_by) == (PairState.JOINED, None)
    ours.refresh_from_db()
    assert ours.state == State.PUBLISHED
    turned = Pair(network=one.network, kind="service", first=twin.id, second=ours.id, score=1.0)
    deciding.part(person("kaisa"), one)
    turned.save()
    with pytest.raises(ValidationError):
        deciding.join(person("kaisa"), turned)
    ours.refresh_from_db()
    assert ours.state == State.PUBLISHED


def test_an_organisation_of_another_source_brings_its_records_over_and_takes_them_back(
    person: Callable[[str], Person], visitor: Client, twin: Service
) -> None:
    other = Organisation.objects.get(source="hsds", external_id="t")
    ours = Organisation.objects.get(source="example", name__fi="Itä-Hämeen opisto")
    same.look()
    one = Pair.objects.get(kind="organisation", first=ours.id, second=other.id)
    deciding.join(person("kaisa"), one)
    twin.refresh_from_db()
    assert twin.organisation_id == ours.id
    assert visitor.get(f"/organisations/{other.id}")["Location"] == f"/organisations/{ours.id}"
    # What its source tells from now on is told of the house that is shown.
    ids = take_in_batch("service", "hsds", [Record("later", {"name": {"fi": "Kudontaa"}}, owner="t")])
    later = Service.objects.get(id=ids["later"])
    assert later.organisation_id == ours.id
    deciding.part(person("kaisa"), one)
    assert {row.organisation_id for row in Service.objects.filter(id__in=[twin.id, later.id])} == {other.id}
    fresh.forget()
    assert visitor.get(f"/organisations/{other.id}").status_code == 200


def test_members_of_networks_never_stand_behind_another(region: Network, person: Callable[[str], Person]) -> None:
    ours, other = region.members.order_by("id")[:2]
    one = Pair.objects.create(network=region, kind="organisation", first=ours.id, second=other.id, score=1.0)
    with pytest.raises(ValidationError):
        deciding.join(person("kaisa"), one)


def test_only_what_shares_something_rare_is_compared_and_never_two_of_one_source(db: None) -> None:
    found = find_same()
    sources: dict[UUID, str] = {}
    for model in (Service, ServicePoint, Organisation):
        sources |= dict(model.objects.values_list("id", "source"))  # type: ignore[attr-defined]
    assert found and all(sources[one.first] != sources[one.second] for one in found)
    assert find_same() == found


@pytest.mark.parametrize("name", ["oona", "eetu", "assi"])
def test_others_do_not_decide(as_person: Callable[[str], Client], ours: Service, twin: Service, name: str) -> None:
    one = found_pair(ours, twin)
    assert as_person(name).post(f"/desk/same/{one.id}", {"then": "join"}).status_code in (302, 403, 404)
    twin.refresh_from_db()
    assert twin.state == State.PUBLISHED


def test_a_place_of_two_sources_is_shown_as_one_with_both_told(visitor: Client, region: Network) -> None:
    ours = ServicePoint.objects.get(source="example", name__fi="Kansalaisopisto, Heinola")
    record = Record(
        "place", {"name": {"fi": "Heinolan kansalaisopisto"}, "street": {"fi": "Rauhank. 3"}, "postcode": "18100",
                  "municipality": "111", "hours": "Mo-Fr 09:00-12:00"}, owner="h", owner_name={"fi": "Heinolan kaupunki"},
    )  # fmt: skip
    ids = take_in_batch("point", "hsds", [record])
    same.look()
    one = Pair.objects.get(kind="point", first=ours.id, second=ids["place"])
    # It is sure enough to be joined by itself.
    assert "point_street_same" in one.reasons and (one.state, one.decided_by) == (PairState.JOINED, None)
    assert visitor.get(f"/places/{ids['place']}")["Location"] == f"/places/{ours.id}"
    whole = visitor.get(f"/places/{ours.id}").content.decode()
    assert "Mistä tiedot tulevat" in whole and "Rauhank. 3" in whole and "Toinen hakemisto" in whole
    assert "Rauhank. 3" not in visitor.get("/places").content.decode()
