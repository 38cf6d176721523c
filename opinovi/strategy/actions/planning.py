"""What is done for an objective, and how it is measured."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_fsm import can_proceed

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.masking import mask, masked_texts
from opinovi.journeys.actions.letters import tell_members
from opinovi.network.models import Member, Network, Organisation, Person
from opinovi.network.queries import member_in
from opinovi.strategy.actions.writing import Texts
from opinovi.strategy.measuring import FORMULAS
from opinovi.strategy.models import Action, Criterion, Gap, Measure, Objective, Reading
from opinovi.strategy.models.plan import Source

# How long a chain of what waits for what is looked along.
LONGEST = 1000
BY_ITSELF = gettext_noop("laskettu tämän palvelun tiedoista")


@transaction.atomic
def save_action(
    by: Person, objective: Objective, one: Action | None, *, name: Texts, organisation: Organisation,
    member: Member | None, partners: list[Organisation], begins: date, ends: date, resources: str,
    waits_for: list[Action], gap: Gap | None = None, criterion: Criterion | None = None,
) -> Action:  # fmt: skip
    """Add an action to an objective, or change it. What waits for itself, by however many steps, is refused."""
    require("strategy.run", by, objective)
    network = objective.theme.strategy.network
    check_people(network, organisation, member, partners)
    if ends < begins:
        raise ValidationError({"ends": _("Viimeinen päivä on ennen ensimmäistä.")})
    if one is None:
        one = Action(objective=objective, gap=gap, criterion=criterion)
    else:
        one = Action.objects.select_for_update().get(id=one.id)
    told_before = one.member_id
    one.objective, one.name, one.organisation, one.member = objective, masked_texts(name), organisation, member
    one.begins, one.ends, one.resources = begins, ends, mask(resources)[0].strip()
    one.changed_at = now()
    check_order(one, waits_for, objective.theme.strategy_id)
    one.save()
    one.partners.set(partners)
    one.waits_for.set(waits_for)
    record("save", "action", one.id, str(by.id))
    if member is not None and member.id != told_before:
        tell_members([member], f"action {one.id} {member.id}", "action", [one.id], by.id)
    return one


def check_people(
    network: Network, organisation: Organisation, member: Member | None, partners: list[Organisation]
) -> None:
    if not network.members.filter(id=organisation.id).exists():
        raise ValidationError({"organisation": _("Organisaatio ei ole mukana verkostossa.")})
    if member is not None and (member.organisation_id != organisation.id or member.ended_at is not None):
        raise ValidationError({"member": _("Hän ei ole tässä organisaatiossa.")})
    ids = {one.id for one in partners}
    if network.members.filter(id__in=ids).count() != len(ids):
        raise ValidationError({"partners": _("Kaikki eivät ole mukana verkostossa.")})


def check_order(one: Action, waits_for: list[Action], strategy_id: UUID) -> None:
    """An action waits for actions of the same strategy, and never for itself in the end."""
    links: dict[UUID, set[UUID]] = {}
    rows = Action.waits_for.through.objects.filter(from_action__objective__theme__strategy=strategy_id)
    for waiting, awaited in rows.values_list("from_action_id", "to_action_id"):
        links.setdefault(waiting, set()).add(awaited)
    own = set(Action.objects.filter(objective__theme__strategy=strategy_id, id__in=[row.id for row in waits_for])
              .values_list("id", flat=True))  # fmt: skip
    if own != {row.id for row in waits_for}:
        raise ValidationError({"waits_for": _("Toimenpide on toisessa strategiassa.")})
    seen: set[UUID] = set()
    ahead = list(own)
    while ahead and len(seen) < LONGEST:
        at = ahead.pop()
        if at == one.id:
            raise ValidationError({"waits_for": _("Toimenpide odottaisi itseään.")})
        if at not in seen:
            seen.add(at)
            ahead += links.get(at, ())


@transaction.atomic
def move_action(by: Person, one: Action, to: str, evidence: str = "") -> Action:
    """Begin, finish, stop or open again: by those who are responsible, or who coordinate."""
    one = Action.objects.select_for_update(of=("self",)).select_related("objective__theme__strategy__network").get(
        id=one.id
    )  # fmt: skip
    require("strategy.act", by, one)
    if to == "begin":
        open_before = [row for row in one.waits_for.all() if row.state in ("planned", "under_way")]
        if open_before:
            raise ValidationError(_("Tämä odottaa vielä: %(what)s.") % {"what": ", ".join(map(str, open_before))})
    steps: dict[str, Any] = {"begin": one.begun, "stop": one.stopped, "again": one.opened_again}
    if to == "done":
        evidence = mask(evidence)[0].strip()
        if not evidence:
            raise ValidationError({"evidence": _("Kirjoita, mistä näkee, että tämä on tehty.")})
        one.evidence, step = evidence, one.done
    elif to in steps:
        step = steps[to]
    else:
        raise ValidationError(_("Tuntematon valinta."))
    if not can_proceed(step):
        raise ValidationError(_("Tämä ei käy enää. Joku on jo muuttanut tilaa."))
    step()
    one.changed_at = now()
    one.save()
    record(to, "action", one.id, str(by.id), state=one.state)
    return one


@transaction.atomic
def tell_evidence(by: Person, one: Action, evidence: str) -> None:
    """Add to what shows that it is being done, while it is."""
    one = Action.objects.select_for_update(of=("self",)).select_related("objective__theme__strategy__network").get(
        id=one.id
    )  # fmt: skip
    require("strategy.act", by, one)
    one.evidence, one.changed_at = mask(evidence)[0].strip(), now()
    if one.state == "done" and not one.evidence:
        raise ValidationError({"evidence": _("Kirjoita, mistä näkee, että tämä on tehty.")})
    one.save()
    record("tell_evidence", "action", one.id, str(by.id))


@transaction.atomic
def save_measure(by: Person, objective: Objective, one: Measure | None, **fields: Any) -> Measure:
    """Add a measure to an objective, or change it. One that takes its value by itself takes it at once."""
    require("strategy.run", by, objective)
    one = Measure(objective=objective) if one is None else Measure.objects.select_for_update().get(id=one.id)
    for field, value in fields.items():
        setattr(one, field, masked_texts(value) if field == "name" else value)
    one.save()
    record("save", "measure", one.id, str(by.id))
    fill(one)
    return one


@transaction.atomic
def drop_measure(by: Person, one: Measure) -> None:
    require("strategy.run", by, one)
    record("drop", "measure", one.id, str(by.id))
    one.delete()


@transaction.atomic
def read_measure(by: Person, one: Measure, on: date, value: int, source: str) -> Reading:
    """A value by hand, in thousandths, with where it is from. One of the same day takes its place."""
    require("strategy.run", by, one)
    if on > today():
        raise ValidationError({"on": _("Päivä on vasta edessä.")})
    source = mask(source)[0].strip()
    if not source:
        raise ValidationError({"source": _("Kirjoita, mistä luku on.")})
    network = one.objective.theme.strategy.network
    found, _new = Reading.objects.update_or_create(
        measure=one, on=on, defaults={"value": value, "source": source[:300], "by": member_in(by, network), "at": now()}
    )
    record("read", "measure", one.id, str(by.id), on=on.isoformat())
    return found


def fill(one: Measure) -> Reading | None:
    """Let a measure take its value, once a month: the month's reading is renewed until the month ends. Within the
    caller's transaction."""
    if one.source == Source.HAND:
        return None
    day = today()
    value = FORMULAS[one.source](one.objective.theme.strategy.network, one, day)
    same = one.readings.filter(on__year=day.year, on__month=day.month, by=None).first()
    found = same or Reading(measure=one)
    taken = one.readings.filter(on=day).exclude(id=found.id).first()
    if taken is not None:
        # What somebody wrote by hand for this very day stands.
        return taken
    found.on, found.value, found.source, found.at = day, value, BY_ITSELF, now()
    found.save()
    return found


def fill_all(network: Network) -> int:
    """Every measure that takes its value by itself, of the strategies that have not ended. By the worker."""
    rows = Measure.objects.filter(objective__theme__strategy__network=network).exclude(source=Source.HAND)
    rows = rows.exclude(objective__theme__strategy__state="ended")
    count = 0
    for one in rows.select_related("objective__theme__strategy__network"):
        with transaction.atomic():
            fill(one)
            count += 1
    if count:
        with transaction.atomic():
            record("fill", "network", network.id, measures=count)
    return count


def remind_late() -> int:
    """Tell whoever is responsible once that an action is past its last day. By the worker."""
    rows = Action.objects.filter(state__in=["planned", "under_way"], ends__lt=today(), reminded_on=None)
    rows = rows.exclude(objective__theme__strategy__state="ended").select_related("member__person")
    count = 0
    for one in rows[:200]:
        with transaction.atomic():
            Action.objects.filter(id=one.id, reminded_on=None).update(reminded_on=today())
            if one.member is not None and one.member.ended_at is None:
                tell_members([one.member], f"action {one.id} late {one.ends}", "action", [one.id], None)
            record("remind", "action", one.id)
            count += 1
    return count
