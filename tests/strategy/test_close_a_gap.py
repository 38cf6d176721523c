"""Needs without a good door: counted, shown without telling of few, taken up, worked on, seen to close."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from opinovi.base.figures import side
from opinovi.directory.codes import target_groups
from opinovi.doors.models import NeedCount
from opinovi.doors.topics import topics
from opinovi.network.models import Network, Organisation, Person
from opinovi.strategy.actions import closing
from opinovi.strategy.counting import ANY, count_gaps, shown_of
from opinovi.strategy.models import Action, Gap, GapFigure, Objective, Strategy
from opinovi.strategy.tasks import renew
from tests.directory.editing import send, values
from tests.strategy.aiming import needs

As = Callable[[str], Client]
Who = Callable[[str], Person]


@pytest.fixture
def counted(region: Network) -> Network:
    NeedCount.objects.all().delete()
    needs(region, "digital-skills", 6, 18, place="781")
    needs(region, "digital-skills", 8, 12, place="398")
    needs(region, "finnish-course", 30, 2, place="398", language="en")
    renew(region)
    return region


def test_the_page_shows_needs_against_services_and_nothing_of_few(as_person: As, counted: Network) -> None:
    page = as_person("nelli").get(f"/desk/networks/{counted.id}/gaps").content.decode()
    assert "30 (67 %)" in page and "Sysmä" in page and "Noin 75 tarvetta" in page
    # Two of thirty: under five.
    row = GapFigure.objects.get(topic="finnish-course", municipality="", language="")
    assert (row.needs, row.unserved) == (30, None) and "alle 5" in page
    place = as_person("nelli").get(f"/desk/networks/{counted.id}/gaps?place=781").content.decode()
    assert "20 (80 %)" in place and "5 (" not in place
    assert "Ota työn alle" not in page and "Ota työn alle" in as_person("kaisa").get(f"/desk/networks/{counted.id}/gaps").content.decode()  # fmt: skip
    # A topic that is for one group alone.
    topic = next(one for one in topics().values() if one.groups and one.groups[0] in target_groups())
    needs(counted, topic.id, 10, 10)
    renew(counted)
    part = as_person("nelli").get(f"/desk/networks/{counted.id}/gaps?group={topic.groups[0]}").content.decode()
    rows = part[part.index("Ajallaan tarkistettu") :]
    assert topic.label["fi"] in rows and "digitaidot" not in rows


def test_a_gap_becomes_an_action_and_closes_when_people_find_a_door(
    as_person: As, person: Who, counted: Network, objective: Objective, strategy: Strategy
) -> None:
    kaisa = as_person("kaisa")
    sent = {"topic": "digital-skills", "place": "781", "language": ""}
    answer = kaisa.post(f"/desk/networks/{counted.id}/gaps", sent)
    again = kaisa.post(f"/desk/networks/{counted.id}/gaps", sent)
    gap = Gap.objects.get()
    assert answer.headers["Location"] == again.headers["Location"] == f"/desk/gaps/{gap.id}"
    assert (gap.needs_then, gap.unserved_then) == (25, 20)
    form = kaisa.get(f"/desk/strategies/{strategy.id}/actions/new?gap={gap.id}").content.decode()
    assert "Parannetaan:" in form and "Sysmä" in form
    kaisa.post(
        f"/desk/strategies/{strategy.id}/actions/new?gap={gap.id}",
        {"name_fi": "Digikahvila", "objective": str(objective.id), "organisation": str(counted.coordinator_id),
         "begins": "2027-02-09", "ends": "2027-06-01"},
    )  # fmt: skip
    assert Action.objects.get().gap_id == gap.id
    assert "Digikahvila" in kaisa.get(f"/desk/gaps/{gap.id}").content.decode()
    going = {"organisation": str(person("ville").places.get().organisation_id), "name": "Kyläkauppaan", "group": "older",
             "place": "shop", "where": "Sysmä", "language": "fi", "topic": gap.topic, "municipality": gap.municipality}  # fmt: skip
    as_person("ville").post("/desk/outreach/plans/new", going)
    assert "Kyläkauppaan" in kaisa.get(f"/desk/gaps/{gap.id}").content.decode()
    renew(counted)
    assert Gap.objects.get().state == "open"
    needs(counted, "digital-skills", 80, 0, place="781")
    renew(counted)
    gap = Gap.objects.get()
    assert gap.state == "closed" and gap.closed_at is not None
    page = kaisa.get(f"/desk/gaps/{gap.id}").content.decode()
    assert "korjattu" in page and "80 %" in page and "19 %" in page
    needs(counted, "digital-skills", 0, 90, place="781")
    renew(counted)
    assert Gap.objects.get().state == "open"


def test_a_gap_becomes_the_draft_of_a_service(
    as_person: As, person: Who, counted: Network, salpaus: Organisation
) -> None:
    gap = closing.take_up(person("kaisa"), counted, ("digital-skills", "781", ""))
    eetu = as_person("eetu")
    answer = eetu.post(f"/desk/gaps/{gap.id}", {"organisation": str(salpaus.id)})
    draft_id = answer.headers["Location"].split("/")[3]
    assert Gap.objects.get().services == [draft_id]
    page = eetu.get(f"/desk/drafts/{draft_id}").content.decode()
    assert 'value="781"' in page
    from opinovi.directory.models import Draft

    draft = Draft.objects.get(id=draft_id)
    assert draft.data["topics"] == ["digital-skills"] and draft.data["municipalities"] == ["781"]
    send(eetu, draft, values(eetu, draft), name_fi="Digiapu Sysmässä", summary_fi="Apua puhelimeen.")
    eetu.post(f"/desk/drafts/{draft_id}/publish")
    assert "Digiapu Sysmässä" in as_person("kaisa").get(f"/desk/gaps/{gap.id}").content.decode()
    other = as_person("nelli").post(f"/desk/gaps/{gap.id}", {"organisation": str(salpaus.id)})
    assert other.status_code == 422


def test_counting_anew_is_a_task_and_changes_nothing_twice(as_person: As, counted: Network) -> None:
    answer = as_person("kaisa").post(f"/desk/networks/{counted.id}/gaps", {"then": "renew"})
    assert answer.status_code == 302
    before = set(GapFigure.objects.values_list("topic", "municipality", "language", "needs", "unserved"))
    count_gaps(counted)
    assert set(GapFigure.objects.values_list("topic", "municipality", "language", "needs", "unserved")) == before


def test_a_sibling_networks_needs_are_not_ours(counted: Network) -> None:
    sibling = Network.objects.exclude(id=counted.id).first()
    assert sibling is not None
    needs(sibling, "digital-skills", 0, 50)
    renew(counted)
    assert GapFigure.objects.get(network=counted, topic="digital-skills", municipality="", language="").needs == 45


cells = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["398", "781", "016", "-"]), st.sampled_from(["fi", "sv"]), st.booleans()),
    max_size=60,
)  # fmt: skip


@given(cells)
def test_no_figure_tells_of_fewer_than_five(rows: list[tuple[str, str, str, bool]]) -> None:
    asked: Counter[Any] = Counter()
    unserved: Counter[Any] = Counter()
    for topic, place, language, served in rows:
        for one in (ANY, topic):
            for cell in ((one, ANY, ANY), (one, place, ANY), (one, ANY, language)):
                asked[cell] += 1
                unserved[cell] += not served
    shown = shown_of(asked, unserved)
    for cell, (count, found) in shown.items():
        assert asked[cell] >= 5 and count % 5 == 0
        assert found is None or (found % 5 == 0 and found <= count)
        if found is not None:
            assert not any(0 < one < 5 for one in (unserved[cell], asked[cell] - unserved[cell]))
    for topic in {cell[0] for cell in asked}:
        for kind in (1, 2):
            parts = [cell for cell in asked if cell[0] == topic and cell[kind] and cell[kind] != "-"]
            hidden = [cell for cell in parts if cell not in shown]
            outside = asked[(topic, "-", ANY)] if kind == 1 else 0
            # What is hidden is at least five together, so that the total less the shown tells of nobody.
            assert not hidden or (topic, ANY, ANY) not in shown or sum(asked[one] for one in hidden) + outside >= 5


@given(st.integers(5, 200), st.integers(0, 200))
def test_the_part_without_a_door_is_in_fives_and_within(needs_: int, unserved: int) -> None:
    unserved = min(unserved, needs_)
    found = side(unserved, needs_)
    if any(0 < one < 5 for one in (unserved, needs_ - unserved)):
        assert found is None
    else:
        assert found is not None and abs(found - unserved) <= 4 and found % 5 == 0
