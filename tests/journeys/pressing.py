"""Many people press at once on the same hand-overs: forty processes, each a person with what they want to do. Run by
itself, on a database of its own: `python -m tests.journeys.pressing` prints what became of each, as JSON."""

import json
import multiprocessing
import sys
from multiprocessing.synchronize import Barrier
from typing import Any

from tests.contact.pressing import begin, own_database

REFERRALS = 12
# What is pressed at the same moment on each hand-over: thrice taken, once declined, withdrawn and asked about.
DEEDS = ("accept", "accept", "accept", "decline", "withdraw", "question")


def example() -> None:
    """The example's houses and people, without the real services."""
    from opinovi.directory.codes import municipality_codes
    from opinovi.directory.example import load_directory
    from opinovi.network.example import make_network, make_people

    make_network(municipality_codes())
    load_directory()
    make_people(municipality_codes())


def press(
    deed: str, referral_id: Any, at_once: Barrier, answers: "multiprocessing.Queue[tuple[str, str, str]]"
) -> None:
    from django.core.exceptions import ValidationError

    from opinovi.journeys.actions import receiving, referrals
    from opinovi.journeys.models import Referral
    from opinovi.network.models import Person

    nelli = Person.objects.get(email="nelli@example.example")
    one = Referral.objects.get(id=referral_id)
    at_once.wait()
    try:
        if deed == "accept":
            receiving.accept(nelli, one)
        elif deed == "decline":
            receiving.decline(nelli, one, "Ei tilaa")
        elif deed == "question":
            receiving.ask_sender(nelli, one, "Mitä?")
        else:
            referrals.withdraw(one)
        answers.put((str(referral_id), deed, "done"))
    except ValidationError:
        answers.put((str(referral_id), deed, "refused"))
    except Exception as error:
        answers.put((str(referral_id), deed, f"failed: {error!r}"))


def main() -> None:
    own_database()
    begin()
    example()
    from django.db import connections

    from opinovi.base.models import Event
    from opinovi.journeys.models import Referral
    from opinovi.network.models import Person
    from tests.journeys.guiding import begin as begin_client
    from tests.journeys.guiding import sent

    oona = Person.objects.get(email="oona@example.example")
    made = [sent(oona, begin_client(oona, mail=f"a{number}@b.example")).id for number in range(REFERRALS)]
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    wanted = [(deed, one) for one in made for deed in DEEDS]
    at_once, answers = fork.Barrier(len(wanted)), fork.Queue()
    people = [fork.Process(target=press, args=(deed, one, at_once, answers)) for deed, one in wanted]
    for one in people:
        one.start()
    told = [answers.get(timeout=120) for _ in people]
    for one in people:
        one.join()
    rows = Referral.objects.filter(id__in=made).select_related("consent")
    states = {
        str(row.id): {
            "state": row.state,
            "consent": row.consent.state if row.consent else "",
            "verbs": list(
                Event.objects.filter(data__referral=str(row.id)).order_by("seq").values_list("verb", flat=True)
            ),
        }
        for row in rows
    }
    json.dump({"answers": told, "referrals": states}, sys.stdout)


if __name__ == "__main__":
    main()
