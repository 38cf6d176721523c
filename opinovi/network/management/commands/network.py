"""The networks of the installation: list them, or put a new one beside them with its first administrator."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from opinovi.base.events import record
from opinovi.base.ids import new_id
from opinovi.network.actions import make_person, place
from opinovi.network.models import Membership, Network, Organisation, Person, Programme, Role


class Command(BaseCommand):
    help = "List the installation's networks, or add one with its first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["list", "add"])
        parser.add_argument("slug", nargs="?", default="")
        parser.add_argument("--name", default="", help="the network's name in Finnish")
        parser.add_argument("--region", default="", help="the region's two-digit code")
        parser.add_argument("--municipality", action="append", default=[], help="a municipality's code; more than once")
        parser.add_argument("--coordinator", default="", help="the coordinating organisation's name in Finnish")
        parser.add_argument("--administrator", default="", help="mail address of the first network administrator")
        parser.add_argument("--host", default="", help="its own host; else --path")
        parser.add_argument("--path", default="", help="the first part of its addresses' path")
        parser.add_argument("--programme", default="", help="the slug of the programme that it belongs to")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "list":
            for one in Network.objects.order_by("slug"):
                self.stdout.write(f"{one.slug}\t{one}\t{one.host or one.prefix or '/'}")
            return
        missing = [name for name in ("slug", "name", "region", "coordinator", "administrator") if not options[name]]
        if missing:
            raise CommandError(f"Still needed: {', '.join(missing)}")
        try:
            network = add(options)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{network.slug}: {network.address}{network.prefix}/")


@transaction.atomic
def add(told: dict[str, Any]) -> Network:
    """A new network, its coordinating organisation where it is new, and its first administrator."""
    name = {"fi": told["coordinator"]}
    coordinator = Organisation.objects.filter(name__fi=told["coordinator"]).first() or Organisation.objects.create(
        name=name, source="own", external_id=str(new_id())
    )
    network = Network(
        slug=told["slug"],
        name={"fi": told["name"]},
        region=told["region"],
        municipalities=told["municipality"],
        coordinator=coordinator,
        host=told["host"].lower(),
        path=told["path"],
    )
    if told["programme"]:
        network.programme = Programme.objects.get_or_create(
            slug=told["programme"], defaults={"name": {"fi": told["programme"]}}
        )[0]
    network.full_clean(exclude=["front_desk", "project", "municipalities"])
    network.save()
    Membership.objects.get_or_create(network=network, organisation=coordinator)
    address = told["administrator"].lower()
    person = Person.objects.filter(email=address).first() or make_person(address, "")
    place(person, coordinator, [(Role.NETWORK_ADMINISTRATOR, network.id), (Role.ADMINISTRATOR, None)])
    record("found", "network", network.id)
    return network
