"""What every page has: a title, one h1, a way back, its languages, safe headers, and errors in the product's voice."""

import re
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.test import Client, RequestFactory
from django.urls import clear_url_caches

from opinovi.base.events import record
from opinovi.directory.models import Service
from opinovi.site import errors

PAGES = [
    "/",
    "/doors",
    "/doors?q=lukio",
    "/doors?q=xyzzy",
    "/choose",
    "/my-doors",
    "/ask",
    "/about",
    "/tyyli",
    "/places",
    "/organisations",
    "/-/posti",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_page_has_a_title_one_heading_and_its_language(visitor: Client, path: str, language: str) -> None:
    page = visitor.get(path if language == "fi" else f"/{language}{path}").content.decode()
    assert page.count("<h1") == 1 and f'<html lang="{language}">' in page
    assert re.search(r"<title>\s*\S+", page) and "{{" not in page and "{%" not in page
    assert path == "/" or 'class="back"' in page


@pytest.mark.parametrize("path", ["/doors?q=lukio&where=Lahti&kind=education", "/ask", "/"])
def test_the_language_switch_keeps_the_page(visitor: Client, path: str) -> None:
    page = visitor.get(path).content.decode().replace("&amp;", "&")
    assert f'href="/sv{path}"' in page and f'href="/en{path}"' in page
    swedish = visitor.get(f"/sv{path}").content.decode().replace("&amp;", "&")
    assert f'href="{path}"' in swedish


def test_the_example_says_that_it_is_one(visitor: Client, region: Any) -> None:
    assert "Esimerkkiverkosto" in visitor.get("/").content.decode()
    with transaction.atomic():
        type(region).objects.update(example=False)
        record("update", "network", region.id)
    assert "Esimerkkiverkosto" not in visitor.get("/").content.decode()


def test_nothing_but_our_own_runs_in_a_page(visitor: Client) -> None:
    page = visitor.get("/doors?q=lukio")
    assert (
        "script-src 'self'" in page["Content-Security-Policy"]
        and "frame-ancestors 'none'" in page["Content-Security-Policy"]
    )
    assert page["X-Content-Type-Options"] == "nosniff" and page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"] == "private, no-cache"
    assert " style=" not in page.content.decode() and " onclick=" not in page.content.decode()


def test_a_page_that_is_not_there_helps_on(visitor: Client) -> None:
    for path, word in (
        ("/ei-ole", "Tätä ovea ei löydy"),
        ("/sv/finns-inte", "Den här dörren finns inte"),
        ("/en/none", "This door is not found"),
    ):
        page = visitor.get(path)
        assert page.status_code == 404 and word in page.content.decode() and "/ask" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "view"),
    [
        (400, errors.bad_request),
        (403, errors.forbidden),
        (404, errors.not_found),
        (422, lambda request: errors.page(request, 422)),
    ],
)
def test_each_error_says_what_happened_and_what_to_do(status: int, view: Any) -> None:
    request = RequestFactory().get("/")
    request.session = {}  # type: ignore[assignment]
    page = view(request)
    assert page.status_code == status and str(errors.WORDS[status][0]) in page.content.decode()


def test_an_error_of_ours_asks_nothing_of_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    page = errors.server_error(RequestFactory().get("/"))
    assert page.status_code == 500 and "Meillä on nyt vika" in page.content.decode() and "112" in page.content.decode()


@pytest.mark.parametrize(("path", "kind"), [("/", "text/html"), ("/api/services", "application/problem+json")])
def test_while_the_database_is_away_others_may_be_asked(path: str, kind: str) -> None:
    try:
        raise OperationalError
    except OperationalError:
        page = errors.server_error(RequestFactory().get(path))
    assert page.status_code == 503 and page["Retry-After"] == "5" and page["Content-Type"].startswith(kind)


def test_a_full_disk_is_told_as_what_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opinovi.site.errors.is_full", lambda _folder: True)
    assert errors.server_error(RequestFactory().get("/")).status_code == 503


def test_what_one_sees_who_is_signed_in_is_kept_nowhere(as_person: Any, visitor: Client) -> None:
    assert as_person("oona").get("/desk")["Cache-Control"] == "private, no-store"
    assert visitor.get("/")["Cache-Control"] == "private, no-cache"


@pytest.mark.django_db
@pytest.mark.urls("tests.site.broken_urls")
def test_a_view_that_breaks_shows_the_page_and_is_told_to_the_operator(caplog: pytest.LogCaptureFixture) -> None:
    clear_url_caches()
    page = Client(raise_request_exception=False).get("/broken?q=salainen")
    assert page.status_code == 500 and "Meillä on nyt vika" in page.content.decode()
    told = "".join(caplog.text)
    assert "RuntimeError: a fault" in told and "/broken" in told and "salainen" not in told


def test_health_tells_of_the_database_and_the_index(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert visitor.get("/-/health").json() == {"ok": True, "database": True, "index": True}
    monkeypatch.setattr("opinovi.site.views.database_answers", lambda: False)
    assert visitor.get("/-/health").status_code == 503


def test_the_sitemap_has_every_service_in_every_language(visitor: Client, career_guidance: Service) -> None:
    assert "sitemap-services.xml" in visitor.get("/sitemap.xml").content.decode()
    text = visitor.get("/sitemap-services.xml").content.decode()
    for prefix in ("", "/sv", "/en"):
        assert f"{prefix}/services/{career_guidance.id}</loc>" in text
    assert 'hreflang="x-default"' in text
    for section in ("groups", "answers"):
        assert f"/en/{section}/" in visitor.get(f"/sitemap-{section}.xml").content.decode()


def test_searches_are_kept_out_of_search_engines(visitor: Client) -> None:
    robots = visitor.get("/robots.txt").content.decode()
    assert "Disallow: /doors" in robots and "Disallow: /sv/doors" in robots and "Sitemap: " in robots


def test_home_says_what_is_true_now(visitor: Client, still: Any) -> None:
    page = visitor.get("/").content.decode()
    assert "Auki nyt, klo 17 asti" in page and "Seuraava vapaa: tänään klo 14" in page
    Service.objects.update(next_free_at=None)
    record("find_free_time", "service", "")
    assert re.search(r"\d+ paikkaa auki nyt", visitor.get("/").content.decode())
    still.move_to("2027-02-13T12:00:00+02:00")
    page = visitor.get("/").content.decode()
    assert "Tänään kiinni, avautuu ma klo 9" in page and "paikkaa alueella" in page


@pytest.mark.parametrize(("path", "most"), [("/", 4), ("/ask", 4), ("/about", 2), ("/choose", 2), ("/my-doors", 2)])
def test_pages_ask_little_of_the_database(
    visitor: Client, region: Any, in_service: None, django_assert_max_num_queries: Any, path: str, most: int
) -> None:
    with django_assert_max_num_queries(most):
        visitor.get(path)


@pytest.mark.django_db
def test_an_installation_without_a_network_still_answers(visitor: Client, region: Any) -> None:
    from opinovi.contact.models import Appointment, Enquiry, Registration
    from opinovi.network.models import Membership, Network

    Enquiry.objects.all().delete()
    Appointment.objects.all().delete()
    Registration.objects.all().delete()
    Membership.objects.all().delete()
    Network.objects.all().delete()
    for path in PAGES:
        assert visitor.get(path).status_code in (200, 404)


def test_the_example_mailbox_shows_what_would_have_been_sent(visitor: Client, settings: Any, tmp_path: Any) -> None:
    from django.core.mail import get_connection, send_mail

    settings.OPINOVI_HOME = tmp_path
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path / "mail"))
    for number in (1, 2):
        send_mail(
            f"Omat ovesi {number}",
            "Hei! https://ovi.example/my-doors",
            None,
            ["aino@esimerkki.example"],
            connection=connection,
        )
    page = visitor.get("/-/posti").content.decode()
    assert "Omat ovesi 1" in page and "Omat ovesi 2" in page and "aino@esimerkki.example" in page
