"""Every change of a practice: written, reviewed by two other houses, published, taken into use."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import today
from opinovi.base.events import record
from opinovi.base.masking import mask, masked_texts
from opinovi.base.texts_form import Changed
from opinovi.journeys.actions.letters import tell_members
from opinovi.network.models import Member, Network, Organisation, Person
from opinovi.network.queries import member_in
from opinovi.network.standing import standing
from opinovi.practices.models import Adoption, Practice, PracticeReview, PracticeState

# How many other houses must find it good.
REVIEWS = 2
TEXTS = ("name", "problem", "way", "needs", "results")
MOST_MATERIALS = 10


@transaction.atomic
def save(
    by: Person, network: Network, organisation: Organisation, one: Practice | None, texts: dict[str, dict[str, str]],
    *, contact: Member, materials: str = "", revision: int = 0, evidence: str = "", topics: list[str] | None = None,
    areas: list[str] | None = None, services: Any = (),
) -> Practice:  # fmt: skip
    """Write a practice down, or change it: what two houses found good is looked at anew when it has changed."""
    if one is None:
        require("practices.write", by, organisation)
        if not network.members.filter(id=organisation.id).exists():
            raise ValidationError(_("Organisaatio ei ole mukana verkostossa."))
        one = Practice(network=network, organisation=organisation)
    else:
        one = Practice.objects.select_for_update().get(id=one.id)
        require("practices.write", by, one)
        if one.revision != revision:
            raise Changed
        one.revision += 1
        if one.state in (PracticeState.IN_REVIEW, PracticeState.PUBLISHED):
            one.sent_back()
    if contact.organisation_id != organisation.id:
        raise ValidationError({"contact": _("Hän ei ole tässä organisaatiossa.")})
    for name in TEXTS:
        setattr(one, name, masked_texts(texts[name]))
    one.contact, one.evidence, one.topics = contact, mask(evidence)[0].strip()[:500], topics or []
    one.areas = areas or []
    one.materials = links_of(materials)
    one.save()
    one.services.set(services)
    record("save", "practice", one.id, str(by.id))
    return one


def links_of(text: str) -> list[list[str]]:
    """Materials as they are written, a line each: a name and an address after it."""
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        name, _space, address = line.strip().rpartition(" ")
        try:
            URLValidator(["http", "https"])(address)
        except ValidationError as error:
            raise ValidationError({"materials": _("Jokaisella rivillä on nimi ja osoite: Ohje https://…")}) from error
        found.append([name.strip() or address, address])
    if len(found) > MOST_MATERIALS:
        raise ValidationError({"materials": _("Enintään %(n)d linkkiä.") % {"n": MOST_MATERIALS}})
    return found


@transaction.atomic
def offer(by: Person, one: Practice) -> None:
    """Ask two other houses to look at it."""
    one = Practice.objects.select_for_update().get(id=one.id)
    require("practices.write", by, one)
    if one.state != PracticeState.DRAFT:
        raise ValidationError(_("Tämä ei käy enää. Joku on jo muuttanut tilaa."))
    missing = [name for name in ("problem", "way", "results") if not getattr(one, name).get("fi")]
    if missing:
        raise ValidationError(_("Kerro vielä, mikä oli ongelma, mitä tehtiin ja mitä siitä seurasi."))
    one.offered()
    one.save()
    record("offer", "practice", one.id, str(by.id))


@transaction.atomic
def review(by: Person, one: Practice, good: bool, text: str) -> None:
    """What another house thinks. The second that finds it good publishes it; one that does not sends it back."""
    one = Practice.objects.select_for_update(of=("self",)).select_related("network", "contact__person").get(id=one.id)
    require("practices.take_part", by, one)
    if one.state != PracticeState.IN_REVIEW:
        raise ValidationError(_("Tämä ei ole nyt arvioitavana."))
    member, text = member_in(by, one.network), mask(text)[0].strip()[:4000]
    if member.organisation_id == one.organisation_id:
        raise ValidationError(_("Arvioijat ovat muista organisaatioista."))
    if not good and not text:
        raise ValidationError({"text": _("Kirjoita, mitä pitää korjata.")})
    if one.reviews.filter(organisation=member.organisation, revision=one.revision).exists():
        raise ValidationError(_("Organisaatiosi on jo arvioinut tämän."))
    PracticeReview.objects.create(
        practice=one, organisation=member.organisation, member=member, revision=one.revision, good=good, text=text
    )
    if not good:
        one.sent_back()
    elif one.reviews.filter(revision=one.revision, good=True).count() >= REVIEWS:
        one.published()
    one.save()
    key = f"practice {one.id.hex} {one.revision} {member.organisation_id.hex}"
    tell_members([one.contact], key, "practice-desk", [one.id], by.id)
    record("review", "practice", one.id, str(by.id), good=good, state=one.state)


@transaction.atomic
def end(by: Person, one: Practice) -> None:
    one = Practice.objects.select_for_update().get(id=one.id)
    require("practices.write", by, one)
    if one.state != PracticeState.PUBLISHED:
        raise ValidationError(_("Tämä ei käy enää. Joku on jo muuttanut tilaa."))
    one.ended()
    one.save()
    record("end", "practice", one.id, str(by.id))


@transaction.atomic
def adopt(
    by: Person, one: Practice, organisation: Organisation, since: date, changed: str, results: str, ended: bool = False
) -> Adoption:
    """A house takes it into use, or tells more of how it goes there."""
    require("practices.write", by, organisation)
    one = Practice.objects.select_for_update(of=("self",)).select_related("network", "contact__person").get(id=one.id)
    if one.state != PracticeState.PUBLISHED:
        raise ValidationError(_("Käytäntöä ei ole julkaistu."))
    if organisation.id == one.organisation_id or not one.network.members.filter(id=organisation.id).exists():
        raise ValidationError(_("Käyttöön ottaa joku muu verkoston organisaatio."))
    if since > today():
        raise ValidationError({"since": _("Päivä on vasta edessä.")})
    member = Member.objects.filter(id__in=standing(by).members(), organisation=organisation).first()
    assert member is not None
    told = {"member": member, "since": since, "changed": mask(changed)[0].strip(), "results": mask(results)[0].strip(),
            "ended_on": today() if ended else None}  # fmt: skip
    found, new = Adoption.objects.update_or_create(practice=one, organisation=organisation, defaults=told)
    if new:
        tell_members([one.contact], f"adopt {one.id.hex} {organisation.id.hex}", "practice-desk", [one.id], by.id)
    record("adopt", "practice", one.id, str(by.id), organisation=str(organisation.id))
    return found
