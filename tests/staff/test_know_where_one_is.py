"""One's own competence: assessed on described levels, nobody else's to see until one says so; and what helps on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from opinovi.base.clock import now
from opinovi.base.models import DataKey
from opinovi.network.actions import place
from opinovi.network.competences import LEVELS, areas
from opinovi.network.models import Member, Network, Person, Role
from opinovi.practices.models import Practice
from opinovi.staff import tasks
from opinovi.staff.actions import profiles
from opinovi.staff.models import CompetenceProfile
from tests.staff.learning import SECRET, a_profile, a_training, of

As = Callable[[str], Client]
Who = Callable[[str], Person]


def test_every_area_has_four_levels_in_every_language() -> None:
    assert len(areas()) == 10
    for area in areas().values():
        assert set(area.label) == {"fi", "sv", "en"} and len(area.levels) == len(LEVELS)
        assert all(set(level) == {"fi", "sv", "en"} and all(level.values()) for level in area.levels)


def test_one_assesses_oneself_and_sees_what_helps_on(as_person: As, person: Who, region: Network) -> None:
    oona = as_person("oona")
    assert "Kymmenen kohtaa" in oona.get("/desk/competence").content.decode()
    bare = oona.post("/desk/competence/assess", {"plan": "Jotain"})
    assert bare.status_code == 422 and "Jotain" in bare.content.decode()
    training = a_training(person("ville"), region)
    offer = profiles.offer_help(person("nelli"), region, "digital", "Soita.")
    practice = Practice.objects.create(
        network=region, organisation=of(person("ville"), region).organisation, name={"fi": "Digiklinikka"},
        contact=of(person("ville"), region), state="published", published_at=now(), areas=["digital"],
    )  # fmt: skip
    sent = {"level-client": "3", "level-digital": "1", "wants": ["digital"], "plan": SECRET, "level-none": "2"}
    page = oona.post("/desk/competence/assess", sent, follow=True).content.decode()
    assert "Taso 3 / 4" in page and SECRET in page
    assert f"/desk/trainings/{training.id}" in page and f"/desk/peers/{offer.id}/ask" in page
    assert f"/practices/{practice.id}" in page
    kept = CompetenceProfile.objects.get()
    assert kept.told()["levels"] == {"client": 3, "digital": 1} and SECRET not in kept.locked


@pytest.mark.parametrize("level", ["0", "5", "kolme", "-1", "1; DROP", "٣"])
def test_a_level_is_one_of_four(as_person: As, region: Network, level: str) -> None:
    assert as_person("oona").post("/desk/competence/assess", {"level-client": level}).status_code == 422
    assert not CompetenceProfile.objects.exists()


def test_assessed_again_it_tells_how_one_has_come_along(
    as_person: As, person: Who, region: Network, still: time_machine.Traveller
) -> None:
    a_profile(person("oona"), region, digital=1)
    still.shift(timedelta(days=200))
    a_profile(person("oona"), region, digital=3)
    page = as_person("oona").get("/desk/competence").content.decode()
    assert "Taso 3 / 4" in page and "Viimeksi taso 1." in page
    # Twice on one day is one assessment.
    a_profile(person("oona"), region, digital=2)
    told = CompetenceProfile.objects.get().told()
    assert [levels for _day, levels in told["before"]] == [{"digital": 1}]


def test_a_leader_is_chosen_and_taken_back(as_person: As, person: Who, region: Network) -> None:
    profile = a_profile(person("oona"), region)
    oona, paivi = as_person("oona"), as_person("paivi")
    own, read = "/desk/competence/share", f"/desk/competence/{profile.id}"
    assert paivi.get(read).status_code == 404
    oona.post(own, {"leader": str(of(person("paivi"), region).id)})
    assert SECRET in paivi.get(read).content.decode()
    assert "Oona Ohjaaja" in paivi.get("/desk/competence").content.decode()
    # Who shows it sees that it was read.
    assert "Milloin tätä on katsottu" in oona.get(own).content.decode()
    oona.post(own, {"leader": ""})
    assert paivi.get(read).status_code == 404
    assert "Oona Ohjaaja" not in paivi.get("/desk/competence").content.decode()


def test_a_leader_is_of_the_same_house(as_person: As, person: Who, region: Network) -> None:
    profile = a_profile(person("oona"), region)
    nelli = of(person("nelli"), region)
    assert as_person("oona").post("/desk/competence/share", {"leader": str(nelli.id)}).status_code == 422
    with pytest.raises(ValidationError):
        profiles.share(person("oona"), profile, nelli, counted=False)
    with pytest.raises(PermissionDenied):
        profiles.share(person("paivi"), profile, of(person("paivi"), region), counted=True)
    # Nor once one of them has gone over to another house.
    profiles.share(person("oona"), profile, of(person("paivi"), region), counted=False)
    Member.objects.filter(person=person("paivi")).update(organisation=nelli.organisation)
    assert as_person("paivi").get(f"/desk/competence/{profile.id}").status_code == 404


def test_it_is_forgotten_with_its_key(as_person: As, person: Who, region: Network) -> None:
    key = a_profile(person("oona"), region).key_id
    as_person("oona").post("/desk/competence/share", {"then": "forget"})
    assert not CompetenceProfile.objects.exists() and not DataKey.objects.filter(id=key).exists()


def test_it_goes_with_the_one_who_leaves(as_person: As, person: Who, region: Network) -> None:
    profile = a_profile(person("oona"), region)
    profiles.share(person("oona"), profile, of(person("paivi"), region), counted=False)
    Member.objects.filter(person=person("oona")).update(ended_at=now())
    assert as_person("paivi").get(f"/desk/competence/{profile.id}").status_code in (403, 404)
    tasks.forget_those_who_left()
    assert not CompetenceProfile.objects.exists()


def test_it_goes_along_to_another_house_seen_by_nobody_there(as_person: As, person: Who, region: Network) -> None:
    oona = person("oona")
    profile = a_profile(oona, region)
    profiles.share(oona, profile, of(person("paivi"), region), counted=True)
    Member.objects.filter(person=oona).update(ended_at=now())
    place(oona, of(person("nelli"), region).organisation, [(Role.GUIDE, None)])
    tasks.forget_those_who_left()
    kept = CompetenceProfile.objects.get()
    assert kept.leader is None and kept.told()["plan"] == SECRET and kept.member.ended_at is None
    assert SECRET in as_person("oona").get("/desk/competence").content.decode()
    assert as_person("paivi").get(f"/desk/competence/{kept.id}").status_code == 404


def test_every_page_asks_at_most_twelve(
    as_person: As, person: Who, region: Network, in_service: None, django_assert_max_num_queries: Any
) -> None:
    for name in ("ville", "nelli"):
        profiles.offer_help(person(name), region, "digital", "Soita.")
    a_training(person("ville"), region)
    profile = a_profile(person("oona"), region)
    profiles.share(person("oona"), profile, of(person("paivi"), region), counted=True)
    pages = {"oona": ["", "/assess", "/share", "/together"], "paivi": ["", f"/{profile.id}"]}
    for name, paths in pages.items():
        client = as_person(name)
        for path in paths:
            with django_assert_max_num_queries(12):
                assert client.get(f"/desk/competence{path}").status_code == 200, path
