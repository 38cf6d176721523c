"""The network's part of the example: who is in it. Written as an editor would, in data/example/*.yaml."""

from datetime import timedelta
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from opinovi.base.clock import now
from opinovi.base.events import record, record_many
from opinovi.network.actions import make_person, place
from opinovi.network.models import (
    Agreement,
    Member,
    Membership,
    Network,
    Organisation,
    Person,
    Programme,
    Signature,
    Team,
)
from opinovi.network.models.people import NETWORK_ROLES

SOURCE = "example"


def read_example(name: str = "network") -> Any:
    return yaml.load(
        (settings.DATA_DIR / "example" / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )


def person_named(name: str) -> Person:
    """One of the example's people, by the first name: as a new request has them."""
    return Person.objects.get(email=f"{name}@example.example")


def member_named(name: str) -> Member:
    """The same by their place."""
    rows = Member.objects.filter(person__email=f"{name}@example.example").select_related("organisation")
    return rows.order_by("since", "id")[0]


def house_named(name: str) -> Organisation:
    """One of the example's organisations, by its id in the file."""
    return Organisation.objects.get(source=SOURCE, external_id=name)


def organisation(row: dict[str, Any], code_of: dict[str, str]) -> Organisation:
    return Organisation(
        name=row["name"],
        description=row["text"],
        municipality=code_of[row["place"].lower()],
        source=SOURCE,
        external_id=row["id"],
    )


@transaction.atomic
def make_network(code_of: dict[str, str]) -> Network:
    """Make the example network and its organisations. `code_of` gives a municipality's code by its name."""
    told = read_example()
    organisations = {row["id"]: organisation(row, code_of) for row in told["organisations"]}
    Organisation.objects.bulk_create(organisations.values())
    network = Network.objects.create(
        slug=told["slug"],
        name=told["name"],
        region=told["region"],
        municipalities=[code_of[name.lower()] for name in told["municipalities"]],
        coordinator=organisations[told["coordinator"]],
        front_desk=told["front_desk"],
        project=told["project"],
        example=True,
    )
    Membership.objects.bulk_create(Membership(network=network, organisation=one) for one in organisations.values())
    record("found", "network", network.id)
    record_many("join", "organisation", [one.id for one in organisations.values()])
    return network


@transaction.atomic
def make_people(code_of: dict[str, str]) -> None:
    """Make the example's people, one for every role, its agreement, and a sibling network; once."""
    if Person.objects.filter(example=True).exists():
        return
    told = read_example("people")
    network = Network.objects.get(slug=settings.DEFAULT_NETWORK)
    for row in told["outside"]:
        organisation(row, code_of).save()
    organisations = {one.external_id: one for one in Organisation.objects.filter(source=SOURCE)}
    members = {row["id"]: make_member(row, organisations, network) for row in told["people"]}
    for row in told["teams"]:
        team = Team.objects.create(organisation=organisations[row["org"]], name=row["name"])
        team.members.set([one for name in row["people"] if (one := members[name])])
    make_agreement(told, network, organisations, members)
    make_sibling(told, network, organisations, code_of)
    record("found", "people", "", example=True)


def make_member(row: dict[str, Any], organisations: dict[str, Organisation], network: Network) -> Member | None:
    person = make_person(f"{row['id']}@example.example", row["name"], "fi", example=True)
    if "org" not in row:
        return None
    roles = [(role, network.id if role in NETWORK_ROLES else None) for role in row["roles"]]
    member = place(person, organisations[row["org"]], roles)
    for name in ("title", "phone", "hours", "topics", "languages", "knows"):
        setattr(member, name, row[name])
    member.save()
    return member


def make_agreement(
    told: dict[str, Any],
    network: Network,
    organisations: dict[str, Organisation],
    members: dict[str, Member | None],
) -> None:
    published = now() - timedelta(days=120)
    agreement = Agreement.objects.create(network=network, version=1, text=told["agreement"], published_at=published)
    by = {member.organisation_id: member.person for member in members.values() if member}
    for name in told["signed"]:
        one = organisations[name]
        Signature.objects.create(
            agreement=agreement, organisation=one, person=by[one.id], signed_at=published + timedelta(days=9)
        )


def make_sibling(
    told: dict[str, Any], network: Network, organisations: dict[str, Organisation], code_of: dict[str, str]
) -> Network:
    """The sibling network, in the same programme as the first."""
    programme = Programme.objects.create(**told["programme"])
    network.programme = programme
    network.save(update_fields=["programme"])
    row = told["sibling"]
    fields = {
        name: row[name] for name in ("slug", "path", "look", "languages", "region", "name", "front_desk", "project")
    }
    sibling = Network.objects.create(
        **fields,
        municipalities=[code_of[name.lower()] for name in row["municipalities"]],
        coordinator=organisations[row["coordinator"]],
        programme=programme,
        example=True,
    )
    Membership.objects.create(network=sibling, organisation=organisations[row["coordinator"]])
    record("found", "network", sibling.id)
    return sibling
