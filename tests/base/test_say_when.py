from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from opinovi.base.when import clock, short_date, soon
from tests.conftest import NOW

HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.mark.parametrize(("language", "said"), [("fi", "klo 9.30"), ("sv", "kl. 9.30"), ("en", "9:30")])
def test_the_time_of_day_is_said_as_people_say_it(language: str, said: str) -> None:
    with override(language):
        assert clock(datetime(2027, 2, 9, 9, 30, tzinfo=HELSINKI)) == said


@pytest.mark.parametrize(
    ("days", "said"), [(0, "tänään klo 16"), (1, "huomenna klo 16"), (3, "pe klo 16"), (30, "to 11.3. klo 16")]
)
def test_a_moment_ahead_is_said_by_how_near_it_is(days: int, said: str) -> None:
    with override("fi"):
        assert soon(NOW.replace(hour=16, minute=0) + timedelta(days=days), NOW) == said


def test_another_year_is_told() -> None:
    with override("fi"):
        assert short_date(datetime(2028, 1, 5, tzinfo=HELSINKI).date()) == "5.1.2028"
