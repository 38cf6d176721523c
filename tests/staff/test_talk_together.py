"""The network's people talk: threads by topic, mentions, a digest by mail, and nothing about clients."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client

from opinovi.base.models import Letter
from opinovi.network.models import Network, Person
from opinovi.staff import tasks
from opinovi.staff.actions import discussion
from opinovi.staff.models import Following, Post, Thread
from opinovi.staff.telling import client_like, colleagues, mentioned
from tests.staff.learning import of

As = Callable[[str], Client]
Who = Callable[[str], Person]


@pytest.fixture
def thread(person: Who, region: Network) -> Thread:
    return discussion.begin(person("ville"), region, "digital", "Mikä laite", "Mitä lainaatte ihmisille?", looked=False)


def test_a_thread_is_begun_answered_and_settled(as_person: As, person: Who, region: Network) -> None:
    ville, oona = as_person("ville"), as_person("oona")
    sent = {"title": "Messuvuorot", "area": "networks", "text": "Kuka pääsee?", "once": str(uuid4())}
    for _time in range(2):
        ville.post("/desk/discussion/new", sent)
    one = Thread.objects.get()
    assert "Messuvuorot" in oona.get("/desk/discussion?area=networks").content.decode()
    assert "Messuvuorot" not in oona.get("/desk/discussion?area=ethics").content.decode()
    path, once = f"/desk/discussion/{one.id}", str(uuid4())
    for _time in range(2):
        oona.post(path, {"then": "reply", "text": "Minä voin aamun.", "once": once})
    assert Post.objects.count() == 2 and "Minä voin aamun." in ville.get(path).content.decode()
    assert "Messuvuorot" not in one.locked and "aamun" not in "".join(Post.objects.values_list("locked", flat=True))
    assert oona.post(path, {"then": "close"}).status_code == 403
    assert Thread.objects.get().closed_at is None
    ville.post(path, {"then": "close"})
    assert oona.post(path, {"then": "reply", "text": "Vielä yksi"}).status_code == 422


def test_a_mention_is_told_at_once_and_to_that_one_alone(
    as_person: As, person: Who, region: Network, thread: Thread, letters: Callable[[], list[Letter]]
) -> None:
    as_person("oona").post(
        f"/desk/discussion/{thread.id}", {"then": "reply", "text": "Tietääkö @nelli neuvoja tai @Oona Ohjaaja?"}
    )
    assert [one.about for one in letters()] == [str(of(person("nelli"), region).organisation_id)]
    people = colleagues(region)
    assert [one.person.name for one in mentioned("@Ville Opinto-opasta ja @Kaisa", people)] == []
    assert [one.person.name for one in mentioned("kysy @VILLE OPINTO-OPAS, hän", people)] == ["Ville Opinto-opas"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Asiakkaani Pirkko Nieminen kysyi tästä.", {"name", "place"}),
        ("Hänen numeronsa on 040 123 4567.", {"number"}),
        ("Osoite on pirkko.n@posti.example", {"mail"}),
        ("Tunnus 131052-308T", {"code"}),
        ("Oonan ja Nellin kanssa sovittiin 12.3. klo 9, 15 paikkaa.", set()),
        ("Katso https://www.oph.fi/ ja Salpauksen sivu.", set()),
        ("Eilen Pirkko Nieminen kysyi ja Matti Lahti vastasi.", {"name", "place"}),
        ("Kela maksaa, Suomessa ja Lahdessa.", set()),
    ],
)
def test_what_looks_like_a_client(text: str, kinds: set[str], region: Network) -> None:
    assert {one.kind for one in client_like(text, colleagues(region))} == kinds


def test_a_surname_that_is_a_place_is_pointed_at_with_the_name(region: Network) -> None:
    found = client_like("Tapasin Pirkko Niemisen Lahdessa.", colleagues(region))
    assert [one.text for one in found] == ["Pirkko", "Niemisen"]


def test_it_is_pointed_at_before_it_is_sent(as_person: As, thread: Thread) -> None:
    oona, path = as_person("oona"), f"/desk/discussion/{thread.id}"
    text = "Eilen Pirkko Nieminen sai laitteen."
    page = oona.post(path, {"then": "reply", "text": text})
    assert page.status_code == 422 and "<mark>Pirkko</mark>" in page.content.decode() and Post.objects.count() == 1
    oona.post(path, {"then": "reply", "text": text, "looked": "1"})
    assert Post.objects.count() == 2
    assert oona.post(path, {"then": "reply", "text": "131052-308T", "looked": "1"}).status_code == 422
    sent = {"title": "Pirkko Nieminen", "text": "Mitä teen?", "once": str(uuid4())}
    page = oona.post("/desk/discussion/new", sent)
    assert page.status_code == 422 and "<mark>Pirkko</mark>" in page.content.decode() and Thread.objects.count() == 1


def test_a_post_is_taken_away_by_its_writer_or_the_coordinator(as_person: As, person: Who, thread: Thread) -> None:
    discussion.reply(person("oona"), thread, "Poistan tämän", looked=False)
    post, path = Post.objects.get(by__person=person("oona")), f"/desk/discussion/{thread.id}"
    with pytest.raises(PermissionDenied):
        discussion.remove(person("nelli"), post)
    as_person("oona").post(path, {"then": "remove", "which": str(post.id)})
    page = as_person("ville").get(path).content.decode()
    assert "Poistan tämän" not in page and "Viesti on poistettu." in page and Post.objects.get(id=post.id).locked == ""
    as_person("kaisa").post(path, {"then": "remove", "which": str(thread.posts.first().id)})  # type: ignore[union-attr]
    assert not Post.objects.exclude(locked="").exists()


def test_the_digest_comes_once_in_its_time(
    as_person: As, person: Who, region: Network, thread: Thread, still: time_machine.Traveller,
    letters: Callable[[], list[Letter]],
) -> None:  # fmt: skip
    Following.objects.all().delete()
    Letter.objects.all().delete()
    as_person("oona").post("/desk/discussion", {"rhythm": "daily"})
    as_person("nelli").post("/desk/discussion", {"rhythm": "weekly"})
    as_person("eetu").post("/desk/discussion", {"rhythm": "never"})
    assert as_person("eetu").post("/desk/discussion", {"rhythm": "hourly"}).status_code == 422

    def told() -> int:
        tasks.send_digests()
        tasks.send_digests()
        count = len(letters())
        Letter.objects.all().delete()
        return count

    assert told() == 0
    still.shift(timedelta(days=1))
    # Nothing new: nothing is sent, not even that there is nothing.
    assert told() == 0
    still.shift(timedelta(hours=1))
    discussion.reply(person("ville"), thread, "Tabletti kelpaa.", looked=False)
    # The one who wrote is not told of their own words.
    Following.objects.filter(member__person=person("ville")).update(rhythm="daily")
    still.shift(timedelta(days=1))
    assert told() == 1
    still.shift(timedelta(days=6))
    assert told() == 1
    still.shift(timedelta(days=7))
    assert told() == 0


def test_others_than_the_networks_people_are_not_in_it(as_person: As, visitor: Client, thread: Thread) -> None:
    for client in (visitor, as_person("timo"), as_person("assi"), as_person("tarja")):
        for path in ("/desk/discussion", f"/desk/discussion/{thread.id}"):
            assert client.get(path).status_code in (302, 403, 404)


def test_the_pages_ask_at_most_twelve(
    as_person: As, person: Who, region: Network, thread: Thread, in_service: None, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        discussion.begin(person("oona"), region, "", f"Asia {number}", "Mitä mieltä?", looked=True)
        discussion.reply(person("nelli"), thread, "Samaa mieltä.", looked=True)
    for name in ("oona", "kaisa"):
        client = as_person(name)
        for path in (
            "/desk/discussion",
            "/desk/discussion?page=2",
            f"/desk/discussion/{thread.id}",
            "/desk/discussion/new",
        ):
            with django_assert_max_num_queries(12):
                assert client.get(path).status_code == 200
