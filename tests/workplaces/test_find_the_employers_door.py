"""A need of an employer in their own words leads to what is for employers: services, training, funding, people."""

import re

import pytest
from django.test import Client

from opinovi.doors.need import of_employer, understand
from opinovi.doors.topics import topics


def doors(visitor: Client, said: str, before: str = "", **asked: str) -> list[str]:
    page = visitor.get(f"{before}/doors", {"q": said, "for": "employer"} | asked).content.decode()
    return re.findall(r"<h2><a[^>]*>([^<]+)", page)


@pytest.mark.parametrize(
    ("said", "before", "wanted"),
    [
        ("tarviin hitsaajia ja osa porukasta ei osaa lukea piirustuksia", "",
         {"Perustaidot työpaikalla", "Koulutusta henkilöstölle, teidän tarpeeseenne", "RekryKoulutus"}),
        ("yt:t tulossa", "", {"Kun työpaikalla on muutoksia"}),
        ("haluttais oppisopimus", "", {"Oppisopimus työnantajalle"}),
        ("joudutaan lomauttamaan väkeä", "", {"Kun työpaikalla on muutoksia"}),
        ("we need welders", "/en", {"Staff training for your needs", "New employees for your company"}),
        ("vi behöver svetsare", "/sv", {"Utbildning för personalen, efter ert behov"}),
    ],
)  # fmt: skip
def test_it_is_met_as_an_employer_means_it(visitor: Client, said: str, before: str, wanted: set[str]) -> None:
    assert wanted <= set(doors(visitor, said, before)), doors(visitor, said, before)


def test_what_is_meant_beside_can_be_taken_away_and_is_no_adults(visitor: Client) -> None:
    need = of_employer(understand("tarvitaan hitsaajia"), without=("recruitment",))
    met = {one.topic for one in need.topics}
    assert "staff-training" in met and "recruitment" not in met
    # The same words of an adult mean what they say.
    assert "staff-training" not in {one.topic for one in understand("tarvitaan hitsaajia").topics}
    assert all(other in topics() for one in topics().values() for other in one.at_work)


def test_an_abbreviation_is_met_however_it_is_bent() -> None:
    for said in ("yt:t alkoi", "yt:n aikana", "pelkään yt:itä"):
        assert "redundancy" in {one.topic for one in understand(said).topics}, said
    # A time of day is none.
    assert [one.surface for one in understand("kello 10:30").read][-1] == "10:30"


def test_where_nothing_is_found_one_still_asks(visitor: Client) -> None:
    page = visitor.get("/doors", {"q": "zzxxqq", "for": "employer"}).content.decode()
    assert "/workplaces/ask?q=zzxxqq" in page
