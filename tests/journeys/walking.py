"""Random walks: people do random things with one hand-over, in random order, each with what they happen to know of it;
after each step, what must never be is asserted (docs/continuum.md has the same list)."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from opinovi.base.clock import now, today
from opinovi.base.models import Event
from opinovi.directory.models import Service
from opinovi.journeys.access import referral_shows, sight
from opinovi.journeys.actions import consents, erasing, receiving, referrals, watching
from opinovi.journeys.models import Client, Consent, Referral
from opinovi.journeys.models.consents import ConsentState, How
from opinovi.journeys.models.referrals import OVER, WITH_RECEIVER, ReferralState
from opinovi.network.models import Person
from tests.journeys.guiding import begin, te_service

S = ReferralState
# Steps that may be taken once in a hand-over's life.
ONCE = ("accept_referral", "meet_referral", "complete_referral", "decline_referral", "withdraw_referral",
        "expire_referral", "send_referral")  # fmt: skip
Deed = Callable[["Walk", random.Random], Any]


@dataclass
class Walk:
    """One hand-over and those who are about it. `oona` sends, `nelli` receives, `ella` and `paivi` are strangers to it."""

    client: Client
    referral: Referral
    people: dict[str, Person]
    service: Service
    erased: bool = False
    log: list[str] = field(default_factory=list)

    @property
    def consent(self) -> Consent | None:
        found = Referral.objects.filter(id=self.referral.id).values_list("consent", flat=True).first()
        return Consent.objects.get(id=found) if found else None


def somebody(walk: Walk, dice: random.Random) -> Person:
    """Anyone, often the one whose step it would be."""
    return walk.people[dice.choice(["nelli", "nelli", "nelli", "nelli", "oona", "ella", "paivi"])]


def sender(walk: Walk, dice: random.Random) -> Person:
    return walk.people[dice.choice(["oona", "oona", "oona", "oona", "nelli", "ella"])]


def with_consent(do: Callable[[Consent, random.Random], Any]) -> Deed:
    def deed(walk: Walk, dice: random.Random) -> Any:
        consent = walk.consent
        return do(consent, dice) if consent is not None else None

    return deed


def say_yes(consent: Consent, dice: random.Random) -> Any:
    pieces = dice.choice([None, ["need"], ["contact", "need"], []])
    return consents.answer(consent, True, How.OWN_DEVICE, pieces=pieces)


def pass_time(walk: Walk, dice: random.Random) -> None:
    """The limit is over, for the first time or after reminders, and the watch goes round."""
    late = Referral.objects.filter(id=walk.referral.id, due_at__isnull=False)
    late.update(due_at=now() - timedelta(hours=1), reminded=dice.randint(0, 3))
    fresh = Referral.objects.get(id=walk.referral.id)
    if fresh.due_at is not None:
        watching.late(fresh.id)


def run_out(consent: Consent, dice: random.Random) -> None:
    Consent.objects.filter(id=consent.id).update(until=today() - timedelta(days=1))


DEEDS: dict[str, Deed] = {
    "ask": lambda w, d: referrals.ask_client(sender(w, d), w.referral, referrals.Draft(w.service, why="Syy")),
    "take_back": lambda w, d: referrals.take_back(sender(w, d), w.referral),
    "yes": with_consent(say_yes),
    "no": with_consent(lambda consent, d: consents.answer(consent, False, How.OWN_DEVICE)),
    "withdraw_consent": with_consent(lambda consent, d: consents.withdraw(consent)),
    "withdraw": lambda w, d: referrals.withdraw(w.referral, d.choice([None, None, sender(w, d)])),
    "see": lambda w, d: receiving.see(somebody(w, d), w.referral),
    "question": lambda w, d: receiving.ask_sender(somebody(w, d), w.referral, d.choice(["Mitä?", ""])),
    "answer": lambda w, d: referrals.answer_receiver(sender(w, d), w.referral, d.choice(["Sitä", ""])),
    "accept": lambda w, d: receiving.accept(somebody(w, d), w.referral),
    "decline": lambda w, d: receiving.decline(somebody(w, d), w.referral, d.choice(["Ei tilaa", ""])),
    "meet": lambda w, d: receiving.meet(somebody(w, d), w.referral),
    "complete": lambda w, d: receiving.complete(somebody(w, d), w.referral, d.choice(["work", "plan", "?"])),
    "late": pass_time,
    "run_out": with_consent(run_out),
    "erase": lambda w, d: erasing.erase(w.client) if d.random() < 0.1 else None,
}
# What would bring it on from where it stands: half of the steps try that, so that many walks come far.
ONWARDS = {
    S.DRAFTED: ["ask"],
    S.ASKED: ["yes"],
    S.SENT: ["see", "accept", "question", "decline"],
    S.SEEN: ["accept", "question", "accept", "decline"],
    S.QUESTION: ["answer", "accept"],
    S.ACCEPTED: ["meet"],
    S.MET: ["complete"],
}


def step(walk: Walk, dice: random.Random, state: str) -> None:
    """Somebody does something. It may be refused, in words; it may not fail."""
    onwards = ONWARDS.get(S(state))
    name = dice.choice(onwards) if onwards and dice.random() < 0.65 else dice.choice(list(DEEDS))
    walk.log.append(name)
    try:
        DEEDS[name](walk, dice)
    except (ValidationError, PermissionDenied):
        walk.log[-1] += " (refused)"


def check(walk: Walk, before: str) -> str:
    """What must never be. Returns the state it is in now."""
    one = Referral.objects.select_related("consent", "client__key").get(id=walk.referral.id)
    if one.consent is not None:
        one.consent.client = one.client
    rows = Event.objects.filter(subject_type="client", subject_id=str(walk.client.id))
    told_of = rows.order_by("seq").values_list("verb", "data")
    events = [verb for verb, data in told_of if data.get("referral") == str(one.id)]
    told = f"{one.state} after {walk.log}"
    walk.erased = one.client.erased
    # 1. Each of these happens at most once, whoever presses and however often. (A question taken back may be asked
    #    again, but is sent once.)
    for verb in ONCE:
        assert events.count(verb) <= 1, (verb, told)
    # 2. What is over stays over, and nothing is due any more.
    if before in OVER:
        assert one.state == before, told
    assert (one.due_at is None) == (one.state in OVER), told
    # 3. It is with the receiver only by the client's yes, and nobody takes what was withdrawn, declined or has expired.
    ended = [verb for verb in events if verb in ("withdraw_referral", "decline_referral", "expire_referral")]
    if ended:
        assert "accept_referral" not in events[events.index(ended[0]) :], told
        assert "meet_referral" not in events[events.index(ended[0]) :], told
    if "accept_referral" in events:
        assert "send_referral" in events[: events.index("accept_referral")], told
    if one.state in WITH_RECEIVER and not one.client.erased:
        assert one.consent is not None and one.consent.state == ConsentState.GIVEN, told
    # 4. When it ended otherwise than by being completed, its consent lets nobody see anything.
    if one.state in (S.WITHDRAWN, S.DECLINED, S.EXPIRED) and one.consent is not None:
        assert not one.consent.in_force(), told
    # 5. The receiver sees exactly while a consent is in force by it; strangers never.
    for name in ("nelli", "ella", "paivi"):
        reader = walk.people[name]
        shown = one.sent_at is not None and referral_shows(reader, one)
        sees = bool(sight(reader, one.client).pieces)
        in_force = one.consent is not None and one.consent.in_force() and not one.client.erased
        assert not shown or (name == "nelli" and in_force), (name, told)
        assert not sees or (name == "nelli" and in_force), (name, told)
    # 6. Times stand in their order.
    moments = [at for at in (one.drafted_at, one.sent_at, one.accepted_at, one.met_at, one.over_at) if at]
    assert moments == sorted(moments), told
    # 7. Of an erased client nothing is left but that it was.
    if one.client.erased:
        assert (
            one.locked == "" and one.state in OVER and not Consent.objects.exclude(locked="").filter(client=one.client)
        )
    return str(one.state)


def new_walk(client: Client, people: dict[str, Person], service: Service) -> Walk:
    draft = referrals.Draft(service, why="Syy")
    referral = referrals.draft(people["oona"], client, client.journeys.all()[0], draft)
    return Walk(client, referral, people, service)


def walk_tree(walk: Walk, dice: random.Random, state: str, depth: int, branches: int, ends: Counter[str]) -> None:
    """Every way through a tree of random steps, each a walk from the beginning to a leaf: what two walks share at their
    beginning is walked once, and taken back to where they part. Counts the states in which the walks end."""
    if depth == 0 or walk.erased:
        ends[state] += 1
        return
    for _number in range(branches):
        with transaction.atomic():
            onwards = replace(walk, log=[*walk.log])
            step(onwards, dice, state)
            # What was refused changed nothing; now and then that is looked at too.
            looked = not onwards.log[-1].endswith("(refused)") or dice.random() < 0.1
            walk_tree(onwards, dice, check(onwards, state) if looked else state, depth - 1, branches, ends)
            transaction.set_rollback(True)


def walk_on(
    people: dict[str, Person], dice: random.Random, trees: int, depth: int = 6, branches: int = 4
) -> Counter[str]:
    """So many trees of walks, each with a client of its own; the states in which the walks ended."""
    ends: Counter[str] = Counter()
    service = te_service()
    for _number in range(trees):
        with transaction.atomic():
            walk_tree(new_walk(begin(people["oona"], mail=""), people, service), dice, S.DRAFTED, depth, branches, ends)
            transaction.set_rollback(True)
    return ends
