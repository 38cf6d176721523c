"""Whatever is pressed in whatever order: one offer at a time, what was accepted never changes, and nobody waits
without a day."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opinovi.base.clock import today
from opinovi.network.models import Network, Person
from opinovi.workplaces import tasks
from opinovi.workplaces.actions import cases, offers
from opinovi.workplaces.models import Case, Offer, OfferPart
from opinovi.workplaces.models.cases import CaseState, OfferState
from tests.workplaces.cases import a_case, a_team, an_offer, fresh, house, write_part

PRESSES = ("take", "next", "write", "answer", "begin", "part", "drop", "words", "send", "take back", "accept", "accept old",
           "decline", "finish", "end", "give up", "whole offer", "days pass")  # fmt: skip


class Undone(Exception):
    """Takes back one walk."""


def press(what: str, one: Case, oona: Person, still: time_machine.Traveller) -> None:
    offer, oldest = one.offers.first(), one.offers.last()
    part = OfferPart.objects.select_related("offer__case").filter(offer__case=one).first()
    if what == "take":
        cases.take(oona, one)
    elif what == "next":
        cases.set_next(oona, one, "Soita", today() + timedelta(days=2))
    elif what in ("write", "answer"):
        cases.write(one, "Hei", oona if what == "write" else None)
    elif what == "begin":
        offers.begin(oona, one)
    elif what == "part":
        write_part(oona, one, house("salpaus"))
    elif what == "drop" and part is not None:
        offers.drop_part(oona, part)
    elif what == "words":
        offers.save_words(oona, one, "Tarjous", today() + timedelta(days=6))
    elif what == "send":
        offers.send(oona, one)
    elif what == "take back":
        offers.take_back(oona, one)
    elif what in ("accept", "accept old", "decline") and offer is not None and oldest is not None:
        which = oldest.id if what == "accept old" else offer.id
        (offers.decline if what == "decline" else offers.accept)(one, which)
    elif what == "finish" and part is not None:
        offers.finish_part(oona, part)
    elif what in ("end", "give up"):
        cases.end(oona, one, "helped" if what == "end" else "silent")
    elif what == "whole offer":
        an_offer(oona, one)
    elif what == "days pass":
        still.shift(timedelta(days=4))
        tasks.follow_cases()


def accepted(one: Case) -> list[tuple[str, int | None]]:
    rows = OfferPart.objects.filter(offer__case=one, offer__state=OfferState.ACCEPTED)
    return sorted(rows.values_list("what", "price"))


def check(one: Case, before: list[tuple[str, int | None]]) -> None:
    states = list(Offer.objects.filter(case=one).values_list("state", flat=True))
    assert sum(state in ("draft", "sent", "accepted") for state in states) <= 1
    assert (one.state == CaseState.OFFERED) == ("sent" in states)
    assert one.state != CaseState.AGREED or "accepted" in states
    assert one.ended == (one.due_at is None) == (one.ended_why != "")
    assert one.state != CaseState.OPEN or one.responsible is not None
    if before:
        assert accepted(one) == before
    for offer in Offer.objects.filter(case=one).exclude(state="draft").prefetch_related("parts"):
        assert offer.parts.all() and all(part.ready for part in offer.parts.all())


@pytest.mark.once
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(presses=st.lists(st.sampled_from(PRESSES), max_size=14))
def test_whatever_is_pressed_the_rules_hold(
    person: Callable[[str], Person], region: Network, still: time_machine.Traveller, presses: list[str]
) -> None:
    try:
        with transaction.atomic():
            a_team(region, person("oona"))
            one, told = a_case(region), []
            for what in presses:
                try:
                    with transaction.atomic():
                        press(what, one, fresh(person("oona")), still)
                except (ValidationError, PermissionDenied):
                    pass
                one = Case.objects.get(id=one.id)
                check(one, told)
                told = accepted(one)
            raise Undone
    except Undone:
        still.move_to(NOW)


NOW = "2027-02-09T08:30:00+00:00"
