"""An editor changes a service: a draft that keeps what was typed, then a version that everyone sees."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from opinovi.base.models import Event
from opinovi.directory.actions import upkeep
from opinovi.directory.models import Draft, GivenAt, Offering, Service, ServicePoint, Version
from opinovi.network.models import Organisation
from tests.directory.editing import new_draft, open_draft, send, values

As = Callable[[str], Client]


def test_a_change_waits_in_a_draft_until_it_is_published(
    as_person: As, visitor: Client, career_guidance: Service
) -> None:
    client = as_person("eetu")
    draft = open_draft(client, "service", career_guidance.id)
    send(client, draft, values(client, draft), name_fi="Uraohjaus kaikille")
    assert "Uraohjaus kaikille" not in visitor.get(f"/services/{career_guidance.id}").content.decode()
    answer = client.post(f"/desk/drafts/{draft.id}/publish")
    assert answer.headers["Location"] == f"/desk/records/service/{career_guidance.id}?published=1"
    assert "Uraohjaus kaikille" in visitor.get(f"/services/{career_guidance.id}").content.decode()
    assert not Draft.objects.exists()
    assert Event.objects.filter(verb="publish", subject_id=str(career_guidance.id)).count() == 1


def test_publishing_untouched_changes_nothing_but_its_date(as_person: As, career_guidance: Service) -> None:
    before = Service.objects.filter(id=career_guidance.id).values().get()
    channels = list(career_guidance.channels.values("kind", "value", "label", "note", "hours", "charge"))
    client = as_person("eetu")
    draft = open_draft(client, "service", career_guidance.id)
    send(client, draft, values(client, draft), then="publish")
    after = Service.objects.filter(id=career_guidance.id).values().get()
    same = set(before) - {"version", "verified_on", "confirm_by", "changed_at"}
    assert {name: before[name] for name in same} == {name: after[name] for name in same}
    shown = list(
        Service.objects.get(id=career_guidance.id).channels.values("kind", "value", "label", "note", "hours", "charge")
    )
    assert shown == channels
    assert GivenAt.objects.get(service=career_guidance, drop_in=True).hours == "Tu 12:00-16:00"


def test_a_new_service_is_made_found_and_shown(
    as_person: As, visitor: Client, salpaus: Organisation, own_index: Any
) -> None:
    client = as_person("eetu")
    draft = new_draft(client, "service", salpaus.id)
    point = ServicePoint.objects.get(external_id="lahti-salpaus")
    sent = values(client, draft) | {
        "name_fi": "Robotiikan taitokurssi", "summary_fi": "Opit ohjaamaan teollisuusrobottia.",
        "channel_0_kind": "phone", "channel_0_value": "03 100 1139", "channel_0_hours": "ma-pe 9-15",
        "given_0_point": str(point.id), "given_0_drop_in": "on", "given_0_hours": "ti 12-16",
        "kind": "education", "charge": "free", "area": "region", "confirm_months": "6",
    }  # fmt: skip
    send(client, draft, sent, then="publish")
    service = Service.objects.get(id=draft.id)
    assert (
        service.source == "own"
        and service.regions == ["07"]
        and service.channels.get().hours == "Mo-Fr 09:00-15:00; PH off"
    )
    page = visitor.get(f"/services/{service.id}").content.decode()
    assert "Robotiikan taitokurssi" in page and "Voit tulla ilman aikaa" in page
    own_index()
    assert "Robotiikan taitokurssi" in visitor.get("/doors?q=robotiikan taitokurssi").content.decode()


def test_what_was_typed_is_kept_right_or_wrong(as_person: As, career_guidance: Service) -> None:
    client = as_person("eetu")
    draft = open_draft(client, "service", career_guidance.id)
    send(
        client,
        draft,
        values(client, draft),
        name_fi="",
        channel_0_value="ei numero",
        valid_from="32.13.",
        channel_1_hours="joskus",
    )
    draft.refresh_from_db()
    assert draft.data["valid_from"] == "32.13." and draft.data["channel_0_value"] == "ei numero"
    answer = client.post(f"/desk/drafts/{draft.id}/publish")
    page = client.get(answer.headers["Location"])
    text = page.content.decode()
    assert page.status_code == 422
    for error in (
        "Tämä kenttä vaaditaan",
        "Tämä ei ole puhelinnumero",
        "Kirjoita päivä muodossa",
        "Tätä sanaa emme ymmärrä aukioloajoissa: joskus",
    ):
        assert error in text, error
    assert "32.13." in text and Service.objects.get(id=career_guidance.id).name["fi"] == "Uraohjaus aikuiselle"


def test_the_page_saves_by_itself(as_person: As, career_guidance: Service) -> None:
    client = as_person("eetu")
    draft = open_draft(client, "service", career_guidance.id)
    sent = values(client, draft)
    headers = {"accept": "application/json"}
    first = client.post(f"/desk/drafts/{draft.id}", sent | {"summary_fi": "Puoli la"}, headers=headers).json()
    assert first["revision"] == int(sent["revision"]) + 1
    again = sent | {"summary_fi": "Puoli lausetta", "revision": first["revision"], "was": first["was"]}
    assert (
        client.post(f"/desk/drafts/{draft.id}", again, headers=headers).json()["revision"] == int(sent["revision"]) + 2
    )
    draft.refresh_from_db()
    assert draft.data["summary_fi"] == "Puoli lausetta"


def test_two_who_change_different_fields_both_stay(as_person: As, career_guidance: Service) -> None:
    eetu, ella = as_person("eetu"), as_person("ella")
    draft = open_draft(eetu, "service", career_guidance.id)
    at_eetu, at_ella = values(eetu, draft), values(ella, draft)
    send(eetu, draft, at_eetu, name_fi="Eetun nimi")
    assert send(ella, draft, at_ella, summary_fi="Ellan lause").status_code == 302
    draft.refresh_from_db()
    assert (draft.data["name_fi"], draft.data["summary_fi"]) == ("Eetun nimi", "Ellan lause")


def test_two_who_change_the_same_field_are_shown_both_and_choose(as_person: As, career_guidance: Service) -> None:
    eetu, ella = as_person("eetu"), as_person("ella")
    draft = open_draft(eetu, "service", career_guidance.id)
    at_eetu, at_ella = values(eetu, draft), values(ella, draft)
    send(eetu, draft, at_eetu, name_fi="Eetun nimi")
    page = send(ella, draft, at_ella, name_fi="Ellan nimi", summary_fi="Ellan lause")
    text = page.content.decode()
    assert page.status_code == 409 and "Eetun nimi" in text and "Ellan nimi" in text and "Eetu Editori" in text
    draft.refresh_from_db()
    assert draft.data["name_fi"] == "Eetun nimi"
    by_script = ella.post(
        f"/desk/drafts/{draft.id}", at_ella | {"name_fi": "Ellan nimi"}, headers={"accept": "application/json"}
    )
    assert by_script.status_code == 409
    merged = re.search(r'name="merged" value="([^"]*)"', text)
    assert merged is not None
    ella.post(f"/desk/drafts/{draft.id}/settle", {"merged": html.unescape(merged[1]), "choose_name_fi": '"Ellan nimi"'})
    draft.refresh_from_db()
    assert (draft.data["name_fi"], draft.data["summary_fi"]) == ("Ellan nimi", "Ellan lause")


def test_a_record_that_changed_under_its_draft_is_not_overwritten(
    as_person: As, person: Any, career_guidance: Service
) -> None:
    client = as_person("eetu")
    draft = open_draft(client, "service", career_guidance.id)
    send(client, draft, values(client, draft), name_fi="Luonnoksen nimi")
    upkeep.put_on(Service.objects.get(id=career_guidance.id), {"name": {"fi": "Tuonnin nimi"}}, None, "imported")
    page = client.post(f"/desk/drafts/{draft.id}/publish")
    assert page.status_code == 409 and "Tuonnin nimi" in page.content.decode()
    assert Service.objects.get(id=career_guidance.id).name["fi"] == "Tuonnin nimi"


def test_every_version_is_kept_and_one_is_brought_back(
    as_person: As, visitor: Client, career_guidance: Service
) -> None:
    client = as_person("eetu")
    for name in ("Ensimmäinen", "Toinen"):
        draft = open_draft(client, "service", career_guidance.id)
        send(client, draft, values(client, draft), then="publish", name_fi=name)
    versions = Version.objects.filter(record_id=career_guidance.id)
    assert [(one.how, one.data["name"]["fi"]) for one in versions] == [
        ("published", "Toinen"), ("published", "Ensimmäinen"), ("before", "Uraohjaus aikuiselle"),
    ]  # fmt: skip
    assert versions[0].changed == ["name.fi"] and str(versions[0].by) == "Eetu Editori"
    page = client.get(f"/desk/versions/{versions[0].id}").content.decode()
    assert "Ensimmäinen" in page and "Toinen" in page and "Nimi, suomeksi" in page
    client.post(f"/desk/versions/{versions[2].id}")
    assert "Uraohjaus aikuiselle" in visitor.get(f"/services/{career_guidance.id}").content.decode()
    assert Version.objects.filter(record_id=career_guidance.id).first().how == "brought_back"  # type: ignore[union-attr]


def test_a_version_is_not_brought_back_over_a_draft(as_person: As, career_guidance: Service) -> None:
    client = as_person("eetu")
    draft = open_draft(client, "service", career_guidance.id)
    send(client, draft, values(client, draft), then="publish", name_fi="Toinen")
    open_draft(client, "service", career_guidance.id)
    first = Version.objects.get(record_id=career_guidance.id, how="before")
    page = client.post(f"/desk/versions/{first.id}")
    assert page.status_code == 422 and "Julkaise tai hylkää se ensin" in page.content.decode()


def test_a_withdrawn_service_explains_itself_and_leaves_the_search(
    as_person: As, visitor: Client, career_guidance: Service, own_index: Any
) -> None:
    as_person("eetu").post(f"/desk/records/service/{career_guidance.id}/withdraw")
    page = visitor.get(f"/services/{career_guidance.id}")
    assert page.status_code == 410 and "ei enää tarjota" in page.content.decode()
    own_index()
    assert str(career_guidance.id) not in visitor.get("/doors?q=uraohjaus aikuiselle").content.decode()
    assert (
        "Poistettu. Kävijät eivät näe"
        in as_person("eetu").get(f"/desk/records/service/{career_guidance.id}").content.decode()
    )


def test_what_a_source_owns_is_read_only_but_can_be_enriched(as_person: As, visitor: Client) -> None:
    service = Service.objects.filter(source="ptv").order_by("id").first()
    assert service is not None
    client = as_person("kaisa")
    draft = open_draft(client, "service", service.id)
    sent = values(client, draft)
    assert "name_fi" not in sent
    send(client, draft, sent, name_fi="Kaapattu", description_simple="Tämä on helppo teksti. Tule käymään meillä.")
    client.post(f"/desk/drafts/{draft.id}/review", {"add": "guidance"})
    client.post(f"/desk/drafts/{draft.id}/publish")
    name = service.name
    service.refresh_from_db()
    assert (
        service.name == name
        and service.description["fi-simple"].startswith("Tämä on helppo")
        and "guidance" in service.topics
    )
    with pytest.raises(ValidationError):
        upkeep.withdraw(client_person(client), service)


def client_person(client: Client) -> Any:
    from opinovi.network.models import Person

    return Person.objects.get(id=client.session["_auth_user_id"])


def test_an_import_keeps_what_an_editor_added(as_person: As) -> None:
    from opinovi.directory.actions import Record, take_in_services

    take_in_services("ptv", "full", [Record("x1", {"name": {"fi": "Lähde"}, "description": {"fi": "Vanha"}})], False)
    service = Service.objects.get(source="ptv", external_id="x1")
    Service.objects.filter(id=service.id).update(description={"fi": "Vanha", "fi-simple": "Selko"}, topics=["guidance"])
    take_in_services("ptv", "full", [Record("x1", {"name": {"fi": "Lähde"}, "description": {"fi": "Uusi"}})], False)
    service.refresh_from_db()
    assert (
        service.description == {"fi": "Uusi", "fi-simple": "Selko"}
        and service.topics == ["guidance"]
        and service.version == 2
    )


def test_only_the_houses_own_editor_edits(person: Any, career_guidance: Service, as_person: As) -> None:
    for name in ("oona", "ville", "kaisa", "tarja", "timo", "assi"):
        with pytest.raises(PermissionDenied):
            upkeep.start_draft(person(name), career_guidance)
    draft = open_draft(as_person("eetu"), "service", career_guidance.id)
    for name in ("ville", "oona"):
        other = as_person(name)
        missing = other.get("/desk/drafts/00000000-0000-7000-8000-000000000000")
        theirs = other.get(f"/desk/drafts/{draft.id}")
        assert missing.status_code == theirs.status_code == 404
        assert nameless(missing.content) == nameless(theirs.content)


def nameless(page: bytes) -> str:
    """A page without the addresses in it."""
    return re.sub(r'(href|value)="[^"]*"', "", page.decode())


def test_a_draft_of_a_new_record_is_nowhere_in_public(as_person: As, visitor: Client, salpaus: Organisation) -> None:
    client = as_person("eetu")
    draft = new_draft(client, "service", salpaus.id)
    for path in (
        f"/services/{draft.id}",
        f"/places/{draft.id}",
        f"/offerings/{draft.id}",
        f"/report/service/{draft.id}",
    ):
        assert visitor.get(path).status_code == 404


@pytest.mark.parametrize("kind", ["service", "point", "offering"])
def test_html_in_every_text_field_stays_text(as_person: As, visitor: Client, salpaus: Organisation, kind: str) -> None:
    client = as_person("eetu")
    draft = new_draft(client, kind, salpaus.id)
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"
    sent = values(client, draft)
    form = upkeep.form_of(draft)
    texts = {name: bad for name in form.fields if name.rsplit("_", 1)[-1] in ("fi", "sv", "en", "simple")}
    fitting = {
        "postcode": "15110",
        "post_office": bad,
        "weekly_hours": "ma-pe 9-16",
        "exception_0_begins": "2027-02-10",
        "exception_0_why": bad,
    }
    send(client, draft, sent | texts | (fitting if kind == "point" else {}))
    review = client.get(f"/desk/drafts/{draft.id}/review")
    assert (
        review.status_code == 200
        and b"<script>alert" not in review.content
        and b"onerror=alert(1)>" not in review.content
    )
    client.post(f"/desk/drafts/{draft.id}/publish")
    path = {"service": "services", "point": "places", "offering": "offerings"}[kind]
    for address in (
        f"/{path}/{draft.id}",
        f"/sv/{path}/{draft.id}",
        f"/desk/records/{kind}/{draft.id}",
        f"/organisations/{salpaus.id}",
        "/places",
        "/offerings",
    ):
        page = (visitor if "desk" not in address else client).get(address).content
        assert b"<script>alert" not in page and b"<img src=x" not in page, address


def test_a_personal_identity_code_is_never_kept(as_person: As, career_guidance: Service) -> None:
    client = as_person("eetu")
    draft = open_draft(client, "service", career_guidance.id)
    send(client, draft, values(client, draft), then="publish", summary_fi="Asiakas 131052-308T kävi.")
    assert Service.objects.get(id=career_guidance.id).summary["fi"] == "Asiakas ●●●●●● kävi."


def test_a_course_is_made_and_can_be_applied_to(as_person: As, visitor: Client, salpaus: Organisation) -> None:
    client = as_person("eetu")
    draft = new_draft(client, "offering", salpaus.id)
    sent = values(client, draft) | {
        "name_fi": "Kokki", "summary_fi": "Opit kokkaamaan.", "form": "evening", "starts_on": "2027-03-01", "ends_on": "2027-05-31",
        "apply_until": "2027-02-20", "charge": "chargeable", "price": "35,50", "link": "https://salpaus.example/hae",
    }  # fmt: skip
    send(client, draft, sent, then="publish")
    one = Offering.objects.get(id=draft.id)
    assert one.price_cents == 3550 and one.open_now()
    page = visitor.get(f"/offerings/{one.id}").content.decode()
    for part in ("Hae viimeistään 20.2.", "35,50 €", "Hae tänne", "1.3.–31.5."):
        assert part in page
    assert client.post(f"/desk/records/offering/{one.id}/edit").status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [("price", "ilmainen", "Kirjoita hinta euroina"), ("ends_on", "2026-01-01", "Viimeinen päivä on ennen"),
     ("apply_until", "2026-01-01", "Viimeinen päivä on ennen"), ("link", "javascript:alert(1)", "URL")],
)  # fmt: skip
def test_a_course_with_something_wrong_says_what(
    as_person: As, salpaus: Organisation, field: str, value: str, error: str
) -> None:
    client = as_person("eetu")
    draft = new_draft(client, "offering", salpaus.id)
    sent = values(client, draft) | {
        "name_fi": "K",
        "summary_fi": "K",
        "starts_on": "2027-01-01",
        "apply_from": "2027-01-01",
        "charge": "chargeable",
    }
    send(client, draft, sent, **{field: value})
    page = client.get(client.post(f"/desk/drafts/{draft.id}/publish").headers["Location"])
    assert page.status_code == 422 and error in page.content.decode()


def test_a_text_that_is_far_too_long_is_refused_and_not_lost_elsewhere(as_person: As, career_guidance: Service) -> None:
    client = as_person("eetu")
    draft = open_draft(client, "service", career_guidance.id)
    page = send(client, draft, values(client, draft), description_fi="x" * 30_000)
    assert page.status_code == 422 and "liian pitkä" in page.content.decode() and "x" * 30_000 in page.content.decode()


def test_what_is_typed_while_another_publishes_is_not_lost(as_person: As, career_guidance: Service) -> None:
    eetu, ella = as_person("eetu"), as_person("ella")
    draft = open_draft(eetu, "service", career_guidance.id)
    at_ella = values(ella, draft)
    send(eetu, draft, values(eetu, draft), then="publish", name_fi="Eetun nimi")
    by_script = ella.post(
        f"/desk/drafts/{draft.id}", at_ella | {"summary_fi": "Ellan"}, headers={"accept": "application/json"}
    )
    assert by_script.status_code == 409
    assert send(ella, draft, at_ella, summary_fi="Ellan lause.").status_code == 302
    again = Draft.objects.get(id=draft.id)
    assert (again.data["name_fi"], again.data["summary_fi"]) == ("Eetun nimi", "Ellan lause.")
    assert Service.objects.get(id=career_guidance.id).name["fi"] == "Eetun nimi"
    upkeep.discard_draft(client_person(ella), again)
    assert ella.get(f"/desk/drafts/{draft.id}").headers["Location"] == f"/desk/records/service/{draft.id}"
    for path in ("publish", "settle", "discard", "review"):
        assert ella.post(f"/desk/drafts/{draft.id}/{path}").status_code == 404
