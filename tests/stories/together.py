"""The pages of what the network does together, as each person meets them."""

from playwright.sync_api import Page

from tests.stories.steps import address, first


def project_pages(page: Page) -> list[str]:
    """A project's, as its network's coordinator meets them."""
    page.goto("/desk/projects")
    project = first(page, 'main .lines a[href^="/desk/projects/"]')
    page.goto(project)
    claim, filing = first(page, 'main a[href^="/desk/claims/"]'), first(page, 'main a[href$="/claim"]')
    page.goto(f"{project}/budget")
    change = first(page, 'main a[href^="/desk/budget-changes/"]')
    page.goto(f"{project}/entries")
    entry = first(page, 'main a[href^="/desk/entries/"]')
    page.goto("/desk/projects")
    new = first(page, 'main a[href$="/projects/new"]')
    return [
        "/desk/projects", new, project, f"{project}/budget", change, f"{project}/entries", f"{project}/entries?state=returned",
        entry, filing, claim, f"{project}/participants",
    ]  # fmt: skip


def outreach_pages(page: Page) -> list[str]:
    """Outreach, as a guide who goes meets it."""
    page.goto("/desk/outreach")
    outing = first(page, 'main .lines a[href^="/desk/outreach/"]')
    plan = page.locator('main .lines a[href^="/desk/outreach/plans/"]').last.get_attribute("href") or ""
    return ["/desk/outreach", "/desk/outreach/plans/new", plan, f"{plan}/new", outing, f"{outing}/poster",
            f"{outing}/cards", f"{outing}/field"]  # fmt: skip


def practice_pages(page: Page) -> list[str]:
    """Practices, as one meets them who reviews one and may take another into use."""
    page.goto("/practices")
    public = first(page, 'main .card a[href^="/practices/"]')
    page.goto("/desk/practices")
    waiting, own, others = (
        page.locator("section", has_text=title).locator('a[href^="/desk/practices/"]').first.get_attribute("href") or ""
        for title in ("Odottaa arviota", "Omat", "Muiden julkaistut")
    )
    return ["/practices", "/practices?q=ufojen bongaus", public, "/practices/00000000-0000-7000-8000-000000000000",
            "/desk/practices", "/desk/practices/new", waiting, own, f"{own}/edit", others]  # fmt: skip


def impact_pages(page: Page) -> list[str]:
    """What came of it, as the coordinator sees it."""
    page.goto("/desk/together")
    impact = first(page, 'main a[href$="/impact"]')
    here = impact.rsplit("/", 1)[0]
    page.goto("/desk/impact")
    return [
        "/desk/impact", f"{impact}?theme=quality", f"{impact}?theme=equity", f"{impact}/met", f"{here}/path?value=111",
        f"{here}/questions?indicator=guided&by=municipality&step=year&spans=3", f"{here}/questions?indicator=x", f"{here}/annual",
    ]  # fmt: skip


def together_pages(page: Page) -> list[str]:
    """What the network does together, as its coordinator meets it."""
    page.goto("/desk/strategies")
    strategy = first(page, 'main .lines a[href^="/desk/strategies/"]')
    page.goto(strategy)
    theme, objective, measure = (
        first(page, f'main a[href^="/desk/{name}/"]:not([href$="/new"])')
        for name in ("themes", "objectives", "measures")
    )
    page.goto(f"{strategy}/actions")
    action = first(page, 'main a[href^="/desk/actions/"]')
    page.goto(f"{strategy}/versions")
    version, review = (first(page, f'main a[href^="/desk/{name}/"]') for name in ("strategy-versions", "reviews"))
    page.goto("/desk/together")
    gaps, quality, meetings = (first(page, f'main a[href$="/{name}"]') for name in ("gaps", "quality", "meetings"))
    page.goto(meetings)
    meeting = page.locator('main a[href^="/desk/meetings/"]').last.get_attribute("href") or ""
    ahead = first(page, 'main a[href^="/desk/meetings/"]')
    page.goto(gaps)
    page.get_by_role("button", name="Ota työn alle").last.click()
    page.wait_for_url("**/desk/gaps/*")
    gap = address(page)
    page.goto(quality)
    criterion = first(page, 'main a[href^="/desk/criteria/"]')
    return [
        "/strategy", "/desk/together", "/desk/strategies", strategy, f"{strategy}/edit", f"{strategy}/versions",
        f"{strategy}/actions", f"{strategy}/actions?state=stopped", f"{strategy}/actions/new", theme, objective,
        f"{objective}/measures/new", measure, action, f"{action}/edit", version, review, gaps, f"{gaps}?place=016", gap,
        quality, f"{quality}/assess", criterion, meetings, meeting, f"{ahead}/edit",
    ]  # fmt: skip


def workplace_pages(page: Page) -> list[str]:
    """An employer's, and those of who answers."""
    page.goto("/desk/workplaces")
    workplace = first(page, 'main a[href^="/desk/workplaces/"]')
    opened, counted = (
        page.get_by_role("link", name=name).get_attribute("href") or ""
        for name in ("Turvallisuus ja laitteet", "Mitä osaamme")
    )
    page.goto(opened)
    code = page.locator(".address").inner_text().rsplit("/", 1)[1]
    page.goto(f"/s/{code}")
    page.locator("main form button.main").first.click()
    page.wait_for_url("**/1")
    page.goto(workplace)
    door = page.locator(".address").inner_text().rsplit("/", 1)[1]
    case = next(
        one for one in (link.get_attribute("href") or "" for link in page.locator("#cases a").all()) if "request" in one
    )
    page.goto("/workplaces/places")
    placement = first(page, 'main .lines a[href^="/workplaces/places/"]')
    return ["/workplaces/ask", case, f"/t/{door}", f"/t/{door}/times", "/workplaces/places", placement, f"{workplace}/poster",
            f"{workplace}/guidance", f"{workplace}/year", f"{workplace}/buddies/new", f"{workplace}/changes/new",
            f"{workplace}/places/new", "/workplaces/requests/ei-ole",
            "/workplaces", "/desk/workplaces", workplace, f"{workplace}/edit", opened, f"{opened}/items", f"{opened}/poster",
            counted, f"{counted}/goals/new", f"/s/{code}", f"/s/{code}/1", f"/s/{code}/send", "/s/own"]  # fmt: skip


def team_pages(page: Page) -> list[str]:
    """Those of the network's workplace team."""
    page.goto("/desk/cases")
    offered, new = (
        page.get_by_role("row", name=name).get_by_role("link").first.get_attribute("href") or ""
        for name in ("Koulutusta väelle", "Ohjaaja käymään työpaikalla")
    )
    page.goto(new)
    page.get_by_role("button", name="Tee yhteinen tarjous").click()
    page.wait_for_url("**/offer")
    page.get_by_label("Keneltä").select_option(label="Oona Ohjaaja, Koulutuskeskus Salpaus")
    page.get_by_role("button", name="Pyydä osaa").click()
    part = first(page, 'main a[href^="/desk/parts/"]')
    page.goto("/desk/workplaces")
    bakery, factory = (
        page.get_by_role("link", name=name).get_attribute("href") or ""
        for name in ("Leipomo Esimerkki", "Tehdas Esimerkki")
    )
    page.goto(f"{bakery}/guidance")
    visit = first(page, 'main a[href^="/desk/visits/"]')
    place = first(page, 'main a[href^="/desk/places/"]')
    page.goto(factory)
    change = first(page, 'main a[href^="/desk/changes/"]')
    page.goto(change)
    step = first(page, 'main a[href^="/desk/change-steps/"]')
    survey = ""
    page.goto(factory)
    if not page.get_by_label("Kartoituksen nimi").is_visible():
        page.locator("summary", has_text="Uusi kartoitus").click()
    page.get_by_label("Kartoituksen nimi").fill("Luonnos")
    page.get_by_role("button", name="Tee kartoitus").click()
    page.wait_for_url("**/items")
    survey = address(page).removesuffix("/items")
    return ["/desk/cases", "/desk/cases?show=ended", offered, new, f"{new}/offer", part, f"{bakery}/visits/new",
            f"{bakery}/sessions/new", f"{bakery}/people", visit, place, f"{place}/refer", change, step, f"{change}/steps/new",
            f"{survey}/skills"]  # fmt: skip


def learning_pages(page: Page) -> list[str]:
    """What a guide learns, and from whom."""
    page.goto("/desk/trainings")
    arrange = first(page, 'main a[href*="/trainings/new"]')
    ahead, over = (
        page.locator("section", has_text=title).locator('a[href^="/desk/trainings/"]').first.get_attribute("href") or ""
        for title in ("Tulossa", "Missä olet käynyt")
    )
    page.goto("/desk/peers")
    ask, circle = first(page, 'main a[href$="/ask"]'), first(page, 'main .lines a[href^="/desk/circles/"]')
    page.goto("/desk/shadowing")
    theirs, own = (
        page.get_by_role("link", name=name).first.get_attribute("href") or ""
        for name in ("Päijät-Hämeen työ- ja elinkeinotoimisto", "Koulutuskeskus Salpaus")
    )
    page.goto("/desk/discussion")
    thread = first(page, 'main .links a[href^="/desk/discussion/"]')
    return ["/desk/competence", "/desk/competence/assess", "/desk/competence/share", "/desk/competence/together",
            "/desk/trainings", "/desk/trainings?area=ethics", arrange, ahead, over, "/desk/peers", ask, circle,
            "/desk/circles/new", "/desk/circles/pair", "/desk/shadowing", "/desk/shadowing/new", theirs, own, f"{own}/edit",
            "/desk/discussion", "/desk/discussion?area=ethics", "/desk/discussion/new", thread]  # fmt: skip
