"""Text messages in: a need that somebody sends by SMS is answered by SMS with the best doors and their numbers.

The gateway posts here with the token of OPINOVI_SMS_IN_TOKEN: {"id", "from", "text"}, as JSON or as a form. What was
written is understood as on the page and kept nowhere; the number lies sealed in the answer until it has gone.
"""

import json
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from opinovi.base.access import allow, require_token
from opinovi.base.ids import new_id
from opinovi.base.limits import allowed
from opinovi.base.mail import post
from opinovi.base.models import Letter
from opinovi.contact.phones import read_phone
from opinovi.directory.codes import municipality_of
from opinovi.doors.counting import counter
from opinovi.doors.door import Door, for_need
from opinovi.doors.find import find
from opinovi.doors.models import NeedCount
from opinovi.doors.need import Need, understand
from opinovi.doors.where import read_place
from opinovi.network.models import Network
from opinovi.network.queries import current_network

DOORS, LONGEST, AN_HOUR = 2, 459, 10


@csrf_exempt
@require_POST
@allow("contact.sms_in")
def sms_in(request: HttpRequest) -> HttpResponse:
    """For the gateway alone: what somebody wrote to us, answered by doors."""
    require_token(request, settings.SMS_IN_TOKEN)
    told = read(request)
    try:
        number = read_phone(str(told["from"]))
    except (KeyError, ValidationError):
        return JsonResponse({"error": "from is no phone number"}, status=422)
    text = " ".join(str(told.get("text", "")).replace("\x00", "").split())[:500]
    if text and allowed("sms-in", number, AN_HOUR):
        # A message that the gateway brings twice is answered once.
        once = str(told.get("id") or new_id())
        answer(current_network(), number, text, sha256(once.encode()).hexdigest()[:40])
    return HttpResponse(status=204)


def read(request: HttpRequest) -> dict[str, Any]:
    if request.content_type == "application/json":
        try:
            told = json.loads(request.body)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}
    return dict(request.POST.items())


@transaction.atomic
def answer(network: Network | None, number: str, text: str, once: str) -> None:
    """Write the answer; what was asked is counted by its topics, as on the page."""
    need = understand(text)
    language = need.language if need.language in dict(settings.LANGUAGES) else "fi"
    town = town_in(text)
    place = read_place(town, network)
    with translation.override(language):
        found = find(need, place.where, limit=DOORS)
        body = words(network, need, for_need(found, need))
    counter.looked_for(
        NeedCount(
            id=new_id(), network=network, language=need.language, municipality=place.municipality,
            topics=[met.topic for met in need.topics], doors=found.total, served=found.good and found.total > 0,
        )
    )  # fmt: skip
    post(f"sms answer {once}", number, "SMS", body, kind=Letter.Kind.SMS)


def town_in(text: str) -> str:
    """The municipality or postcode that is named in the message, the last one where there are several."""
    found = [word for word in text.replace(",", " ").replace(".", " ").split() if municipality_of(word)]
    return found[-1] if found else ""


def words(network: Network | None, need: Need, doors: list[Door]) -> str:
    """What is answered: help in danger first, then the doors with their numbers, then whom to call."""
    parts = [f"{line.name}: {line.number}." for line in need.danger.lines]
    parts += [door_words(one) for one in doors]
    desk = (network.front_desk or {}).get("phone", "") if network else ""
    if not doors:
        parts.append(_("Emme löytäneet sopivaa ovea."))
    if desk:
        parts.append(_("Ihminen neuvoo: %(phone)s") % {"phone": desk})
    text = ""
    for part in parts:
        if len(text) + len(part) + 1 <= LONGEST:
            text = f"{text}\n{part}".strip()
    return text


def door_words(one: Door) -> str:
    number = next((way.value for way in one.ways if way.kind == "phone" and way.value), "")
    who = one.who.text if one.who else ""
    return ", ".join(part for part in (one.name.text, who, number) if part)
