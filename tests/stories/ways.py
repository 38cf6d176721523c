"""The same stories by other ways of using a page: OPINOVI_WAY is one of WAYS; without it, as most people do.

keyboard: every press, choice and word by the keys alone, and what has the focus is seen to have it. small: 320 pixels
wide. zoom: a window of 1280 by 1024 at 400 per cent. plain: no JavaScript. slow: 400 kbit/s and 400 ms each way and back.
reader: the accessibility tree of every page is listened to before anything is done there (hearing.py).
"""

import os
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.stories.hearing import by_ear

WAYS = ("keyboard", "small", "zoom", "plain", "slow", "reader")
WAY = os.environ.get("OPINOVI_WAY", "")
SIZES = {"small": {"width": 320, "height": 640}, "zoom": {"width": 320, "height": 256}}
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
# More than any page has places to stop at.
MOST_STOPS = 900
# What a press is on: the thing itself, or what a label or a word in it stands for.
TARGET = """one => {
  const label = one.closest('label');
  const found = label && label.control ? label.control : one.closest('a[href],button,input,select,textarea,summary,[tabindex]');
  return found || one;
}"""
HERE = """one => {
  const now = document.activeElement;
  if (now === one) return 'here';
  return now && now.type === 'radio' && one.type === 'radio' && now.name === one.name && now.form === one.form ? 'group' : '';
}"""
# On the thing itself, or on what it stands in: a door is one link.
SEEN = """one => {
  const shown = at => {
    const style = getComputedStyle(at);
    return parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  };
  return one.matches(':focus-visible') && [one, one.parentElement, one.closest('li, .arch, label')].some(at => at && shown(at));
}"""


# About how many stops there are from where the focus is to the thing, in the order of the page.
STEPS = """one => {
  const stops = [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex],iframe')]
    .filter(at => at === one || (at.tabIndex >= 0 && !at.disabled && at.getClientRects().length));
  const here = stops.indexOf(document.activeElement), there = stops.indexOf(one);
  return there > here ? there - here : stops.length - here + there;
}"""


class OutOfReach(AssertionError):
    """What the keys do not come to."""


def take_way(browser: Browser) -> None:
    """Let every context of the browser be used in the way that is asked for."""
    if WAY not in ("", *WAYS):
        raise ValueError(f"OPINOVI_WAY is none of {', '.join(WAYS)}: {WAY}")
    make = browser.new_context

    def new_context(**told: Any) -> BrowserContext:
        if WAY in SIZES:
            told["viewport"] = SIZES[WAY]
        if WAY == "plain":
            told["java_script_enabled"] = False
        context = make(**told)
        if WAY == "slow":
            context.on("page", slowed)
        return context

    browser.new_context = new_context  # type: ignore[method-assign]
    if WAY == "keyboard":
        by_keys()
    if WAY == "reader":
        by_ear()


def slowed(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)


def by_keys() -> None:
    """What a hand would do with a mouse, by the keys."""
    told: Any = Locator
    if getattr(told, "by_keys", False):
        return
    told.by_keys = True
    told.click = told.tap = lambda self, **_: press(self)
    told.check = lambda self, **_: None if self.is_checked() else press(self)
    told.uncheck = lambda self, **_: press(self) if self.is_checked() else None
    told.fill = lambda self, text, **_: write(self, text)
    told.select_option = lambda self, value=None, **more: choose(self, value, **more)


def reach(locator: Locator) -> Any:
    """The thing, once the keys have come to it. Raises OutOfReach."""
    locator.wait_for(state="attached")
    one = locator.element_handle().evaluate_handle(TARGET).as_element()
    assert one is not None
    page = locator.page
    # Nearly all the way without a look, the rest stop by stop.
    for _ in range(0 if one.evaluate(HERE) else one.evaluate(STEPS) - 12):
        page.keyboard.press("Tab")
    for _ in range(MOST_STOPS):
        at = one.evaluate(HERE)
        if at == "group":
            page.keyboard.press("ArrowDown")
        elif at == "here":
            assert one.evaluate(SEEN), f"the focus is not seen: {one.evaluate('one => one.outerHTML.slice(0, 200)')}"
            return one
        else:
            page.keyboard.press("Tab")
    raise OutOfReach(f"{page.url}: {one.evaluate('one => one.outerHTML.slice(0, 200)')}")


def press(locator: Locator) -> None:
    one = reach(locator)
    kind = one.evaluate("one => one.type || one.tagName.toLowerCase()")
    if kind == "radio" and one.is_checked():
        return
    one.press("Space" if kind in ("checkbox", "radio") else "Enter")


def write(locator: Locator, text: str) -> None:
    one = reach(locator)
    kind = one.evaluate("one => one.type")
    keys = locator.page.keyboard
    if kind == "date" and text:
        year, month, day = text.split("-")
        keys.type(month + day + year)
    elif kind == "time" and text:
        hour, minute = (int(part) for part in text.split(":")[:2])
        keys.type(f"{hour % 12 or 12:02}{minute:02}{'PM' if hour > 11 else 'AM'}")
    else:
        keys.press("Control+A")
        keys.press("Delete")
        keys.insert_text(text)


def choose(locator: Locator, value: Any = None, label: str | None = None, index: int | None = None) -> None:
    one = reach(locator)
    find = """(one, told) => [...one.options].findIndex((option, at) =>
      told.index === null ? option.value === told.value || option.label === (told.label ?? told.value) : at === told.index)"""
    at = one.evaluate(find, {"value": value, "label": label, "index": index})
    assert at >= 0, f"no such option: {value or label or index}"
    locator.page.keyboard.press("Home")
    for _ in range(MOST_STOPS):
        if one.evaluate("one => one.selectedIndex") == at:
            if one.evaluate("one => 'template' in one.dataset"):
                # What is put in a text is put there by a key of its own.
                locator.page.keyboard.press("Enter")
            return
        locator.page.keyboard.press("ArrowDown")
    raise OutOfReach(f"{locator.page.url}: option {at}")
