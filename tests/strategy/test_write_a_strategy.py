"""A strategy is drafted, commented on, compared, decided by a meeting, published, and looked back on."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from opinovi.base.clock import now
from opinovi.base.models import Event
from opinovi.network.models import Member, Network, Person
from opinovi.strategy.actions import deciding, writing
from opinovi.strategy.models import Meeting, Objective, Strategy, StrategyVersion
from opinovi.strategy.tasks import remind
from opinovi.strategy.text import compare, paragraphs, snapshot, words_changed
from tests.strategy.aiming import VISION, a_strategy, an_objective

As = Callable[[str], Client]
Who = Callable[[str], Person]


def held(by: Person, network: Network, days: int = -1) -> Meeting:
    people = list(Member.objects.filter(person__email="oona@example.example"))
    return deciding.save_meeting(
        by, network, None, held_at=now() + timedelta(days=days), participants=people, name="Kokous", place="",
        agenda="", others="", minutes="",
    )  # fmt: skip


def approve(by: Person, version: StrategyVersion, approved: bool = True) -> Meeting:
    meeting = held(by, version.strategy.network)
    deciding.decide(by, meeting, "Päätettiin", version, approved)
    return deciding.close(by, meeting)


def test_a_coordinator_begins_a_strategy_and_gives_it_parts(as_person: As, region: Network) -> None:
    kaisa = as_person("kaisa")
    assert kaisa.get(f"/desk/networks/{region.id}/strategies/new").status_code == 200
    sent = {"name_fi": "Ovi auki", "vision_fi": VISION, "begins": "2027-01-01", "ends": "2029-12-31",
            "review_months": "6", "revision": "0"}  # fmt: skip
    wrong = kaisa.post(f"/desk/networks/{region.id}/strategies/new", sent | {"ends": "2026-01-01"})
    assert wrong.status_code == 422 and "Kauden loppu on ennen alkua" in wrong.content.decode()
    answer = kaisa.post(f"/desk/networks/{region.id}/strategies/new", sent)
    one = Strategy.objects.get()
    assert answer.headers["Location"] == f"/desk/strategies/{one.id}"
    kaisa.post(f"/desk/strategies/{one.id}/themes/new", {"name_fi": "Läheltä", "text_fi": "Kunnassa.", "revision": "0"})
    theme = one.themes.get()
    for name in ("Eka", "Toka"):
        kaisa.post(f"/desk/themes/{theme.id}/objectives/new", {"name_fi": name, "revision": "0"})
    toka = theme.objectives.get(name__fi="Toka")
    kaisa.post(f"/desk/objectives/{toka.id}", {"then": "up"})
    assert [str(each) for each in theme.objectives.all()] == ["Toka", "Eka"]
    page = kaisa.get(f"/desk/strategies/{one.id}").content.decode()
    assert page.index("Toka") < page.index("Eka") and "Läheltä" in page
    refused = kaisa.post(f"/desk/themes/{theme.id}", {"then": "drop"})
    assert refused.status_code == 422 and "jotain alla" in refused.content.decode()
    kaisa.post(f"/desk/objectives/{toka.id}", {"then": "drop"})
    assert theme.objectives.count() == 1


def test_two_who_change_the_same_piece_lose_nothing(as_person: As, strategy: Strategy) -> None:
    kaisa = as_person("kaisa")
    sent = {"name_fi": "Eka nimi", "vision_fi": VISION, "begins": "2027-01-01", "ends": "2029-12-31",
            "review_months": "6", "revision": "0"}  # fmt: skip
    kaisa.post(f"/desk/strategies/{strategy.id}/edit", sent)
    late = kaisa.post(f"/desk/strategies/{strategy.id}/edit", sent | {"name_fi": "Toinen nimi"})
    page = late.content.decode()
    assert late.status_code == 422 and "Eka nimi" in page and "Toinen nimi" in page and 'value="1"' in page
    strategy.refresh_from_db()
    assert str(strategy) == "Eka nimi"
    kaisa.post(f"/desk/strategies/{strategy.id}/edit", sent | {"name_fi": "Toinen nimi", "revision": "1"})
    strategy.refresh_from_db()
    assert str(strategy) == "Toinen nimi"


def test_members_comment_on_a_paragraph_and_see_what_became_of_it(as_person: As, strategy: Strategy) -> None:
    nelli, kaisa, path = as_person("nelli"), as_person("kaisa"), f"/desk/strategies/{strategy.id}"
    first = VISION.split("\n\n")[0]
    said = {"then": "comment", "part": "vision", "paragraph": first, "text": "Myös ukrainaksi. 010190-123A"}
    nelli.post(path, said)
    one = strategy.comments.get()
    assert "010190" not in one.text and one.paragraph == first
    page = kaisa.get(path).content.decode()
    assert "Nelli Neuvoja" in page and page.index("Apu löytyy läheltä") < page.index("Myös ukrainaksi")
    # Nobody can put words in the strategy's mouth.
    nelli.post(path, said | {"paragraph": "Emme auta ketään. 010190-123A", "text": "Näinkö?"})
    assert sorted(strategy.comments.values_list("paragraph", flat=True)) == ["", first]
    strategy.comments.filter(paragraph="").delete()
    empty = nelli.post(path, said | {"text": " "})
    assert empty.status_code == 422 and "Kirjoita kommentti" in empty.content.decode()
    assert nelli.post(path, said | {"part": "theme x"}).status_code == 422
    kaisa.post(path, {"then": "resolve", "which": str(one.id)})
    one.refresh_from_db()
    assert one.resolved_at is not None and "käsitelty" in nelli.get(path).content.decode()


def test_a_comment_outlives_the_words_it_is_about(as_person: As, person: Who, strategy: Strategy) -> None:
    writing.comment(person("ville"), strategy, "vision", "Kukaan ei putoa väliin.", "Hyvä!")
    writing.save_strategy(
        person("kaisa"), strategy.network, strategy, name=strategy.name, vision={"fi": "Aivan uusi teksti."},
        begins=strategy.begins, ends=strategy.ends, review_months=6,
    )  # fmt: skip
    page = as_person("kaisa").get(f"/desk/strategies/{strategy.id}").content.decode()
    assert "teksti on jo muuttunut" in page and "Kukaan ei putoa väliin." in page and "Hyvä!" in page


def test_another_network_sees_and_says_nothing(as_person: As, person: Who, strategy: Strategy) -> None:
    stranger = Member.objects.filter(person=person("oona")).update(ended_at=now())
    assert stranger and as_person("oona").get(f"/desk/strategies/{strategy.id}").status_code in (403, 404)
    with pytest.raises(PermissionDenied):
        writing.comment(person("oona"), strategy, "vision", "", "Hei")
    with pytest.raises(PermissionDenied):
        writing.keep_version(person("nelli"), strategy, "")


def test_only_what_a_meeting_approved_is_published(
    as_person: As, person: Who, strategy: Strategy, objective: Objective, visitor: Client
) -> None:
    kaisa, by = as_person("kaisa"), person("kaisa")
    version = writing.keep_version(by, strategy, "Eka")
    refused = kaisa.post(f"/desk/strategy-versions/{version.id}/publish")
    assert refused.status_code == 422 and "ei ole hyväksynyt" in refused.content.decode()
    meeting = held(by, strategy.network)
    deciding.decide(by, meeting, "Hyväksyttiin", version, True)
    # Until the minutes are ready nothing is decided.
    with pytest.raises(ValidationError):
        writing.publish(by, version)
    deciding.close(by, meeting)
    assert "Strategiaa ei ole vielä julkaistu" in visitor.get("/strategy").content.decode()
    kaisa.post(f"/desk/strategy-versions/{version.id}/publish")
    page = visitor.get("/strategy").content.decode()
    assert "Ovi auki" in page and "Kukaan ei putoa väliin." in page and "Apu löytyy" in page
    # What is being written does not show before it is decided on.
    writing.save_part(by, objective.theme, objective, name={"fi": "Salainen luonnos"}, text={})
    assert "Salainen luonnos" not in visitor.get("/strategy").content.decode()
    # A later meeting that rejects a version takes the approval back.
    approve(by, version, approved=False)
    with pytest.raises(ValidationError):
        writing.publish(by, version)


def test_a_new_strategy_takes_the_place_of_the_old(person: Who, strategy: Strategy, region: Network) -> None:
    by = person("kaisa")
    for one in (strategy, a_strategy(by, region)):
        version = writing.keep_version(by, one, "")
        approve(by, version)
        writing.publish(by, version)
    assert sorted(Strategy.objects.values_list("state", flat=True)) == ["ended", "published"]


def test_the_paper_is_a_tagged_pdf_in_the_readers_language(person: Who, strategy: Strategy, visitor: Client) -> None:
    assert visitor.get("/strategy.pdf").headers["Location"] == "/strategy"
    an_objective(person("kaisa"), strategy)
    version = writing.keep_version(person("kaisa"), strategy, "")
    approve(person("kaisa"), version)
    writing.publish(person("kaisa"), version)
    answer = visitor.get("/strategy.pdf")
    assert answer.headers["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert b"/StructTreeRoot" in answer.content and b"(fi)" in answer.content
    assert io.BytesIO(answer.content).getbuffer().nbytes > 5000


def test_versions_are_compared_word_by_word(as_person: As, person: Who, strategy: Strategy) -> None:
    by = person("kaisa")
    first = writing.keep_version(by, strategy, "")
    writing.save_strategy(
        by, strategy.network, strategy, name=strategy.name, vision={"fi": VISION.replace("läheltä", "nyt läheltä")},
        begins=strategy.begins, ends=strategy.ends, review_months=6,
    )  # fmt: skip
    an_objective(by, strategy)
    strategy.refresh_from_db()
    second = writing.keep_version(by, strategy, "")
    page = as_person("nelli").get(f"/desk/strategy-versions/{second.id}").content.decode()
    assert "<ins>" in page and "nyt " in page and "versiosta 1" in page
    assert compare(first.data, first.data, "fi") == []
    assert snapshot(strategy) == second.data


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("a b", "a b", [("same", "a b")]),
        ("a b", "a c b", [("same", "a "), ("new", "c "), ("same", "b")]),
        ("", "a", [("new", "a")]),
        ("a", "", [("gone", "a")]),
    ],
)
def test_words_that_came_and_went(old: str, new: str, told: Any) -> None:
    found = [(one.kind, one.text) for one in words_changed(old, new)]
    assert found == told
    assert "".join(text for kind, text in found if kind != "gone") == new


def test_an_empty_line_parts_paragraphs() -> None:
    assert paragraphs("a\r\n\r\n b\nc \n\n\n") == ["a", "b\nc"] and paragraphs("  ") == []


def test_the_minutes_of_a_meeting_do_not_change_once_they_are_ready(
    as_person: As, person: Who, region: Network
) -> None:
    kaisa, by = as_person("kaisa"), person("kaisa")
    sent = {"name": "Kokous", "day": "2027-02-20", "time": "09:00", "agenda": "1. Avaus"}
    answer = kaisa.post(f"/desk/networks/{region.id}/meetings/new", sent)
    ahead = Meeting.objects.get()
    assert answer.headers["Location"].startswith(f"/desk/meetings/{ahead.id}")
    with pytest.raises(ValidationError):
        deciding.decide(by, ahead, "Ennen aikojaan", None, True)
    meeting = held(by, region)
    page = kaisa.post(f"/desk/meetings/{meeting.id}", {"text": "Palkataan ohjaaja.", "approved": "on"})
    assert page.status_code == 302
    kaisa.post(f"/desk/meetings/{meeting.id}", {"then": "close"})
    late = kaisa.post(f"/desk/meetings/{meeting.id}", {"text": "Vielä yksi"})
    assert late.status_code == 422 and "eikä sitä voi enää muuttaa" in late.content.decode()
    assert meeting.decisions.count() == 1
    assert "Palkataan ohjaaja." in as_person("nelli").get(f"/desk/meetings/{meeting.id}").content.decode()


def test_what_was_learned_is_written_down_and_the_next_review_has_a_day(
    as_person: As, person: Who, strategy: Strategy, letters: Any
) -> None:
    by = person("kaisa")
    version = writing.keep_version(by, strategy, "")
    approve(by, version)
    one = writing.publish(by, version)
    review = one.reviews.get()
    assert review.due == date(2027, 8, 9)
    type(review).objects.update(due=now().date() + timedelta(days=10))
    before = len(letters())
    remind()
    remind()
    assert len(letters()) == before + 1 and "kaisa@example.example" in letters()[-1].to
    kaisa = as_person("kaisa")
    assert kaisa.post(f"/desk/reviews/{review.id}", {"held_on": "2027-02-09", "learned": ""}).status_code == 422
    kaisa.post(f"/desk/reviews/{review.id}", {"held_on": "2027-02-09", "learned": "Juliste toimii."})
    assert [each.due for each in one.reviews.filter(held_on=None)] == [date(2027, 8, 9)]
    assert Event.objects.filter(verb="review", subject_id=str(one.id)).count() == 1
