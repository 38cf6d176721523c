"""axe finds nothing on the staff's pages either, narrow and wide, light and dark, in every language."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.stories.steps import faults, sign_in

pytestmark = pytest.mark.browser


def staff_pages(page: Page) -> list[str]:
    """The pages of an administrator's desk, with a draft that has errors and a version in them; opened in Finnish."""
    page.goto("/desk/records/service")
    record = page.get_by_role("region", name="Tiedot").get_by_role("link").first.get_attribute("href") or ""
    page.goto(record)
    page.get_by_role("button", name=re.compile("^(Muuta|Jatka luonnosta)$")).click()
    page.wait_for_url("**/desk/drafts/*")
    draft = page.url.split("?")[0].split("#")[0].split("/desk", 1)[1]
    page.goto("/desk")
    people = page.get_by_role("link", name="Väki").get_attribute("href") or ""
    house = people.removesuffix("/people")
    page.goto(people)
    member = page.get_by_role("region", name="Väki").get_by_role("link").last.get_attribute("href") or ""
    return [
        "/account", "/account/sessions", "/account/second-factor", "/account/second-factor/app", "/desk", "/desk?show=mine",
        "/desk/records/service", "/desk/records/point", "/desk/records/offering", record, f"/desk{draft}", f"/desk{draft}/review",
        people, f"{house}/invite", f"{house}/teams", f"{house}/agreement", f"{house}/sheets",
        f"{house}/templates", f"{house}/letters", f"{house}/video", member, f"{member}/absence", f"{member}/leave",
        "/desk/who", "/desk/who?q=alan vaihto",
    ]  # fmt: skip


def guide_pages(page: Page) -> list[str]:
    """The pages of a guide: an enquiry, a booked time, a group with its list, an answer that is being written."""
    page.goto("/desk")
    enquiry = page.locator('td a[href^="/desk/enquiries/"]').first.get_attribute("href") or ""
    page.goto("/desk/times")
    appointment = page.locator('a[href^="/desk/appointments/"]').first.get_attribute("href") or ""
    rule = page.locator('a[href^="/desk/times/rules/"]').first.get_attribute("href") or ""
    team = page.get_by_role("link", name="Uusi sääntö").first.get_attribute("href") or ""
    joint = page.get_by_role("link", name="Varaa yhteinen aika").get_attribute("href") or ""
    page.goto("/desk/groups")
    group = page.locator('td a[href^="/desk/groups/"]').first.get_attribute("href") or ""
    page.goto("/desk/answers")
    page.get_by_role("button", name="Uusi vastaus").first.click()
    page.wait_for_url("**/desk/answers/*")
    answer = page.url.split("?")[0].split("/desk", 1)[1]
    return [
        "/desk", "/desk?show=free", "/desk?show=closed", enquiry, f"{enquiry}?join=1", "/desk/call", "/desk/times", appointment,
        rule, team, joint, "/desk/groups", group, f"{group}/edit", team.replace("/rules", "/groups"), "/desk/answers",
        f"/desk{answer}",
    ]  # fmt: skip


def client_pages(page: Page) -> list[str]:
    """The pages of a guide with clients: the list, one client, what is done for them, hand-overs, colleagues' cases."""
    page.goto("/desk/clients?q=assi")
    client = page.get_by_role("link", name="Assi Asiakas").get_attribute("href") or ""
    page.goto("/desk/referrals")
    referral = page.locator('td a[href^="/desk/referrals/"]').first.get_attribute("href") or ""
    page.goto("/desk/consultations")
    case = page.locator('main a[href*="/desk/consultations/"]').last.get_attribute("href") or ""
    return [
        "/desk/clients", "/desk/clients/new", client, f"{client}/edit", f"{client}/plan?history=1", f"{client}/refer",
        f"{client}/outcomes", f"{client}/exercise?name=skills", "/desk/referrals", "/desk/referrals/together", referral,
        f"{referral}/accept", f"{referral}/decline", "/desk/consultations", "/desk/consultations/new", case,
    ]  # fmt: skip


def own_pages(page: Page) -> list[str]:
    """The pages of a client: all that is theirs."""
    page.goto("/my")
    consent = page.locator('a[href^="/my/consents/"]').first.get_attribute("href") or ""
    referral = page.locator('a[href^="/my/referrals/"]').first.get_attribute("href") or ""
    return ["/my", "/my/plan", "/my/exercises/interests", "/my/contact", "/my/send", "/my/reads", "/my/notes", "/my/erase",
            consent, referral]  # fmt: skip


def figure_pages(page: Page) -> list[str]:
    page.goto("/desk")
    network = page.get_by_role("link", name="Verkosto", exact=True).get_attribute("href") or ""
    return [f"{network}/guidance"]


def network_pages(page: Page) -> list[str]:
    page.goto("/desk")
    network = page.get_by_role("link", name="Verkosto", exact=True).get_attribute("href") or ""
    page.goto("/account")
    profile = page.get_by_role("link", name="Mitä tiedät").get_attribute("href") or ""
    card = profile.replace("/profile", "/card")
    return [network, f"{network}/freshness", f"{network}/set-up", f"{network}/agreement", profile, card]


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("Päivi Pääkäyttäjä", staff_pages),
        ("Veikko Verkostovastaava", network_pages),
        ("Oona Ohjaaja", guide_pages),
        ("Oona Ohjaaja", client_pages),
        ("Assi Asiakas", own_pages),
        ("Kaisa Koordinaattori", figure_pages),
    ],
)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_axe_finds_nothing_on_the_desk(browser: Browser, site: str, name: str, pages: Any, language: str) -> None:
    page = browser.new_page(base_url=site)
    sign_in(page, name)
    found = [one for path in pages(page) for one in faults(page, path if language == "fi" else f"/{language}{path}")]
    page.context.close()
    assert found == []
