"""The quality cycle: criteria that the network edits, each house and the network together, gaps into actions."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from opinovi.network.models import Network, Organisation, Person
from opinovi.strategy.actions import assessing
from opinovi.strategy.models import Assessment, Criterion, Strategy

As = Callable[[str], Client]
Who = Callable[[str], Person]


def test_a_house_assesses_itself_and_the_network_sees_its_weak_sides(
    as_person: As, person: Who, region: Network, salpaus: Organisation, strategy: Strategy
) -> None:
    kaisa, oona, path = as_person("kaisa"), as_person("oona"), f"/desk/networks/{region.id}/quality"
    assert "Aloita valmiista kohdista" in kaisa.get(path).content.decode()
    kaisa.post(path)
    criteria = list(region.criteria.all())
    assert len(criteria) == 11 and len({one.element for one in criteria}) == 4
    first, second = criteria[:2]
    empty = oona.post(f"{path}/assess?house={salpaus.id}", {"year": "2027"})
    assert empty.status_code == 422 and "ainakin yhteen kohtaan" in empty.content.decode()
    sent = {"year": "2027", f"level-{first.id}": "1", f"why-{first.id}": "Ei koulutusta", f"level-{second.id}": "4"}
    assert oona.post(f"{path}/assess?house={salpaus.id}", sent).status_code == 302
    assert oona.post(f"{path}/assess?house={salpaus.id}", sent | {"year": "2028"}).status_code == 422
    page = kaisa.get(path).content.decode()
    assert page.count("vahvistettava") == 1 and f"criterion={first.id}" in page
    form = kaisa.get(f"/desk/strategies/{strategy.id}/actions/new?criterion={first.id}").content.decode()
    assert "Vahvistetaan:" in form
    # What the network thinks together goes before the middle of the houses.
    kaisa.post(f"{path}/assess?house=together", {"year": "2027", f"level-{first.id}": "3"})
    assert "vahvistettava" not in kaisa.get(path).content.decode()
    assert Assessment.objects.count() == 2


def test_nobody_assesses_a_house_that_is_not_theirs(person: Who, region: Network, salpaus: Organisation) -> None:
    assessing.begin_criteria(person("kaisa"), region)
    one = Criterion.objects.all()[0]
    with pytest.raises(PermissionDenied):
        assessing.assess(person("nelli"), region, salpaus, 2027, {one: (3, "")})
    with pytest.raises(PermissionDenied):
        assessing.assess(person("nelli"), region, None, 2027, {one: (3, "")})


def test_a_criterion_that_is_given_up_keeps_its_answers(as_person: As, person: Who, region: Network) -> None:
    kaisa = as_person("kaisa")
    kaisa.post(f"/desk/networks/{region.id}/criteria/new", {"text_fi": "Kysymme palautetta.", "element": "citizens"})
    one = Criterion.objects.get()
    assessing.assess(person("kaisa"), region, None, 2027, {one: (3, "")})
    kaisa.post(f"/desk/criteria/{one.id}", {"then": "drop"})
    assert one.verdicts.count() == 1
    assert "Kysymme palautetta." not in kaisa.get(f"/desk/networks/{region.id}/quality").content.decode()
    assert kaisa.get(f"/desk/criteria/{one.id}").status_code == 404
