"""Weekly hours in words that people write: "ma-to 9-16, pe 9-15", "parillisten viikkojen tiistai 10-12"."""

import re

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from opinovi.base.when import span
from opinovi.directory.hours_plan import EVEN, EVERY, ODD, Span, Weekly

# The beginnings of the days' names in Finnish, Swedish and English, Monday first.
NAMES = (
    ("ma", "maanantai", "må", "mån", "måndag", "mon", "monday", "mo"),
    ("ti", "tiistai", "tis", "tisdag", "tue", "tues", "tuesday", "tu"),
    ("ke", "keskiviikko", "ons", "onsdag", "wed", "wednesday", "we"),
    ("to", "torstai", "tor", "tors", "torsdag", "thu", "thur", "thurs", "thursday", "th"),
    ("pe", "perjantai", "fre", "fredag", "fri", "friday", "fr"),
    ("la", "lauantai", "lör", "lördag", "sat", "saturday", "sa"),
    ("su", "sunnuntai", "sön", "söndag", "sun", "sunday"),
)  # fmt: skip
DAY_OF = {name: day for day, names in enumerate(NAMES) for name in names}
# The names' inflected ends: maanantaisin, tiistaina, keskiviikkoisin, måndagar, Mondays.
ENDINGS = ("isin", "sin", "na", "nä", "in", "ar", "s", "n")
GROUPS = {
    **dict.fromkeys(("arkisin", "arki", "arkipäivisin", "vardagar", "vardag", "weekdays"), (0, 1, 2, 3, 4)),
    **dict.fromkeys(("viikonloppuisin", "viikonloppu", "veckoslut", "helger", "weekends"), (5, 6)),
    **dict.fromkeys(("päivittäin", "dagligen", "daily", "päivä", "dagar", "dag", "day"), tuple(range(7))),
}
EVEN_WORDS = ("parillis", "parilliste", "jämna", "jämn", "even")
ODD_WORDS = ("parit", "udda", "odd")
CLOSED = ("kiinni", "suljettu", "stängt", "closed", "off")
IGNORED = {"ja", "klo", "kello", "kl", "och", "and", "joka", "alla", "varje", "every", "at", "viikon", "viikkojen",
           "viikolla", "viikoilla", "viikot", "viikkoina", "veckor", "vecka", "weeks", "week", "auki", "öppet",
           "open"}  # fmt: skip
TOKEN = re.compile(
    r"(?P<span>(?P<h1>\d{1,2})(?:[.:](?P<m1>\d{2}))?\s*[-–—]\s*(?P<h2>\d{1,2})(?:[.:](?P<m2>\d{2}))?)"
    r"|(?P<word>[^\W\d_]+)|(?P<dash>[-–—])|(?P<sep>[,;.:\s/&]+)|(?P<odd>.)"
)


class HoursError(ValueError):
    """Hours that can't be read; the message is for the person who wrote them."""


def read_weekly_words(text: str) -> tuple[Weekly, ...]:
    """The weekly hours that the words say. Raises HoursError with what was not understood."""
    items: list[tuple[list[int], list[Span], str, bool]] = []
    days: list[int] = []
    spans: list[Span] = []
    weeks, closed, ranging = EVERY, False, False

    def finish() -> None:
        if days:
            items.append((list(days), list(spans), weeks, closed))

    for token in TOKEN.finditer(text.lower()):
        if token["span"]:
            spans.append(read_span(token))
            closed = ranging = False
        elif token["dash"]:
            ranging = True
        elif token["odd"]:
            raise HoursError(_("Tätä merkkiä emme ymmärrä aukioloajoissa: %(what)s") % {"what": token["odd"]})
        elif word := token["word"]:
            if word in IGNORED:
                continue
            if word in CLOSED:
                closed = True
                continue
            begins_anew = bool(spans) or closed
            if begins_anew:
                finish()
                days, spans, weeks, closed = [], [], EVERY, False
            if word.startswith(EVEN_WORDS):
                weeks = EVEN
            elif word.startswith(ODD_WORDS):
                weeks = ODD
            else:
                days = add_days(days, word, ranging)
            ranging = False
    if spans and not days:
        days = list(range(7))
    finish()
    for found, times, _weeks, shut in items:
        if not times and not shut:
            raise HoursError(_("Mihin aikaan? Kirjoita myös kellonajat, esim. ma-pe 9-16.") if found else "")
    if text.strip() and not items:
        raise HoursError(_("Kirjoita päivät ja kellonajat, esim. ma-pe 9-16."))
    return tuple(Weekly(tuple(sorted(set(on))), tuple(times), parity) for on, times, parity, _shut in items)


def read_span(token: re.Match[str]) -> Span:
    begin = int(token["h1"]) * 60 + int(token["m1"] or 0)
    end = int(token["h2"]) * 60 + int(token["m2"] or 0)
    wrong = int(token["m1"] or 0) > 59 or int(token["m2"] or 0) > 59 or begin >= 24 * 60 or end > 24 * 60
    if wrong or begin == end:
        raise HoursError(_("Tällaista kellonaikaa ei ole: %(what)s") % {"what": token["span"]})
    return begin, end


def add_days(days: list[int], word: str, ranging: bool) -> list[int]:
    if word in GROUPS:
        return [*days, *GROUPS[word]]
    day = day_of(word)
    if day is None:
        raise HoursError(_("Tätä sanaa emme ymmärrä aukioloajoissa: %(what)s") % {"what": word})
    if ranging and days:
        first = days[-1]
        between = range(first, day + 1) if first <= day else [*range(first, 7), *range(day + 1)]
        return [*days, *between]
    return [*days, day]


def day_of(word: str) -> int | None:
    for candidate in (word, *(word.removesuffix(ending) for ending in ENDINGS if word.endswith(ending))):
        if candidate in DAY_OF:
            return DAY_OF[candidate]
    return None


def read_spans_words(text: str) -> tuple[Span, ...]:
    """The hours of one day: "10-14", or a word for closed, or nothing, which is closed too."""
    spans: list[Span] = []
    for token in TOKEN.finditer(text.lower()):
        if token["span"]:
            spans.append(read_span(token))
        elif token["odd"] or (token["word"] and token["word"] not in {*CLOSED, *IGNORED}):
            raise HoursError(_("Tätä emme ymmärrä: %(what)s") % {"what": token[0]})
    return tuple(spans)


# And back in words


def weekly_words(weekly: tuple[Weekly, ...]) -> str:
    """Weekly hours in the page's language, as one writes them: "ma–to 9–16, pe 9–15"."""
    parts = []
    for one in weekly:
        before = {EVEN: _("parillisina viikkoina") + " ", ODD: _("parittomina viikkoina") + " "}.get(one.weeks, "")
        parts.append(f"{before}{days_words(one.days)} {spans_words(one.spans)}")
    return ", ".join(parts)


def days_words(days: tuple[int, ...]) -> str:
    names = (_("ma"), _("ti"), _("ke"), _("to"), _("pe"), _("la"), _("su"))
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(f"{names[run[0]]}–{names[run[-1]]}" if len(run) > 1 else names[run[0]] for run in runs)


def spans_words(spans: tuple[Span, ...]) -> str:
    return ", ".join(span(time_words(begin), time_words(end)) for begin, end in spans) or _("kiinni")


def time_words(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    if get_language() == "en":
        return f"{hour}:{minute:02d}"
    return f"{hour}.{minute:02d}" if minute else str(hour)
