"""Whatever anybody does with a hand-over in whatever order, what docs/continuum.md says never happens does not.

Over a thousand walks here; `python -m bench.walks` does a hundred thousand of the same, on SQLite and PostgreSQL.
"""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from opinovi.journeys.models.referrals import ReferralState
from opinovi.network.models import Person
from tests.journeys.walking import walk_on

TREES, DEPTH, BRANCHES = 2, 6, 3


@pytest.mark.django_db
def test_random_walks_keep_what_never_happens(person: Callable[[str], Person]) -> None:
    people = {name: person(name) for name in ("oona", "nelli", "ella", "paivi")}
    ends = walk_on(people, random.Random(1), TREES, DEPTH, BRANCHES)
    assert sum(ends.values()) > 1000
    # The walks come everywhere, else they would show nothing.
    assert set(ends) >= {one.value for one in ReferralState} - {"drafted"}, ends


def test_the_list_of_what_never_happens_is_in_the_docs() -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "continuum.md").read_text()
    code = (Path(settings.BASE_DIR) / "tests" / "journeys" / "walking.py").read_text()
    assert len(re.findall(r"^ *# \d+\. ", code, re.M)) == len(re.findall(r"^\d+\. ", text, re.M)) == 7
