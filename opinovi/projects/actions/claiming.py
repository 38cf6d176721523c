"""A period is closed and its claim filed; what the funder paid is written down. And people who took part."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django_tasks import task

from opinovi.base import storage
from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.base.models import DataKey
from opinovi.network.models import Organisation, Person
from opinovi.network.queries import member_in
from opinovi.projects.claim_files import make_paper, make_sheet
from opinovi.projects.models import Claim, CostType, Entry, EntryState, Participant, Partner, Period, Project
from opinovi.projects.money import MOST_CENTS, funders_parts
from opinovi.projects.queries import used_cells


def sums_of(period: Period) -> dict[str, Any]:
    """The sums of a period's confirmed entries, every way they are asked for, in cents. Ids and codes, no names."""
    project = period.project
    cells = used_cells(project, period, confirmed=True)
    whole = sum(cells.values())
    funders = list(project.funders.all())
    parts = funders_parts(whole, [one.share for one in funders], project.rounding)
    by_partner: dict[str, int] = {}
    by_type: dict[str, int] = {}
    for (house, kind, _year, _in_kind), cents in cells.items():
        by_partner[str(house)] = by_partner.get(str(house), 0) + cents
        by_type[kind] = by_type.get(kind, 0) + cents
    in_kind = sum(cents for key, cents in cells.items() if key[3])
    return {
        "total": whole,
        "in_kind": in_kind,
        "money": whole - in_kind,
        "flat": by_type.get(CostType.FLAT, 0),
        "funders": [[str(one.id), one.name, cents] for one, cents in zip(funders, parts, strict=True)],
        "partners": by_partner,
        "types": by_type,
        "entries": Entry.objects.filter(period=period, state=EntryState.CONFIRMED).count(),
    }


@transaction.atomic
def file_claim(by: Person, period: Period) -> Claim:
    """Close the period and file its claim. Everything in it must have been confirmed, or sent back and left out."""
    require("projects.run", by, period)
    one = Period.objects.select_for_update(of=("self",)).select_related("project__network").get(id=period.id)
    if one.closed_at is not None:
        raise ValidationError(_("Kausi on jo suljettu."))
    if one.ends >= today():
        raise ValidationError(_("Kausi on vielä kesken."))
    waiting = one.entries.filter(state=EntryState.ENTERED).count()
    if waiting:
        raise ValidationError(_("%(n)d kirjausta odottaa vielä vahvistusta.") % {"n": waiting})
    if one.project.periods.filter(begins__lt=one.begins, closed_at=None).exists():
        raise ValidationError(_("Aiempi kausi on vielä auki. Sulje se ensin."))
    sums = sums_of(one)
    if not sums["entries"]:
        raise ValidationError(_("Kaudella ei ole yhtään vahvistettua kirjausta."))
    last = Claim.objects.filter(period__project=one.project).aggregate(last=Max("number"))["last"] or 0
    claim = Claim.objects.create(period=one, number=last + 1, by=member_in(by, one.project.network), sums=sums)
    # Last of all: from here on the database refuses changes in the period.
    one.closed_at = now()
    one.save(update_fields=["closed_at"])
    record("file_claim", "claim", claim.id, str(by.id), project=str(one.project_id), total=sums["total"])
    make_files.enqueue(str(claim.id), language_of(by))
    return claim


def language_of(by: Person) -> str:
    return by.language or "fi"


@task()
def make_files(claim_id: str, language: str) -> None:
    """The claim's sheet and paper, made by a worker: twice makes the same."""
    claim = Claim.objects.select_related("period__project__network").get(id=claim_id)
    claim.sheet = storage.keep(make_sheet(claim, language))
    claim.paper = storage.keep(make_paper(claim, language))
    with transaction.atomic():
        claim.save(update_fields=["sheet", "paper"])
        record("make_files", "claim", claim.id)


@transaction.atomic
def tell_paid(by: Person, claim: Claim, cents: int, on: date) -> None:
    """What the funder paid, and when."""
    require("projects.run", by, claim)
    claim = Claim.objects.select_for_update(of=("self",)).defer("sheet", "paper").get(id=claim.id)
    if not 0 <= cents <= MOST_CENTS:
        raise ValidationError({"paid": _("Summa on liian suuri.")})
    if on > today():
        raise ValidationError({"paid_on": _("Päivä on vasta edessä.")})
    claim.paid_cents, claim.paid_on = cents, on
    claim.save(update_fields=["paid_cents", "paid_on"])
    record("tell_paid", "claim", claim.id, str(by.id), cents=cents)


@transaction.atomic
def add_participant(
    by: Person, project: Project, organisation: Organisation, began_on: date, consent: str, told: dict[str, Any]
) -> Participant:
    """Write down somebody who takes part and has said yes to it. Never a personal identity code."""
    require("projects.enter_for", by, organisation)
    if not Partner.objects.filter(project=project, organisation=organisation).exists():
        raise ValidationError(_("Organisaatio ei ole hankkeen osapuoli."))
    if not project.begins <= began_on <= min(project.ends, today()):
        raise ValidationError({"began_on": _("Päivä ei ole hankkeen ajassa.")})
    consent = mask(consent)[0].strip()[:200]
    if not consent:
        raise ValidationError({"consent": _("Kirjoita, miten hän antoi luvan.")})
    key = DataKey.objects.create()
    words = {name: mask(str(value))[0].strip() for name, value in told.items() if value}
    one = Participant.objects.create(
        project=project, organisation=organisation, key=key, locked=key.lock(words), began_on=began_on,
        consent=consent, by=member_in(by, project.network),
    )  # fmt: skip
    record("add_participant", "project", project.id, str(by.id))
    return one


@transaction.atomic
def forget_participant(by: Person, one: Participant) -> None:
    """They took their yes back: who they are is gone; that there was somebody stays."""
    require("projects.see_participant", by, one)
    one = Participant.objects.select_for_update(of=("self",)).select_related("key").get(id=one.id)
    key, one.key, one.locked = one.key, None, ""
    one.save(update_fields=["key", "locked"])
    if key is not None:
        key.delete()
    record("forget_participant", "project", one.project_id, str(by.id))
