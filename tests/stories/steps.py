"""What people do in more than one story."""

import re

from playwright.sync_api import Page


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/desk")


def letter(page: Page, subject: str, pattern: str) -> str:
    """The link of a letter in the example's mailbox, once the worker has sent it."""
    for _ in range(400):
        page.goto("/-/posti")
        for one in page.locator("article").all():
            if one.locator("h2").inner_text() == subject and (found := re.search(pattern, one.inner_text())):
                return found[0]
    raise AssertionError(f"no letter: {subject}")
