"""Help for those who write: what could be plainer, what is missing, what there is already; and who knows about what."""

from typing import Any

import pytest
from django.test import Client

from opinovi.directory.models import Service
from opinovi.doors.writing import advice_on, gaps, is_passive, likely_duplicates, reading, suggested_topics
from tests.directory.editing import new_draft, open_draft, send, values


def test_the_review_shows_the_page_and_what_could_be_better(as_person: Any, career_guidance: Service) -> None:
    client = as_person("eetu")
    draft = open_draft(client, "service", career_guidance.id)
    heavy = ("Palvelukokonaisuuden toimenpiteitä toteutetaan asiakkaan palvelutarpeen arvioinnin perusteella siten, että "
             "moniammatillinen verkosto koordinoi yhteistyötä alueellisesti ja valtakunnallisesti kaikille kohderyhmille.")  # fmt: skip
    send(client, draft, values(client, draft), summary_fi=heavy, name_sv="", channel_0_hours="")
    page = client.get(f"/desk/drafts/{draft.id}/review").content.decode()
    for part in (
        "Pitkä lause",
        "Kuka tekee? toteutetaan",
        "Virastosana: toimenpiteitä",
        "Ruotsinkielinen nimi puuttuu",
        "LIX",
        "raskas lukea",
        "Näin kävijä sen näkee",
    ):
        assert part in page, part
    assert page.count("<h1") == 1


@pytest.mark.parametrize("changed", [{}, {"name_fi": "Ura- ja opinto-ohjaus aikuiselle"}])
def test_the_review_of_a_service_with_all_there_is_asks_little(
    as_person: Any, career_guidance: Service, in_service: None, django_assert_max_num_queries: Any, changed: Any
) -> None:
    client = as_person("eetu")
    draft = open_draft(client, "service", career_guidance.id)
    sent = values(client, draft)
    assert sent["given_0_point"] and sent["channel_1_value"] and sent["owner"]
    send(client, draft, sent, **changed)
    with django_assert_max_num_queries(12):
        page = client.get(f"/desk/drafts/{draft.id}/review").content.decode()
    for part in ("Missä", "Kuka ohjaa", "tel:"):
        assert part in page, part


def test_a_draft_with_errors_is_led_back_to_them(as_person: Any, career_guidance: Service) -> None:
    client = as_person("eetu")
    draft = open_draft(client, "service", career_guidance.id)
    send(client, draft, values(client, draft), name_fi="")
    assert client.get(f"/desk/drafts/{draft.id}/review").headers["Location"] == f"/desk/drafts/{draft.id}?check=1"


def test_topics_are_suggested_added_and_taken_away(as_person: Any, salpaus: Any) -> None:
    client = as_person("eetu")
    draft = new_draft(client, "service", salpaus.id)
    send(client, draft, values(client, draft), name_fi="Suomen kielen kurssi", summary_fi="Opit suomea arkeen.")
    page = client.get(f"/desk/drafts/{draft.id}/review").content.decode()
    assert 'name="add" value="finnish-course"' in page
    client.post(f"/desk/drafts/{draft.id}/review", {"add": "finnish-course"})
    client.post(f"/desk/drafts/{draft.id}/review", {"add": "ei-ole-aihetta"})
    client.post(f"/desk/drafts/{draft.id}/review", {"add": "guidance"})
    client.post(f"/desk/drafts/{draft.id}/review", {"drop": "guidance"})
    client.post(f"/desk/drafts/{draft.id}/publish")
    assert Service.objects.get(id=draft.id).topics == ["finnish-course"]


def test_a_likely_duplicate_is_told(as_person: Any, salpaus: Any, career_guidance: Service) -> None:
    client = as_person("eetu")
    draft = new_draft(client, "service", salpaus.id)
    send(client, draft, values(client, draft), name_fi="Aikuiselle uraohjaus", summary_fi="Sama asia.")
    page = client.get(f"/desk/drafts/{draft.id}/review").content.decode()
    assert "Onko tämä jo olemassa?" in page and str(career_guidance.id) in page
    assert likely_duplicates(career_guidance.id, "Uraohjaus aikuiselle", salpaus.id) == []


@pytest.mark.parametrize(
    ("word", "passive"),
    [("ohjataan", True), ("annettiin", True), ("autamme", False), ("hakee", False), ("talo", False), ("xyzzy", False)],
)
def test_the_passive_is_known(word: str, passive: bool) -> None:
    assert is_passive(word) is passive


def test_lix_is_counted_as_its_source_says() -> None:
    """Björnsson 1968: words a sentence plus the share of words longer than six letters."""
    found = reading("Kissa istuu matolla. Koira nukkuu sohvalla ja haukkuu unessa.")
    assert found is not None and found.lix == round(9 / 2 + 100 * 3 / 9) and found.words == 9
    assert reading("Liian lyhyt.") is None
    plain = "Haluatko uuden ammatin? Ohjaaja auttaa. Kerrot, mitä osaat ja mistä pidät. Tapaaminen ei maksa."
    assert advice_on(plain) == []


def test_gaps_are_told_by_kind() -> None:
    assert len(gaps("point", {"name": {"fi": "P", "sv": "P", "en": "P"}})) == 3
    assert [one.text for one in gaps("offering", {"name": {"fi": "P", "sv": "P", "en": "P"}})] == [
        "Milloin tämä alkaa? Päivä puuttuu."
    ]
    assert suggested_topics({"name": {"fi": "Talo"}}) == []


def test_who_knows_is_found_by_need_by_words_and_by_name(as_person: Any) -> None:
    client = as_person("nelli")
    for words, name in (
        ("haluan vaihtaa alaa", "Oona Ohjaaja"),
        ("suomen kielen kurssi", "Ville Opinto-opas"),
        ("Kaisa", "Kaisa Koordinaattori"),
        ("puhelinvaihde", "Ella Editori"),
    ):
        page = client.get("/desk/who", {"q": words}).content.decode()
        assert page.index(name) < (page.index("Kysy kollegalta") + 5000) and f"<h2>{name}</h2>" in page, words
    page = client.get("/desk/who?q=xyzzy").content.decode()
    assert "Ketään ei löytynyt" in page
    everyone = client.get("/desk/who").content.decode()
    assert "Timo Työnantaja" not in everyone and "Assi" not in everyone and "mailto:oona@example.example" in everyone


def test_who_is_away_shows_who_stands_in(as_person: Any, person: Any) -> None:
    from datetime import date

    from opinovi.network.actions import set_absence

    set_absence(
        person("oona"), person("oona").places.get(), date(2027, 2, 8), date(2027, 2, 12), person("ella").places.get()
    )
    page = as_person("nelli").get("/desk/who?q=haluan vaihtaa alaa").content.decode()
    assert "poissa 12.2. asti" in page and 'Ella Editori, <a href="mailto:ella@example.example"' in page


def test_one_tells_what_one_knows(as_person: Any, person: Any) -> None:
    ella = person("ella").places.get()
    client = as_person("ella")
    path = f"/desk/members/{ella.id}/profile"
    told = {
        "title": "palvelusihteeri",
        "phone": "03 100",
        "hours": "ma-ke 9-15",
        "topics": "alan vaihto, ohjaus",
        "languages": ["fi"],
        "knows": "Vaihde 131052-308T",
    }
    assert client.post(path, told).status_code == 302
    ella.refresh_from_db()
    assert (
        ella.topics == ["career-change", "guidance"]
        and ella.knows == "Vaihde ●●●●●●"
        and ella.hours == "Mo-We 09:00-15:00; PH off"
    )
    assert "alan vaihto, ohjaus" in client.get(path).content.decode()
    wrong = client.post(path, told | {"topics": "alan vaihto, taikuus", "hours": "joskus"})
    text = wrong.content.decode()
    assert wrong.status_code == 422 and "taikuus" in text and "joskus" in text
    assert as_person("eetu").get(path).status_code == 404


@pytest.mark.parametrize("name", ["tarja", "timo", "assi"])
def test_one_who_is_not_of_the_network_does_not_see_its_people(as_person: Any, name: str) -> None:
    assert as_person(name).get("/desk/who").status_code == 403


def test_a_visitor_sees_no_staff(visitor: Client, db: None) -> None:
    assert visitor.get("/desk/who").headers["Location"].startswith("/sign-in")
