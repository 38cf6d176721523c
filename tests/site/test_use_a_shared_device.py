"""A device that many share forgets each of them; and who has no phone is told where to walk in."""

from collections.abc import Callable

from django.test import Client

from opinovi.directory.models import Service
from opinovi.doors.kept import COOKIE as KEPT
from opinovi.site.kiosk import COOKIE, IDLE


def test_a_shared_device_forgets_by_a_button_and_by_itself(visitor: Client) -> None:
    assert "http-equiv" not in visitor.get("/").content.decode()
    begun = visitor.post("/kiosk", {"begin": "1"})
    assert begun.cookies[COOKIE]["httponly"] and begun["Location"] == "/kiosk/over"
    for page in ("/", "/sv/doors?q=lukio", "/ask"):
        shown = visitor.get(page).content.decode()
        assert f'http-equiv="refresh" content="{IDLE};url=' in shown and "/kiosk/over" in shown
    service = Service.objects.filter(source="example").first()
    assert service is not None
    visitor.post("/my-doors/keep", {"door": service.id, "next": "/"})
    visitor.post("/reading", {"size": "huge"})
    assert visitor.cookies[KEPT].value and visitor.cookies["reading"].value
    over = visitor.get("/kiosk/over")
    assert over["Location"] == "/" and over["Clear-Site-Data"] == '"cache", "storage"'
    left = {name for name, one in visitor.cookies.items() if one.value}
    assert left == {COOKIE}
    assert "data-size" not in visitor.get("/").content.decode()


def test_whoever_was_signed_in_is_signed_out(as_person: Callable[[str], Client]) -> None:
    oona = as_person("oona")
    oona.post("/kiosk", {"begin": "1"})
    assert oona.get("/desk").status_code == 200
    oona.post("/kiosk/over")
    assert oona.get("/desk").status_code == 302


def test_a_link_alone_signs_nobody_out_of_their_own_browser(as_person: Callable[[str], Client]) -> None:
    oona = as_person("oona")
    assert oona.get("/kiosk/over")["Location"] == "/"
    assert oona.get("/desk").status_code == 200
    oona.post("/kiosk", {"begin": "1"})
    oona.post("/kiosk", {"end": "1"})
    assert "http-equiv" not in oona.get("/").content.decode()


def test_one_without_a_phone_sees_where_to_walk_in(visitor: Client) -> None:
    shown = visitor.get("/without-a-phone").content.decode()
    assert shown.count('href="/places/') == 8 and "Kysy ilman nimeä" in shown
    # The open ones first: at half past ten on a Tuesday many are, and so are all that are shown.
    opened = [one for one in shown.split("<li>") if 'href="/places/' in one]
    assert len(opened) == 8 and all("Auki" in one for one in opened)
