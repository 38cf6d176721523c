"""What a person does with an enquiry: asks, writes again, comes back with a code, takes it out, erases it."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from opinovi.base import storage
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.mail import post
from opinovi.base.masking import mask
from opinovi.base.models import DataKey
from opinovi.contact.actions.letters import spoken
from opinovi.contact.files import Kept
from opinovi.contact.models import AccessCode, Attachment, Enquiry, Message
from opinovi.contact.models.enquiries import Channel, EnquiryState, Wish
from opinovi.contact.promises import promise
from opinovi.contact.return_code import hash_of, new_code
from opinovi.directory.models import Service, ServicePoint
from opinovi.network.models import Member, Network, Role, Team
from opinovi.network.queries import address_in

SUBJECT_LENGTH = 80
CODE_MINUTES = 10
CODE_TRIES = 5
LINK_SALT = "contact.conversation"
# Words stay for so long after the last one; then they are erased.
KEPT_DAYS = 365


@dataclass(frozen=True)
class Asked:
    """What a person tells when they ask; everything but the text may be missing."""

    text: str
    wish: str = Wish.HERE
    name: str = ""
    mail: str = ""
    phone: str = ""
    when: str = ""
    language: str = "fi"
    channel: str = Channel.WEB
    files: tuple[Kept, ...] = ()
    service: Service | None = None
    point: ServicePoint | None = None
    once: UUID | None = None
    suspected: bool = False
    topics: list[str] = field(default_factory=list)


def team_for(network: Network, service: Service | None, point: ServicePoint | None) -> Team | None:
    """Who takes it: the service's own team, else its organisation's, else the network's front desk, else any."""
    if service is not None and service.team_id:
        return service.team
    for one in (service, point):
        if one is not None and one.organisation_id and (team := staffed(organisation=one.organisation_id)):
            return team
    return network.front_desk_team or staffed(organisation__networks=network)


def staffed(**where: Any) -> Team | None:
    """The first team with a guide in it."""
    guided = {"members__roles__role": Role.GUIDE, "members__ended_at": None}
    return Team.objects.filter(**where, **guided).order_by("id").first()


@transaction.atomic
def ask(network: Network, asked: Asked) -> Enquiry:
    """Open an enquiry. A form that is sent twice opens one. Raises ValidationError where nobody is there to answer."""
    if asked.once and (same := Enquiry.objects.filter(once=asked.once).first()):
        return same
    team = team_for(network, asked.service, asked.point)
    if team is None:
        raise ValidationError(_("Verkostossa ei ole vielä ketään vastaamassa. Soita tai käy paikalla."))
    code, text = new_code(), mask(asked.text)[0]
    key = DataKey.objects.create()
    enquiry = Enquiry(
        network=network,
        service=asked.service,
        point=asked.point,
        team=team,
        channel=asked.channel,
        wish=asked.wish,
        language=asked.language,
        answer_by=promise(team, now()),
        code_hash=hash_of(code),
        once=asked.once,
        suspected=asked.suspected,
        topics=asked.topics[:3],
        key=key,
    )
    enquiry.keep(
        {
            "subject": subject_of(text),
            "name": mask(asked.name)[0],
            "mail": asked.mail,
            "phone": asked.phone,
            "when": mask(asked.when)[0],
            "code": code,
        }
    )
    enquiry.save()
    message = say(enquiry, Message.Author.PERSON, text)
    attach(enquiry, message, asked.files)
    record(
        "ask", "enquiry", enquiry.id, team=str(team.id), network=str(network.id), channel=asked.channel,
        language=asked.language, topics=enquiry.topics, suspected=asked.suspected,
    )  # fmt: skip
    if not asked.suspected:
        tell_team(enquiry)
    return enquiry


def subject_of(text: str) -> str:
    """The beginning of what was asked, in the person's own words."""
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def say(enquiry: Enquiry, author: str, text: str, member: Member | None = None) -> Message:
    """A word in the conversation, within the caller's transaction."""
    assert enquiry.key is not None
    return Message.objects.create(enquiry=enquiry, author=author, member=member, locked=enquiry.key.lock(text))


def attach(enquiry: Enquiry, message: Message, files: Iterable[Kept]) -> None:
    key, files = enquiry.key, list(files)
    assert key is not None
    if not files:
        return
    enquiry.has_files = True
    Enquiry.objects.filter(id=enquiry.id).update(has_files=True)
    Attachment.objects.bulk_create(
        Attachment(
            enquiry=enquiry,
            message=message,
            kind=one.kind,
            size=one.size,
            locked_name=key.lock(one.name),
            content=storage.locked(one.content, key.lock_bytes),
        )
        for one in files
    )


def locked(enquiry: Enquiry) -> Enquiry:
    """The enquiry as it is now, held until the transaction ends."""
    held = Enquiry.objects.select_for_update(of=("self",)).select_related(
        "team__organisation", "key", "assignee__person"
    )
    return held.get(id=enquiry.id)


@transaction.atomic
def write_again(enquiry: Enquiry, text: str, files: tuple[Kept, ...] = (), once: UUID | None = None) -> None:
    """The person writes on. An answered or closed conversation waits again, with a promise of its own."""
    enquiry = locked(enquiry)
    if enquiry.state in (EnquiryState.MERGED, EnquiryState.ERASED):
        raise ValidationError(_("Tämä keskustelu on päättynyt. Aloita uusi."))
    if once is not None and enquiry.once == once:
        return
    message = say(enquiry, Message.Author.PERSON, mask(text)[0])
    attach(enquiry, message, files)
    if enquiry.state != EnquiryState.WAITING:
        enquiry.answer_by = promise(enquiry.team, now())
        enquiry.warned_at = enquiry.broken_at = None
    enquiry.waits()
    enquiry.moved_at, enquiry.snoozed_until, enquiry.once = now(), None, once or enquiry.once
    enquiry.closed_why = ""
    enquiry.save()
    record("write", "enquiry", enquiry.id)
    tell_team(enquiry, f"{message.id}")


def tell_team(enquiry: Enquiry, of: str = "") -> None:
    """A letter to the one who has it, else to the team's guides: that there is something, and where."""
    if enquiry.assignee_id:
        told = [enquiry.assignee]
    else:
        guides = enquiry.team.members.filter(roles__role=Role.GUIDE, ended_at=None).select_related("person")
        told = list(guides.exclude(duty__until__gt=now()))
    for member in told:
        if member is None or not member.person.letters:
            continue
        with translation.override(member.person.language or settings.LANGUAGE_CODE):
            link = settings.BASE_URL + reverse("enquiry", args=[enquiry.id])
            body = _("Hei!\n\nTyöpöydälläsi odottaa viesti. Avaa se tästä:\n\n%(link)s") % {"link": link}
            key = f"enquiry {enquiry.id} {of} {member.id}"
            post(key, member.person.email, _("Työpöydällä odottaa viesti"), body, about=str(member.organisation_id))


def tell_person(enquiry: Enquiry, of: UUID | str) -> None:
    """A letter to the person, if they gave an address and want letters: that there is an answer, and a link."""
    mail = enquiry.told().get("mail")
    if not mail or not enquiry.notices or enquiry.wish == Wish.HERE:
        return
    with translation.override(spoken(enquiry.language)):
        link = address_in(enquiry.network, "open-conversation", [link_token(enquiry)])
        body = _(
            "Hei!\n\nSinulle on viesti. Avaa se tästä:\n\n%(link)s\n\n"
            "Lähetämme ensin koodin, jotta kukaan muu ei lue viestiäsi."
        ) % {"link": link}
        post(f"answer {of}", mail, _("Sinulle on viesti"), body, about=str(enquiry.team.organisation_id))


def link_token(enquiry: Enquiry) -> str:
    return signing.dumps(enquiry.id.hex, salt=LINK_SALT)


def enquiry_of_link(token: str) -> Enquiry | None:
    try:
        found = signing.loads(token, salt=LINK_SALT, max_age=KEPT_DAYS * 86_400)
    except signing.BadSignature:
        return None
    return Enquiry.objects.select_related("key").filter(id=UUID(found)).exclude(state=EnquiryState.ERASED).first()


@transaction.atomic
def send_access_code(enquiry: Enquiry) -> None:
    """Six digits to the address that the person gave, good for a quarter of an hour; earlier ones end."""
    mail = enquiry.told().get("mail")
    if not mail:
        return
    code = f"{secrets.randbelow(10**6):06d}"
    AccessCode.objects.filter(enquiry=enquiry).delete()
    row = AccessCode.objects.create(
        enquiry=enquiry, code_hash=hash_of(code), expires_at=now() + timedelta(minutes=CODE_MINUTES)
    )
    body = _("Hei!\n\nKoodi, jolla viestisi aukeaa:\n\n%(code)s\n\nSe on voimassa 10 minuuttia.") % {"code": code}
    post(f"access {row.pk} {secrets.token_hex(4)}", mail, _("Koodi viestiisi"), body)
    record("send_code", "enquiry", enquiry.id)


def open_by_code(enquiry: Enquiry, code: str) -> bool:
    """Whether the code is the one that was sent; a right one is used up, and a wrong one counts."""
    with transaction.atomic():
        row = AccessCode.objects.select_for_update().filter(enquiry=enquiry, expires_at__gt=now()).first()
        if row is None or row.tries >= CODE_TRIES:
            return False
        right = secrets.compare_digest(row.code_hash, hash_of(code.strip().replace(" ", "")))
        if right:
            row.delete()
            record("open", "enquiry", enquiry.id)
        else:
            row.tries += 1
            row.save(update_fields=["tries"])
        return right


def enquiry_of_code(code: str) -> Enquiry | None:
    """The conversation of a return code as it is kept (see read_code)."""
    return Enquiry.objects.filter(code_hash=hash_of(code)).first()


@transaction.atomic
def set_notices(enquiry: Enquiry, wanted: bool) -> None:
    Enquiry.objects.filter(id=enquiry.id).update(notices=wanted)
    record("set_notices", "enquiry", enquiry.id, wanted=wanted)


@transaction.atomic
def erase(enquiry: Enquiry, why: str = "person") -> None:
    """Its words, files, names and key are gone for good. That there was an enquiry, and when it was answered, stays."""
    enquiry = locked(enquiry)
    key = enquiry.key
    enquiry.messages.all().delete()
    enquiry.drafts.all().delete()
    enquiry.access_codes.all().delete()
    if enquiry.state != EnquiryState.ERASED:
        enquiry.erased()
    enquiry.key, enquiry.locked, enquiry.code_hash, enquiry.topics = None, "", None, []
    enquiry.save()
    if key is not None:
        key.delete()
    record("erase", "enquiry", enquiry.id, why=why)


def erase_old() -> int:
    """Erase what has had no word for a year. Run every day."""
    old = Enquiry.objects.filter(moved_at__lt=now() - timedelta(days=KEPT_DAYS)).exclude(state=EnquiryState.ERASED)
    ids = list(old.values_list("id", flat=True)[:1000])
    for one in ids:
        erase(Enquiry(id=one), why="old")
    return len(ids)


@transaction.atomic
def mark_read(enquiry: Enquiry) -> None:
    """The person has seen what was said to them: the guide sees that they have."""
    unseen = enquiry.messages.filter(author__in=[Message.Author.GUIDE, Message.Author.DESK], read_at=None)
    if unseen.update(read_at=now()):
        record("see", "enquiry", enquiry.id)


def take_out(enquiry: Enquiry) -> dict[str, Any]:
    """All that is kept of a conversation, as the person may take it with them."""
    told = enquiry.told()
    assert enquiry.key is not None
    return {
        "asked_at": enquiry.asked_at.isoformat(),
        "language": enquiry.language,
        "answered_by": str(enquiry.team.organisation),
        **{name: told[name] for name in ("name", "mail", "phone", "when") if told.get(name)},
        "messages": [
            {"at": one.at.isoformat(), "from": one.author, "text": enquiry.key.unlock(one.locked)}
            for one in enquiry.messages.exclude(author=Message.Author.NOTE)
        ],
        "files": [enquiry.key.unlock(one.locked_name) for one in enquiry.attachments.defer("content")],
    }
