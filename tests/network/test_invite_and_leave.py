"""Coming in by an invitation, changing roles, being away, moving on."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from opinovi.base.models import Event, Letter
from opinovi.network import actions
from opinovi.network.models import Invitation, Member, MemberRole, Membership, Network, Organisation, Person
from opinovi.network.standing import standing

As = Callable[[str], Client]
Who = Callable[[str], Person]


def invite(client: Client, organisation: Organisation, **told: Any) -> Any:
    data = {"email": "uusi@talo.fi", "name": "Uusi Ohjaaja", "roles": ["guide"]} | told
    return client.post(f"/desk/organisations/{organisation.id}/invite", data)


def link_in(letter: Letter) -> str:
    found = re.search(r"http://[^/]+(/\S+)", letter.body)
    assert found is not None
    return found[1]


def test_an_administrator_invites_and_the_new_guide_comes_in(
    as_person: As, salpaus: Organisation, letters: Any
) -> None:
    assert invite(as_person("paivi"), salpaus).status_code == 302
    letter = letters()[-1]
    assert letter.to == "uusi@talo.fi" and "Uusi" not in letter.body and "Salpaus" not in letter.subject + letter.body
    guest = Client()
    page = guest.get(link_in(letter)).content.decode()
    assert (
        "Päivi Pääkäyttäjä kutsuu sinut: Koulutuskeskus Salpaus." in page
        and not Person.objects.filter(email="uusi@talo.fi").exists()
    )
    answer = guest.post(link_in(letter), {"name": "Uusi Ohjaaja"})
    assert answer.headers["Location"] == "/desk"
    assert guest.get("/desk").headers["Location"] == "/account/second-factor"
    member = Member.objects.get(person__email="uusi@talo.fi")
    assert [one.role for one in member.roles.all()] == ["guide"] and member.organisation == salpaus
    assert Event.objects.filter(verb="accept", subject_type="invitation").count() == 1


def test_an_invitation_works_once(as_person: As, salpaus: Organisation, letters: Any) -> None:
    invite(as_person("paivi"), salpaus)
    link = link_in(letters()[-1])
    Client().post(link, {"name": "Uusi"})
    thief = Client()
    assert thief.get(link).status_code == 410 and thief.post(link, {"name": "Varas"}).status_code == 410
    assert thief.get("/account").status_code == 302


def test_an_invitation_is_over_after_a_week(as_person: As, salpaus: Organisation, letters: Any, still: Any) -> None:
    invite(as_person("paivi"), salpaus)
    still.shift(timedelta(days=7, minutes=1))
    assert Client().post(link_in(letters()[-1]), {"name": "Uusi"}).status_code == 410


def test_a_withdrawn_or_renewed_invitation_does_not_work(as_person: As, salpaus: Organisation, letters: Any) -> None:
    client = as_person("paivi")
    invite(client, salpaus)
    first = link_in(letters()[-1])
    invite(client, salpaus)
    second = link_in(letters()[-1])
    assert Client().get(first).status_code == 410 and Client().get(second).status_code == 200
    open_one = Invitation.objects.get(withdrawn_at=None, accepted_at=None)
    client.post(f"/desk/invitations/{open_one.id}/withdraw")
    assert Client().get(second).status_code == 410


def test_the_token_is_not_kept(as_person: As, salpaus: Organisation, letters: Any) -> None:
    invite(as_person("paivi"), salpaus)
    token = link_in(letters()[-1]).rsplit("/", 1)[1]
    assert token not in str(Invitation.objects.values().get())


def test_one_who_has_an_account_signs_in_first(as_person: As, salpaus: Organisation, letters: Any, person: Who) -> None:
    invite(as_person("paivi"), salpaus, email="ville@example.example")
    link = link_in(letters()[-1])
    assert "Sinulla on jo tili" in Client().get(link).content.decode()
    assert Client().post(link, {"name": "Ville"}).status_code == 422
    assert as_person("ville").post(link).headers["Location"] == "/desk"
    # Moving between organisations: the same person, with both places until they leave one.
    assert standing(person("ville")).organisations("guide") == {
        salpaus.id,
        Organisation.objects.get(external_id="wellamo").id,
    }


def test_an_invitation_for_another_address_is_refused(as_person: As, salpaus: Organisation, letters: Any) -> None:
    invite(as_person("paivi"), salpaus)
    client = as_person("assi")
    assert "toiselle osoitteelle" in client.get(link_in(letters()[-1])).content.decode()
    assert client.post(link_in(letters()[-1])).status_code == 422


@pytest.mark.parametrize(
    "roles", [["coordinator"], ["network_administrator:{network}"], ["auditor:{network}"], ["root"], []]
)
def test_no_role_is_raised_by_a_form_field(
    as_person: As, salpaus: Organisation, region: Network, roles: list[str]
) -> None:
    wanted = [one.format(network=region.id) for one in roles]
    assert invite(as_person("paivi"), salpaus, roles=wanted).status_code == 422
    assert not Invitation.objects.exists()


def test_no_role_is_raised_past_the_form(person: Who, salpaus: Organisation, region: Network) -> None:
    paivi = person("paivi")
    member = paivi.places.get()
    with pytest.raises(ValidationError):
        actions.set_roles(paivi, member, [("administrator", None), ("network_administrator", region.id)])
    with pytest.raises(PermissionDenied):
        actions.set_roles(person("eetu"), person("eetu").places.get(), [("administrator", None)])
    with pytest.raises(PermissionDenied):
        actions.invite(person("eetu"), salpaus, "x@talo.fi", "", [("guide", None)], None, "{token}", "fi")


def test_mass_assignment_changes_nothing_else(as_person: As, person: Who, salpaus: Organisation) -> None:
    eetu = person("eetu")
    member = eetu.places.get()
    client = as_person("eetu")
    client.post(
        "/account", {"name": "Eetu", "language": "fi", "email": "x@y.fi", "example": "", "is_active": "0", "id": "1"}
    )
    client.post(
        f"/desk/members/{member.id}/profile",
        {"title": "pomo", "roles": ["administrator"], "organisation": "x", "ended_at": "2020-01-01", "person": "x"},
    )
    member.refresh_from_db()
    eetu.refresh_from_db()
    assert (eetu.email, eetu.example, eetu.is_active) == ("eetu@example.example", True, True)
    assert member.organisation == salpaus and member.ended_at is None and member.title == "pomo"
    assert [one.role for one in member.roles.all()] == ["editor"]


def test_the_network_administrator_gives_the_networks_roles(as_person: As, person: Who, region: Network) -> None:
    lamk = Organisation.objects.get(external_id="lamk")
    kaisa = person("kaisa").places.get()
    page = as_person("veikko").get(f"/desk/members/{kaisa.id}").content.decode()
    assert f"auditor:{region.id}" in page
    answer = as_person("veikko").post(
        f"/desk/members/{kaisa.id}", {"roles": [f"coordinator:{region.id}", f"auditor:{region.id}"]}
    )
    assert answer.headers["Location"] == f"/desk/organisations/{lamk.id}/people"
    assert set(MemberRole.objects.filter(member=kaisa).values_list("role", flat=True)) == {"coordinator", "auditor"}


def test_the_last_administrator_stays(as_person: As, person: Who) -> None:
    paivi = person("paivi").places.get()
    page = as_person("paivi").post(f"/desk/members/{paivi.id}", {"roles": ["guide"]})
    assert page.status_code == 422 and "Organisaatiolla pitää olla pääkäyttäjä" in page.content.decode()
    assert as_person("paivi").post(f"/desk/members/{paivi.id}/leave").status_code == 422


def test_one_who_leaves_keeps_what_they_did_and_loses_what_they_could(as_person: As, person: Who) -> None:
    ville = person("ville")
    member = ville.places.get()
    actions.save_profile(member, title="kurssisuunnittelija")
    client = as_person("ville")
    assert client.post(f"/desk/members/{member.id}/leave").headers["Location"] == "/account"
    assert client.get("/desk").status_code == 403
    member.refresh_from_db()
    assert member.ended_at is not None and member.title == "kurssisuunnittelija"
    assert Event.objects.filter(actor=str(ville.id), verb="save_profile").exists()
    assert not member.teams.exists() and not member.roles.exists()


def test_an_absence_has_a_substitute_of_the_same_house(as_person: As, person: Who) -> None:
    oona, ella, ville = (person(name).places.get() for name in ("oona", "ella", "ville"))
    client = as_person("oona")
    data = {"begins": "2027-02-08", "ends": "2027-02-12", "substitute": str(ella.id)}
    assert client.post(f"/desk/members/{oona.id}/absence", data).status_code == 302
    assert client.post(f"/desk/members/{oona.id}/absence", data | {"substitute": str(ville.id)}).status_code == 422
    assert client.post(f"/desk/members/{oona.id}/absence", data | {"ends": "2027-02-01"}).status_code == 422
    assert (
        "Ella Editori" in as_person("paivi").get(f"/desk/organisations/{oona.organisation_id}/people").content.decode()
    )
    found = oona.away(date(2027, 2, 9))
    assert found is not None and found.substitute == ella
    client.post(f"/desk/absences/{found.id}/end")
    assert not oona.absences.exists()


def test_a_team_is_of_one_house(as_person: As, person: Who, salpaus: Organisation) -> None:
    client = as_person("paivi")
    oona, ville = person("oona").places.get(), person("ville").places.get()
    path = f"/desk/organisations/{salpaus.id}/teams"
    assert client.post(path, {"name": "Uraohjaajat", "people": [str(oona.id)]}).status_code == 302
    assert client.post(path, {"name": "Toiset", "people": [str(ville.id)]}).status_code == 422
    assert client.post(path, {"name": "Uraohjaajat", "people": []}).status_code == 422
    team = salpaus.teams.get(name="Uraohjaajat")
    client.post(f"/desk/teams/{team.id}", {"name": "Uraohjaus", "people": []})
    team.refresh_from_db()
    assert team.name == "Uraohjaus" and not team.members.exists()


def test_the_agreement_is_signed_by_each_house_and_renewed(
    as_person: As, region: Network, salpaus: Organisation
) -> None:
    veikko = as_person("veikko")
    page = veikko.get(f"/desk/networks/{region.id}").content.decode()
    assert page.count("allekirjoitettu 9") + page.count("allekirjoitettu 2") >= 1 and page.count("ei vielä") >= 19
    assert veikko.post(f"/desk/networks/{region.id}/agreement", {"text_fi": "Uusi sopimus."}).status_code == 302
    assert "vanha versio 1" in veikko.get(f"/desk/networks/{region.id}").content.decode()
    paivi = as_person("paivi")
    assert "sopimuksen versio 2 odottaa" in paivi.get(f"/desk/organisations/{salpaus.id}/people").content.decode()
    newest = region.agreements.first()
    assert newest is not None
    paivi.post(f"/desk/organisations/{salpaus.id}/agreement", {"agreement": str(newest.id)})
    paivi.post(f"/desk/organisations/{salpaus.id}/agreement", {"agreement": str(newest.id)})
    assert newest.signatures.filter(organisation=salpaus).count() == 1
    assert (
        "Päivi Pääkäyttäjä allekirjoitti" in paivi.get(f"/desk/organisations/{salpaus.id}/agreement").content.decode()
    )


@pytest.mark.parametrize(
    ("name", "path", "most"),
    [
        ("paivi", "/desk/organisations/{org}/people", 12),
        ("veikko", "/desk/networks/{network}", 11),
        ("oona", "/account", 9),
        ("paivi", "/desk", 12),
        ("kaisa", "/desk/networks/{network}/freshness", 10),
        ("oona", "/desk/who?q=alan vaihto", 12),
        ("eetu", "/desk/records/service", 10),
    ],
)
def test_the_desks_pages_ask_little_of_the_database(
    as_person: As, region: Network, salpaus: Organisation, in_service: None, django_assert_max_num_queries: Any,
    name: str, path: str, most: int,
) -> None:  # fmt: skip
    client = as_person(name)
    with django_assert_max_num_queries(most):
        assert client.get(path.format(org=salpaus.id, network=region.id)).status_code == 200


def test_an_organisation_joins_the_network_and_leaves_it(
    as_person: As, visitor: Client, region: Network, letters: Any
) -> None:
    client = as_person("veikko")
    told = {"name_fi": "Uusi opisto", "name_sv": "Nya institutet", "email": "rehtori@opisto.fi"}
    path = f"/desk/networks/{region.id}/organisations"
    assert client.post(path, told).headers["Location"] == f"/desk/networks/{region.id}?joined=1"
    assert client.post(path, told).status_code == 422 and client.post(path, {"name_fi": ""}).status_code == 422
    assert "Uusi opisto" in visitor.get("/organisations").content.decode()
    guest = Client()
    guest.post(link_in(letters()[-1]), {"name": "Rauni Rehtori"})
    member = Member.objects.get(person__email="rehtori@opisto.fi")
    assert [one.role for one in member.roles.all()] == ["administrator"]
    membership = Membership.objects.get(network=region, organisation=member.organisation)
    assert client.post(f"/desk/memberships/{membership.id}/end").status_code == 302
    assert "Uusi opisto" not in visitor.get("/organisations").content.decode()
    assert Event.objects.filter(verb="leave", subject_type="organisation").count() == 1
    coordinator = Membership.objects.get(network=region, organisation=region.coordinator)
    assert client.post(f"/desk/memberships/{coordinator.id}/end").status_code == 422


def test_who_stands_in_opens_what_waits_for_the_one_who_is_away(
    as_person: As, person: Who, career_guidance: Any
) -> None:
    from opinovi.directory.models import Service

    eetu, oona = person("eetu").places.get(), person("oona").places.get()
    Service.objects.filter(id=career_guidance.id).update(owner=eetu, confirm_by=date(2027, 2, 10))
    client = as_person("oona")
    assert client.get(f"/desk/records/service/{career_guidance.id}").status_code == 404
    actions.set_absence(person("eetu"), eetu, date(2027, 2, 8), date(2027, 2, 12), oona)
    assert "Onko totta: Uraohjaus aikuiselle" in client.get("/desk").content.decode()
    assert client.get(f"/desk/records/service/{career_guidance.id}").status_code == 200
    assert client.post(f"/desk/records/service/{career_guidance.id}/confirm").status_code == 302


def test_an_editor_takes_an_old_card_out_of_view(as_person: As, visitor: Client, career_guidance: Any) -> None:
    client = as_person("eetu")
    page = client.get("/desk/records/card?q=Oona").content.decode()
    link = re.search(r"/desk/records/card/[0-9a-f-]+", page)
    assert link is not None and "Ota kortti pois näkyvistä" in client.get(link[0]).content.decode()
    client.post(f"/desk/cards/{link[0].rsplit('/', 1)[1]}/drop")
    assert "Oona" not in visitor.get(f"/services/{career_guidance.id}").content.decode()
