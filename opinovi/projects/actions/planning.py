"""A project is set up: who pays, who takes part, the budget and its changes, the periods."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.network.models import Network, Organisation, Person
from opinovi.network.queries import member_in
from opinovi.projects.models import BudgetLine, Change, ChangeState, CostType, Entry, Funder, Partner, Period, Project
from opinovi.projects.money import WHOLE

# Partner, cost type, year, in kind.
Cell = tuple[Organisation, str, int, bool]


@transaction.atomic
def save_project(
    by: Person, network: Network, one: Project | None, funders: list[tuple[dict[str, str], int]],
    partners: list[Organisation], **fields: Any,
) -> Project:  # fmt: skip
    """Set a project up, or change it. Shares are in hundredths of a per cent and add up to all of it; the last funder
    is the partners' own money."""
    if one is None:
        require("projects.begin", by, network)
        one = Project(network=network)
    else:
        one = Project.objects.select_for_update().get(id=one.id)
        require("projects.run", by, one)
    if not funders or sum(share for _name, share in funders) != WHOLE:
        raise ValidationError(_("Rahoittajien osuuksien summa ei ole 100 %."))
    for name, value in fields.items():
        setattr(one, name, value)
    if one.ends < one.begins:
        raise ValidationError({"ends": _("Viimeinen päivä on ennen ensimmäistä.")})
    if one.cost_model == "flat" and not one.flat_share:
        raise ValidationError({"flat_share": _("Kirjoita prosentti.")})
    outside = one.periods.exclude(begins__gte=one.begins, ends__lte=one.ends) if one.pk else None
    if outside is not None and outside.exists():
        raise ValidationError(_("Raportointikaudet eivät mahdu uuteen aikaan."))
    one.save()
    one.funders.all().delete()
    Funder.objects.bulk_create(
        Funder(project=one, name=name, share=share, position=at) for at, (name, share) in enumerate(funders)
    )
    keep = {row.id for row in [*partners, one.coordinator]}
    one.partners.exclude(organisation__in=keep).filter(organisation__in=unused(one)).delete()
    for organisation_id in keep:
        Partner.objects.get_or_create(project=one, organisation_id=organisation_id)
    record("save", "project", one.id, str(by.id))
    return one


def unused(project: Project) -> list[Any]:
    """The partners without a budget or an entry: only they may be taken out."""
    used = set(BudgetLine.objects.filter(change__project=project).values_list("organisation", flat=True))
    used |= set(Entry.objects.filter(period__project=project).values_list("organisation", flat=True).distinct())
    return [one.organisation_id for one in project.partners.all() if one.organisation_id not in used]


@transaction.atomic
def ask_change(by: Person, project: Project, why: str, cells: dict[Cell, int]) -> Change:
    """Ask for a change of the budget: what each cell gains or loses, in cents. The first is the budget itself."""
    require("projects.run", by, project)
    project = Project.objects.select_for_update().get(id=project.id)
    why = mask(why)[0].strip()
    if not why:
        raise ValidationError({"why": _("Kirjoita, miksi.")})
    cells = {cell: cents for cell, cents in cells.items() if cents}
    if not cells:
        raise ValidationError(_("Muutos ei muuta mitään."))
    partners = set(project.partners.values_list("organisation_id", flat=True))
    for organisation, cost_type, year, _in_kind in cells:
        if organisation.id not in partners or not project.begins.year <= year <= project.ends.year:
            raise ValidationError(_("Osapuoli tai vuosi ei kuulu hankkeeseen."))
        if cost_type not in CostType.values:
            raise ValidationError(_("Tuntematon kululaji."))
    refuse_below_zero(project, cells)
    last = project.changes.aggregate(last=Max("number"))["last"]
    one = Change.objects.create(
        project=project, number=0 if last is None else last + 1, why=why, by=member_in(by, project.network)
    )
    BudgetLine.objects.bulk_create(
        BudgetLine(change=one, organisation=cell[0], cost_type=cell[1], year=cell[2], in_kind=cell[3], cents=cents)
        for cell, cents in cells.items()
    )
    record("ask_change", "project", project.id, str(by.id), number=one.number)
    return one


def refuse_below_zero(project: Project, cells: dict[Cell, int]) -> None:
    """No cell of the budget is ever less than nothing."""
    now_there = budget_cells(project)
    for (organisation, cost_type, year, in_kind), cents in cells.items():
        if now_there[(organisation.id, cost_type, year, in_kind)] + cents < 0:
            raise ValidationError(
                _("%(who)s, %(year)s: talousarvio menisi alle nollan.") % {"who": organisation, "year": year}
            )


def budget_cells(project: Project) -> defaultdict[tuple[Any, str, int, bool], int]:
    """The budget as it is decided, cell by cell, in cents: one query."""
    rows = BudgetLine.objects.filter(change__project=project, change__state=ChangeState.DECIDED)
    found: defaultdict[tuple[Any, str, int, bool], int] = defaultdict(int)
    for *cell, cents in rows.values_list("organisation", "cost_type", "year", "in_kind").annotate(n=Sum("cents")):
        found[tuple(cell)] = cents
    return found


@transaction.atomic
def decide_change(by: Person, one: Change, yes: bool, decision: str, on: date) -> Change:
    """Write down what was decided of a change; from then on it counts, or never does."""
    require("projects.run", by, one)
    project = Project.objects.select_for_update().get(id=one.project_id)
    one = Change.objects.select_for_update().get(id=one.id)
    if one.state != ChangeState.ASKED:
        raise ValidationError(_("Tästä on jo päätetty."))
    if on > today():
        raise ValidationError({"decided_on": _("Päivä on vasta edessä.")})
    one.decision, one.decided_on = mask(decision)[0].strip()[:200], on
    if not one.decision:
        raise ValidationError({"decision": _("Kirjoita, kuka päätti ja millä numerolla.")})
    if yes:
        lines = one.lines.select_related("organisation")
        refuse_below_zero(
            project, {(row.organisation, row.cost_type, row.year, row.in_kind): row.cents for row in lines}
        )
        one.decided()
    else:
        one.refused()
    one.save()
    record("decide_change", "project", project.id, str(by.id), number=one.number, yes=yes)
    return one


@transaction.atomic
def add_period(by: Person, project: Project, begins: date, ends: date) -> Period:
    """A span to report, within the project and over no other."""
    require("projects.run", by, project)
    project = Project.objects.select_for_update().get(id=project.id)
    if ends < begins:
        raise ValidationError({"ends": _("Viimeinen päivä on ennen ensimmäistä.")})
    if begins < project.begins or ends > project.ends:
        raise ValidationError({"begins": _("Kausi ei ole hankkeen ajassa.")})
    if project.periods.filter(begins__lte=ends, ends__gte=begins).exists():
        raise ValidationError({"begins": _("Kausi menee toisen kauden päälle.")})
    one = Period.objects.create(project=project, begins=begins, ends=ends)
    record("add_period", "project", project.id, str(by.id))
    return one
