"""Any organisation shows the search, its services, places and times on its own site."""

from collections.abc import Callable

import pytest
from django.test import Client

from opinovi.base.clock import now
from opinovi.directory.models import Service
from opinovi.network.models import Organisation


def address(name: str, salpaus: Organisation) -> str:
    service = Service.objects.filter(organisation=salpaus).exclude(next_free_at=None).first()
    assert service is not None
    return {"search": "/embed/search?q=haluan+vaihtaa+alaa&where=Lahti", "services": f"/embed/organisations/{salpaus.id}",
            "places": f"/embed/organisations/{salpaus.id}?show=places", "times": f"/embed/services/{service.id}"}[name]  # fmt: skip


@pytest.mark.parametrize("name", ["search", "services", "places", "times"])
def test_a_frame_needs_no_script_sets_no_cookie_and_leads_out_of_itself(
    visitor: Client, salpaus: Organisation, own_index: Callable[[], object], name: str
) -> None:
    own_index()
    response = visitor.get(address(name, salpaus))
    text = response.content.decode()
    assert response.status_code == 200 and "<script" not in text and not response.cookies
    assert "frame-ancestors *" in response["Content-Security-Policy"] and "X-Frame-Options" not in response
    # Every link opens beside the page that it stands on; none of them is left out.
    links = text.count("<a ")
    assert links > 1 and text.count('target="_blank" rel="noopener"') == links - text.count('href="tel:')
    sized = visitor.get(address(name, salpaus) + ("&" if "?" in address(name, salpaus) else "?") + "fit=1")
    assert "interchange/fit." in sized.content.decode()


def test_no_other_page_may_stand_in_a_frame(visitor: Client) -> None:
    for page in ("/", "/doors?q=ty%C3%B6", "/developers/embed", "/ask"):
        response = visitor.get(page)
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"] and response["X-Frame-Options"] == "DENY"


def test_the_search_in_a_frame_helps_first_one_who_is_in_danger(
    visitor: Client, own_index: Callable[[], object]
) -> None:
    own_index()
    text = visitor.get("/embed/search?q=haluan+tappaa+itseni").content.decode()
    assert "tel:" in text.split("</form>")[1][:600]
    nothing = visitor.get("/embed/search?q=zzqxv").content.decode()
    assert "Kysy ihmiseltä" in nothing


def test_the_page_for_others_shows_what_to_copy(visitor: Client, salpaus: Organisation) -> None:
    page = visitor.get(f"/developers/embed?show=places&house={salpaus.id}").content.decode()
    assert f"/embed/organisations/{salpaus.id}?show=places" in page and "&lt;opin-ovi show=&quot;places&quot;" in page
    swedish = visitor.get("/sv/developers/embed?show=search").content.decode()
    assert "/sv/embed/search" in swedish and "language=&quot;sv&quot;" in swedish
    times = visitor.get(f"/developers/embed?show=times&house={salpaus.id}").content.decode()
    service = Service.objects.filter(organisation=salpaus).exclude(next_free_at=None).order_by("next_free_at").first()
    assert service is not None and f"/embed/services/{service.id}" in times and 'name="service"' in times
    none = Organisation.objects.filter(networks__slug="paijat-hame").exclude(services__next_free_at__gt=now()).first()
    assert none is not None
    empty = visitor.get(f"/developers/embed?show=times&house={none.id}").content.decode()
    assert "ei ole vapaita aikoja" in empty and "<iframe" not in empty and "&lt;iframe" not in empty
    assert visitor.get("/developers/embed?show=jotain&house=ei").status_code == 200


def test_what_is_not_there_is_not_shown(visitor: Client) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    for page in (f"/embed/organisations/{missing}", f"/embed/services/{missing}"):
        assert visitor.get(page).status_code == 404
