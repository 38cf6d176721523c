"""What a screen reader tells of a page: the accessibility tree as the browser hands it on, and what in it says nothing."""

from collections import Counter
from itertools import pairwise
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import CDPSession, Error, Locator, Page

# What is pressed, chosen or written in.
CONTROLS = {
    "button", "link", "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "spinbutton", "slider",
    "switch", "DisclosureTriangle", "Date", "InputTime", "menuitem", "tab",
}  # fmt: skip
LANDMARKS = {"navigation", "region", "complementary", "form", "search", "banner", "contentinfo", "main"}
SESSIONS: "WeakKeyDictionary[Page, CDPSession]" = WeakKeyDictionary()


class Unheard(AssertionError):
    """What somebody who does not see the page is not told."""


def session_of(page: Page) -> CDPSession:
    if page not in SESSIONS:
        SESSIONS[page] = page.context.new_cdp_session(page)
    return SESSIONS[page]


def tree(page: Page) -> list[dict[str, Any]]:
    """Every node in order; what is passed over in reading may hold what is not."""
    return list(session_of(page).send("Accessibility.getFullAXTree")["nodes"])


def role(one: dict[str, Any]) -> str:
    return str(one.get("role", {}).get("value", ""))


def name(one: dict[str, Any]) -> str:
    return str(one.get("name", {}).get("value", "")).strip()


def told(one: dict[str, Any], property: str) -> Any:
    return next((each["value"].get("value") for each in one.get("properties", []) if each["name"] == property), None)


def silent(page: Page) -> list[str]:
    """What in a page says nothing, or the wrong thing, to who hears it."""
    every = tree(page)
    by_id = {one["nodeId"]: one for one in every}
    nodes = [one for one in every if not one.get("ignored")]
    roles = Counter(role(one) for one in nodes)
    found = [f"{roles[one]} of {one}" for one in ("main", "banner", "contentinfo") if roles[one] > 1]
    found += ["no main"] * (roles["main"] == 0)
    found += [f"{role(one)} without a name" for one in nodes if role(one) in CONTROLS and not name(one)]
    found += ["picture without words" for one in nodes if role(one) in ("image", "img", "figure") and not name(one)]
    levels = [int(told(one, "level") or 0) for one in nodes if role(one) == "heading"]
    found += [f"{levels.count(1)} headings of the first level"] * (levels.count(1) != 1)
    found += [f"a heading of level {b} after {a}" for a, b in pairwise(levels) if b > a + 1]
    found += ["an empty heading" for one in nodes if role(one) == "heading" and not name(one)]
    # A form without a name is none.
    marks = Counter(
        (role(one), name(one)) for one in nodes if role(one) in LANDMARKS and (name(one) or role(one) != "form")
    )
    found += [f"{count} landmarks {mark}" for mark, count in marks.items() if count > 1]
    for one in nodes:
        if role(one) == "table" and not heads(one, by_id):
            found.append(f"a table without heads: {name(one)}")
        if role(one) in ("group", "radiogroup") and not name(one) and holds(one, by_id, {"radio", "checkbox"}):
            found.append("choices without a question")
        if told(one, "invalid") == "true" and not one.get("description", {}).get("value"):
            found.append(f"a field that is wrong does not say why: {name(one)}")
    return found


def below(one: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    children = [by_id[each] for each in one.get("childIds", []) if each in by_id]
    return children + [each for child in children for each in below(child, by_id)]


def holds(one: dict[str, Any], by_id: dict[str, dict[str, Any]], roles: set[str]) -> bool:
    """Whether choices stand in a group that says nothing; what is folded in is a group too, and may hold one that does."""
    return choices_of(one, by_id, roles) > 1


def choices_of(one: dict[str, Any], by_id: dict[str, dict[str, Any]], roles: set[str]) -> int:
    children = [by_id[each] for each in one.get("childIds", []) if each in by_id]
    return sum(
        1 if role(each) in roles else choices_of(each, by_id, roles)
        for each in children
        if role(each) not in ("group", "radiogroup")
    )


def heads(one: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> bool:
    return any(role(each) in ("columnheader", "rowheader") for each in below(one, by_id))


def listen(page: Page) -> None:
    """Raise Unheard where the page as it stands says too little."""
    try:
        page.wait_for_load_state()
        found = silent(page)
    except Error:
        # It is on its way to the next page, which is listened to before anything is done there.
        return
    if found and not page.url.startswith(("about:", "chrome-error:")):
        raise Unheard(f"{page.url}: {'; '.join(sorted(set(found)))}")


def by_ear() -> None:
    """Listen to every page before anything is done on it, and let nothing be done with what has no name."""
    kind: Any = Locator
    if getattr(kind, "by_ear", False):
        return
    kind.by_ear = True
    for name_of_act in ("click", "tap", "check", "uncheck", "fill", "select_option"):
        setattr(kind, name_of_act, after_listening(getattr(kind, name_of_act)))
    goto = Page.goto

    def heard(self: Page, *given: Any, **more: Any) -> Any:
        answer = goto(self, *given, **more)
        listen(self)
        return answer

    Page.goto = heard  # type: ignore[method-assign]


def after_listening(act: Any) -> Any:
    def acted(self: Locator, *given: Any, **more: Any) -> Any:
        listen(self.page)
        return act(self, *given, **more)

    return acted
