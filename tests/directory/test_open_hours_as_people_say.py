"""Opening hours as Finnish places have them: what people write, what comes of it, and whether the door is open then."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from opinovi.directory.hours import ZONE, days_ahead, parsed, state
from opinovi.directory.hours_plan import EVEN, EVERY, ODD, Exception_, Plan, Season, Weekly, from_osm, spans_on, to_osm
from opinovi.directory.hours_words import HoursError, read_spans_words, read_weekly_words, weekly_words
from opinovi.directory.models import ServicePoint
from tests.directory.editing import new_draft, open_draft, send, values

WEEKDAYS = "Mo-Fr 09:00-16:00; PH off"
SUMMER = "Mo-Fr 09:00-16:00; Jun 01-Aug 31 off; Jun 01-Aug 31 Mo-Th 10:00-14:00; PH off"
# (hours, moment, open then, when it opens next or closes): real cases of Finnish places.
CASES = [
    # The days around New Year and Epiphany 2027: a Friday and a Wednesday
    (WEEKDAYS, "2026-12-31T10:00", True, "2026-12-31T16:00"),
    (WEEKDAYS, "2027-01-01T10:00", False, "2027-01-04T09:00"),
    (WEEKDAYS, "2027-01-06T10:00", False, "2027-01-07T09:00"),
    # Easter 2027: Good Friday 26.3., Easter Monday 29.3.
    (WEEKDAYS, "2027-03-25T15:59", True, "2027-03-25T16:00"),
    (WEEKDAYS, "2027-03-26T10:00", False, "2027-03-30T09:00"),
    (WEEKDAYS, "2027-03-29T10:00", False, "2027-03-30T09:00"),
    # May Day is a Saturday, Ascension Day Thursday 6.5.
    ("Sa 10:00-14:00; PH off", "2027-05-01T11:00", False, "2027-05-08T10:00"),
    (WEEKDAYS, "2027-05-06T10:00", False, "2027-05-07T09:00"),
    # Midsummer: the Eve is Friday 25.6., the Day Saturday 26.6.
    (WEEKDAYS, "2027-06-24T16:00", False, "2027-06-28T09:00"),
    (WEEKDAYS, "2027-06-25T10:00", False, "2027-06-28T09:00"),
    ("Mo-Sa 09:00-16:00; PH off", "2027-06-26T10:00", False, "2027-06-28T09:00"),
    # All Saints' Day is a Saturday, Independence Day a Monday in 2027
    ("Mo-Sa 09:00-16:00; PH off", "2027-11-06T10:00", False, "2027-11-08T09:00"),
    (WEEKDAYS, "2027-12-06T10:00", False, "2027-12-07T09:00"),
    # Christmas: the Eve is Friday, and the days after it
    (WEEKDAYS, "2027-12-23T15:00", True, "2027-12-23T16:00"),
    (WEEKDAYS, "2027-12-24T10:00", False, "2027-12-27T09:00"),
    ("Mo-Su 10:00-18:00; PH off", "2027-12-25T12:00", False, "2027-12-27T10:00"),
    ("Mo-Su 10:00-18:00; PH off", "2027-12-26T12:00", False, "2027-12-27T10:00"),
    # A library that is open on holidays, said so
    ("Mo-Su 10:00-18:00", "2027-12-25T12:00", True, "2027-12-25T18:00"),
    # The clocks go on on 28.3.2027 and back on 31.10.2027
    ("Su 02:00-05:00", "2027-03-28T04:30", True, "2027-03-28T05:00"),
    ("Mo-Su 00:00-24:00", "2027-03-28T03:30", True, None),
    ("Su 09:00-16:00", "2027-03-28T08:59", False, "2027-03-28T09:00"),
    ("Su 09:00-16:00", "2027-10-31T08:59", False, "2027-10-31T09:00"),
    ("Su 09:00-16:00", "2027-10-31T15:59", True, "2027-10-31T16:00"),
    ("Sa 22:00-04:00", "2027-10-31T01:00", True, "2027-10-31T04:00"),
    # Night hours go over midnight
    ("Fr,Sa 22:00-04:00", "2027-02-13T03:59", True, "2027-02-13T04:00"),
    ("Fr,Sa 22:00-04:00", "2027-02-13T04:00", False, "2027-02-13T22:00"),
    ("Mo-Su 20:00-08:00", "2027-02-09T07:00", True, "2027-02-09T08:00"),
    # Every other week
    ("week 02-52/2 Tu 10:00-12:00", "2027-02-09T10:30", True, "2027-02-09T12:00"),
    ("week 02-52/2 Tu 10:00-12:00", "2027-02-16T10:30", False, "2027-02-23T10:00"),
    ("week 01-53/2 We 13:00-17:00", "2027-02-10T14:00", False, "2027-02-17T13:00"),
    ("week 01-53/2 Mo 10:00-12:00", "2026-12-28T11:00", True, "2026-12-28T12:00"),
    # Summer hours
    (SUMMER, "2027-05-31T15:00", True, "2027-05-31T16:00"),
    (SUMMER, "2027-06-01T15:00", False, "2027-06-02T10:00"),
    (SUMMER, "2027-06-04T11:00", False, "2027-06-07T10:00"),
    (SUMMER, "2027-08-31T13:00", True, "2027-08-31T14:00"),
    (SUMMER, "2027-09-01T15:00", True, "2027-09-01T16:00"),
    # Closed for July, a day of training, a long lunch
    ("Mo-Fr 09:00-16:00; Jul 01-Jul 31 off; PH off", "2027-07-15T10:00", False, "2027-08-02T09:00"),
    ('Mo-Fr 09:00-16:00; 2027 Feb 10 off "koulutuspäivä"', "2027-02-10T10:00", False, "2027-02-11T09:00"),
    ("Mo-Fr 09:00-16:00; 2027 Feb 10 12:00-16:00", "2027-02-10T10:00", False, "2027-02-10T12:00"),
    ("Mo-Fr 09:00-11:00,12:00-15:00", "2027-02-09T11:30", False, "2027-02-09T12:00"),
    ("Mo-Fr 09:00-11:00,12:00-15:00", "2027-02-09T14:30", True, "2027-02-09T15:00"),
    # The winter holiday of week 8, over New Year's end, and only by appointment the rest of the year
    ("Mo-Fr 09:00-16:00; 2027 Feb 22-2027 Feb 26 off", "2027-02-24T10:00", False, "2027-03-01T09:00"),
    ("Mo-Fr 09:00-16:00; Dec 22-Jan 06 off", "2027-01-05T10:00", False, "2027-01-07T09:00"),
    ("Dec 01-Dec 23 Mo-Sa 10:00-18:00", "2027-12-01T11:00", True, "2027-12-01T18:00"),
]  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(("hours", "moment", "is_open", "change"), CASES)
def test_a_door_is_open_when_it_is(hours: str, moment: str, is_open: bool, change: str | None) -> None:
    found = state(hours, at(moment))
    assert found.open is is_open
    assert (found.until if is_open else found.opens) == (at(change) if change else None)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize(
    ("words", "osm"),
    [
        ("ma-pe 9-16", "Mo-Fr 09:00-16:00"),
        ("ma–to 9.00–16.00, pe 9.00–15.00", "Mo-Th 09:00-16:00; Fr 09:00-15:00"),
        ("ma, ke 12-18", "Mo,We 12:00-18:00"),
        ("ma ja ke klo 12-18", "Mo,We 12:00-18:00"),
        ("arkisin 8.30-15", "Mo-Fr 08:30-15:00"),
        ("joka päivä 10-20", "Mo-Su 10:00-20:00"),
        ("päivittäin klo 10–20", "Mo-Su 10:00-20:00"),
        ("maanantaisin 9-11, 13-15", "Mo 09:00-11:00,13:00-15:00"),
        ("ti 12:00-17:00", "Tu 12:00-17:00"),
        ("parillisten viikkojen tiistai 10-12", "week 02-52/2 Tu 10:00-12:00"),
        ("parittomien viikkojen keskiviikko 13-17", "week 01-53/2 We 13:00-17:00"),
        ("ma-pe 9-16, la kiinni", "Mo-Fr 09:00-16:00; Sa off"),
        ("pe-la 22-04", "Fr-Sa 22:00-04:00"),
        ("viikonloppuisin 10-14", "Sa-Su 10:00-14:00"),
        ("la-ma 10-14", "Mo,Sa-Su 10:00-14:00"),
        ("må–fre 9–16", "Mo-Fr 09:00-16:00"),
        ("Mon-Fri 9:00-16:00", "Mo-Fr 09:00-16:00"),
        ("9-16", "Mo-Su 09:00-16:00"),
        ("jämna veckor tisdag 10-12", "week 02-52/2 Tu 10:00-12:00"),
        ("", ""),
    ],
)
def test_what_people_write_is_understood(words: str, osm: str) -> None:
    assert to_osm(Plan(read_weekly_words(words), closed_on_holidays=False)) == osm


@pytest.mark.parametrize(
    ("words", "said"),
    [("ma-pe", "Mihin aikaan?"), ("joskus 9-16", "joskus"), ("ma 25-26", "25-26"), ("ma 9-9", "9-9"), ("ma 9.75-10", "9.75-10"), ("ma € 9-10", "€")],
)  # fmt: skip
def test_what_is_not_understood_is_said(words: str, said: str) -> None:
    with pytest.raises(HoursError, match="(?i)" + said.replace("?", r"\?").replace(".", r"\.")):
        read_weekly_words(words)


@pytest.mark.parametrize(
    "hours", ["Mo-Fr 09:00-16:00; easter -1 day off", "sunrise-sunset", "Mo[1] 10:00-12:00", "24/7", "Mo-Fr 09:00+"]
)
def test_hours_that_a_form_can_not_show_stay_as_they_are(hours: str) -> None:
    assert from_osm(hours) is None


spans = st.lists(
    st.tuples(st.integers(0, 22), st.integers(1, 5)).map(lambda pair: (pair[0] * 60, min(24, pair[0] + pair[1]) * 60)),
    min_size=1, max_size=1,
).map(tuple)  # fmt: skip
days = st.sets(st.integers(0, 6), min_size=1).map(lambda found: tuple(sorted(found)))
weekly = st.builds(Weekly, days, spans, st.sampled_from([EVERY, EVEN, ODD]))
month_days = st.tuples(st.integers(1, 12), st.integers(1, 28))
seasons = st.builds(Season, month_days, month_days, st.lists(weekly, max_size=2).map(tuple))
exceptions = st.builds(
    lambda day, length, found, why: Exception_(day, day + timedelta(days=length), found, why),
    st.dates(date(2026, 6, 1), date(2028, 6, 1)), st.integers(0, 9), st.one_of(st.just(()), spans), st.sampled_from(["", "loma", "koulutus; lyhyt"]),
)  # fmt: skip
plans = st.builds(
    Plan, st.lists(weekly, min_size=1, max_size=3).map(tuple), st.lists(seasons, max_size=1).map(tuple), st.booleans(),
    st.lists(exceptions, max_size=1).map(tuple),
)  # fmt: skip


@given(plans)
def test_a_plan_comes_back_from_the_grammar_as_it_went(plan: Plan) -> None:
    hours = to_osm(plan)
    assert parsed(hours) is not None, hours
    back = from_osm(hours)
    assert back is not None and to_osm(back) == hours


@settings(max_examples=150)
@given(plans, st.dates(date(2026, 6, 1), date(2028, 6, 1)))
def test_the_grammar_opens_the_door_when_the_plan_does(plan: Plan, day: date) -> None:
    """Against the plan's own plain steps, for every hour of a day that is no holiday."""
    if not state("Mo-Su 00:00-24:00; PH off", datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)).open:
        return
    if plan.seasons and plan.seasons[0].begins == plan.seasons[0].ends:
        return
    told = spans_on(plan, day, holiday=False)
    hours = to_osm(plan)
    for hour in range(24):
        minute = hour * 60 + 30
        by_plan = any(begin <= minute < end for begin, end in told)
        assert state(hours, datetime(day.year, day.month, day.day, hour, 30, tzinfo=ZONE)).open is by_plan, (
            hours,
            hour,
        )


@given(st.lists(weekly, min_size=1, max_size=3).map(tuple))
def test_words_come_back_as_they_went(told: tuple[Weekly, ...]) -> None:
    assert to_osm(Plan(read_weekly_words(weekly_words(told)))) == to_osm(Plan(told))


@given(st.text(max_size=60))
def test_no_words_are_an_error_of_ours(text: str) -> None:
    for read in (read_weekly_words, read_spans_words):
        try:
            read(text)
        except HoursError as error:
            assert str(error) or text


@given(st.text(max_size=80))
def test_no_grammar_is_an_error_of_ours(text: str) -> None:
    from_osm(text)
    days_ahead(text, at("2027-02-09T10:30"))


def test_an_editor_adds_a_place_with_summer_hours_and_a_day_off(
    as_person: Any, visitor: Client, salpaus: Any, still: Any
) -> None:
    client = as_person("eetu")
    draft = new_draft(client, "point", salpaus.id)
    sent = values(client, draft) | {
        "name_fi": "Opintola", "street_fi": "Kauppakatu 1", "postcode": "15140", "post_office": "Lahti",
        "weekly_hours": "ma-pe 9-16", "closed_on_holidays": "on",
        "season_0_begins": "1.6.", "season_0_ends": "31.8.", "season_0_hours": "ma-to 10-14",
        "exception_0_begins": "2027-02-09", "exception_0_ends": "2027-02-12", "exception_0_hours": "", "exception_0_why": "muutto",
        "access_features": ["no-steps", "lift"], "channel_0_kind": "phone", "channel_0_value": "03 100 1139",
    }  # fmt: skip
    send(client, draft, sent, then="publish")
    point = ServicePoint.objects.get(id=draft.id)
    assert point.municipality == "398" and point.latitude is not None
    page = visitor.get(f"/places/{point.id}").content.decode()
    assert "Tänään kiinni, avautuu ma klo 9" in page and "muutto" in page and "Hissi" in page
    assert "Closed today, opens Mon 9:00" in visitor.get(f"/en/places/{point.id}").content.decode()
    still.move_to("2027-06-09T13:00:00+03:00")
    assert "Auki nyt, klo 14 asti" in visitor.get(f"/places/{point.id}").content.decode()
    client = as_person("eetu")
    draft = open_draft(client, "point", point.id)
    back = values(client, draft)
    assert (
        back["season_0_begins"] == "1.6." and back["weekly_hours"] == "ma–pe 9–16" and "exception_0_begins" not in back
    )


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("postcode", "00001", "Emme tunne tätä postinumeroa"), ("latitude", "kaukana", "Kirjoita luku"), ("latitude", "12", "Tämä ei ole Suomessa"),
        ("longitude", "25.6", "Kirjoita molemmat"), ("season_0_begins", "31.2.", "Kirjoita päivä ja kuukausi"),
        ("exception_0_hours", "iltapäivä", "Tätä emme ymmärrä"), ("weekly_hours", "ma-pe", "Mihin aikaan?"), ("exception_0_why", "loma", "Mikä päivä?"),
    ],
)  # fmt: skip
def test_a_place_with_something_wrong_says_what(
    as_person: Any, salpaus: Any, field: str, value: str, error: str
) -> None:
    client = as_person("eetu")
    draft = new_draft(client, "point", salpaus.id)
    send(client, draft, values(client, draft) | {"name_fi": "P", "postcode": "15140"}, **{field: value})
    if field == "exception_0_hours":
        send(client, draft, values(client, draft), exception_0_begins="2027-03-01")
    page = client.get(client.post(f"/desk/drafts/{draft.id}/publish").headers["Location"])
    assert page.status_code == 422 and error in page.content.decode()
