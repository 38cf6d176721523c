"""Letters of the contact room: that there is something, and a link; never what it is about. Within the transaction of
their cause."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from opinovi.base.clock import now
from opinovi.base.mail import out_of_quiet, post
from opinovi.base.models import Letter
from opinovi.network.models import Member, Person
from opinovi.network.queries import address_in

# Several changes within so long are told to a guide in one letter.
TOGETHER = timedelta(minutes=15)


def spoken(language: str) -> str:
    """The language of the site in which one is written to."""
    return language if language in dict(settings.LANGUAGES) else "en"


def own_link(one: Any, page: str) -> str:
    """The secret address by which a person sees what is theirs, in their language and their network."""
    return address_in(one.network, page, [one.told()["token"]])


def way_to(told: dict[str, Any]) -> tuple[Letter.Kind, str] | None:
    """How a person is reached: by mail where there is an address, else by text message where those are sent."""
    if told.get("mail"):
        return Letter.Kind.MAIL, told["mail"]
    if told.get("phone") and settings.SMS_OFFERED:
        return Letter.Kind.SMS, told["phone"]
    return None


def tell(
    one: Any, key: str, subject: str, body: str, page: str, about: UUID, calendar: Any = None, at_once: bool = False
) -> None:
    """A letter to the person of a booked time, a registration or a place in line, in their language.

    `subject` and `body` are marked for translation and come untranslated; `page` is where the link leads. `calendar`
    makes the file that a mail carries of the link. A text message waits for morning unless it is told `at_once`: to
    one who has just pressed a button.
    """
    way = way_to(one.told())
    if way is None:
        return
    kind, to = way
    with translation.override(spoken(one.language)):
        link = own_link(one, page)
        file = calendar(one, link) if calendar is not None and kind == Letter.Kind.MAIL else ""
        at = None if at_once or kind == Letter.Kind.MAIL else out_of_quiet(now())
        text = gettext(body) % {"link": link}
        post(key, to, gettext(subject), text, kind=kind, about=str(about), attachment=file, not_before=at)


def remind(one: Any, key: str, subject: str, body: str, page: str, about: UUID, at: datetime) -> None:
    """A reminder by the way that the person chose, at its hour."""
    to = one.told().get("mail" if one.remind == Letter.Kind.MAIL else "phone", "")
    if not to:
        return
    with translation.override(spoken(one.language)):
        text = gettext(body) % {"link": own_link(one, page)}
        post(key, to, gettext(subject), text, kind=Letter.Kind(one.remind), about=str(about), not_before=at)


def tell_guides(members: Iterable[UUID], by: Person | None = None) -> None:
    """A letter to guides, but to the one who did it: their times of the next days have changed. One a quarter of an
    hour, whatever happened in it."""
    at = now()
    end = datetime.fromtimestamp((at.timestamp() // TOGETHER.seconds + 1) * TOGETHER.seconds, at.tzinfo)
    for member in Member.objects.filter(id__in=members, person__letters=True).select_related("person"):
        if by is not None and member.person_id == by.id:
            continue
        with translation.override(member.person.language or settings.LANGUAGE_CODE):
            link = settings.BASE_URL + reverse("own-times")
            text = gettext(GUIDES) % {"link": link}
            key, about = f"guide {member.id} {end:%Y%m%d%H%M}", str(member.organisation_id)
            post(key, member.person.email, gettext(GUIDES_SUBJECT), text, about=about, not_before=end)


GUIDES_SUBJECT = gettext_noop("Ajoissasi on muutos")
GUIDES = gettext_noop("Hei!\n\nLähipäivien ajoissasi on muutos. Katso ajat tästä:\n\n%(link)s")
