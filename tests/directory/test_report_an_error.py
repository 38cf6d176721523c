"""Anyone says that a page is wrong; its keeper hears of it, mends it, and it is closed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from opinovi.base.models import Event
from opinovi.directory.actions import reports
from opinovi.directory.models import ErrorReport, Service, ServicePoint
from tests.directory.editing import open_draft, send, values

As = Callable[[str], Client]


def report(client: Client, service: Service, **told: str) -> Any:
    return client.post(f"/report/service/{service.id}", {"what": "phone", "text": "Numero ei vastaa."} | told)


def test_a_visitor_tells_of_a_wrong_number_without_a_name(
    visitor: Client, career_guidance: Service, letters: Any
) -> None:
    assert f"/report/service/{career_guidance.id}" in visitor.get(f"/services/{career_guidance.id}").content.decode()
    answer = report(visitor, career_guidance)
    assert "Kiitos" in visitor.get(answer.headers["Location"]).content.decode()
    letter = letters()[-1]
    assert letter.to == "eetu@example.example" and letter.subject == "Sinulle on viesti"
    assert "Numero" not in letter.body and "Uraohjaus" not in letter.body


def test_the_owner_sees_it_on_the_desk_and_mends_it(visitor: Client, as_person: As, career_guidance: Service) -> None:
    report(visitor, career_guidance)
    one = ErrorReport.objects.get()
    client = as_person("eetu")
    assert "Puhelinnumero on väärä: Uraohjaus aikuiselle" in client.get("/desk").content.decode()
    page = client.get(f"/desk/records/service/{career_guidance.id}").content.decode()
    assert "Numero ei vastaa." in page
    answer = client.post(f"/desk/records/service/{career_guidance.id}/edit", {"report": str(one.id)})
    assert answer.headers["Location"].endswith(f"?report={one.id}#s-channel_0_kind")
    draft = open_draft(client, "service", career_guidance.id)
    send(client, draft, values(client, draft) | {"report": str(one.id)}, then="publish", channel_0_value="03 100 9999")
    one.refresh_from_db()
    assert one.state == "mended" and str(one.closed_by) == "Eetu Editori"
    assert "+35831009999" in visitor.get(f"/services/{career_guidance.id}").content.decode()
    assert "Puhelinnumero on väärä" not in client.get("/desk").content.decode()


def test_a_report_is_closed_as_no_error(visitor: Client, as_person: As, career_guidance: Service) -> None:
    report(visitor, career_guidance)
    one = ErrorReport.objects.get()
    as_person("eetu").post(f"/desk/reports/{one.id}", {"mended": "0"})
    one.refresh_from_db()
    assert one.state == "dismissed" and Event.objects.filter(verb="close_report").count() == 1


def test_a_report_of_a_house_without_an_owner_goes_to_its_administrators(
    visitor: Client, career_guidance: Service, letters: Any
) -> None:
    Service.objects.filter(id=career_guidance.id).update(owner=None)
    report(visitor, career_guidance)
    assert [letter.to for letter in letters()] == ["paivi@example.example"]


def test_a_report_of_a_sources_record_waits_for_those_who_run_the_network(visitor: Client, as_person: As) -> None:
    service = Service.objects.filter(source="ptv").order_by("id").first()
    assert service is not None
    report(visitor, service)
    assert "Puhelinnumero on väärä" in as_person("kaisa").get("/desk").content.decode()
    assert "Puhelinnumero on väärä" not in as_person("eetu").get("/desk").content.decode()


@pytest.mark.parametrize("told", [{"what": ""}, {"what": "kaikki"}, {"text": "x" * 1001}, {"text": "a\x00b"}])
def test_a_report_with_something_wrong_says_what_and_keeps_the_words(
    visitor: Client, career_guidance: Service, told: dict[str, str]
) -> None:
    page = report(visitor, career_guidance, **told)
    assert page.status_code == 422 and "Jokin kohta pitää korjata" in page.content.decode()
    assert not ErrorReport.objects.exists()


def test_a_machine_that_fills_in_every_field_is_thanked_and_forgotten(
    visitor: Client, career_guidance: Service
) -> None:
    assert report(visitor, career_guidance, website="https://roskaa.example").status_code == 302
    assert not ErrorReport.objects.exists()


def test_one_machine_does_not_flood_a_desk(visitor: Client, career_guidance: Service) -> None:
    statuses = [report(visitor, career_guidance).status_code for _ in range(22)]
    assert statuses.count(302) == 20 and statuses[-1] == 429


def test_an_identity_code_is_masked_and_what_is_closed_is_forgotten(
    visitor: Client, as_person: As, career_guidance: Service, still: Any
) -> None:
    report(visitor, career_guidance, text="Olen 131052-308T")
    one = ErrorReport.objects.get()
    assert one.text == "Olen ●●●●●●"
    as_person("eetu").post(f"/desk/reports/{one.id}", {"mended": "1"})
    still.shift(timedelta(days=89))
    assert reports.forget_old_reports() == 0
    still.shift(timedelta(days=2))
    assert reports.forget_old_reports() == 1 and not ErrorReport.objects.exists()


def test_what_is_not_there_or_not_public_is_not_reported(visitor: Client, career_guidance: Service) -> None:
    Service.objects.filter(id=career_guidance.id).update(state="withdrawn")
    assert report(visitor, career_guidance).status_code == 404
    point = ServicePoint.objects.filter(source="example").first()
    assert point is not None and visitor.get(f"/report/point/{point.id}").status_code == 200
    assert (
        visitor.get(f"/report/card/{point.id}").status_code == 404
        and visitor.get(f"/report/x/{point.id}").status_code == 404
    )


def test_another_house_neither_sees_nor_closes_a_report(
    visitor: Client, as_person: As, career_guidance: Service
) -> None:
    report(visitor, career_guidance)
    one = ErrorReport.objects.get()
    ville = as_person("ville")
    assert ville.post(f"/desk/reports/{one.id}", {"mended": "1"}).status_code == 404
    assert "Puhelinnumero on väärä" not in ville.get("/desk").content.decode()
    one.refresh_from_db()
    assert one.state == "open"
