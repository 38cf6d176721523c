"""A partner reports hours and costs, they are confirmed, the period is claimed and closed for good."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from opinovi.network.models import Member, Network, Organisation, Person
from opinovi.projects.actions import claiming, entering, planning
from opinovi.projects.models import BudgetLine, Change, Claim, Entry, Period, Project
from opinovi.projects.queries import planned_cells, used_cells
from tests.projects.spending import FUNDERS, a_cost, a_period, a_project, some_hours

As = Callable[[str], Client]
Who = Callable[[str], Person]


@pytest.fixture
def project(person: Who, region: Network, salpaus: Organisation) -> Project:
    house = person("nelli").places.get().organisation
    return a_project(person("kaisa"), region, [salpaus, house])


@pytest.fixture
def period(person: Who, project: Project) -> Period:
    return a_period(person("kaisa"), project)


def test_a_project_is_set_up_with_shares_that_are_all_of_it(
    as_person: As, region: Network, salpaus: Organisation
) -> None:
    kaisa = as_person("kaisa")
    sent = {"name_fi": "Ovi kylille", "begins": "2026-01-01", "ends": "2027-12-31", "coordinator": str(region.coordinator_id),
            "partners": [str(salpaus.id)], "cost_model": "flat", "flat_share": "40", "rounding": "euro_down",
            "funder_0": "ESR", "share_0": "45", "funder_1": "Oma", "share_1": "54,99"}  # fmt: skip
    wrong = kaisa.post(f"/desk/networks/{region.id}/projects/new", sent)
    assert wrong.status_code == 422 and "ei ole 100 %" in wrong.content.decode()
    kaisa.post(f"/desk/networks/{region.id}/projects/new", sent | {"share_1": "55"})
    one = Project.objects.get()
    assert (one.flat_share, one.partners.count(), [row.share for row in one.funders.all()]) == (4000, 2, [4500, 5500])
    assert as_person("oona").get(f"/desk/projects/{one.id}").status_code == 200
    assert as_person("nelli").get(f"/desk/projects/{one.id}").status_code == 404


def test_a_budget_counts_once_it_is_decided_and_never_goes_below_nothing(
    as_person: As, project: Project, salpaus: Organisation
) -> None:
    kaisa, path = as_person("kaisa"), f"/desk/projects/{project.id}/budget"
    line = {
        "why": "Talousarvio",
        "house_0": str(salpaus.id),
        "kind_0": "staff",
        "year_0": "2026",
        "cents_0": "10 000,50",
    }
    bad = kaisa.post(path, line | {"cents_0": "kymppi"})
    assert bad.status_code == 422 and "Rivi 1" in bad.content.decode() and "kymppi" in bad.content.decode()
    kaisa.post(path, line | {"house_1": str(salpaus.id), "kind_1": "staff", "year_1": "2026", "cents_1": "0,50"})
    change = Change.objects.get()
    assert planned_cells(project) == {} and BudgetLine.objects.get().cents == 1_000_100
    assert kaisa.post(f"/desk/budget-changes/{change.id}", {"then": "yes", "decision": "", "decided_on": "2027-02-01"}).status_code == 422  # fmt: skip
    kaisa.post(f"/desk/budget-changes/{change.id}", {"then": "yes", "decision": "ELY 1", "decided_on": "2027-02-01"})
    assert sum(planned_cells(project).values()) == 1_000_100
    below = kaisa.post(path, line | {"cents_0": "-10 001,01"})
    assert below.status_code == 422 and "alle nollan" in below.content.decode()
    kaisa.post(path, line | {"why": "Vähemmän", "cents_0": "−5 000"})
    second = Change.objects.get(number=1)
    kaisa.post(f"/desk/budget-changes/{second.id}", {"then": "no", "decision": "ELY 2", "decided_on": "2027-02-02"})
    assert sum(planned_cells(project).values()) == 1_000_100
    twice = kaisa.post(
        f"/desk/budget-changes/{second.id}", {"then": "yes", "decision": "ELY 3", "decided_on": "2027-02-02"}
    )
    assert twice.status_code == 422 and "jo päätetty" in twice.content.decode()
    assert "10\xa0001,00" in as_person("oona").get(path).content.decode()


def test_a_partner_writes_hours_and_its_administrator_confirms_them(
    as_person: As, person: Who, project: Project, period: Period, salpaus: Organisation
) -> None:
    oona, paivi = as_person("oona"), as_person("paivi")
    member = Member.objects.get(person=person("oona"))
    sent = {"organisation": str(salpaus.id), "day": "2026-05-04", "text": "Ohjausta 010190-123A", "minutes": "7,5",
            "hour": "31,75", "member": str(member.id), "cost_type": "staff",
            "once": "01a00000-0000-7000-8000-000000000001"}  # fmt: skip
    oona.post(f"/desk/projects/{project.id}/entries/new", sent)
    oona.post(f"/desk/projects/{project.id}/entries/new", sent)
    one = Entry.objects.get()
    assert (one.minutes, one.cents) == (450, 23813) and "010190" not in one.text
    late = oona.post(f"/desk/projects/{project.id}/entries/new", sent | {"day": "2027-01-04", "once": ""})
    assert late.status_code == 422 and "raportointikautta" in late.content.decode()
    much = oona.post(f"/desk/projects/{project.id}/entries/new", sent | {"minutes": "17", "once": ""})
    assert much.status_code == 422 and "näin monta tuntia" in much.content.decode()
    assert oona.post(f"/desk/entries/{one.id}", {"then": "confirm"}).status_code == 403
    assert as_person("nelli").get(f"/desk/entries/{one.id}").status_code == 404
    bare = paivi.post(f"/desk/entries/{one.id}", {"then": "back", "why": ""})
    assert bare.status_code == 422
    paivi.post(f"/desk/entries/{one.id}", {"then": "back", "why": "Mikä päivä?"})
    assert "Mikä päivä?" in oona.get(f"/desk/entries/{one.id}").content.decode()
    oona.post(f"/desk/entries/{one.id}", sent | {"text": "Ohjausta Sysmässä", "once": ""})
    paivi.post(f"/desk/projects/{project.id}/entries", {"one": [str(one.id)]})
    one.refresh_from_db()
    assert (one.state, one.text) == ("confirmed", "Ohjausta Sysmässä")
    again = oona.post(f"/desk/entries/{one.id}", sent | {"minutes": "1", "once": ""})
    assert again.status_code == 422 and "jo vahvistettu" in again.content.decode()


def test_nobody_confirms_their_own_hours(person: Who, project: Project, period: Period) -> None:
    member = Member.objects.get(person=person("paivi"))
    one = some_hours(person("paivi"), project, member)
    with pytest.raises(ValidationError, match="joku muu"):
        entering.confirm(person("paivi"), [one])
    assert entering.confirm(person("kaisa"), [one]) == 1


def test_a_claim_closes_the_period_for_good(
    as_person: As, person: Who, project: Project, period: Period, salpaus: Organisation
) -> None:
    kaisa, by = as_person("kaisa"), person("kaisa")
    first = a_cost(person("oona"), project, salpaus, 33_333)
    waiting = a_cost(person("oona"), project, salpaus, 100, text="=HYPERLINK(1)")
    entering.confirm(by, [first])
    refused = kaisa.post(f"/desk/periods/{period.id}/claim")
    assert refused.status_code == 422 and "odottaa vielä vahvistusta" in refused.content.decode()
    entering.confirm(by, [waiting])
    kaisa.post(f"/desk/periods/{period.id}/claim")
    claim = Claim.objects.get()
    assert claim.sums["total"] == 33_433
    assert [cents for _id, _name, cents in claim.sums["funders"]] == [15_045, 11_702, 6_686]
    claiming.make_files.call(str(claim.id), "fi")
    page = kaisa.get(f"/desk/claims/{claim.id}").content.decode()
    assert "334,33" in page and "Lataa taulukko" in page
    book = openpyxl.load_workbook(io.BytesIO(kaisa.get(f"/desk/claims/{claim.id}.xlsx").content))
    rows = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert sum(round(row[9] * 100) for row in rows) == 33_433 and "'=HYPERLINK(1)" in [row[4] for row in rows]
    assert kaisa.get(f"/desk/claims/{claim.id}.pdf").content.startswith(b"%PDF")
    assert as_person("oona").get(f"/desk/claims/{claim.id}.xlsx").status_code == 404
    assert as_person("tarja").get(f"/desk/claims/{claim.id}.xlsx").status_code == 200
    # By hand, by the actions, and by anybody who writes to the database.
    with pytest.raises(ValidationError, match="suljettu"):
        a_cost(person("oona"), project, salpaus)
    with pytest.raises(ValidationError, match="suljettu"):
        entering.drop(person("oona"), first)
    for change in (
        lambda: Entry.objects.filter(id=first.id).update(cents=1),
        lambda: Entry.objects.filter(id=first.id).delete(),
        lambda: Entry.objects.create(period=period, organisation=salpaus, day=date(2026, 5, 4), cost_type="travel",
                                     text="x", cents=1, entered_by=first.entered_by),
        lambda: Period.objects.filter(id=period.id).update(closed_at=None),
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="period is closed"), transaction.atomic():
            change()
    kaisa.post(f"/desk/claims/{claim.id}", {"paid": "267,47", "paid_on": "2027-02-01"})
    claim.refresh_from_db()
    assert claim.paid_cents == 26_747


def test_periods_are_claimed_in_order(person: Who, project: Project, salpaus: Organisation) -> None:
    by = person("kaisa")
    a_period(by, project, date(2026, 1, 1), date(2026, 3, 31))
    second = a_period(by, project, date(2026, 4, 1), date(2026, 12, 31))
    with pytest.raises(ValidationError, match="päälle"):
        a_period(by, project, date(2026, 3, 31), date(2026, 4, 1))
    entering.confirm(by, [a_cost(person("oona"), project, salpaus)])
    with pytest.raises(ValidationError, match="Aiempi kausi"):
        claiming.file_claim(by, second)
    running = a_period(by, project, date(2027, 1, 1), date(2027, 12, 31))
    with pytest.raises(ValidationError, match="kesken"):
        claiming.file_claim(by, running)


def test_only_who_coordinates_runs_it(person: Who, project: Project, period: Period, region: Network) -> None:
    for name in ("oona", "paivi", "tarja", "veikko"):
        with pytest.raises(PermissionDenied):
            claiming.file_claim(person(name), period)
        with pytest.raises(PermissionDenied):
            planning.save_project(person(name), region, project, FUNDERS, [])


def test_who_takes_part_is_known_to_their_house_alone_and_forgotten_on_asking(
    as_person: As, person: Who, project: Project, salpaus: Organisation
) -> None:
    oona, path = as_person("oona"), f"/desk/projects/{project.id}/participants"
    sent = {
        "organisation": str(salpaus.id),
        "name": "Aino Esimerkki",
        "born": "1971",
        "began_on": "2027-01-10",
        "consent": "",
    }
    assert oona.post(path, sent).status_code == 422
    oona.post(path, sent | {"consent": "Allekirjoitti 10.1."})
    one = project.participants.get()
    assert one.key is not None and "Aino" not in one.locked
    key_id = one.key_id
    assert "Aino Esimerkki" in oona.get(path).content.decode()
    for name in ("kaisa", "nelli", "tarja"):
        assert "Aino" not in as_person(name).get(path).content.decode()
        assert as_person(name).get(f"/desk/participants/{one.id}").status_code in (403, 404)
    oona.post(f"/desk/participants/{one.id}", {"then": "forget"})
    one.refresh_from_db()
    assert one.key_id is None and one.locked == "" and key_id
    assert (
        oona.get(f"/desk/participants/{one.id}").status_code == 404 and "poistettu" in oona.get(path).content.decode()
    )


def test_sums_of_the_database_agree_however_they_are_grouped(
    person: Who, project: Project, period: Period, salpaus: Organisation
) -> None:
    member = Member.objects.get(person=person("oona"))
    house = person("nelli").places.get().organisation
    kinds = ["staff", "travel", "rooms"]
    Entry.objects.bulk_create(
        Entry(period=period, organisation=house if row % 3 else salpaus, day=date(2026, 1, 1) + timedelta(days=row % 365),
              cost_type=kinds[row % 3], in_kind=row % 5 == 0, text="x", cents=row * 37 % 100_003 + 1, entered_by=member,
              state="entered")
        for row in range(3000)
    )  # fmt: skip
    whole = sum(Entry.objects.values_list("cents", flat=True))
    cells = used_cells(project)
    assert sum(cells.values()) == whole
    for side in range(4):
        for value in {key[side] for key in cells}:
            names = ("organisation", "cost_type", "day__year", "in_kind")
            found = sum(Entry.objects.filter(**{names[side]: value}).values_list("cents", flat=True))
            assert found == sum(cents for key, cents in cells.items() if key[side] == value)


def test_a_flat_rate_is_rounded_once_and_divided_to_the_cent(
    person: Who, region: Network, salpaus: Organisation
) -> None:
    by = person("kaisa")
    one = a_project(by, region, [salpaus], cost_model="flat", flat_share=4000, rounding="euro_down")
    period = a_period(by, one)
    member = Member.objects.get(person=person("oona"))
    entering.confirm(by, [some_hours(person("oona"), one, member, minutes=61, hour_cents=3333)])
    sums = claiming.sums_of(period)
    assert (sums["types"]["staff"], sums["flat"], sums["total"]) == (3300, 1300, 4600)


def test_every_page_of_a_large_project_asks_at_most_twelve(
    as_person: As, person: Who, project: Project, period: Period, salpaus: Organisation, in_service: None,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    member = Member.objects.get(person=person("oona"))
    Entry.objects.bulk_create(
        Entry(period=period, organisation=salpaus, day=date(2026, 5, 4), cost_type="travel", text="x", cents=row + 1,
              entered_by=member)
        for row in range(2000)
    )  # fmt: skip
    kaisa = as_person("kaisa")
    for path in ("/desk/projects", f"/desk/projects/{project.id}", f"/desk/projects/{project.id}/budget",
                 f"/desk/projects/{project.id}/entries?page=3", f"/desk/projects/{project.id}/edit",
                 f"/desk/entries/{Entry.objects.all()[0].id}", f"/desk/periods/{period.id}/claim",
                 f"/desk/projects/{project.id}/participants"):  # fmt: skip
        with django_assert_max_num_queries(12):
            assert kaisa.get(path).status_code == 200, path
    oona = as_person("oona")
    for path in (
        f"/desk/projects/{project.id}",
        f"/desk/projects/{project.id}/entries",
        f"/desk/projects/{project.id}/entries/new",
    ):
        with django_assert_max_num_queries(12):
            assert oona.get(path).status_code == 200, path
