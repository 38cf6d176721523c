"""Events of elsewhere: the LinkedEvents API, which cities publish theirs by, and calendars by RFC 5545.

An event becomes an offering of its days, with its times in words and the page where it is told. One that is over is
not missed when its source tells of it no more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import recurring_ical_events
from django.utils import timezone, translation
from icalendar import Calendar

from opinovi.base.clock import today
from opinovi.base.languages import WHOLE
from opinovi.base.reading import Problem
from opinovi.base.when import bare_clock, clock
from opinovi.contact.calendars import moment
from opinovi.directory.actions import Record
from opinovi.directory.codes import municipality_of
from opinovi.directory.models import Charge, Form
from opinovi.interchange.hsds.out import uri
from opinovi.interchange.kouta import part, rows, texts
from opinovi.interchange.models import Feed
from opinovi.interchange.reading import BadRecord
from opinovi.interchange.sources.fetching import Fetcher
from opinovi.interchange.sources.shape import Came, Link, Raw, Stop, json_page, speaks

MOST_PAGES = 2_000
AT_ONCE = 100
AHEAD = timedelta(days=365)
MOST_TIMES = 200
AT_A_DISTANCE = ":internet"
GONE = ("EventCancelled", "EventPostponed")


@dataclass
class Happening:
    """An event as both kinds of sources tell it."""

    id: str
    name: dict[str, str]
    times: list[tuple[datetime, datetime]]
    summary: dict[str, str] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    municipality: str = ""
    online: bool = False
    charge: str = Charge.UNKNOWN
    link: str = ""


def to_record(one: Happening, feed: Feed) -> Record:
    if not one.name:
        raise BadRecord("name", "is missing")
    if not one.times:
        raise BadRecord("start_time", "is missing or is no time")
    first, last = one.times[0][0], one.times[-1][1]
    fields = {
        "name": one.name,
        "summary": {language: text[:500] for language, text in one.summary.items()},
        "description": one.description,
        "languages": one.languages,
        "form": Form.ONLINE if one.online else Form.DAY,
        "municipality": one.municipality,
        "starts_on": timezone.localdate(first),
        "ends_on": max(timezone.localdate(first), timezone.localdate(last - timedelta(seconds=1))),
        "times": times_told(one.times),
        "charge": one.charge,
        "link": one.link[:500],
        "organisation_id": feed.organisation_id,
    }
    if feed.organisation_id is None:
        raise BadRecord("organisation", "is not told: say whose events these are")
    return Record(one.id, fields)


def times_told(times: Sequence[tuple[datetime, datetime]]) -> dict[str, str]:
    """When it is on its day, "klo 17–19", in each language; of several days, the hours of the first and how many."""
    begins, ends = times[0]
    told = {}
    for language in WHOLE:
        with translation.override(language):
            short = begins < ends <= begins + timedelta(days=1)
            told[language] = f"{clock(begins)}–{bare_clock(ends)}" if short else clock(begins)
            if len(times) > 1:
                told[language] += f" ({len(times)} ×)"
    return told


class LinkedEvents:
    name, source = "linkedevents", "linkedevents"
    kinds = ("offering",)
    kept = nested = ()
    passing = ("offering",)

    def fetch(self, feed: Feed, fetcher: Fetcher, since: datetime | None) -> Came:
        """All that is on from today on, page by page; `address` is the API's beginning, with its filters if any."""
        base, _mark, filters = feed.address.partition("?")
        address: str | None = f"{base.rstrip('/')}/event/?{filters}{'&' if filters else ''}"
        address = f"{address}start=today&include=location&page_size={AT_ONCE}"
        paths: list[Path] = []
        while address is not None:
            told = json_page(path := fetcher.get(address, f"events-{len(paths):05}.json").path)
            if not isinstance(told, dict) or not isinstance(told.get("data"), list) or len(paths) >= MOST_PAGES:
                raise Stop("unreadable")
            paths.append(path)
            following = part(told, "meta").get("next")
            address = following if isinstance(following, str) and following else None
        return Came(paths)

    def read(self, path: Path, kind: str) -> Iterator[Raw | Problem]:
        told = json_page(path)
        if isinstance(told, Problem):
            yield told
            return
        for line, row in enumerate(rows(told, "data"), start=1):
            if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not row["id"].strip():
                yield Problem(path.name, line, "id", "is missing")
            elif not self.gone(row):
                yield Raw("offering", row["id"][:100], row, path.name, line)

    def gone(self, row: dict[str, Any]) -> bool:
        """Not to be told of: called off, a draft, deleted, or only the roof over others."""
        return bool(
            row.get("deleted") or row.get("event_status") in GONE or row.get("publication_status", "public") != "public"
            or row.get("super_event_type") == "umbrella"
        )  # fmt: skip

    def links(self, raw: Raw) -> list[Link]:
        return []

    def keep(self, feed: Feed, raw: Raw) -> dict[str, Any]:
        raise BadRecord("record", "is of no kind that is kept")

    def record(self, feed: Feed, raw: Raw, known: dict[Link, dict[str, Any]]) -> Record:
        try:
            return to_record(linked_event(raw.data), feed)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BadRecord("record", f"does not have the shape of LinkedEvents ({type(error).__name__})") from error


def linked_event(row: dict[str, Any]) -> Happening:
    begins, ends = time_of(row.get("start_time")), time_of(row.get("end_time"), last=True)
    where = part(row, "location")
    place = texts(where.get("address_locality"))
    offers = [one for one in rows(row, "offers") if isinstance(one, dict)]
    pages = [uri(str(one)) for one in part(row, "info_url").values()]
    languages = [str(one.get("@id", "")).rstrip("/").rpartition("/")[2] for one in rows(row, "in_language")
                 if isinstance(one, dict)]  # fmt: skip
    charge = Charge.UNKNOWN
    if offers:
        charge = Charge.FREE if all(one.get("is_free") for one in offers) else Charge.CHARGEABLE
    return Happening(
        id=row["id"][:100],
        name=texts(row.get("name")),
        times=[(begins, ends if ends and ends > begins else begins)] if begins else [],
        summary=texts(row.get("short_description")),
        description=texts(row.get("description")),
        languages=[one for one in languages if len(one) == 2],
        municipality=next((code for name in place.values() if (code := municipality_of(name))), ""),
        online=str(where.get("id") or where.get("@id") or "").rstrip("/").endswith(AT_A_DISTANCE),
        charge=charge,
        link=next((one for one in pages if one), ""),
    )


def time_of(told: Any, last: bool = False) -> datetime | None:
    """A moment; of a day alone its beginning, or its end."""
    if not isinstance(told, str) or not told:
        return None
    found = datetime.fromisoformat(told)
    if len(told) <= 10:
        return moment(found.date() + timedelta(days=1 if last else 0))
    return moment(found)


class ICalendar:
    name, source = "ical", "ical"
    kinds = ("offering",)
    kept = nested = ()
    passing = ("offering",)

    def fetch(self, feed: Feed, fetcher: Fetcher, since: datetime | None) -> Came:
        return Came([fetcher.get(feed.address, "calendar.ics", accept="text/calendar").path])

    def read(self, path: Path, kind: str) -> Iterator[Raw | Problem]:
        """One a series, with its times from today on: what repeats is worked out here."""
        try:
            calendar = Calendar.from_ical(path.read_bytes())
            found = recurring_ical_events.of(calendar, skip_bad_series=True).between(today(), today() + AHEAD)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            yield Problem(path.name, 0, "file", f"is not a calendar that can be read ({type(error).__name__})")
            return
        series: dict[str, dict[str, Any]] = {}
        for one in found:
            if str(one.get("status", "")).upper() == "CANCELLED" or str(one.get("class", "")).upper() == "PRIVATE":
                continue
            uid = str(one.get("uid", "")).strip()
            if not uid:
                yield Problem(path.name, 0, "UID", "is missing")
                continue
            begins, ends = moment(one.start), moment(one.end)
            told = series.setdefault(uid[:100], {
                "name": str(one.get("summary", "")), "description": str(one.get("description", "")),
                "where": str(one.get("location", "")), "link": str(one.get("url", "")), "times": [],
                "all_day": not isinstance(one.start, datetime),
            })  # fmt: skip
            if len(told["times"]) < MOST_TIMES:
                told["times"].append([begins.isoformat(), max(begins, ends).isoformat()])
        for uid, told in series.items():
            told["times"].sort()
            yield Raw("offering", uid, told, path.name)

    def links(self, raw: Raw) -> list[Link]:
        return []

    def keep(self, feed: Feed, raw: Raw) -> dict[str, Any]:
        raise BadRecord("record", "is of no kind that is kept")

    def record(self, feed: Feed, raw: Raw, known: dict[Link, dict[str, Any]]) -> Record:
        told, language = raw.data, feed.settings.get("language", "fi")
        times = [(datetime.fromisoformat(begins), datetime.fromisoformat(ends)) for begins, ends in told["times"]]
        made = to_record(
            Happening(
                id=raw.external_id,
                name=texts({language: told["name"]}),
                times=times,
                description=texts({language: told["description"]}),
                languages=[language],
                municipality=place_in(told["where"]),
                link=uri(told["link"]),
            ),
            feed,
        )
        if told["all_day"]:
            made.fields["times"] = {}
        if told["where"]:
            made.fields["summary"] = {language: told["where"][:300]}
        return made


def place_in(where: str) -> str:
    """The municipality that an address names: by its postcode or its town, whichever comes last."""
    words = [one.strip(" ,.;()") for one in where.replace(",", " ").split()]
    return next((code for one in reversed(words) if one and (code := municipality_of(one))), "")


LINKED_EVENTS = speaks(LinkedEvents())
ICAL = speaks(ICalendar())
