"""Colleagues are asked about a case without a name."""

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.base.models import DataKey
from opinovi.contact.findings import Finding, findings
from opinovi.journeys.actions.letters import tell_members
from opinovi.journeys.models import Consultation, ConsultationReply
from opinovi.network.models import Network, Person, Role
from opinovi.network.queries import member_in

KEPT_DAYS = 365


class TellsWho(ValidationError):
    """Something in the text may tell who it is about; a guide looks at it and decides."""

    def __init__(self, found: list[Finding]) -> None:
        self.found = found
        super().__init__(_("Tekstissä on kohtia, joista asiakkaan voi tunnistaa. Katso ne ja lähetä sitten."))


def checked(text: str, looked: bool) -> str:
    """The text, if it tells of nobody or a guide has looked at what may. Raises TellsWho."""
    text = mask(text)[0].strip()
    if not text:
        raise ValidationError({"text": _("Kirjoita asia.")})
    found = findings(text)
    # A number, an address or a code is never of use here; a name or a place may be an everyday word.
    hard = [one for one in found if one.kind in ("code", "mail", "address")]
    if hard or (found and not looked):
        raise TellsWho(found)
    return text


@transaction.atomic
def ask(by: Person, network: Network, title: str, text: str, looked: bool, once: UUID | None = None) -> Consultation:
    require("journeys.consult", by)
    if once and (same := Consultation.objects.filter(once=once).first()):
        return same
    checked(title, looked)
    text = checked(text, looked)
    key = DataKey.objects.create()
    one = Consultation(network=network, member=member_in(by, network, Role.GUIDE), key=key, once=once)
    one.locked = key.lock({"title": mask(title)[0].strip()[:120], "text": text})
    one.save()
    record("consult", "consultation", one.id, str(by.id))
    return one


@transaction.atomic
def reply(by: Person, consultation: Consultation, text: str, looked: bool) -> None:
    require("journeys.consult", by, consultation)
    one = (
        Consultation.objects.select_for_update(of=("self",))
        .select_related("key", "network", "member__person")
        .get(id=consultation.id)
    )
    if one.closed_at is not None or one.key is None:
        raise ValidationError(_("Tämä on jo päättynyt."))
    text = checked(text, looked)
    row = ConsultationReply.objects.create(
        consultation=one, member=member_in(by, one.network, Role.GUIDE), locked=one.key.lock(text)
    )
    one.moved_at = now()
    one.save(update_fields=["moved_at"])
    tell_members([one.member], f"consultation {row.id}", "consultation", [one.id], by.id)
    record("reply", "consultation", one.id, str(by.id))


@transaction.atomic
def close(by: Person, consultation: Consultation) -> None:
    """Only who asked ends it."""
    one = Consultation.objects.select_for_update(of=("self",)).select_related("member").get(id=consultation.id)
    require("journeys.consult", by, consultation)
    if one.member.person_id != by.id:
        raise ValidationError(_("Vain kysyjä voi päättää tämän."))
    one.closed_at = one.closed_at or now()
    one.save(update_fields=["closed_at"])
    record("close", "consultation", one.id, str(by.id))


def forget_lost() -> int:
    """Those whose key is gone lose their words too."""
    found = Consultation.objects.filter(key=None).exclude(locked="")
    ConsultationReply.objects.filter(consultation__in=found).delete()
    return found.update(locked="", closed_at=now())


def forget_old() -> int:
    """What has been still for a year is gone, and its key with it."""
    old = Consultation.objects.filter(moved_at__lt=now() - timedelta(days=KEPT_DAYS), key__isnull=False)
    for one in old.select_related("key")[:200]:
        with transaction.atomic():
            one.replies.all().delete()
            key, one.key, one.locked = one.key, None, ""
            one.closed_at = one.closed_at or now()
            one.save()
            if key is not None:
                key.delete()
            record("erase", "consultation", one.id, why="old")
    return len(old)
