"""Clients come, sign in, are joined and parted, and their journeys begin and end."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record, record_many
from opinovi.base.mail import post
from opinovi.base.masking import mask
from opinovi.base.models import DataKey
from opinovi.contact.access import guide_of
from opinovi.contact.actions.letters import spoken, way_to
from opinovi.contact.models import Appointment, Enquiry
from opinovi.contact.return_code import hash_of
from opinovi.journeys.access import own_client_id, sight
from opinovi.journeys.models import Client, Journey, SignInCode
from opinovi.journeys.models.clients import Beginning, ClientState
from opinovi.journeys.models.consents import Piece
from opinovi.network.models import Network, Person, Team

CODE_MINUTES, CODE_TRIES = 10, 5
# Addresses of clients' accounts tell nothing; their own lie locked.
NO_ADDRESS = "client.invalid"


@dataclass(frozen=True)
class Told:
    """What a client gives of themselves, and of what brings them."""

    name: str = ""
    mail: str = ""
    phone: str = ""
    address: str = ""
    need: str = ""
    hope: str = ""
    language: str = "fi"
    on_paper: bool = False
    once: UUID | None = None


def contact_hash(text: str) -> str:
    """A keyed hash of an address or a number, by which the same one is found; empty of nothing."""
    return hash_of(f"contact {text.strip().lower()}") if text.strip() else ""


def hold(client: Client | UUID) -> Client:
    """The client as it is now, held until the transaction ends: all that is done to one client waits in line."""
    rows = Client.objects.select_for_update(of=("self",)).select_related("key", "person", "network")
    return rows.get(id=client if isinstance(client, UUID) else client.id)


def moved(client: Client) -> None:
    """Something happened in the client's guidance: retention counts anew."""
    Client.objects.filter(id=client.id).update(moved_at=now())


@transaction.atomic
def make_client(network: Network, told: Told, verified: bool = False) -> Client:
    """A client, with a key and an account of their own. Within the caller's permission."""
    client = Client(
        network=network,
        key=DataKey.objects.create(),
        language=told.language,
        on_paper=told.on_paper,
        mail_verified=verified,
        once=told.once,
    )
    put_contact(client, told)
    client.person = make_account(client)
    client.save()
    record("make", "client", client.id)
    return client


def put_contact(client: Client, told: Told) -> None:
    client.keep({"name": mask(told.name)[0], "mail": told.mail, "phone": told.phone, "address": mask(told.address)[0]})
    client.mail_hash, client.phone_hash = contact_hash(told.mail), contact_hash(told.phone)


def make_account(client: Client) -> Person:
    """By which a client signs in. Neither its address nor its name tells who it is."""
    address = f"{client.id.hex}@{NO_ADDRESS}"
    person = Person.objects.create(email=address, language=client.language, letters=False)
    EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
    return person


@transaction.atomic
def begin(
    by: Person,
    team: Team,
    told: Told,
    began_from: str,
    enquiry: Enquiry | None = None,
    appointment: Appointment | None = None,
) -> Journey:
    """A guide begins a client's guidance. What they may see of it, the client's consent says."""
    require("journeys.guide_team", by, team)
    if told.once and (same := Journey.objects.filter(client__once=told.once).first()):
        return same
    begun = Q(enquiry_id=enquiry.id) if enquiry else Q(appointment_id=appointment.id) if appointment else Q(pk=None)
    if same := Journey.objects.filter(begun).first():
        return same
    network = enquiry.network if enquiry else appointment.network if appointment else network_of(team)
    client = make_client(network, told)
    guide = guide_of(by, team)
    journey = Journey(
        client=client,
        team=team,
        organisation=team.organisation,
        guide=guide,
        began_from=began_from,
        enquiry_id=enquiry.id if enquiry else None,
        appointment_id=appointment.id if appointment else None,
    )
    journey.locked = client.lock({"need": mask(told.need)[0], "hope": mask(told.hope)[0]})
    journey.save()
    record(
        "begin", "client", client.id, str(by.id), journey=str(journey.id), came=began_from, team=str(team.id),
        network=str(network.id), language=client.language,
    )  # fmt: skip
    return journey


def network_of(team: Team) -> Network:
    return team.organisation.networks.order_by("id")[0]


@transaction.atomic
def begin_own(network: Network, mail: str, language: str, name: str = "") -> Client:
    """One who has shown that a mail address is theirs, or whom a provider knows, begins by themselves or comes back."""
    found = client_of_mail(mail) if mail else None
    if found is not None:
        if not found.mail_verified:
            Client.objects.filter(id=found.id).update(mail_verified=True)
        return found
    client = make_client(network, Told(name=name, mail=mail, language=language), verified=bool(mail))
    Journey.objects.create(client=client, began_from=Beginning.SELF, locked=client.lock({}))
    told = {"network": str(network.id), "language": client.language}
    record("begin", "client", client.id, str(client.person_id), came=Beginning.SELF, **told)
    return client


def client_of_mail(mail: str) -> Client | None:
    """The client whose address it is: one who has shown so, else the newest to whom a guide wrote it down."""
    rows = Client.objects.filter(mail_hash=contact_hash(mail), state=ClientState.ACTIVE, joined_to=None)
    return rows.select_related("key", "person", "network").order_by("-mail_verified", "-began_at").first()


def may_write(by: Person | None, client: Client, piece: str) -> None:
    """A guide changes only what they may see; the client all of it (`by` is None)."""
    if by is not None and not sight(by, client).has(piece):
        raise PermissionDenied(piece)


@transaction.atomic
def set_need(client: Client, journey: Journey, need: str, hope: str, by: Person | None = None) -> None:
    """The client writes what it is about, or a guide who may see it does."""
    client = hold(client)
    may_write(by, client, Piece.NEED)
    journey.locked = client.lock({"need": mask(need)[0], "hope": mask(hope)[0]})
    journey.save(update_fields=["locked"])
    moved(client)
    record("write_need", "client", client.id, str(by.id) if by else str(client.person_id))


@transaction.atomic
def set_contact(client: Client, told: Told, by: Person | None = None) -> None:
    """The client changes what they gave of themselves, or a guide who sees it does."""
    client = hold(client)
    may_write(by, client, Piece.CONTACT)
    if told.mail.lower() != client.told().get("mail", "").lower():
        client.mail_verified = False
    put_contact(client, told)
    client.language, client.on_paper = told.language, told.on_paper
    client.save()
    moved(client)
    record("set_contact", "client", client.id, str(by.id) if by else str(client.person_id))


@transaction.atomic
def set_mail(client: Client, mail: str) -> None:
    """An address that the client has shown to be theirs takes the place of the one before."""
    client = hold(client)
    client.keep(client.told() | {"mail": mail})
    client.mail_hash, client.mail_verified = contact_hash(mail), True
    client.save()
    moved(client)
    record("set_mail", "client", client.id, str(client.person_id))


@transaction.atomic
def set_letters(client: Client, wanted: bool) -> None:
    Client.objects.filter(id=client.id).update(letters=wanted)
    record("set_letters", "client", client.id, str(client.person_id), wanted=wanted)


# Signing in


@transaction.atomic
def send_code(client: Client) -> str:
    """Six digits to the address or number that they gave, good for a quarter of an hour; earlier ones end. Returns by
    which way they went: mail, sms or none."""
    way = way_to(client.told())
    if way is None:
        return ""
    kind, to = way
    code = f"{secrets.randbelow(10**6):06d}"
    SignInCode.objects.filter(client=client).delete()
    row = SignInCode.objects.create(
        client=client, code_hash=hash_of(code), expires_at=now() + timedelta(minutes=CODE_MINUTES)
    )
    with translation.override(spoken(client.language)):
        body = _("Koodi, jolla viestisi aukeaa: %(code)s. Se on voimassa 10 minuuttia.") % {"code": code}
        post(f"client {client.id} code {row.pk} {secrets.token_hex(4)}", to, _("Koodi viestiisi"), body, kind=kind)
    record("send_code", "client", client.id)
    return str(kind)


def open_by_code(client: Client, code: str) -> bool:
    """Whether the code is the one that was sent; a right one is used up, and a wrong one counts."""
    with transaction.atomic():
        row = SignInCode.objects.select_for_update().filter(client=client, expires_at__gt=now()).first()
        if row is None or row.tries >= CODE_TRIES:
            return False
        right = secrets.compare_digest(row.code_hash, hash_of(code.strip().replace(" ", "")))
        if right:
            row.delete()
            record("open", "client", client.id, str(client.person_id))
        else:
            row.tries += 1
            row.save(update_fields=["tries"])
        return right


# The same person


@transaction.atomic
def join(by: Person, one: Client, into: Client) -> None:
    """A person says that two are the same: a guide who sees both, or the client whose both are. Nothing is mixed, so
    that they can be parted again."""
    first, second = sorted({one.id, into.id}) if one.id != into.id else (None, None)
    if first is None or second is None:
        raise ValidationError(_("Valitse kaksi eri asiakasta."))
    held = {found.id: found for found in (hold(first), hold(second))}
    one, into = held[one.id], held[into.id]
    if own_client_id(by) not in (one.id, into.id):
        require("journeys.see_client", by, one)
        require("journeys.see_client", by, into)
    if one.joined_to_id or into.joined_to_id or one.joined.exists():
        raise ValidationError(_("Toinen näistä on jo yhdistetty. Erota ne ensin."))
    if ClientState.ERASED in (one.state, into.state):
        raise ValidationError(_("Tiedot on poistettu."))
    Client.objects.filter(id=one.id).update(joined_to=into)
    record("join", "client", into.id, str(by.id), other=str(one.id))
    record("join", "client", one.id, str(by.id), other=str(into.id))


@transaction.atomic
def part(by: Person, one: Client) -> None:
    """They were not the same after all."""
    one = hold(one)
    into = one.joined_to
    if into is None:
        return
    if own_client_id(by) not in (one.id, into.id):
        require("journeys.see_client", by, one)
    Client.objects.filter(id=one.id).update(joined_to=None)
    record("part", "client", into.id, str(by.id), other=str(one.id))
    record("part", "client", one.id, str(by.id), other=str(into.id))


def likely_same(client: Client, among: Iterable[UUID] | None = None) -> list[Client]:
    """Others with the same address or number who are not joined to this one; of those whom the asker may see."""
    same = Q()
    if client.mail_hash:
        same |= Q(mail_hash=client.mail_hash)
    if client.phone_hash:
        same |= Q(phone_hash=client.phone_hash)
    if not same:
        return []
    rows = Client.objects.filter(same, state=ClientState.ACTIVE, joined_to=None, network=client.network)
    rows = rows.exclude(id=client.id).select_related("key")
    return list(rows if among is None else rows.filter(id__in=list(among)))[:5]


# Reading and the end


@transaction.atomic
def read(by: Person, client: Client, pieces: Iterable[str], organisation: UUID | None) -> None:
    """Somebody but the client reads what is theirs: each time an Event, which the client sees."""
    record("read", "client", client.id, str(by.id), organisation=str(organisation or ""), pieces=sorted(pieces))


@transaction.atomic
def read_list(by: Person, clients: Iterable[UUID], pieces: Iterable[str], organisation: UUID | None) -> None:
    """Somebody reads some of several clients' content in a list: an Event for each client."""
    told = {"organisation": str(organisation or ""), "pieces": list(pieces)}
    record_many("read", "client", list(clients), str(by.id), **told)
