"""What has changed since, as a list that one goes through by numbers, and as an Atom feed for readers."""

from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from opinovi.base.text import choose, printable
from opinovi.interchange.api.base import operation, remembered
from opinovi.interchange.api.document import answers
from opinovi.interchange.changes import KINDS, changes_of, events
from opinovi.network.models import Network

router = Router(tags=["Changes"])
MOST, IN_FEED = 500, 50
Language = Literal["fi", "sv", "en"]
CHANGE = {
    "type": "object",
    "required": ["number", "at", "kind", "id", "how", "page"],
    "properties": {
        "number": {"type": "integer", "description": "Grows with time; ask what came after it."},
        "at": {"type": "string", "format": "date-time"},
        "kind": {"type": "string", "enum": list(KINDS)},
        "id": {"type": "string", "format": "uuid"},
        "how": {"type": "string", "enum": ["added", "changed", "withdrawn"]},
        "page": {"type": "string", "format": "uri"},
        "record": {"type": "string", "format": "uri", "description": "The record by HSDS."},
    },
}
LIST = {
    "type": "object",
    "required": ["changes", "last", "more"],
    "properties": {
        "changes": {"type": "array", "items": CHANGE},
        "last": {"type": "integer", "description": "What to ask after the next time."},
        "more": {"type": "boolean", "description": "Whether there is more to ask at once."},
    },
}
ATOM = {"responses": answers(LIST)["responses"] | {
    200: {"description": "OK", "content": {"application/atom+xml": {"schema": {"type": "string"}}}}
}}  # fmt: skip


class ChangesAsked(Schema):
    after: int = Field(0, ge=0, le=2**62, description="The number of the last change that is known.")
    kind: Literal["service", "point", "offering", "organisation"] | None = None


class FeedAsked(Schema):
    language: Language = "fi"


@router.get("/changes", url_name="api-changes", openapi_extra=answers(LIST))
@operation("interchange.read")
def changes(request: HttpRequest, asked: Query[ChangesAsked]) -> HttpResponse:
    """Changes of services, places, courses and organisations after a number, the oldest first, 500 at a time."""

    def make() -> dict[str, Any]:
        rows = list(
            events([asked.kind] if asked.kind else KINDS).filter(seq__gt=asked.after).order_by("seq")[: MOST + 1]
        )
        shown = rows[:MOST]
        return {"changes": [one.told() for one in changes_of(shown)],
                "last": shown[-1].seq if shown else asked.after, "more": len(rows) > MOST}  # fmt: skip

    return remembered(request, ("changes", asked.after, asked.kind), make)


@router.get("/changes.atom", url_name="api-changes-atom", openapi_extra=ATOM)
@operation("interchange.read")
def atom(request: HttpRequest, asked: Query[FeedAsked]) -> HttpResponse:
    """The latest changes of services for a feed reader, the newest first."""
    response = remembered(request, ("atom",), latest, asked.language)
    if response.status_code == 200:
        response["Content-Type"] = "application/atom+xml; charset=utf-8"
    return response


def latest() -> bytes:
    """The last changes of each service, as Atom (RFC 4287)."""
    network = Network.objects.order_by("slug").first()
    feed = Atom1Feed(
        title=_("Uutta hakemistossa: %(name)s")
        % {"name": printable(choose(network.name).text) if network else "Opin ovi"},
        link=settings.BASE_URL,
        description="",
        feed_url=f"{settings.BASE_URL}/api/changes.atom",
    )
    words = {"added": _("uusi palvelu"), "changed": _("muuttunut"), "withdrawn": _("ei enää tarjolla")}
    rows = list(events(["service"]).order_by("-seq")[: IN_FEED * 6])
    seen: set[UUID] = set()
    for one in changes_of(rows):
        if one.id not in seen and len(seen) < IN_FEED:
            seen.add(one.id)
            title = f"{printable(one.name)}: {words[one.how]}" if one.name else words[one.how].capitalize()
            feed.add_item(
                title=title, link=one.page, description="", unique_id=f"urn:uuid:{one.id}", updateddate=one.at
            )  # fmt: skip
    return feed.writeString("utf-8").encode()
