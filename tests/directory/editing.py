"""What the tests of editing share: opening a draft, its form's values as a browser would send them."""

import html
import json
import re
from typing import Any

from django.test import Client

from opinovi.directory.models import Draft


def open_draft(client: Client, kind: str, record_id: Any) -> Draft:
    answer = client.post(f"/desk/records/{kind}/{record_id}/edit")
    return Draft.objects.get(id=answer.headers["Location"].split("/")[3].split("?")[0].split("#")[0])


def new_draft(client: Client, kind: str, organisation_id: Any) -> Draft:
    answer = client.post(f"/desk/organisations/{organisation_id}/new", {"record_type": kind})
    return Draft.objects.get(id=answer.headers["Location"].split("/")[3])


def values(client: Client, draft: Draft) -> dict[str, Any]:
    """The draft's form as the page shows it: what a browser would send back untouched."""
    page = client.get(f"/desk/drafts/{draft.id}").content.decode()
    was = re.search(r'name="was" value="([^"]*)"', page)
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert was is not None and revision is not None
    raw = html.unescape(was[1])
    return {**json.loads(raw), "was": raw, "revision": revision[1]}


def send(client: Client, draft: Draft, sent: dict[str, Any], then: str = "save", **changed: Any) -> Any:
    return client.post(f"/desk/drafts/{draft.id}", {**sent, **changed, "then": then})
