"""A strategy is written together: its text, comments on a paragraph, and versions of the whole."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import months_on, now, today
from opinovi.base.events import record
from opinovi.base.masking import mask, masked_texts
from opinovi.base.text import choose
from opinovi.base.texts_form import Changed
from opinovi.network.models import Network, Person
from opinovi.network.queries import member_in
from opinovi.practices.models import Practice
from opinovi.strategy.models import (
    Comment,
    Decision,
    Objective,
    Review,
    Strategy,
    StrategyState,
    StrategyVersion,
    Theme,
)
from opinovi.strategy.text import paragraphs, snapshot

Texts = dict[str, str]


@transaction.atomic
def save_strategy(
    by: Person, network: Network, one: Strategy | None, *, name: Texts, vision: Texts, begins: date, ends: date,
    review_months: int, revision: int = 0,
) -> Strategy:  # fmt: skip
    """Begin a strategy, or change its name, vision and period. Raises Changed where another did meanwhile."""
    require("strategy.run", by, network)
    if ends <= begins:
        raise ValidationError({"ends": _("Kauden loppu on ennen alkua.")})
    if one is None:
        one = Strategy(network=network)
    else:
        one = Strategy.objects.select_for_update().get(id=one.id)
        if one.revision != revision:
            raise Changed
        one.revision += 1
    one.name, one.vision, one.begins, one.ends = masked_texts(name), masked_texts(vision), begins, ends
    one.review_months = review_months
    one.save()
    record("save", "strategy", one.id, str(by.id))
    return one


@transaction.atomic
def save_part(
    by: Person, under: Strategy | Theme, one: Theme | Objective | None, *, name: Texts, text: Texts, revision: int = 0,
    practices: Iterable[Practice] = (),
) -> Theme | Objective:  # fmt: skip
    """Add a theme to a strategy or an objective, with the practices that help, to a theme; or change its text. Raises
    Changed where another did."""
    require("strategy.run", by, under)
    model: Any = Theme if isinstance(under, Strategy) else Objective
    if one is None:
        owner = {"strategy" if model is Theme else "theme": under}
        # Two who add at once get two places: the owner's row is held.
        type(under)._default_manager.select_for_update().get(id=under.id)
        last = model._default_manager.filter(**owner).aggregate(last=Max("position"))["last"]
        one = model(**owner, position=0 if last is None else last + 1)
    else:
        one = model._default_manager.select_for_update().get(id=one.id)
        if one.revision != revision:
            raise Changed
        one.revision += 1
    one.name, one.text = masked_texts(name), masked_texts(text)
    one.save()
    if isinstance(one, Objective):
        one.practices.set(practices)
    record("save", model.__name__.lower(), one.id, str(by.id))
    return one


@transaction.atomic
def drop_part(by: Person, one: Theme | Objective) -> None:
    """Take a theme or an objective out. One that has actions stays, so that nobody's work is lost."""
    require("strategy.run", by, one)
    held = one.objectives.exists() if isinstance(one, Theme) else one.actions.exists()
    if held:
        raise ValidationError(_("Tässä on vielä jotain alla. Siirrä tai poista se ensin."))
    record("drop", type(one).__name__.lower(), one.id, str(by.id))
    one.delete()


@transaction.atomic
def move_part(by: Person, one: Theme | Objective, up: bool) -> None:
    """Swap places with the one before or after it."""
    require("strategy.run", by, one)
    owner = {"strategy": one.strategy} if isinstance(one, Theme) else {"theme": one.theme}
    rows = list(type(one)._default_manager.select_for_update().filter(**owner))
    at = next(number for number, row in enumerate(rows) if row.id == one.id)
    to = at - 1 if up else at + 1
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
        for position, row in enumerate(rows):
            type(one)._default_manager.filter(id=row.id).update(position=position)
    record("move", type(one).__name__.lower(), one.id, str(by.id))


@transaction.atomic
def comment(by: Person, strategy: Strategy, part: str, paragraph: str, text: str, once: UUID | None = None) -> Comment:
    """Say something of a paragraph. A form sent twice says it once."""
    require("strategy.take_part", by, strategy)
    if once and (same := Comment.objects.filter(once=once).first()):
        return same
    text = mask(text)[0].strip()
    if not text:
        raise ValidationError({"text": _("Kirjoita kommentti.")})
    # A browser sends a line's end as two characters.
    paragraph = paragraph.replace("\r", "").strip()
    if paragraph not in paragraphs_of(strategy, part):
        # Somebody has changed it since the page was opened: what is quoted is only what stood there.
        paragraph = ""
    one = Comment.objects.create(
        strategy=strategy, part=part[:60], paragraph=paragraph[:2000], text=text[:4000], once=once,
        by=member_in(by, strategy.network),
    )  # fmt: skip
    record("comment", "strategy", strategy.id, str(by.id), comment=str(one.id))
    return one


@transaction.atomic
def resolve(by: Person, one: Comment) -> None:
    """A comment has been dealt with: by who coordinates, or who made it."""
    one = Comment.objects.select_for_update(of=("self",)).select_related("strategy__network", "by").get(id=one.id)
    if one.by.person_id != by.id:
        require("strategy.run", by, one)
    if one.resolved_at is None:
        one.resolved_at, one.resolved_by = now(), member_in(by, one.strategy.network)
        one.save()
        record("resolve", "strategy", one.strategy_id, str(by.id), comment=str(one.id))


@transaction.atomic
def keep_version(by: Person, strategy: Strategy, note: str) -> StrategyVersion:
    """Keep the whole as it stands, under the next number."""
    require("strategy.run", by, strategy)
    Strategy.objects.select_for_update().get(id=strategy.id)
    last = strategy.versions.aggregate(last=Max("number"))["last"] or 0
    one = StrategyVersion.objects.create(
        strategy=strategy, number=last + 1, data=snapshot(strategy), note=mask(note)[0].strip()[:300],
        by=member_in(by, strategy.network),
    )  # fmt: skip
    record("keep_version", "strategy", strategy.id, str(by.id), number=one.number)
    return one


@transaction.atomic
def publish(by: Person, version: StrategyVersion) -> Strategy:
    """Let everybody read a version that a meeting approved. The strategy that was in force before ends."""
    require("strategy.run", by, version)
    network = Network.objects.select_for_update().get(id=version.strategy.network_id)
    newest = Decision.objects.filter(version=version, meeting__closed_at__isnull=False).order_by("at", "id").last()
    if newest is None or not newest.approved:
        raise ValidationError(_("Kokous ei ole hyväksynyt tätä versiota. Julkaista voi sen, minkä kokous hyväksyi."))
    for before in network.strategies.filter(state=StrategyState.PUBLISHED).exclude(id=version.strategy_id):
        before.ended()
        before.save()
        record("end", "strategy", before.id, str(by.id))
    one = Strategy.objects.get(id=version.strategy_id)
    one.published_as(version)
    one.save()
    record("publish", "strategy", one.id, str(by.id), number=version.number)
    plan_review(one, one.begins)
    return one


def plan_review(strategy: Strategy, after: date) -> None:
    """The next time at which what was learned is looked at, in the future and within the period."""
    day = months_on(max(after, today()), strategy.review_months)
    if day <= strategy.ends and not strategy.reviews.filter(held_on=None).exists():
        Review.objects.create(strategy=strategy, due=day)


@transaction.atomic
def hold_review(by: Person, one: Review, held_on: date, learned: str, changes: str) -> None:
    """Write down what was learned; the next review gets its day."""
    require("strategy.run", by, one)
    one = Review.objects.select_for_update(of=("self",)).select_related("strategy__network").get(id=one.id)
    if held_on > today():
        raise ValidationError({"held_on": _("Päivä on vasta edessä.")})
    one.held_on, one.learned, one.changes = held_on, mask(learned)[0].strip(), mask(changes)[0].strip()
    if not one.learned:
        raise ValidationError({"learned": _("Kirjoita, mitä opittiin.")})
    one.save()
    record("review", "strategy", one.strategy_id, str(by.id))
    plan_review(one.strategy, held_on)


def paragraphs_of(strategy: Strategy, part: str) -> list[str]:
    """The paragraphs of a part as they stand. Raises ValidationError for a part that is not there."""
    kind, _space, which = part.partition(" ")
    if kind == "vision":
        return paragraphs(choose(strategy.vision).text)
    among = Theme.objects.filter(strategy=strategy) if kind == "theme" else None
    rows: Any = among if among is not None else Objective.objects.filter(theme__strategy=strategy)
    one = next((row for row in rows if str(row.id) == which), None)
    if one is None:
        raise ValidationError(_("Kohta on poistettu."))
    return paragraphs(choose(one.text).text)
