"""Dashboards for a team, an organisation, the network and everybody: few questions to the database, charts that say what
their tables say, and what changed told in words."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opinovi.base.models import Event, Letter
from opinovi.impact.actions.population import read_table
from opinovi.impact.counting import count_anew
from opinovi.impact.example import load_example
from opinovi.impact.models import Annual, Figure, Population, SavedQuery
from opinovi.impact.stocktaking import open_minutes, take_all_stock
from opinovi.impact.telling import send_queries, tell_changes
from opinovi.network.models import Network, Organisation, Team

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]


@pytest.fixture
def years(region: Network) -> Network:
    """Three years of the example, as they could have been."""
    load_example(region, clients=120)
    return region


def pages(network: Network, house: Organisation, team: Team) -> list[str]:
    here = f"/desk/networks/{network.id}"
    themes = [f"{here}/impact?theme={one}" for one in ("availability", "quality", "effectiveness", "equity", "cost")]
    return [
        *themes, f"{here}/impact?theme=quality&step=year", f"{here}/impact/met", f"{here}/impact/reached_groups",
        f"{here}/path", f"{here}/path?by=group", f"{here}/questions?indicator=guided&by=language&step=year&spans=3",
        f"{here}/annual", f"/desk/organisations/{house.id}/impact?theme=quality",
        f"/desk/organisations/{house.id}/impact?theme=equity", "/results", "/results/data", "/results/data.zip",
    ]  # fmt: skip


def test_every_page_asks_at_most_twelve(years: Network, salpaus: Organisation, as_person: As, in_service: None) -> None:
    team = Team.objects.filter(members__person__email="oona@example.example")[0]
    kaisa, oona = as_person("kaisa"), as_person("oona")
    many = {}
    for path in [*pages(years, salpaus, team), f"/desk/teams/{team.id}/month"]:
        browser = oona if "organisations" in path or "teams" in path else kaisa
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(path)
        assert answer.status_code == 200, path
        if len(asked) > 12:
            many[path] = len(asked)
    assert many == {}


def test_what_a_chart_says_is_what_its_table_says(years: Network, as_person: As) -> None:
    """Word for word, in its label; and in the numbers that are drawn beside the marks."""
    kaisa, seen = as_person("kaisa"), 0
    for theme in ("availability", "quality", "effectiveness", "equity"):
        page = kaisa.get(f"/desk/networks/{years.id}/impact?theme={theme}").content.decode()
        assert "style=" not in page
        for card in re.findall(r'<section class="card impact".*?</section>', page, re.S):
            chart = re.search(r'<svg role="img"[^>]*aria-label="([^"]*)"(.*?)</svg>', card, re.S)
            if chart is None:
                continue
            seen += 1
            label = html.unescape(chart[1])
            rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td>', card)
            assert rows
            for name, value in rows:
                assert f"{html.unescape(name)}: {html.unescape(value)}" in label, (theme, name, value)
            drawn = set(re.findall(r"<text[^>]*>([^<]*)</text>", chart[2]))
            for _name, value in rows:
                number = re.search(r"\d+(,\d)?", value)
                if number is not None and "piilotettu" not in value:
                    assert number[0] in drawn, (value, drawn)
    assert seen > 10


def test_the_team_reads_its_month_and_nobody_else_does(years: Network, as_person: As) -> None:
    team = Team.objects.filter(members__person__email="oona@example.example")[0]
    path = f"/desk/teams/{team.id}/month"
    assert "Tiimin kuukausi" in as_person("oona").get(path).content.decode()
    assert as_person("paivi").get(path).status_code == 200
    for name in ("nelli", "kaisa", "tarja", "timo"):
        assert as_person(name).get(path).status_code in (403, 404), name


def test_an_organisation_is_seen_by_its_own_beside_the_middle_of_all(
    region: Network, salpaus: Organisation, as_person: As
) -> None:
    years = region
    # The middle is told of five houses or more.
    for house in region.members.filter(teams=None)[:6]:
        Team.objects.create(organisation=house, name="Tiimi")
    load_example(region, clients=120)
    path = f"/desk/organisations/{salpaus.id}/impact?theme=quality&step=year"
    page = as_person("oona").get(path).content.decode()
    assert "Verkoston keskimmäinen" in page
    for name in ("nelli", "kaisa", "timo"):
        assert as_person(name).get(path).status_code in (403, 404), name
    # No other organisation is named on it.
    others = [str(one) for one in years.members.exclude(id=salpaus.id)]
    main = page[page.index("<main") : page.index("</main>")]
    assert not [name for name in others if name in main]


def test_nothing_yet_is_said_kindly(region: Network, visitor: Client, as_person: As) -> None:
    Figure.objects.all().delete()
    assert "Lukuja ei ole vielä" in visitor.get("/results").content.decode()
    page = as_person("kaisa").get(f"/desk/networks/{region.id}/impact?theme=effectiveness").content.decode()
    assert "<svg role" not in page and "Lukuja ei ole vielä" in page
    assert "Ei vielä ketään" in as_person("kaisa").get(f"/desk/networks/{region.id}/path").content.decode()


@pytest.mark.parametrize("query", ["indicator=x", "indicator=guided&by=channel", "indicator=guided&step=month&spans=3",
                                   "indicator=guided&step=year&spans=99", "indicator=guided&spans=\x00"])  # fmt: skip
def test_a_strange_question_is_told_what_is_wrong(region: Network, as_person: As, query: str) -> None:
    answer = as_person("kaisa").get(f"/desk/networks/{region.id}/questions?{query}")
    assert answer.status_code == 422 and "<svg role" not in answer.content.decode()


def test_a_question_is_kept_shared_and_sent(
    years: Network, as_person: As, still: time_machine.Traveller, letters: Callable[[], list[Letter]]
) -> None:
    kaisa = as_person("kaisa")
    path = f"/desk/networks/{years.id}/questions?indicator=guided&by=&step=quarter&spans=4"
    assert kaisa.post(path, {"name": " "}).status_code == 422
    kaisa.post(path, {"name": "Aloittaneet", "rhythm": "quarterly"})
    one = SavedQuery.objects.get()
    assert "Aloittaneet" in kaisa.get(f"/desk/questions/{one.id}").content.decode()
    assert as_person("oona").get(f"/desk/questions/{one.id}").status_code == 404
    kaisa.post(f"/desk/questions/{one.id}", {"shared": "1", "rhythm": "quarterly"})
    assert as_person("oona").get(f"/desk/questions/{one.id}").status_code == 200
    assert as_person("timo").get(f"/desk/questions/{one.id}").status_code in (403, 404)
    # Somebody else's question is read, not changed.
    as_person("oona").post(f"/desk/questions/{one.id}", {"then": "drop"})
    assert SavedQuery.objects.filter(id=one.id).exists()
    assert (send_queries(), send_queries()) == (1, 0)
    assert letters()[-1].to == "kaisa@example.example" and "Ohjauksen aloittaneet" in letters()[-1].body
    still.shift(timedelta(days=92))
    assert send_queries() == 1
    as_person("kaisa").post(f"/desk/questions/{one.id}", {"then": "drop"})
    assert not SavedQuery.objects.exists()


def test_what_changed_is_told_once_a_month(
    years: Network, letters: Callable[[], list[Letter]], still: time_machine.Traveller
) -> None:
    assert tell_changes() > 0
    told = [letter for letter in letters() if letter.to == "kaisa@example.example"]
    assert len(told) == 1 and "Tämä muuttui viime kuussa" in told[0].body and "–" in told[0].body
    tell_changes()
    assert len([letter for letter in letters() if letter.to == "kaisa@example.example"]) == 1
    still.move_to("2027-03-03 10:00+02:00")
    assert tell_changes() == 0


def test_stock_is_taken_once_a_week(region: Network, still: time_machine.Traveller) -> None:
    assert take_all_stock() > 0 and take_all_stock() == 0
    rows = {event.subject_id: event.data for event in Event.objects.filter(subject_type="stock")}
    salpaus = Organisation.objects.get(source="example", external_id="salpaus")
    assert rows[str(salpaus.id)]["services"] > 0 and rows[str(region.id)]["near_km"]["398"] < 20
    assert 0 < rows[str(region.id)]["open_minutes"] <= 7 * 24 * 60
    still.shift(timedelta(days=7))
    assert take_all_stock() > 0


def test_hours_are_counted_once_where_several_are_open() -> None:
    """The ninth of February 2027 is a Tuesday: a week of Mo-Fr 9-15 is thirty hours, whoever else is open in them."""
    week = "Mo-Fr 09:00-15:00"
    assert open_minutes([week]) == 30 * 60
    assert open_minutes([week, week, "Mo-Fr 10:00-12:00"]) == 30 * 60
    assert open_minutes([week, "Mo-Fr 14:00-16:00", "rikki"]) == 35 * 60
    assert open_minutes(["24/7"]) == 7 * 24 * 60 and open_minutes([]) == 0


def test_the_yearly_report_is_written_and_published(years: Network, as_person: As, visitor: Client) -> None:
    kaisa, path = as_person("kaisa"), f"/desk/networks/{years.id}/annual?year=2026"
    assert visitor.get("/results/2026.pdf").status_code == 302
    kaisa.post(path, {"done": "Teimme paljon.\n\nJa vielä lisää.", "version": "1", "then": "publish"})
    one = Annual.objects.get()
    paper = visitor.get("/results/2026.pdf")
    assert paper.headers["Content-Type"] == "application/pdf" and paper.content[:5] == b"%PDF-"
    assert len(paper.content) > 20_000 and "2026.pdf" in visitor.get("/results").content.decode()
    # Two who write at once: the second is told, and nothing of the first is lost.
    answer = kaisa.post(path, {"done": "Toisin", "version": "1"})
    assert answer.status_code == 422 and "Toisin" in answer.content.decode()
    assert Annual.objects.get(id=one.id).words["done"].startswith("Teimme")
    assert (
        kaisa.post(f"/desk/networks/{years.id}/annual?year=2027", {"version": "1", "then": "publish"}).status_code
        == 422
    )
    kaisa.post(path, {"done": "Teimme", "version": "2", "then": "unpublish"})
    assert visitor.get("/results/2026.pdf").status_code == 302
    for name in ("oona", "paivi", "tarja"):
        assert as_person(name).get(path).status_code in (403, 404), name


def test_an_organisation_has_a_report_of_its_own(years: Network, salpaus: Organisation, as_person: As) -> None:
    path = f"/desk/organisations/{salpaus.id}/annual?year=2026"
    assert as_person("paivi").post(path, {"done": "Oma", "version": "1", "then": "publish"}).status_code == 302
    assert Annual.objects.get(organisation=salpaus).published_at is None
    assert as_person("paivi").get(path + "&form=pdf").content[:5] == b"%PDF-"
    assert as_person("kaisa").get(path).status_code in (403, 404)


GOOD = "group;share;year;source\nlow_schooling;24,5;2025;Tilastokeskus, väestön koulutusrakenne\nrural;30 %;2025;SYKE\n"


def test_a_table_of_the_population_is_loaded_with_its_source(region: Network, tmp_path: object) -> None:
    path = tmp_path / "väestö.csv"  # type: ignore[operator]
    path.write_text(GOOD, encoding="utf-8")
    call_command("population", region.slug, str(path))
    one = Population.objects.get(network=region, group="low_schooling")
    assert one.permille == 245 and "Tilastokeskus" in one.source
    path.write_text(GOOD + "tuntematon;5;2025;x\n", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("population", region.slug, str(path))


@pytest.mark.parametrize("bad", ["rural;x;2025;S", "rural;101;2025;S", "rural;-1;2025;S", "rural;5;25;S", "rural;5;2025;",
                                 "x;5;2025;S", "rural;nan;2025;S", "rural;30;2025;A\nrural;31;2025;B"])  # fmt: skip
def test_a_bad_line_is_told_with_its_number(bad: str) -> None:
    found = read_table("group;share;year;source\n" + bad)
    assert found.problems and found.problems[0].split(":")[0] in ("2", "3")


def test_a_rebuild_says_how_far_it_is(
    years: Network, capsys: pytest.CaptureFixture[str], still: time_machine.Traveller
) -> None:
    # What is newer than two minutes waits where several write at once.
    still.shift(timedelta(minutes=3))
    before = sorted(Figure.objects.values_list("scope", "count", "month", "by", "value", "bucket", "n"))
    call_command("figures", "--anew")
    out = capsys.readouterr().out
    assert "50 %" in out and "Events counted" in out
    assert sorted(Figure.objects.values_list("scope", "count", "month", "by", "value", "bucket", "n")) == before
    count_anew(still=False)


def test_a_question_is_put_to_an_earlier_quarter_and_never_to_one_that_is_not_over(
    years: Network, as_person: As
) -> None:
    kaisa, path = as_person("kaisa"), f"/desk/networks/{years.id}/questions?indicator=guided&spans=1&step="
    newest = kaisa.get(path + "quarter&until=").content.decode()
    earlier = kaisa.get(path + "quarter&until=202603").content.decode()
    assert "2026 IV: " in newest and "2026 I: " in earlier and "2026 IV: " not in earlier
    assert "2026 III: " in kaisa.get(path + "quarter&until=202609").content.decode()
    # The year of a quarter; of a year that still runs the one before it.
    assert "2025: " in kaisa.get(path + "year&until=202512").content.decode()
    assert kaisa.get(path + "quarter&until=202703").status_code == 422
