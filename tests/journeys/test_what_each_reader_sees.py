"""Every piece of content, every kind of reader, every state of consent, through every page, search, export, feed and
letter: exactly what the table of docs/continuum.md says. And what is read is an Event that the client sees."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from opinovi.base.clock import today
from opinovi.base.models import Event, Letter
from opinovi.journeys.actions import consents, notes, plans, receiving
from opinovi.journeys.models import Client, Consent, Referral
from opinovi.journeys.models.consents import ConsentState, How, Piece
from opinovi.network.actions import make_person, place
from opinovi.network.models import Network, Organisation, Person, Team
from tests.journeys.guiding import asked, begin, fresh

AsPerson = Callable[[str], Browser]
Named = Callable[[str], Person]
Where = Callable[[Client, Referral | None, Network], Iterator[str]]
# A word for each piece of content, found nowhere else.
MARKS = {
    "contact": "Merkkinimi",
    "need": "tarvemerkki",
    "plan": "suunnitelmamerkki",
    "notes": "muistiomerkki",
    "old_note": "vanhamerkki",
    "own_note": "talonmerkki",
    "referral": "ohjausmerkki",
}
SHARED = {"contact", "need", "plan", "notes", "old_note", "referral"}


@dataclass(frozen=True)
class Case:
    """A state of the consent to the receiver, and what of it the receiver's guides may see."""

    name: str
    sees: frozenset[str]


CASES = [
    Case("none", frozenset()),
    Case("asked", frozenset()),
    Case("refused", frozenset()),
    Case("given", frozenset(SHARED)),
    Case("only the need", frozenset({"need", "referral"})),
    Case("only the contact", frozenset({"contact", "referral"})),
    Case("notes from a day", frozenset({"notes", "referral"})),
    Case("expired", frozenset()),
    Case("withdrawn", frozenset()),
    Case("declined", frozenset()),
]


@pytest.fixture
def client(person: Named, still: time_machine.Traveller) -> Client:
    """A client of Oona's with something of every kind."""
    oona = person("oona")
    found = begin(oona, name=MARKS["contact"], mail="merkki@asiakas.example", need=MARKS["need"])
    still.shift(-timedelta(days=40))
    notes.write_note(fresh(oona), found, "journey", MARKS["old_note"])
    still.shift(timedelta(days=40))
    notes.write_note(fresh(oona), found, "journey", MARKS["notes"])
    notes.write_note(fresh(oona), found, "own", MARKS["own_note"])
    plans.add_goal(fresh(oona), found, MARKS["plan"])
    return found


def bring_to(case: Case, client: Client, oona: Person, nelli: Person) -> Referral | None:
    """The hand-over to Nelli's team with its consent in the state of the case."""
    if case.name == "none":
        return None
    pieces = {"only the need": [Piece.NEED], "only the contact": [Piece.CONTACT], "notes from a day": [Piece.NOTES]}
    since = today() - timedelta(days=7) if case.name == "notes from a day" else None
    one = asked(oona, client, why=MARKS["referral"], pieces=pieces.get(case.name, list(Piece.values)), notes_from=since)
    consent = Consent.objects.get(id=one.consent_id)
    if case.name == "asked":
        return one
    consents.answer(consent, case.name != "refused", How.OWN_DEVICE)
    if case.name == "expired":
        Consent.objects.filter(id=consent.id).update(until=today() - timedelta(days=1))
    elif case.name == "withdrawn":
        consents.withdraw(Consent.objects.get(id=consent.id))
    elif case.name == "declined":
        receiving.decline(fresh(nelli), one, "Ei tilaa")
    return Referral.objects.get(id=one.id)


def aimed(client: Client, one: Referral | None, network: Network) -> Iterator[str]:
    """Every address that is about this client, their hand-over or its consent, and the lists and searches they could
    stand in."""
    yield from ("/desk", "/desk/clients", "/desk/referrals", "/desk/referrals?show=out", "/desk/referrals?show=over")
    yield f"/desk/clients?q={MARKS['need']}"
    for path in ("", "/edit", "/plan", "/plan?history=1", "/exercise?name=skills", "/refer", "/outcomes"):
        yield f"/desk/clients/{client.id}{path}"
    if one is not None:
        yield f"/desk/clients/{client.id}/refer?draft={one.id}"
        for path in ("", "/accept", "/decline", "/contact"):
            yield f"/desk/referrals/{one.id}{path}"
        yield f"/desk/consents/{one.consent_id}"
        yield f"/desk/consents/{one.consent_id}/paper"
        yield f"/my/referrals/{one.id}"
        yield f"/my/consents/{one.consent_id}"
    yield f"/desk/networks/{network.id}/guidance"
    yield f"/desk/networks/{network.id}/guidance?form=csv"


def doorsteps(client: Client, one: Referral | None, network: Network) -> Iterator[str]:
    """Where one who guides nobody could get in: what is about the client, their hand-over and its consent."""
    yield from ("/desk", "/desk/clients", f"/desk/clients/{client.id}", f"/desk/clients/{client.id}/plan")
    if one is not None:
        yield from (f"/desk/referrals/{one.id}", f"/desk/consents/{one.consent_id}", f"/desk/consents/{one.consent_id}/paper",
                    f"/my/referrals/{one.id}", f"/my/consents/{one.consent_id}")  # fmt: skip
    yield from (f"/desk/networks/{network.id}/guidance", f"/desk/networks/{network.id}/guidance?form=csv")


def surfaces(client: Client, one: Referral | None, network: Network) -> Iterator[str]:
    """Every address by which something of a client could be seen, at the desk or in the open."""
    yield from aimed(client, one, network)
    yield from ("/desk?show=mine", "/desk?part=list", "/desk/consultations", "/desk/times", "/who", "/desk/answers",
                "/-/posti", "/sitemap.xml")  # fmt: skip
    for name in ("old_note", "own_note"):
        yield f"/desk/clients?q={MARKS[name]}"
    yield f"/doors?q={MARKS['need']}"
    yield f"/answers?q={MARKS['notes']}"
    yield from ("/my", "/my/plan", "/my/notes", "/my/reads", "/my/contact", "/my/send", "/my/confidence", "/my/address",
                "/my/take-out.json", "/my/plan.json", "/my/plan.ics")  # fmt: skip


def marks_in(text: str) -> set[str]:
    return {name for name, mark in MARKS.items() if mark in text}


def seen_by(
    browser: Browser, client: Client, one: Referral | None, network: Network, person: Person | None,
    where: Where = surfaces,
) -> set[str]:  # fmt: skip
    """What a reader finds by opening every address; and whatever was shown to another than the client left an Event."""
    found: set[str] = set()
    for path in where(client, one, network):
        before = reads(client)
        response = browser.get(path, follow=True)
        assert response.status_code < 500, path
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        # What was asked for is repeated by a page of results; that tells nothing.
        text = body.decode(errors="replace").replace(path.partition("?q=")[2] or "\0", "")
        shown = marks_in(body.decode(errors="replace")) if "?q=" not in path else marks_in(text)
        found |= shown
        if shown and person is not None and person.id != client.person_id:
            assert reads(client) > before, (path, shown)
    return found


def reads(client: Client) -> int:
    return Event.objects.filter(subject_type="client", subject_id=str(client.id), verb="read").count()


@pytest.fixture
def strangers(db: None) -> dict[str, Person]:
    """Guides who have nothing to do with it: of another team of the receiver's house, and of a third house."""
    house = Organisation.objects.get(source="example", external_id="te-ph")
    third = Organisation.objects.get(source="example", external_id="wellamo")
    found = {}
    for name, organisation in (("same house", house), ("third house", third)):
        person = make_person(f"{name.replace(' ', '-')}@talo.example", name)
        member = place(person, organisation, [("guide", None)])
        Team.objects.create(organisation=organisation, name=f"Tiimi {name}").members.add(member)
        Person.objects.filter(id=person.id).update(example=True)
        found[name] = Person.objects.get(id=person.id)
    return found


@pytest.mark.once
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_reader_sees_what_the_table_says(
    case: Case, client: Client, person: Named, as_person: AsPerson, region: Network, strangers: dict[str, Person],
) -> None:  # fmt: skip
    one = bring_to(case, client, person("oona"), person("nelli"))
    assert seen_by(as_person("nelli"), client, one, region, person("nelli")) == set(case.sees)
    letters_tell_nothing()
    # Guides who have nothing to do with it open everything in every state; those who guide nobody everything where most
    # is shared, and in every other state wherever they could get in.
    outer = surfaces if case.name == "given" else doorsteps
    for stranger in strangers.values():
        browser = Browser()
        browser.force_login(stranger)
        assert seen_by(browser, client, one, region, stranger) == set(), stranger.name
    assert seen_by(as_person("ville"), client, one, region, person("ville")) == set()
    for name in ("eetu", "paivi", "kaisa", "veikko", "tarja", "timo"):
        assert seen_by(as_person(name), client, one, region, person(name), outer) == set(), name
    assert seen_by(Browser(), client, one, region, None, outer) == set()
    # The guide who began sees all of it by the client's consent; the client all but the house's own note.
    own = seen_by(as_person("oona"), client, one, region, person("oona"))
    assert own >= set(MARKS) - {"referral"}
    browser = Browser()
    assert client.person is not None
    browser.force_login(client.person)
    expected = set(MARKS) - {"own_note"} - ({"referral"} if one is None else set())
    assert seen_by(browser, client, one, region, client.person) == expected


def letters_tell_nothing() -> None:
    """Nothing of it stands in a letter, in its key, or in an Event."""
    for letter in Letter.objects.all():
        assert marks_in(json.dumps(letter.told()) + letter.key + letter.subject) == set()
    for event in Event.objects.all():
        assert marks_in(json.dumps(event.data) + event.verb) == set()


def test_the_guide_who_began_sees_nothing_once_the_client_says_so(
    client: Client, as_person: AsPerson, person: Named, region: Network
) -> None:
    first = Consent.objects.get(client=client)
    consents.withdraw(first)
    assert seen_by(as_person("oona"), client, None, region, person("oona")) == set()
    assert "Lupa ei ole voimassa" in as_person("oona").get(f"/desk/clients/{client.id}").content.decode()


def test_a_receiver_outside_sees_what_was_given_by_a_link_and_a_code_and_nothing_after(
    client: Client, person: Named, letters: Callable[[], list[Letter]]
) -> None:
    one = asked(person("oona"), client, why=MARKS["referral"], pieces=[Piece.CONTACT, Piece.NEED],
                outside_name="Kuntoutus Esimerkki", outside_mail="kuntoutus@talo.example")  # fmt: skip
    browser, link = Browser(), f"/hand-over/{one.words['receiver']['token']}"
    assert browser.get(link).status_code == 410
    consents.answer(Consent.objects.get(id=one.consent_id), True, How.OWN_DEVICE)
    assert [letter for letter in letters() if link in letter.body and letter.to == "kuntoutus@talo.example"]
    assert marks_in(browser.get(link).content.decode()) == set()
    browser.post(link, {})
    code = letters()[-1].body.split(":")[1].split(".")[0].strip()
    assert browser.post(link, {"code": "000000" if code != "000000" else "111111"}).status_code == 422
    assert browser.post(link, {"code": code}).status_code == 302
    before = reads(client)
    assert marks_in(browser.get(link).content.decode()) == {"contact", "need", "referral"}
    assert reads(client) == before + 1
    # The code is used up: another browser asks anew.
    assert Browser().post(link, {"code": code}).status_code == 422
    browser.post(link, {"then": "accept"})
    assert Referral.objects.get(id=one.id).state == "accepted"
    consents.withdraw(Consent.objects.get(id=one.consent_id))
    gone = browser.get(link)
    assert gone.status_code == 410 and marks_in(gone.content.decode()) == set()
    assert browser.post(link, {"then": "met"}).status_code == 410


def test_a_read_stands_on_the_clients_page_at_once(client: Client, as_person: AsPerson, person: Named) -> None:
    browser = Browser()
    assert client.person is not None
    browser.force_login(client.person)
    assert "Oona" not in browser.get("/my/reads").content.decode()
    as_person("oona").get(f"/desk/clients/{client.id}")
    page = browser.get("/my/reads").content.decode()
    assert "Oona Ohjaaja" in page and "Koulutuskeskus Salpaus" in page and "nimi ja yhteystiedot" in page
    assert "Oona Ohjaaja" in browser.get("/my").content.decode()


def test_a_consent_to_a_whole_organisation_is_to_its_guides(client: Client, strangers: dict[str, Person]) -> None:
    house = Organisation.objects.get(source="example", external_id="te-ph")
    consents.give_own(client, consents.Asked(organisation=house, pieces=[Piece.NEED]))
    for name, sees in (("same house", True), ("third house", False)):
        browser = Browser()
        browser.force_login(strangers[name])
        assert (MARKS["need"] in browser.get(f"/desk/clients/{client.id}").content.decode()) is sees, name


def test_a_consent_ends_by_itself_on_its_day(
    client: Client, as_person: AsPerson, person: Named, still: time_machine.Traveller
) -> None:
    one = asked(person("oona"), client, until=today() + timedelta(days=3))
    consents.answer(Consent.objects.get(id=one.consent_id), True, How.OWN_DEVICE)
    path = f"/desk/clients/{client.id}"
    assert MARKS["need"] in as_person("nelli").get(path).content.decode()
    still.shift(timedelta(days=4))
    assert MARKS["need"] not in as_person("nelli").get(path).content.decode()
    assert Consent.objects.get(id=one.consent_id).state == ConsentState.GIVEN


def test_what_a_client_tells_themselves_keeps_no_identity_code(person: Named) -> None:
    client = begin(person("oona"), need="Tunnukseni on 131052-308T ja haluan opiskella")
    assert "131052" not in json.dumps(client.told()) + str(client.unlock(client.journeys.all()[0].locked))
