"""A guide hands a client on to another organisation, warm; the receiver takes them; what came of it is known."""

import re
from collections.abc import Callable

import pytest
from django.test import Client as Browser

from opinovi.base.models import Letter
from opinovi.contact.models import Appointment, Enquiry
from opinovi.journeys.actions import consents
from opinovi.journeys.models import Client, Consent, Referral
from opinovi.network.models import Person
from tests.journeys.guiding import NEED, begin, sent, te_service

AsPerson = Callable[[str], Browser]
Named = Callable[[str], Person]


@pytest.fixture
def aino(person: Named) -> Client:
    return begin(person("oona"))


def client_browser(client: Client) -> Browser:
    browser = Browser()
    assert client.person is not None
    browser.force_login(client.person)
    return browser


def test_a_client_is_handed_on_with_their_own_yes_and_met(
    as_person: AsPerson, aino: Client, letters: Callable[[], list[Letter]]
) -> None:
    oona, nelli, own = as_person("oona"), as_person("nelli"), client_browser(aino)
    page = oona.get(f"/desk/clients/{aino.id}/refer").content.decode()
    assert NEED in page and "aino@asiakas.example" in page
    form = {"service": str(te_service().id), "why": "Hän miettii hoiva-alaa", "pieces": ["contact", "need"],
            "urgency": "soon", "how": "own_device"}  # fmt: skip
    response = oona.post(f"/desk/clients/{aino.id}/refer", form)
    assert response.status_code == 302, re.findall(r'class="error"[^>]*>([^<]+)', response.content.decode())
    one = Referral.objects.get(client=aino)
    where = f"/desk/referrals/{one.id}"
    assert "odottaa asiakkaan lupaa" in oona.get(where).content.decode()
    assert nelli.get(where).status_code == 404
    # The client sees exactly what would be seen, and says yes on their own device.
    question = own.get(f"/my/consents/{one.consent_id}").content.decode()
    for words in (NEED, "aino@asiakas.example", "Hän miettii hoiva-alaa", "Lupa on voimassa"):
        assert words in question
    told = {"answer": "yes", "limited": "1", "pieces": ["contact", "need"]}
    assert own.post(f"/my/consents/{one.consent_id}", told).status_code == 302
    assert [one.subject for one in letters()].count("Työpöydällä odottaa viesti") >= 1
    # The receiver opens it, books the first meeting in the same step.
    assert "Ohjattu asiakas" in nelli.get("/desk").content.decode()
    page = nelli.get(where, follow=True).content.decode()
    assert NEED in page and "Aino Asiakas" in page
    time = re.search(r'name="time" id="time-1" value="([^"]+)"', nelli.get(f"{where}/accept").content.decode())
    assert time is not None
    assert nelli.post(f"{where}/accept", {"time": time[1]}).status_code == 302
    one.refresh_from_db()
    assert one.state == "accepted" and one.appointment is not None and Appointment.objects.filter(id=one.appointment_id)
    assert "tapaaminen" in own.get("/my").content.decode()
    assert nelli.post(where, {"then": "met"}).status_code == 302
    assert nelli.post(where, {"then": "complete", "what": "plan", "why": "Hakee lähihoitajaksi"}).status_code == 302
    assert "Hakee lähihoitajaksi" in oona.get(where).content.decode()
    assert "Hakee lähihoitajaksi" in own.get(f"/my/referrals/{one.id}").content.decode()


def test_every_page_of_a_client_opens(as_person: AsPerson, aino: Client) -> None:
    own, oona = client_browser(aino), as_person("oona")
    for path in ("/my", "/my/reads", "/my/contact", "/my/send", "/my/plan", "/my/exercises/interests", "/my/erase",
                 "/my/take-out.json", "/my/plan.json", "/my/plan.pdf", "/my/plan.ics"):  # fmt: skip
        assert own.get(path).status_code == 200, path
    for path in ("", "/edit", "/plan", "/exercise?name=skills", "/refer"):
        assert oona.get(f"/desk/clients/{aino.id}{path}").status_code == 200, path
    for path in ("/desk/clients", "/desk/clients?q=alaa", "/desk/clients/new", "/desk/referrals",
                 "/desk/consultations", "/desk/consultations/new"):  # fmt: skip
        assert oona.get(path).status_code == 200, path


def test_a_withdrawn_consent_shows_the_receiver_nothing_at_their_next_click(
    as_person: AsPerson, person: Named, aino: Client
) -> None:
    one = sent(person("oona"), aino)
    nelli = as_person("nelli")
    where = f"/desk/referrals/{one.id}"
    assert NEED in nelli.get(where, follow=True).content.decode()
    assert client_browser(aino).post(f"/my/consents/{one.consent_id}", {"answer": "withdraw"}).status_code == 302
    page = nelli.get(where).content.decode()
    assert NEED not in page and "Aino" not in page and "perunut" in page
    refused = nelli.post(f"{where}/accept", {}, follow=True).content.decode()
    assert "perunut" in refused and "Aino" not in refused
    assert nelli.get(f"/desk/clients/{aino.id}").status_code in (200, 404)
    assert NEED not in nelli.get(f"/desk/clients/{aino.id}").content.decode()
    assert Consent.objects.get(id=one.consent_id).state == "withdrawn"


def test_the_clients_page_leads_to_the_conversation_it_began_from(as_person: AsPerson, person: Named) -> None:
    enquiry = Enquiry.objects.filter(team__members__person=person("oona"), state="waiting")[0]
    oona = as_person("oona")
    path = f"/desk/clients/new?enquiry={enquiry.id}"
    form = {"need": "Asia", "name": "Kysyjä", "mail": "kysyja@asiakas.example", "language": "fi", "how": "guides_device",
            "began_from": "enquiry"}  # fmt: skip
    assert oona.post(path, form).status_code == 302
    client = Client.objects.latest("began_at")
    consents.answer(Consent.objects.get(client=client), True, "guides_device", person("oona"))
    # The enquiry's page leads to the same client from now on, and the client's page to their conversation.
    assert oona.get(path)["Location"] == f"/desk/clients/{client.id}"
    own = client_browser(client)
    assert f"/my/conversations/{enquiry.id}" in own.get("/my").content.decode()
    assert own.get(f"/my/conversations/{enquiry.id}", follow=True).status_code == 200
    other = client_browser(begin(person("oona"), mail="toinen@b.example"))
    assert other.get(f"/my/conversations/{enquiry.id}").status_code == 404
