"""What a client did not say yes to is not kept, not seen and not passed on; what they end is over everywhere at once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client as Browser

from opinovi.base.clock import today
from opinovi.base.models import Event, Letter
from opinovi.contact.models import Enquiry, Registration
from opinovi.directory.models import GroupSession
from opinovi.journeys.actions import clients, consents, erasing, notes, outcomes, receiving, referrals
from opinovi.journeys.actions.clients import Told
from opinovi.journeys.models import Client, Confidence, Consent, Referral
from opinovi.journeys.models.clients import Beginning
from opinovi.journeys.models.consents import How
from opinovi.network.models import Person, Team
from tests.journeys.guiding import NEED, asked, begin, fresh, newest_journey, sent, te_service
from tests.journeys.test_hand_over_a_client import client_browser
from tests.journeys.test_many_and_few_queries import queries

AsPerson = Callable[[str], Browser]
Named = Callable[[str], Person]
Letters = Callable[[], list[Letter]]
COURSES = "Wellamo"


@pytest.fixture
def aino(person: Named) -> Client:
    return begin(person("oona"))


def group_of_ville() -> GroupSession:
    return GroupSession.objects.get(name__fi="Digikahvila")


def in_group(person: Named, client: Client) -> Referral:
    """Handed on to Ville's group, said yes to and taken: a place is the client's."""
    draft = referrals.Draft(session=group_of_ville(), why="Digitaidot")
    consent = referrals.draft_and_ask(person("oona"), client, draft)
    consents.answer(consent, True, How.OWN_DEVICE)
    receiving.accept(fresh(person("ville")), Referral.objects.get(consent=consent))
    return Referral.objects.get(consent=consent)


def other_address(letters: Letters, mail: str) -> str:
    """The code that went to an address."""
    letter = [one for one in letters() if one.to == mail][-1]
    found = re.search(r"\b(\d{6})\b", letter.body)
    assert found
    return found[1]


# Not kept


def test_a_no_to_the_first_question_leaves_nothing_but_the_conversation(as_person: AsPerson, person: Named) -> None:
    enquiry = Enquiry.objects.filter(team__members__person=person("oona"), state="waiting")[0]
    oona = as_person("oona")
    told = {"need": NEED, "name": "Ei Kiitos", "mail": "ei@asiakas.example", "language": "fi", "how": "guides_device",
            "began_from": "enquiry"}  # fmt: skip
    answer_here = oona.post(f"/desk/clients/new?enquiry={enquiry.id}", told)["Location"]
    client = Client.objects.latest("began_at")
    assert "Kyllä, saatte pitää" in oona.get(answer_here).content.decode()
    done = oona.post(answer_here, {"answer": "no", "how": "guides_device"})
    assert done["Location"] == "/desk/clients"
    client.refresh_from_db()
    assert client.state == "erased" and client.key is None and not client.locked and client.person is None
    assert not client.journeys.exclude(locked="").exists()
    enquiry.refresh_from_db()
    assert enquiry.state == "waiting" and enquiry.key is not None
    assert oona.get(f"/desk/clients/{client.id}").status_code == 404


def test_the_client_says_no_on_their_own_device_and_is_told_that_nothing_is_left(person: Named) -> None:
    team = Team.objects.get(name="Hakupalvelut", organisation__external_id="salpaus")
    journey = clients.begin(person("oona"), team, Told(need=NEED, mail="a@b.example"), Beginning.WALK_IN)
    question = consents.ask_own_team(person("oona"), journey.client, journey)
    browser = client_browser(journey.client)
    done = browser.post(f"/my/consents/{question.id}", {"answer": "no"})
    assert done["Location"] == "/my/erased" and browser.get("/my/erased").status_code == 200
    assert Client.objects.get(id=journey.client_id).erased


def test_no_name_is_kept_in_a_clients_account(person: Named, aino: Client) -> None:
    assert aino.person is not None and "Aino" not in f"{aino.person.name} {aino.person.email}"
    page = client_browser(aino).get("/account").content.decode()
    assert 'name="name"' not in page and "Aino" not in page


def test_a_place_in_a_group_is_given_up_when_the_client_withdraws(person: Named, aino: Client) -> None:
    one = in_group(person, aino)
    place = one.registration
    assert place is not None and place.state == "placed" and place.told()["name"] == "Aino Asiakas"
    assert one.consent is not None
    consents.withdraw(one.consent)
    place = Registration.objects.get(id=place.id)
    assert place.state == "erased" and place.key is None


def test_a_place_in_a_group_is_forgotten_with_the_client(person: Named, aino: Client) -> None:
    place = in_group(person, aino).registration
    assert place is not None
    erasing.erase(aino)
    place = Registration.objects.get(id=place.id)
    assert place.state == "erased" and place.key is None


# Not seen


def test_the_page_where_an_answer_is_written_down_opens_by_a_consent_only(
    as_person: AsPerson, person: Named, aino: Client
) -> None:
    one = asked(person("oona"), aino)
    where = f"/desk/consents/{one.consent_id}"
    oona = as_person("oona")
    assert NEED in oona.get(where).content.decode()
    for name in ("nelli", "ville", "kaisa", "paivi"):
        assert as_person(name).get(where).status_code in (403, 404), name
        assert as_person(name).post(where, {"answer": "yes", "how": "spoken", "witness": "x"}).status_code in (403, 404)
    home = Consent.objects.get(client=aino, team=newest_journey(aino).team)
    consents.withdraw(home)
    for path in (where, f"{where}/paper"):
        assert oona.get(path).status_code in (403, 404), path
    assert oona.post(where, {"answer": "yes", "how": "spoken", "witness": "x"}).status_code in (403, 404)
    with pytest.raises(PermissionDenied):
        consents.answer(Consent.objects.get(id=one.consent_id), True, How.SPOKEN, fresh(person("oona")), "x")
    assert Consent.objects.get(id=one.consent_id).state == "asked"


def test_a_receiver_is_not_told_where_else_the_client_goes(as_person: AsPerson, person: Named, aino: Client) -> None:
    to_nelli = sent(person("oona"), aino)
    in_group(person, aino)
    nelli, oona = as_person("nelli"), as_person("oona")
    assert NEED in nelli.get(f"/desk/referrals/{to_nelli.id}", follow=True).content.decode()
    page = nelli.get(f"/desk/clients/{aino.id}").content.decode()
    assert NEED in page
    for words in ("Digikahvila", "Kurssineuvonta", COURSES):
        assert words not in page, words
    assert "Digikahvila" in oona.get(f"/desk/clients/{aino.id}").content.decode()


def test_a_guide_passes_on_only_what_they_see(as_person: AsPerson, person: Named, aino: Client) -> None:
    notes.write_note(person("oona"), aino, "journey", "Salaisuus muistiossa")
    home = Consent.objects.get(client=aino)
    consents.withdraw(home)
    question = consents.ask(aino, newest_journey(aino), consents.Asked(
        organisation=home.organisation, team=home.team, pieces=["contact", "need"]), None)  # fmt: skip
    consents.answer(question, True, How.OWN_DEVICE)
    oona = as_person("oona")
    page = oona.get(f"/desk/clients/{aino.id}/refer").content.decode()
    assert 'value="need"' in page and 'value="notes"' not in page and "Salaisuus" not in page
    told = {"service": str(te_service().id), "why": "Syy", "pieces": ["need", "notes"], "how": "own_device",
            "urgency": "calm"}  # fmt: skip
    assert oona.post(f"/desk/clients/{aino.id}/refer", told).status_code == 422
    consent = referrals.draft_and_ask(
        fresh(person("oona")), aino, referrals.Draft(te_service(), why="Syy", pieces=["need", "notes"])
    )
    assert consent.pieces == ["need"]


def test_a_first_meeting_tells_of_the_client_while_their_consent_is_in_force(
    as_person: AsPerson, person: Named, aino: Client
) -> None:
    one = sent(person("oona"), aino)
    nelli = as_person("nelli")
    where = f"/desk/referrals/{one.id}"
    time = re.search(r'name="time" id="time-1" value="([^"]+)"', nelli.get(f"{where}/accept").content.decode())
    assert time is not None and nelli.post(f"{where}/accept", {"time": time[1]}).status_code == 302
    one.refresh_from_db()
    page = f"/desk/appointments/{one.appointment_id}"
    assert "aino@asiakas.example" in nelli.get(page).content.decode()
    Consent.objects.filter(id=one.consent_id).update(until=today() - timedelta(days=1))
    told = nelli.get(page).content.decode()
    assert "aino@asiakas.example" not in told and str(one.number) not in told


# Ended, changed and gone on with by those whose it is


def test_a_guide_writes_down_that_the_client_ended_it(as_person: AsPerson, person: Named, aino: Client) -> None:
    one = sent(person("oona"), aino)
    oona, nelli = as_person("oona"), as_person("nelli")
    where = f"/desk/clients/{aino.id}"
    assert "Asiakas perui luvan" in oona.get(where).content.decode()
    # One to whom it does not let anything be seen can't.
    stranger = as_person("ville").post(where, {"then": "withdraw", "consent": str(one.consent_id)})
    assert stranger.status_code in (403, 404) and Consent.objects.get(id=one.consent_id).in_force()
    assert oona.post(where, {"then": "withdraw", "consent": str(one.consent_id)}).status_code == 302
    assert Consent.objects.get(id=one.consent_id).state == "withdrawn"
    assert Referral.objects.get(id=one.id).state == "withdrawn"
    assert NEED not in nelli.get(f"/desk/referrals/{one.id}").content.decode()
    event = Event.objects.filter(verb="withdraw", subject_id=str(aino.id)).latest("seq")
    assert event.actor == str(person("oona").id)


def test_only_the_team_that_leads_ends_guidance(as_person: AsPerson, person: Named, aino: Client) -> None:
    one = sent(person("oona"), aino)
    nelli = as_person("nelli")
    nelli.get(f"/desk/referrals/{one.id}")
    where = f"/desk/clients/{aino.id}"
    assert "Päätä ohjaus" not in nelli.get(where).content.decode()
    assert nelli.post(where, {"then": "end"}).status_code == 403
    with pytest.raises(PermissionDenied):
        outcomes.end_journey(fresh(person("nelli")), newest_journey(aino))
    assert newest_journey(aino).ended_at is None
    assert "Päätä ohjaus" in as_person("oona").get(where).content.decode()
    assert as_person("oona").post(where, {"then": "end"}).status_code == 302
    assert newest_journey(aino).ended_at is not None


def test_a_draft_waits_and_is_gone_on_with(as_person: AsPerson, person: Named, aino: Client, in_service: None) -> None:
    oona, where = as_person("oona"), f"/desk/clients/{aino.id}/refer"
    told = {"service": str(te_service().id), "why": "Mietin vielä", "pieces": ["need"], "urgency": "calm",
            "how": "own_device"}  # fmt: skip
    assert oona.post(where, told | {"then": "draft"}).status_code == 302
    one = Referral.objects.get(client=aino)
    assert one.state == "drafted" and one.consent is None
    page = oona.get(f"/desk/referrals/{one.id}").content.decode()
    assert "Jatka luonnosta" in page
    assert as_person("nelli").get(f"/desk/referrals/{one.id}").status_code == 404
    gone_on = f"{where}?draft={one.id}"
    assert "Mietin vielä" in oona.get(gone_on).content.decode() and queries(oona, gone_on) <= 12
    assert oona.post(gone_on, told | {"then": "ask"}).status_code == 302
    assert Referral.objects.get(id=one.id).state == "asked"
    # Not a draft of somebody else's, nor one that went.
    other = begin(person("oona"), mail="toinen@b.example")
    assert oona.get(f"/desk/clients/{other.id}/refer?draft={one.id}").status_code == 404
    consents.answer(Referral.objects.get(id=one.id).consent, True, How.OWN_DEVICE)  # type: ignore[arg-type]
    assert oona.get(gone_on).status_code == 404


def test_the_contact_is_changed_to_a_guide_of_the_same_team(
    as_person: AsPerson, person: Named, aino: Client, in_service: None
) -> None:
    one = sent(person("oona"), aino)
    where = f"/desk/referrals/{one.id}/contact"
    oona = as_person("oona")
    team = one.from_team
    assert team is not None and queries(oona, where) <= 12
    assert as_person("nelli").get(where).status_code in (403, 404)
    assert oona.post(where, {"contact": str(person("nelli").places.get().id)}).status_code == 422
    colleague = team.members.exclude(person=person("oona")).get()
    assert oona.post(where, {"contact": str(colleague.id)}).status_code == 302
    assert Referral.objects.get(id=one.id).contact == colleague
    assert str(colleague) in oona.get(f"/desk/referrals/{one.id}").content.decode()


# The client's own


def test_a_new_address_counts_when_its_code_was_given(aino: Client, letters: Letters) -> None:
    own = client_browser(aino)
    told = {"name": "Aino", "mail": "uusi@b.example", "language": "fi", "need": NEED}
    assert own.post("/my/contact", told)["Location"] == "/my/address"
    assert Client.objects.get(id=aino.id).told()["mail"] == "aino@asiakas.example"
    assert own.post("/my/address", {"code": "000000"}).status_code == 422
    assert Client.objects.get(id=aino.id).told()["mail"] == "aino@asiakas.example"
    assert own.post("/my/address", {"code": other_address(letters, "uusi@b.example")})["Location"] == "/my"
    after = Client.objects.get(id=aino.id)
    assert after.told()["mail"] == "uusi@b.example" and after.mail_verified
    assert after.told()["name"] == "Aino"


def test_ones_other_cards_are_opened_joined_and_parted_by_oneself(
    as_person: AsPerson, person: Named, in_service: None
) -> None:
    mine = begin(person("oona"), mail="sama@b.example")
    other = begin(person("ville"), mail="sama@b.example", need="Opin suomea")
    stranger = begin(person("ville"), mail="vieras@b.example")
    own = client_browser(mine)
    # An address that somebody wrote for them shows nothing of another card until they have shown that it is theirs.
    assert "ohjausta myös muualla" not in own.get("/my").content.decode()
    assert own.post("/my", {"then": "open", "other": str(other.id)}).status_code == 422
    Client.objects.filter(id__in=[mine.id, other.id]).update(mail_verified=True)
    assert as_person("oona").get(f"/desk/clients/{mine.id}").status_code == 200
    page = own.get("/my").content.decode()
    assert "Oona Ohjaaja" in page and "ohjausta myös muualla" in page and COURSES in page and "Opin suomea" not in page
    assert queries(own, "/my") <= 12
    assert own.post("/my", {"then": "join", "other": str(stranger.id)}).status_code == 422
    assert own.post("/my", {"then": "join", "other": str(other.id)}).status_code == 302
    assert Client.objects.get(id=other.id).joined_to_id == mine.id
    assert "Tähän on yhdistetty" in own.get("/my").content.decode()
    assert own.post("/my", {"then": "part", "other": str(other.id)}).status_code == 302
    assert Client.objects.get(id=other.id).joined_to_id is None
    assert own.post("/my", {"then": "open", "other": str(other.id)}).status_code == 302
    assert "Opin suomea" in own.get("/my").content.decode()


def test_how_sure_one_feels_is_told_before_and_after(person: Named, aino: Client) -> None:
    own = client_browser(aino)
    assert own.get("/my/confidence").status_code == 200 and queries(own, "/my/confidence") <= 12
    assert own.post("/my/confidence", {"q0": "1"}).status_code == 422
    assert own.post("/my/confidence", {f"q{number}": "2" for number in range(4)})["Location"] == "/my"
    outcomes.end_journey(person("oona"), newest_journey(aino))
    assert own.post("/my/confidence", {f"q{number}": "4" for number in range(4)}).status_code == 302
    assert Confidence.objects.filter(client=aino).count() == 2


def test_no_page_says_that_all_went_well_when_it_did_not(person: Named, aino: Client) -> None:
    own = client_browser(aino)
    home = Consent.objects.get(client=aino)
    assert own.get("/my?done=kept").content.decode().count("lähti perille") == 0
    yes = asked(person("oona"), aino)
    done = own.post(f"/my/consents/{yes.consent_id}", {"answer": "yes"})["Location"]
    assert done == "/my?done=sent"
    no = asked(person("oona"), aino)
    assert own.post(f"/my/consents/{no.consent_id}", {"answer": "no"})["Location"] == "/my?done=no"
    assert not Client.objects.get(id=aino.id).erased and Consent.objects.get(id=home.id).in_force()


def test_what_one_person_reads_in_a_day_is_one_row_and_every_reading_is_taken_out(
    as_person: AsPerson, person: Named, aino: Client
) -> None:
    sent(person("oona"), aino)
    for path in ("", "/plan", "/outcomes"):
        assert as_person("oona").get(f"/desk/clients/{aino.id}{path}").status_code == 200
    own = client_browser(aino)
    page = own.get("/my/reads").content.decode()
    assert page.count("Oona Ohjaaja") == 1 and "kertaa" in page and "suunnitelma" in page
    assert own.get("/my/take-out.json").content.decode().count("Oona Ohjaaja") >= 3
