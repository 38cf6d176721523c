"""How one gets in to a service or a place: numbers, addresses, hours and prices, in a person's words."""

from dataclasses import dataclass
from datetime import datetime

import phonenumbers
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from opinovi.base.text import Piece, choose
from opinovi.base.when import clock, soon
from opinovi.directory.codes import municipality_name
from opinovi.directory.hours import UNKNOWN, OpenState, state
from opinovi.directory.models import Channel, Charge, Service, ServicePoint

# A language as its speakers call it, with the tag that says so.
OWN_NAMES = {
    "fi": "suomi", "sv": "svenska", "en": "English", "ru": "русский", "et": "eesti", "so": "soomaali", "ar": "العربية",
    "uk": "українська", "fa": "فارسی", "ku": "kurdî", "de": "Deutsch", "fr": "français", "es": "español",
}  # fmt: skip
ORDER = {"phone": 0, "chat": 1, "video": 2, "form": 3, "email": 4, "web": 5}


@dataclass(frozen=True)
class Way:
    """A way in: what the button says, where it leads, and the number or address behind it."""

    kind: str
    label: str
    href: str
    value: str = ""
    note: Piece | None = None
    state: OpenState = UNKNOWN
    charge: str = Charge.UNKNOWN


@dataclass(frozen=True)
class Fact:
    text: str
    good: bool = True
    lang: str = ""


def opening_words(opening: OpenState, at: datetime) -> str:
    """Whether one gets in now, in words; nothing where it is not known."""
    if opening.always:
        return _("Auki aina")
    if opening.open and opening.until:
        if timezone.localtime(opening.until).date() == timezone.localtime(at).date():
            return _("Auki nyt, %(time)s asti") % {"time": clock(opening.until)}
        return _("Auki nyt")
    if opening.opens and opening.shut_today:
        return _("Tänään kiinni, avautuu %(time)s") % {"time": soon(opening.opens, at)}
    if opening.opens:
        return _("Avautuu %(time)s") % {"time": soon(opening.opens, at)}
    return _("Kiinni toistaiseksi") if opening.known else ""


def ways_in(service: Service, at: datetime) -> list[Way]:
    """The service's own ways in, then those of its places; each number or address once."""
    own = list(service.channels.all())
    return in_order([*own, *(one for point in service.points.all() for one in point.channels.all())], at)


def ways_to(point: ServicePoint, at: datetime) -> list[Way]:
    return in_order(list(point.channels.all()), at)


def in_order(channels: list[Channel], at: datetime) -> list[Way]:
    found: dict[tuple[str, str], Way] = {}
    for channel in channels:
        if made := way(channel, at):
            found.setdefault((made.kind, made.href), made)
    return sorted(found.values(), key=lambda one: ORDER.get(one.kind, 9))


def way(channel: Channel, at: datetime) -> Way | None:
    """A channel as a way in; None for one that is no link (a visit)."""
    link = linked(channel)
    if link is None:
        return None
    label, href, value = link
    note = choose(channel.note or channel.label)
    return Way(channel.kind, label, href, value, note if note.text else None, state(channel.hours, at), channel.charge)


def linked(channel: Channel) -> tuple[str, str, str] | None:
    """What a channel's button says, where it leads, and the number or address behind it."""
    if channel.kind == Channel.Kind.PHONE:
        shown, dial = phone(channel.value)
        return _("Soita %(number)s") % {"number": shown}, f"tel:{dial}", shown
    if channel.kind == Channel.Kind.EMAIL:
        return _("Kirjoita sähköpostia"), f"mailto:{channel.value}", channel.value
    labels = {
        Channel.Kind.WEB: _("Avaa verkkosivu"),
        Channel.Kind.CHAT: _("Avaa chat"),
        Channel.Kind.VIDEO: _("Tapaa videolla"),
        Channel.Kind.FORM: _("Täytä lomake"),
    }
    label = labels.get(Channel.Kind(channel.kind))
    if label is None or not channel.value.startswith(("https://", "http://")):
        return None
    return label, channel.value, channel.value.split("//", 1)[1].rstrip("/")


def phone(number: str) -> tuple[str, str]:
    """A number as one reads it in Finland, and as one dials it; as it stands where it can't be read."""
    try:
        parsed = phonenumbers.parse(number, "FI")
    except phonenumbers.NumberParseException:
        return number, number.replace(" ", "")
    if not phonenumbers.is_possible_number(parsed):
        return number, number.replace(" ", "")
    national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return national, phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def place_words(service: Service) -> str:
    """Where the service is given: its places' municipalities, else the area that it serves."""
    codes = list(dict.fromkeys(point.municipality for point in service.points.all() if point.municipality))
    codes = codes or service.municipalities
    if codes and len(codes) <= 3:
        return ", ".join(municipality_name(code) for code in codes)
    if codes:
        return ngettext("%(count)d paikkakunta", "%(count)d paikkakuntaa", len(codes)) % {"count": len(codes)}
    return _("koko maa") if service.nationwide else ""


def facts(service: Service) -> list[Fact]:
    """What it costs and in which languages: as far as it is known."""
    found = []
    if service.charge == Charge.FREE:
        found.append(Fact(_("Maksuton")))
    elif service.charge == Charge.CHARGEABLE:
        info = choose(service.charge_info)
        short = info if info.text and len(info.text) <= 40 else Piece(_("Maksullinen"), get_language() or "fi")
        found.append(Fact(short.text, good=False, lang=short.lang))
    if len(service.languages) > 1:
        found.append(Fact(", ".join(OWN_NAMES.get(one, one) for one in service.languages)))
    return found
