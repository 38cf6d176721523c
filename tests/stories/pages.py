"""Every page as each person meets it, and the states a page can be in: looked at by axe and drawn by `make pictures`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from tests.stories.steps import Fault, address, faults, first, sign_in
from tests.stories.together import (
    impact_pages,
    learning_pages,
    outreach_pages,
    practice_pages,
    project_pages,
    team_pages,
    together_pages,
    workplace_pages,
)

OPEN = [
    "/", "/doors", "/doors?q=", "/doors?q=haluan vaihtaa alaa&where=Lahti",
    "/doors?q=tietokonne opetus&where=Atlantis&kind=education", "/doors?q=mies hakkaa mua",
    "/doors?q=ufojen bongaus xyzzy", "/doors?q=lukio&page=99", "/choose", "/choose?about=study",
    "/choose?about=study&closer=upper&for=&how=", "/my-doors", "/ask", "/ask?q=alanvaihto", "/about", "/places",
    "/places?near=18100", "/organisations", "/tyyli", "/-/posti", "/ei-ole", "/offerings", "/return",
    "/conversations/erased", "/book", "/times/ei-ole", "/groups", "/answers", "/sign-in", "/my/start", "/my/erased",
    "/my/open/ei-ole", "/hand-over/ei-ole", "/outcome/ei-ole", "/invitation/ei-ole", "/still-true/ei-ole", "/hame/",
    "/hame/strategy", "/results", "/results/data", "/feedback/ei-ole", "/feedback/thanks", "/complaints/new",
]  # fmt: skip
# Longer than any line of a phone.
LONG = "lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilaskoulutusvaihtoehtoselvitys"


@dataclass(frozen=True)
class Look:
    """Pages of one person: who is signed in (nobody: ""), and how their addresses are found."""

    name: str
    who: str
    find: Callable[[Page], list[str]]


@dataclass(frozen=True)
class State:
    """A state that a page is brought to by what somebody does."""

    name: str
    who: str
    reach: Callable[[Page], None]


def open_pages(page: Page) -> list[str]:
    """What anybody opens: the pages above, and one each of a service, a place, a time, a group and so on."""
    page.goto("/doors?q=haluan vaihtaa alaa&where=Lahti")
    service = first(page, ".result h2 a", 1)
    page.goto(service)
    place = first(page, 'a[href^="/places/"]')
    organisation = first(page, 'a[href^="/organisations/"]')
    page.goto("/offerings")
    offering = first(page, '.result a[href^="/offerings/"]')
    page.goto("/book")
    times = first(page, 'main a[href^="/book/services/"]')
    page.goto(times)
    time = page.locator(".times a").last.get_attribute("href") or ""
    page.goto(time)
    page.get_by_label("Puhelin", exact=True).fill("040 123 4567")
    page.get_by_role("button", name="Varaa", exact=True).click()
    page.wait_for_url("**/times/*")
    booked = address(page)
    page.goto("/groups")
    group = a_roomy_group(page)
    page.goto(group)
    page.get_by_label("Puhelin", exact=True).fill("040 123 4567")
    page.locator("main form button.main").click()
    page.wait_for_url("**/registrations/*")
    registered = address(page)
    page.goto("/answers")
    answer = first(page, 'main a[href^="/answers/"]')
    service = service.split("?")[0]
    number = service.rsplit("/", 1)[1]
    return [
        "/developers", "/leaflet?where=398&about=study", "/reading", "/accessibility", "/privacy", "/kiosk", "/offline", "/without-a-phone", "/developers/embed", "/embed/search?q=ty%C3%B6", 
        *OPEN, service, place, organisation, f"/my-doors?d={number}", offering, times, f"{times}?mode=video",
        f"{times}?waiting=1", time, booked, f"{booked}/move", group, registered, answer, f"{place}/poster",
        f"/report/service/{number}",
    ]  # fmt: skip


def staff_pages(page: Page) -> list[str]:
    """An administrator's desk, with a draft that has errors and a version in it; opened in Finnish."""
    page.goto("/desk/records/service")
    record = page.get_by_role("region", name="Tiedot").get_by_role("link").first.get_attribute("href") or ""
    page.goto(record)
    page.get_by_role("button", name=re.compile("^(Muuta|Jatka luonnosta)$")).click()
    page.wait_for_url("**/desk/drafts/*")
    draft = address(page)
    page.goto("/desk")
    people = page.get_by_role("link", name="Väki").get_attribute("href") or ""
    house = people.removesuffix("/people")
    page.goto(people)
    member = page.get_by_role("region", name="Väki").get_by_role("link").last.get_attribute("href") or ""
    return [
        "/account", "/account/sessions", "/account/second-factor", "/account/second-factor/app", "/desk",
        "/desk?show=mine", "/desk/records/service", "/desk/records/point", "/desk/records/offering", record, draft,
        f"{draft}/review", people, f"{house}/invite", f"{house}/teams", f"{house}/agreement", f"{house}/sheets",
        f"{house}/templates", f"{house}/letters", f"{house}/video", member, f"{member}/absence", f"{member}/leave",
        "/desk/who", "/desk/who?q=alan vaihto", "/desk/keys", "/desk/hooks",
    ]  # fmt: skip


def guide_pages(page: Page) -> list[str]:
    """A guide's: an enquiry, a booked time, a group with its list, an answer that is being written."""
    page.goto("/desk")
    enquiry = first(page, 'td a[href^="/desk/enquiries/"]')
    page.goto("/desk/times")
    appointment = first(page, 'a[href^="/desk/appointments/"]')
    rule = first(page, 'a[href^="/desk/times/rules/"]')
    team = page.get_by_role("link", name="Uusi sääntö").first.get_attribute("href") or ""
    joint = page.get_by_role("link", name="Varaa yhteinen aika").get_attribute("href") or ""
    page.goto("/desk/groups")
    group = first(page, 'td a[href^="/desk/groups/"]')
    page.goto("/desk/answers")
    page.get_by_role("button", name="Uusi vastaus").first.click()
    page.wait_for_url("**/desk/answers/*")
    answer = address(page)
    return [
        "/desk", "/desk?show=free", "/desk?show=closed", enquiry, f"{enquiry}?join=1", "/desk/call", "/desk/times",
        appointment, rule, team, joint, "/desk/groups", group, f"{group}/edit", team.replace("/rules", "/groups"),
        "/desk/answers", answer,
    ]  # fmt: skip


def client_pages(page: Page) -> list[str]:
    """A guide's with clients: the list, one client, what is done for them, hand-overs, colleagues' cases."""
    page.goto("/desk/clients?q=assi")
    client = page.get_by_role("link", name="Assi Asiakas").get_attribute("href") or ""
    page.goto("/desk/referrals")
    referral = first(page, 'td a[href^="/desk/referrals/"]')
    page.goto("/desk/referrals?show=out")
    sent = first(page, 'td a[href^="/desk/referrals/"]')
    page.goto("/desk/consultations")
    case = page.locator('main a[href*="/desk/consultations/"]').last.get_attribute("href") or ""
    return [
        "/desk/clients", "/desk/clients/new", client, f"{client}/edit", f"{client}/plan?history=1", f"{client}/refer",
        f"{client}/outcomes", f"{client}/exercise?name=skills", "/desk/referrals", "/desk/referrals?show=over",
        "/desk/referrals/together", referral, f"{referral}/accept", f"{referral}/decline", sent, f"{sent}/contact",
        "/desk/consultations", "/desk/consultations/new", case,
    ]  # fmt: skip


def own_pages(page: Page) -> list[str]:
    """A client's: all that is theirs."""
    page.goto("/my")
    consent = first(page, 'a[href^="/my/consents/"]')
    referral = first(page, 'a[href^="/my/referrals/"]')
    return [
        "/my", "/my/plan", "/my/plan?history=1", "/my/exercises/interests", "/my/exercises/skills", "/my/contact",
        "/my/address", "/my/confidence", "/my/send", "/my/reads", "/my/notes", "/my/erase", consent, referral, "/account",
    ]  # fmt: skip


def source_pages(page: Page) -> list[str]:
    """What is taken in from elsewhere: a source that is tried out and can't be reached."""
    page.goto("/desk/together")
    same = page.get_by_role("link", name="Sama asia kahdesti", exact=True).get_attribute("href") or ""
    sources = page.get_by_role("link", name="Lähteet", exact=True).get_attribute("href") or ""
    page.goto(sources)
    page.get_by_label("Lähteen nimi").fill("Koe")
    page.get_by_label("Osoite", exact=True).fill("http://127.0.0.1:9/api")
    page.get_by_role("button", name="Lisää lähde").click()
    page.get_by_role("button", name="Kokeile: näytä, mitä muuttuisi").click()
    page.wait_for_url("**/runs/*")
    source = first(page, "a.back")
    return [sources, source, address(page), same]


def figure_pages(page: Page) -> list[str]:
    """A coordinator's."""
    page.goto("/desk")
    network = page.get_by_role("link", name="Verkosto", exact=True).get_attribute("href") or ""
    return ["/desk", network, f"{network}/guidance"]


def network_pages(page: Page) -> list[str]:
    """A network administrator's."""
    page.goto("/desk")
    network = page.get_by_role("link", name="Verkosto", exact=True).get_attribute("href") or ""
    page.goto("/account")
    profile = page.get_by_role("link", name="Mitä tiedät").get_attribute("href") or ""
    card = profile.replace("/profile", "/card")
    return [network, f"{network}/freshness", f"{network}/set-up", f"{network}/agreement", profile, card]


OPEN_LOOKS = [Look("open", "", open_pages)]
SIGNED_IN_LOOKS = [
    Look("administrator", "Päivi Pääkäyttäjä", staff_pages),
    Look("network", "Veikko Verkostovastaava", network_pages),
    Look("guide", "Oona Ohjaaja", guide_pages),
    Look("clients", "Oona Ohjaaja", client_pages),
    Look("client", "Assi Asiakas", own_pages),
    Look("coordinator", "Kaisa Koordinaattori", figure_pages),
    Look("together", "Kaisa Koordinaattori", together_pages),
    Look("impact", "Kaisa Koordinaattori", impact_pages),
    Look("workplaces", "Timo Työnantaja", workplace_pages),
    Look("workplace team", "Oona Ohjaaja", team_pages),
    Look("learning", "Oona Ohjaaja", learning_pages),
    Look("practices", "Oona Ohjaaja", practice_pages),
    Look("outreach", "Ville Opinto-opas", outreach_pages),
    Look("projects", "Kaisa Koordinaattori", project_pages),
    Look("sources", "Kaisa Koordinaattori", source_pages),
]
LOOKS = [*OPEN_LOOKS, *SIGNED_IN_LOOKS]


# By whom somebody came already, and the cookies they got: the site is the same for all tests of a process.
CAME: dict[str, list[Any]] = {}


def come_as(page: Page, who: str) -> None:
    """Signed in: the first time by the page for it, then by what it gave."""
    if who and who in CAME:
        page.context.add_cookies(CAME[who])
    elif who:
        sign_in(page, who)
        CAME[who] = page.context.cookies()


# States


def pressed(path: str, button: str, **fields: str) -> Callable[[Page], None]:
    """A form sent as it stands, or with some of its fields (by id) filled."""

    def reach(page: Page) -> None:
        page.goto(path)
        for name, value in fields.items():
            page.locator(f"#id_{name}").fill(value)
        page.get_by_role("button", name=button, exact=True).first.click()
        page.wait_for_load_state()

    return reach


def at(path: str, then: Callable[[Page], None]) -> Callable[[Page], None]:
    def reach(page: Page) -> None:
        page.goto(path)
        then(page)
        page.wait_for_load_state()

    return reach


def follow(page: Page, selector: str) -> None:
    page.goto(first(page, selector))


def a_roomy_group(page: Page) -> str:
    """A group with places for many: the last place of the small one is another story's. Which comes first in the list
    goes by the day."""
    return page.get_by_role("link", name="Digikahvila", exact=True).first.get_attribute("href") or ""


def book_without_a_way(page: Page) -> None:
    follow(page, 'main a[href^="/book/services/"]')
    follow(page, ".times a")
    page.get_by_role("button", name="Varaa", exact=True).click()


def join_without_a_way(page: Page) -> None:
    page.goto(a_roomy_group(page))
    page.locator("main form button.main").click()


def asked_and_sent(page: Page) -> None:
    page.get_by_label("Mitä sinulla on mielessä?").fill(f"Haluaisin tietää, mikä on {LONG}.")
    page.wait_for_timeout(2100)
    page.get_by_role("button", name="Lähetä", exact=True).click()
    page.wait_for_load_state()
    if (again := page.get_by_role("button", name="Lähetä silti")).count():
        again.click()
    page.wait_for_url("**/conversations/*")


def ask_with_a_wrong_address(page: Page) -> None:
    page.get_by_label("Mitä sinulla on mielessä?").fill(f"Mikä on {LONG}?")
    page.get_by_label("Ilmoittakaa sähköpostilla").check()
    page.locator("#id_mail").fill("ei")
    page.get_by_role("button", name="Lähetä", exact=True).click()


def refer_without_a_reason(page: Page) -> None:
    page.goto(page.get_by_role("link", name="Assi Asiakas").get_attribute("href") or "")
    page.get_by_role("link", name="Ohjaa toiselle").click()
    page.get_by_role("button", name="Kysy asiakkaalta").click()


def consent_by_phone_without_a_witness(page: Page) -> None:
    page.locator("#id_need").fill("Suomen kieli on vaikea")
    page.get_by_label("Puhelimessa").check()
    page.get_by_role("button", name="Jatka", exact=True).click()
    page.get_by_role("button", name="Kyllä, saatte pitää").click()


def decline_without_a_reason(page: Page) -> None:
    follow(page, 'td a[href^="/desk/referrals/"]')
    page.get_by_role("link", name="En ota vastaan").click()
    page.get_by_role("button", name="Kieltäydy").click()


STATES = [
    State("search, a very long word", "", at(f"/doors?q={LONG}", lambda page: None)),
    State("ask, nothing written", "", pressed("/ask", "Lähetä")),
    State("ask, a wrong address and a very long word", "", at("/ask", ask_with_a_wrong_address)),
    State("asked", "", at("/ask", asked_and_sent)),
    State("return, a wrong code", "", pressed("/return", "Avaa", code="ABCD-EFGH-JKLM")),
    State("book, no way to be reached", "", at("/book", book_without_a_way)),
    State("join, no way to be reached", "", at("/groups", join_without_a_way)),
    State("sign in, a wrong address", "", pressed("/my/start", "Lähetä koodi", mail="ei osoite")),
    State("sign in, a code was sent", "", pressed("/my/start", "Lähetä koodi", mail="uusi@esimerkki.example")),
    State("clients, none found", "Oona Ohjaaja", at("/desk/clients?q=eikukaan", lambda page: None)),
    State("desk, nothing to do", "Ville Opinto-opas", at("/desk", lambda page: None)),
    State("clients, none yet", "Ville Opinto-opas", at("/desk/clients", lambda page: None)),
    State("hand-overs, none yet", "Ville Opinto-opas", at("/desk/referrals", lambda page: None)),
    State("desk of an editor", "Ella Editori", at("/desk", lambda page: None)),
    State("new client, nothing written", "Oona Ohjaaja", pressed("/desk/clients/new", "Jatka")),
    State("call, nothing written", "Oona Ohjaaja", pressed("/desk/call", "Kirjaa")),
    State("hand on, no reason", "Oona Ohjaaja", at("/desk/clients?q=assi", refer_without_a_reason)),
    State("consent by phone, no witness", "Oona Ohjaaja", at("/desk/clients/new", consent_by_phone_without_a_witness)),
    State("decline, no reason", "Nelli Neuvoja", at("/desk/referrals", decline_without_a_reason)),
    State("how sure, nothing chosen", "Assi Asiakas", pressed("/my/confidence", "Tallenna")),
    State("erase, not ticked", "Assi Asiakas", pressed("/my/erase", "Poista kaikki")),
]


def faults_of(browser: Browser, site: str, look: Look) -> list[Fault]:
    """What axe finds on the pages of one person: in Finnish, wide in light and narrow in dark by turns, and how far every
    other reaches in one of the other languages (`make pictures` looks at every page in every way)."""
    page = browser.new_page(base_url=site)
    come_as(page, look.who)
    found = [
        one
        for number, path in enumerate(look.find(page))
        for before in (("", ("/sv", "/en")[number // 2 % 2]) if number % 2 else ("",))
        for one in faults(page, f"{before}{path}", turn=number)
    ]
    page.context.close()
    return found
