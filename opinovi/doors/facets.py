"""What a person may narrow by, packed into one number a service so that counting is quick."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opinovi.directory.models import Answer, Channel, Charge, Form, GroupSession, Kind, Offering, Service


@dataclass(frozen=True)
class Option:
    """One choice of a facet: its value in the address, its words, and its bit."""

    value: str
    label: Promise
    bit: int


@dataclass(frozen=True)
class Facet:
    """A group of choices: any of the chosen ones will do."""

    name: str
    label: Promise
    options: tuple[Option, ...]

    def mask(self, chosen: list[str]) -> int:
        return sum(1 << option.bit for option in self.options if option.value in chosen)


KIND = Facet(
    "kind",
    _("Millaista apua"),
    (
        Option(Kind.GUIDANCE, _("Ohjausta"), 0),
        Option(Kind.ADVICE, _("Neuvontaa"), 1),
        Option(Kind.INFORMATION, _("Tietoa"), 2),
        Option(Kind.EDUCATION, _("Opintoja"), 3),
        Option(Kind.ASSESSMENT, _("Kartoituksia ja testejä"), 4),
        Option(Kind.SUPPORT, _("Tukea arkeen"), 5),
        Option(Kind.EMPLOYER, _("Työnantajalle"), 6),
    ),
)
HOW = Facet(
    "how",
    _("Miten"),
    (
        Option("visit", _("Käyn paikalla"), 8),
        Option("phone", _("Puhelimessa"), 9),
        Option("online", _("Verkossa"), 10),
    ),
)
LANGUAGE = Facet(
    "in",
    _("Millä kielellä"),
    (
        Option("fi", _("Suomeksi"), 12),
        Option("sv", _("Ruotsiksi"), 13),
        Option("en", _("Englanniksi"), 14),
        Option("other", _("Muulla kielellä"), 15),
    ),
)
AUDIENCE = Facet(
    "for",
    _("Kenelle"),
    (
        Option("adult", _("Aikuiselle"), 18),
        Option("young", _("Nuorelle"), 19),
        Option("senior", _("Eläkeikäiselle"), 20),
        Option("family", _("Lapsiperheelle"), 21),
        Option("disabled", _("Vammaiselle tai pitkäaikaissairaalle"), 22),
        Option("employer", _("Yritykselle tai työpaikalle"), 23),
    ),
)
FREE_BIT, LOCAL_BIT, KNOWN_BIT, PAPERWORK_BIT = 30, 31, 32, 33
FACETS = (KIND, HOW, LANGUAGE, AUDIENCE)
ONLINE = {Channel.Kind.WEB, Channel.Kind.CHAT, Channel.Kind.VIDEO, Channel.Kind.FORM, Channel.Kind.EMAIL}
AUDIENCE_BY_GROUP = {
    "KR1": "adult",
    "KR1.1": "senior",
    "KR1.2": "family",
    "KR1.3": "young",
    "KR1.4": "disabled",
    "KR1.6": "disabled",
    "KR2": "employer",
}
AUDIENCE_BY_WORD = (
    ("nuor", "young"),
    ("ikäih", "senior"),
    ("seniori", "senior"),
    ("lapsi", "family"),
    ("perhe", "family"),
    ("vamma", "disabled"),
    ("yritys", "employer"),
    ("yrityk", "employer"),
    ("työnantaj", "employer"),
)
# What a service is called that is paperwork between offices, houses or professionals, or that one comes to by referral:
# not help that a person asks for.
PAPERWORK = (
    "hallinnointi", "raportointi", "valvonta", "lausunno", "lausunto", "lähettee", "lähete", "julkaisu", "rekister",
    "kiinnity", "avustukset", "avustuksen", "asiantuntijapalvelu", "täytäntöönpano", "hyväksymi", "tilasto", "perintä",
    "ammattihenkilö", "potilaa", "vaikuttavuu", "korvaus sos", "korvaus sai", "vahinko", "tietojärjestelmä",
)  # fmt: skip


def for_houses_only(facets: int) -> bool:
    """Whether a service is for companies and workplaces, and for no person."""
    return facets & AUDIENCE.mask([one.value for one in AUDIENCE.options]) == AUDIENCE.mask(["employer"])


def speaks_of_paperwork(text: str) -> bool:
    """Whether a service's name, or a person's need, speaks of paperwork."""
    return any(stem in text.lower() for stem in PAPERWORK)


def audiences(service: Service) -> set[str]:
    """For whom: by target groups; where the source gave none, by the name; else for any adult."""
    found = {AUDIENCE_BY_GROUP.get(group) or AUDIENCE_BY_GROUP[group.split(".")[0]]
             for group in service.target_groups if group.split(".")[0] in AUDIENCE_BY_GROUP}  # fmt: skip
    if not found:
        name = str(service.name.get("fi", "")).lower()
        found = {audience for stem, audience in AUDIENCE_BY_WORD if stem in name}
    if service.kind == Kind.EMPLOYER:
        found.add("employer")
    return found or {"adult"}


def ways(service: Service) -> set[str]:
    kinds = {channel.kind for channel in service.channels.all()}
    found = set()
    if service.points.all() or Channel.Kind.VISIT in kinds:
        found.add("visit")
    if Channel.Kind.PHONE in kinds:
        found.add("phone")
    if kinds & ONLINE:
        found.add("online")
    return found


def pack_offering(one: Offering) -> int:
    """An offering's facets: studies, where they are, in which languages."""
    online = one.form in (Form.ONLINE, Form.HYBRID, Form.OWN_PACE)
    how = [*(["visit"] if one.point_id else []), *(["online"] if online or one.link else [])]
    spoken = spoken_in(one.languages)
    value = KIND.mask([Kind.EDUCATION]) | HOW.mask(how) | LANGUAGE.mask(list(spoken)) | AUDIENCE.mask(["adult"])
    value |= 1 << FREE_BIT if one.charge == Charge.FREE else 0
    return value | (1 << LOCAL_BIT if one.municipality else 0)


def pack_session(one: GroupSession) -> int:
    """A group session's facets: what it helps with, where it meets, in which languages."""
    how = [*(["visit"] if one.point_id else []), *(["online"] if one.link else [])]
    value = KIND.mask([one.kind]) | HOW.mask(how) | LANGUAGE.mask(list(spoken_in(one.languages)))
    value |= AUDIENCE.mask(["adult"]) | (1 << FREE_BIT if one.charge == Charge.FREE else 0)
    return value | (1 << LOCAL_BIT if one.municipality else 0)


def pack_answer(one: Answer) -> int:
    """A published answer's facets: information, read here and for free, in the languages that it is written in."""
    value = KIND.mask([Kind.INFORMATION]) | HOW.mask(["online"]) | LANGUAGE.mask(list(spoken_in(list(one.summary))))
    return value | AUDIENCE.mask(["adult"]) | 1 << FREE_BIT


def spoken_in(languages: list[str]) -> set[str]:
    codes = {language.split("-")[0] for language in languages}
    return {code if code in ("fi", "sv", "en") else "other" for code in codes}


def pack_service(service: Service) -> int:
    """A service's facets as one number, a bit a choice."""
    spoken = spoken_in(service.languages)
    value = KIND.mask([service.kind]) | HOW.mask(list(ways(service))) | LANGUAGE.mask(list(spoken))
    value |= AUDIENCE.mask(list(audiences(service)))
    if service.charge == Charge.FREE:
        value |= 1 << FREE_BIT
    if not service.nationwide and (service.municipalities or service.regions):
        value |= 1 << LOCAL_BIT
    if speaks_of_paperwork(str(service.name.get("fi", ""))):
        value |= 1 << PAPERWORK_BIT
    return value


def age_in_days(ordinal: int, today: date) -> int | None:
    """Days since the record was checked, or None if it never was."""
    return today.toordinal() - ordinal if ordinal else None
