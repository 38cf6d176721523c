"""What changed, told in words once a month; and the answers to kept questions, sent when a span is over."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opinovi.base.clock import today
from opinovi.base.events import record
from opinovi.base.mail import post
from opinovi.impact.access import follows
from opinovi.impact.cards import Card, counts_of
from opinovi.impact.indicators import indicators, sums_of
from opinovi.impact.models import SavedQuery
from opinovi.impact.models.reports import Rhythm
from opinovi.impact.own_queries import Question, answer
from opinovi.impact.shown import change, over_time, words
from opinovi.impact.spans import last_whole, months_of, span_of, spans_back
from opinovi.network.models import Member, Network, Role
from opinovi.network.queries import coordinators_of

SUBJECT = gettext_noop("Mitä muuttui")
SUBJECT_QUERY = gettext_noop("Lukusi ovat valmiina")
MOST = 8
# A month is told of once its first days have passed, so that what comes a little late is in it.
FROM_DAY = 5
# What changed, by whose figures and in which language.
Said = dict[tuple[str, str], list[str]]


def changes(scope: str, language: str) -> list[str]:
    """In words, how the last whole month differs from the one before it: the largest changes first."""
    spans = spans_back("month", 2, last_whole("month"))
    rows = [one for one in indicators().values() if one.kind != "part" and "month" in one.period]
    sums = sums_of(scope, counts_of(rows), months_of(spans))
    found: list[tuple[float, str]] = []
    with translation.override(language):
        for one in rows:
            old, new = over_time(one, sums, spans)
            if old.value is None or new.value is None or old.value == new.value:
                continue
            size = abs(float(new.value - old.value)) / max(abs(float(old.value)), 1.0)
            found.append((size, f"{one.name}: {words(one, new)}. {change(one, old, new)}"))
    return [told for _size, told in sorted(found, key=lambda pair: (-pair[0], pair[1]))[:MOST]]


def tell_changes() -> int:
    """Once a month, to who coordinates a network and who administers an organisation. Run every day."""
    if today().day < FROM_DAY:
        return 0
    month, sent = span_of(last_whole("month"), "month").key, 0
    said: Said = {}
    for network in Network.objects.all():
        for member in coordinators_of(network).select_related("person"):
            sent += tell_one(member, str(network.id), reverse("network-impact", args=[network.id]), month, said)
        rows = Member.objects.filter(organisation__networks=network, roles__role=Role.ADMINISTRATOR, ended_at=None)
        for member in rows.select_related("person").distinct():
            house = member.organisation_id
            sent += tell_one(member, str(house), reverse("house-impact", args=[house]), month, said)
    return sent


@transaction.atomic
def tell_one(member: Member, scope: str, path: str, month: int, said: Said) -> int:
    """A letter to one; what changed is worked out once for each scope and language."""
    if not member.person.letters:
        return 0
    language = member.person.language or settings.LANGUAGE_CODE
    if (scope, language) not in said:
        said[scope, language] = changes(scope, language)
    told = said[scope, language]
    if not told:
        return 0
    with translation.override(language):
        lines = "\n".join(f"– {one}" for one in told)
        text = _("Hei!\n\nTämä muuttui viime kuussa:\n\n%(lines)s\n\nKatso lisää: %(link)s") % {
            "lines": lines, "link": settings.BASE_URL + path}  # fmt: skip
        post(
            f"changed {scope} {month} {member.id}",
            member.person.email,
            _(SUBJECT),
            text,
            about=str(member.organisation_id),
        )
    return 1


def send_queries() -> int:
    """The answers to kept questions, to their keepers, once for each span that is over. Run every day."""
    sent = 0
    for rhythm, step in ((Rhythm.MONTHLY, "month"), (Rhythm.QUARTERLY, "quarter")):
        span = span_of(last_whole(step), step).key
        rows = SavedQuery.objects.filter(rhythm=rhythm, sent_for__lt=span).select_related("person", "network")
        for one in rows[:500]:
            sent += send_query(one, span)
    return sent


@transaction.atomic
def send_query(one: SavedQuery, span: int) -> int:
    if not SavedQuery.objects.filter(id=one.id, sent_for__lt=span).update(sent_for=span):
        return 0
    record("send", "saved_query", one.id)
    person = one.person
    # One who has left the network's people is sent nothing any more.
    if not person.letters or not follows(person, one.network) or one.indicator not in indicators():
        return 0
    with translation.override(person.language or settings.LANGUAGE_CODE):
        cards = answer(one.network, Question(one.indicator, one.by, one.step, one.spans))
        link = settings.BASE_URL + reverse("saved-query", args=[one.id])
        text = _("Hei!\n\n%(name)s\n\n%(lines)s\n\nKatso: %(link)s") % {
            "name": cards[0].name, "lines": told_lines(cards), "link": link}  # fmt: skip
        post(f"query {one.id} {span}", person.email, _(SUBJECT_QUERY), text)
    return 1


def told_lines(cards: list[Card]) -> str:
    return "\n".join(f"{row.name}: {row.value}" for card in cards for row in card.lines)
