"""The network looks at the quality of its own guidance, by criteria of its own."""

from pathlib import Path

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.masking import mask, masked_texts
from opinovi.network.models import Network, Organisation, Person
from opinovi.network.queries import member_in
from opinovi.strategy.actions.writing import Texts
from opinovi.strategy.models import Assessment, Criterion, Verdict

Answers = dict[Criterion, tuple[int, str]]
# How far back an assessment may be written down.
YEARS = 10


@transaction.atomic
def save_criterion(by: Person, network: Network, one: Criterion | None, element: str, text: Texts) -> Criterion:
    """Add a criterion, or say it better. What was answered stays."""
    require("strategy.run", by, network)
    if one is None:
        last = network.criteria.filter(element=element).aggregate(last=Max("position"))["last"]
        one = Criterion(network=network, position=0 if last is None else last + 1)
    one.element, one.text = element, masked_texts(text)
    if not one.text.get("fi"):
        raise ValidationError({"text_fi": _("Kirjoita, mitä arvioidaan.")})
    one.save()
    record("save", "criterion", one.id, str(by.id))
    return one


@transaction.atomic
def begin_criteria(by: Person, network: Network) -> int:
    """Begin with criteria of our own words; only where there are none."""
    require("strategy.run", by, network)
    Network.objects.select_for_update().get(id=network.id)
    if network.criteria.exists():
        return 0
    told = yaml.load((Path(__file__).parents[1] / "criteria.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    rows = [
        Criterion(network=network, element=element, text=text, position=position)
        for element, texts in told.items()
        for position, text in enumerate(texts)
    ]
    Criterion.objects.bulk_create(rows)
    record("begin_criteria", "network", network.id, str(by.id), criteria=len(rows))
    return len(rows)


@transaction.atomic
def retire_criterion(by: Person, one: Criterion) -> None:
    """It is asked no more; the answers of the years behind stay."""
    require("strategy.run", by, one)
    one.retired_at = now()
    one.save()
    record("retire", "criterion", one.id, str(by.id))


@transaction.atomic
def assess(
    by: Person,
    network: Network,
    organisation: Organisation | None,
    year: int,
    answers: dict[Criterion, tuple[int, str]],
) -> Assessment:
    """Write down what an organisation, or the network together, thinks of a year; anew as often as one likes."""
    if organisation is None:
        require("strategy.run", by, network)
    else:
        require("strategy.assess", by, organisation)
        if not network.members.filter(id=organisation.id).exists():
            raise ValidationError(_("Organisaatio ei ole mukana verkostossa."))
    if not today().year - YEARS <= year <= today().year:
        raise ValidationError({"year": _("Vuosi on vasta edessä tai liian kaukana.")})
    if not answers:
        raise ValidationError(_("Valitse taso ainakin yhteen kohtaan."))
    Network.objects.select_for_update().get(id=network.id)
    one, _new = Assessment.objects.update_or_create(
        network=network, organisation=organisation, year=year, defaults={"by": member_in(by, network), "at": now()}
    )
    one.verdicts.all().delete()
    Verdict.objects.bulk_create(
        Verdict(assessment=one, criterion=criterion, level=level, why=mask(why)[0].strip()[:500])
        for criterion, (level, why) in answers.items()
    )
    record("assess", "assessment", one.id, str(by.id), year=year)
    return one
