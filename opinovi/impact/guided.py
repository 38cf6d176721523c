"""The facts of one client's guidance: from its beginning to what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from opinovi.impact.stories import (
    GOOD,
    Breakdowns,
    Fact,
    Happening,
    Houses,
    Story,
    Whose,
    days_between,
    groups_of,
    month_of,
    whose,
)

# Where a hand-over that ended before the meeting ended.
REASONS = ("refused", "declined", "waited", "withdrew", "not_reached")


@dataclass
class HandOver:
    """One hand-over, as far as it came, and why it ended where it ended before the meeting."""

    asked: bool = False
    sent: datetime | None = None
    to: str = ""
    house: str = ""
    accepted: datetime | None = None
    read: bool = False
    met: datetime | None = None
    completed: bool = False
    ended: str = ""


@dataclass
class Guided:
    """What is known of one client so far."""

    began: datetime | None = None
    network: str = ""
    team: str = ""
    came: str = ""
    language: str = ""
    municipality: str = ""
    groups: tuple[str, ...] = ()
    told_groups: bool = False
    planned: datetime | None = None
    steps: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    hand_overs: dict[str, HandOver] = field(default_factory=dict)
    # Which month each question was asked or, where it was told unasked, told; and what was told last.
    asked: dict[tuple[str, int], datetime] = field(default_factory=dict)
    outcomes: dict[tuple[str, int], str] = field(default_factory=dict)
    before: int | None = None
    after: tuple[datetime, int] | None = None

    @property
    def by(self) -> Breakdowns:
        return (
            ("language", self.language),
            ("municipality", self.municipality or "-"),
            ("came", self.came),
            *groups_of(self.groups),
        )


def client(story: Story, houses: Houses) -> Iterator[Fact]:
    one = Guided()
    for happening in story:
        hear(one, happening)
    if one.began is None or not one.network:
        return
    yield from of_beginning(one, houses)
    yield from of_funnel(one, houses)
    yield from of_hand_overs(one, houses)
    yield from of_outcomes(one, houses)


def hear(one: Guided, happening: Happening) -> None:
    """Take in one Event of the client's."""
    at, verb, told = happening
    if verb == "begin" and one.began is None:
        one.began, one.network, one.team = at, told.get("network", ""), told.get("team", "")
        one.came, one.language = told.get("came", ""), told.get("language", "")
    elif verb == "tell_background":
        one.municipality, one.groups = told.get("municipality", ""), tuple(told.get("groups", ()))
        one.told_groups = bool(told.get("answered"))
    elif verb == "add_goal":
        one.planned = one.planned or at
    elif verb == "mark_step":
        one.steps[told["step"]] = at, told["state"]
    elif verb == "set_confidence" and "total" in told:
        if told["after"]:
            one.after = at, told["total"]
        else:
            one.before = told["total"]
    elif verb in ("ask_outcome", "tell_outcome", "complete_referral"):
        hear_outcome(one, at, told)
    elif verb == "erase":
        # Who is forgotten has ended what was still open.
        for row in one.hand_overs.values():
            if row.asked and not row.met and not row.ended:
                row.ended = "withdrew" if row.sent else "refused"
    if "referral" in told:
        hear_hand_over(one.hand_overs.setdefault(told["referral"], HandOver()), happening)
    elif verb == "read":
        for row in one.hand_overs.values():
            if row.sent and not row.met and told.get("organisation") == row.house and told.get("pieces"):
                row.read = True


def hear_outcome(one: Guided, at: datetime, told: dict[str, Any]) -> None:
    key = told.get("journey", ""), told.get("months", 0)
    one.asked.setdefault(key, at)
    if told.get("what"):
        one.outcomes[key] = told["what"]


def hear_hand_over(row: HandOver, happening: Happening) -> None:
    at, verb, told = happening
    if verb == "ask_referral":
        row.asked = True
    elif verb == "take_back_referral":
        row.asked = False
    elif verb == "send_referral":
        row.asked, row.sent = True, at
        row.to, row.house = told.get("to", ""), told.get("house", "")
    elif verb == "read":
        row.read = row.read or (row.met is None and bool(told.get("pieces")))
    elif verb == "accept_referral":
        row.accepted = at
    elif verb == "meet_referral":
        row.met = at
    elif verb == "complete_referral":
        row.completed = True
    elif verb == "decline_referral":
        row.ended = "not_reached" if row.accepted else "declined"
    elif verb == "expire_referral":
        row.ended = "not_reached" if row.accepted else "waited"
    elif verb == "withdraw_referral":
        row.ended = "withdrew" if row.sent else "refused"


def of_beginning(one: Guided, houses: Houses) -> Iterator[Fact]:
    assert one.began is not None
    of, month = whose(one.network, one.team, houses), month_of(one.began)
    yield Fact("began", month, of, one.by)
    if one.told_groups:
        yield Fact("told_groups", month, of, one.by)
    if one.planned is not None:
        yield Fact("planned", month, of, one.by)
    for at, state in one.steps.values():
        if state == "done":
            yield Fact("step_done", month_of(at), of, one.by)
    if one.before is not None and one.after is not None:
        at, total = one.after
        yield Fact("confidence", month_of(at), of, one.by)
        yield Fact("confidence_change", month_of(at), of, one.by, n=total - one.before)


def of_funnel(one: Guided, houses: Houses) -> Iterator[Fact]:
    """How far those came who were to be handed on: each person once, by the furthest of their hand-overs, in the month
    their guidance began. One who was not met is counted by why the last one ended."""
    rows = [row for row in one.hand_overs.values() if row.asked]
    if not rows or one.began is None:
        return
    of, month = whose(one.network, one.team, houses), month_of(one.began)
    met = any(row.met for row in rows)
    helped = met and any(what in GOOD for what in one.outcomes.values())
    stages = {
        "way_asked": True,
        "way_sent": any(row.sent for row in rows),
        "way_accepted": any(row.accepted for row in rows),
        "way_met": met,
        "way_helped": helped,
    }
    for name, reached in stages.items():
        if reached:
            yield Fact(name, month, of, one.by)
    if not met:
        last = rows[-1].ended
        yield Fact(f"lost_{last}" if last else "way_open", month, of, one.by)


def of_hand_overs(one: Guided, houses: Houses) -> Iterator[Fact]:
    """Each hand-over, for the one who received it, in the month it was sent."""
    for row in one.hand_overs.values():
        if row.sent is None:
            continue
        of, month = Whose(one.network, row.house, row.to), month_of(row.sent)
        yield Fact("received", month, of, one.by)
        if row.accepted:
            yield Fact("received_taken", month, of, one.by)
            if row.read:
                yield Fact("received_read", month, of, one.by)
        if row.met:
            yield Fact("received_met", month, of, one.by)
            yield Fact("met_days", month, of, one.by, bucket=days_between(row.sent, row.met))
        if row.completed:
            yield Fact("received_done", month, of, one.by)


def of_outcomes(one: Guided, houses: Houses) -> Iterator[Fact]:
    of = whose(one.network, one.team, houses)
    for (journey, months), at in one.asked.items():
        month, what = month_of(at), one.outcomes.get((journey, months))
        yield Fact(f"outcome{months}_asked", month, of, one.by)
        if what:
            yield Fact(f"outcome{months}_told", month, of, (*one.by, ("what", what)))
            if what in GOOD:
                yield Fact(f"outcome{months}_good", month, of, one.by)
