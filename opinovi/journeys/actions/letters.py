"""Letters to clients and about them: that there is something, and a link; never what it is about. Within the
transaction of their cause."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from opinovi.base.clock import today
from opinovi.base.mail import out_of_quiet, post
from opinovi.base.models import Letter
from opinovi.contact.actions.letters import spoken, way_to
from opinovi.journeys.models import Client, Referral
from opinovi.network.models import Absence, Member, Role, Team
from opinovi.network.queries import address_in

LINK_SALT = "client-link"
LINK_DAYS = 60
SUBJECT = gettext_noop("Sinulle on viesti")
BODY = gettext_noop(
    "Hei!\n\nSinulle on viesti. Avaa se tästä:\n\n%(link)s\n\nKysymme ensin koodin, jotta kukaan muu ei näe tietojasi."
)
SHORT = gettext_noop("Sinulle on viesti: %(link)s")
DESK_SUBJECT = gettext_noop("Työpöydällä odottaa viesti")
DESK = gettext_noop("Hei!\n\nTyöpöydälläsi odottaa viesti. Avaa se tästä:\n\n%(link)s")


def key_of(client: Client, what: str) -> str:
    """The key of a letter to a client: all of theirs are found by its beginning when they are erased."""
    return f"client {client.id} {what}"


def link_of(client: Client, page: str, args: list[Any]) -> str:
    """A link for one client: it leads to a page of theirs once a code was asked."""
    token = signing.dumps([client.id.hex, page, [str(one) for one in args]], salt=LINK_SALT)
    return address_in(client.network, "open-link", [token])


def read_link(token: str) -> tuple[Client, str, list[str]] | None:
    """The client, page and its arguments behind a link; None where it is over or was never made."""
    try:
        told, page, args = signing.loads(token, salt=LINK_SALT, max_age=LINK_DAYS * 86_400)
    except signing.BadSignature:
        return None
    client = Client.objects.select_related("key", "person", "network").filter(id=UUID(told), state="active").first()
    return (client, page, args) if client else None


def tell_client(
    client: Client, what: str, page: str, args: list[Any], about: UUID | None = None, not_before: datetime | None = None
) -> bool:
    """A letter to a client by the way they gave. Returns whether there is a way."""
    way = way_to(client.told())
    if client.on_paper or not client.letters or way is None:
        return False
    kind, to = way
    with translation.override(spoken(client.language)):
        short = kind == Letter.Kind.SMS
        text = gettext(SHORT if short else BODY) % {"link": link_of(client, page, args)}
        at = out_of_quiet(not_before) if not_before else None
        post(key_of(client, what), to, gettext(SUBJECT), text, kind=kind, about=str(about or ""), not_before=at)
    return True


def drop_letters(client: Client, what: str = "") -> None:
    """Letters to a client that are not needed any more are not sent."""
    waiting = Letter.objects.filter(key__startswith=key_of(client, what), state=Letter.State.WAITING)
    waiting.update(state=Letter.State.DROPPED, sealed="")


def tell_members(members: Iterable[Member], what: str, page: str, args: list[Any], but: UUID | None = None) -> None:
    """A letter to guides: that something waits, and where. Not to the one who did it."""
    for member in members:
        if not member.person.letters or member.person_id == but:
            continue
        with translation.override(member.person.language or settings.LANGUAGE_CODE):
            text = gettext(DESK) % {"link": settings.BASE_URL + reverse(page, args=args)}
            post(
                f"{what} {member.id}",
                member.person.email,
                gettext(DESK_SUBJECT),
                text,
                about=str(member.organisation_id),
            )


def guides_of(team: Team | None) -> list[Member]:
    """The guides of a team."""
    if team is None:
        return []
    return list(team.members.filter(roles__role=Role.GUIDE, ended_at=None).select_related("person").distinct())


def senders_of(one: Referral) -> list[Member]:
    """Who hears what becomes of a referral: who sent it and who stays the contact, else the sending team."""
    ids = {found for found in (one.sender_id, one.contact_id) if found}
    people = list(Member.objects.filter(id__in=ids, ended_at=None).select_related("person"))
    return people or guides_of(one.from_team)


def receivers_of(one: Referral) -> list[Member]:
    """Who is to act on a referral: who took it, else the guides of the team it was sent to."""
    if one.receiver_id:
        return list(Member.objects.filter(id=one.receiver_id, ended_at=None).select_related("person"))
    return guides_of(one.to_team)


def substitutes_of(members: Iterable[Member]) -> list[Member]:
    """Who stands in today for those of the members who are away."""
    day, ids = today(), [one.id for one in members]
    rows = Absence.objects.filter(Q(member__in=ids), begins__lte=day, ends__gte=day, substitute__isnull=False)
    return [one.substitute for one in rows.select_related("substitute__person") if one.substitute]


def tell_senders(one: Referral, what: str, but: UUID | None = None) -> None:
    tell_members(senders_of(one), f"referral {one.id} {what}", "referral", [one.id], but)


def tell_receivers(one: Referral, what: str, but: UUID | None = None) -> None:
    if one.to_team_id is None:
        tell_outside(one, what)
        return
    tell_members(receivers_of(one), f"referral {one.id} {what}", "referral", [one.id], but)


def tell_outside(one: Referral, what: str) -> None:
    """A letter to a receiver outside the network: a link, which asks for a code sent apart."""
    told = one.words.get("receiver") or {}
    if not told.get("mail") or not told.get("token"):
        return
    with translation.override(settings.LANGUAGE_CODE):
        link = address_in(one.network, "outside", [told["token"]])
        body = gettext(OUTSIDE) % {"link": link}
        post(key_of(one.client, f"outside {one.id} {what}"), told["mail"], gettext(OUTSIDE_SUBJECT), body)


OUTSIDE_SUBJECT = gettext_noop("Sinulle ohjataan asiakas")
OUTSIDE = gettext_noop(
    "Hei!\n\nSinulle ohjataan asiakas hänen luvallaan. Avaa tiedot tästä:\n\n%(link)s\n\n"
    "Et tarvitse tunnusta. Lähetämme erikseen koodin, jolla sivu aukeaa."
)
