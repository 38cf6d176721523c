"""The report of the common indicators is filed; what came of somebody's part in the project is written down; and whom
the project supported."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.network.models import Person
from opinovi.network.queries import member_in
from opinovi.projects import esf
from opinovi.projects.models import EsfReport, Participant, Project, Supported


@transaction.atomic
def tell_after(by: Person, one: Participant, ended_on: date | None, told: dict[str, str]) -> None:
    """When somebody's part ended, and what came of it then and half a year later."""
    require("projects.see_participant", by, one)
    one = Participant.objects.select_for_update(of=("self",)).select_related("key", "project").get(id=one.id)
    if one.key is None:
        raise ValidationError(_("Tiedot on poistettu."))
    if ended_on is not None and not one.began_on <= ended_on <= today():
        raise ValidationError({"ended_on": _("Tarkista päivä.")})
    words = one.key.unlock(one.locked)
    for name in (*esf.REQUIRED, *esf.TRAITS, *esf.AT_LEAVING, *esf.LATER):
        if name in told:
            words[name] = mask(str(told[name]))[0][:40]
    one.locked, one.ended_on = one.key.lock({name: value for name, value in words.items() if value}), ended_on
    one.save(update_fields=["locked", "ended_on"])
    record("save_participant", "project", one.project_id, str(by.id))


@transaction.atomic
def support(by: Person, project: Project, kind: str, name: str, began_on: date) -> Supported:
    require("projects.run", by, project)
    name = mask(name)[0].strip()[:200]
    if kind not in Supported.Kind.values or not name:
        raise ValidationError({"name": _("Kirjoita, ketä tuettiin.")})
    if not project.begins <= began_on <= min(project.ends, today()):
        raise ValidationError({"began_on": _("Päivä ei ole hankkeen ajassa.")})
    told = {"began_on": began_on, "by": member_in(by, project.network)}
    one, _new = Supported.objects.get_or_create(project=project, kind=kind, name=name, defaults=told)
    record("support", "project", project.id, str(by.id), kind=kind)
    return one


@transaction.atomic
def file_esf(by: Person, project: Project, begins: date, ends: date) -> EsfReport:
    """File the indicators of a period that is over: from then on they stand as they were."""
    require("projects.run", by, project)
    Project.objects.select_for_update().get(id=project.id)
    if ends < begins:
        raise ValidationError(_("Kauden viimeinen päivä on ennen ensimmäistä."))
    if ends >= today():
        raise ValidationError(_("Kausi on vielä kesken."))
    if EsfReport.objects.filter(project=project, begins=begins, ends=ends).exists():
        raise ValidationError(_("Tästä kaudesta on jo raportti."))
    found, gone = esf.report_of(project, begins, ends)
    figures: dict[str, Any] = {"rows": found.rows, "missing": found.missing, "taken_back": gone,
                               "unknown_after": found.unknown_after}  # fmt: skip
    one = EsfReport.objects.create(
        project=project, begins=begins, ends=ends, figures=figures, by=member_in(by, project.network)
    )
    record("file_esf", "project", project.id, str(by.id), report=str(one.id))
    return one
