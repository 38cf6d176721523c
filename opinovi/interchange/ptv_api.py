"""The open API of the Finnish Service Catalogue (PTV), version 11: organisations, channels of every kind, and services.

Its lists give ids, a page at a time; whole records are asked for a hundred at a time. With a moment, its lists give
what has changed since.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from opinovi.base.reading import Problem
from opinovi.directory.actions import Record
from opinovi.directory.models import Channel, Charge
from opinovi.interchange import ptv
from opinovi.interchange.models import Feed, Taken
from opinovi.interchange.reading import BadRecord, list_of
from opinovi.interchange.sources.fetching import Fetcher
from opinovi.interchange.sources.shape import Came, Link, Raw, Stop, json_page, speaks

AT_ONCE = 100
MOST_PAGES = 20_000
# What each kind is called in addresses.
NAMES = {"organisation": "Organization", "channel": "ServiceChannel", "service": "Service"}
LOCATION = "ServiceLocation"
KINDS_OF_WEB = {"EChannel": Channel.Kind.FORM, "WebPage": Channel.Kind.WEB, "PrintableForm": Channel.Kind.WEB}


class Ptv:
    name, source = "ptv", "ptv"
    kinds = ("organisation", "channel", "point", "service")
    kept = ("channel",)
    nested = ()
    passing = ()

    def fetch(self, feed: Feed, fetcher: Fetcher, since: datetime | None) -> Came:
        base, paths = feed.address.rstrip("/"), []
        for kind, name in NAMES.items():
            ids = self.ids(f"{base}/{name}", kind, fetcher, since)
            if since is not None and kind == "service":
                ids += sorted(self.of_changed_channels(fetcher, feed) - set(ids))
            for at in range(0, len(ids), AT_ONCE):
                asked = {"guids": ",".join(ids[at : at + AT_ONCE])}
                file = f"{kind}-{at // AT_ONCE:05}.json"
                paths.append(fetcher.get(f"{base}/{name}/list", file, **asked).path)
        return Came(paths, whole=since is None)

    def ids(self, address: str, kind: str, fetcher: Fetcher, since: datetime | None) -> list[str]:
        """The ids of a list, all its pages; what is told twice stands once. Stops where the list changed meanwhile."""
        found: dict[str, None] = {}
        asked = {"date": since.strftime("%Y-%m-%dT%H:%M:%S")} if since else {}
        page, pages, total = 1, 1, -1
        while page <= pages:
            told = json_page(fetcher.get(address, f"ids-{kind}.json", page=page, **asked).path)
            rows = told.get("itemList") if isinstance(told, dict) else None
            if not isinstance(told, dict) or not isinstance(rows or [], list):
                raise Stop("unreadable")
            before = len(found)
            for row in rows or []:
                if not isinstance(row, dict) or not isinstance(row.get("id"), str):
                    raise Stop("unreadable")
                found[row["id"]] = None
            count = told.get("pageCount")
            if not isinstance(count, int) or count < 0 or count > MOST_PAGES:
                raise Stop("unreadable")
            if (total not in (-1, count)) or (rows and len(found) - before < len(rows)):
                raise Stop("changed")
            total = pages = count
            page += 1
        return list(found)

    def of_changed_channels(self, fetcher: Fetcher, feed: Feed) -> set[str]:
        """The services that name a channel which has changed: they tell of it in their own words."""
        found: set[str] = set()
        for path in sorted(fetcher.folder.glob("channel-*.json")):
            for row in rows_of(json_page(path)):
                links = row.get("services") if isinstance(row, dict) else None
                for one in links if isinstance(links, list) else []:
                    service = one.get("service") if isinstance(one, dict) else None
                    if isinstance(service, dict) and isinstance(service.get("id"), str):
                        found.add(service["id"])
        known = Taken.objects.filter(feed=feed, kind="service", withdrawn=False, external_id__in=sorted(found)[:20_000])
        return set(known.values_list("external_id", flat=True))

    def read(self, path: Any, kind: str) -> Iterator[Raw | Problem]:
        # Places stand among the channels, and come with them.
        if not path.name.startswith(f"{kind}-"):
            return
        told = json_page(path)
        if isinstance(told, Problem):
            yield told
            return
        for line, row in enumerate(rows_of(told), start=1):
            if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not row["id"].strip():
                yield Problem(path.name, line, "id", "is missing")
            else:
                place = kind == "channel" and row.get("serviceChannelType") == LOCATION
                yield Raw("point" if place else kind, row["id"], row, path.name, line)

    def links(self, raw: Raw) -> list[Link]:
        if raw.kind != "service":
            return []
        ids = [row["serviceChannel"]["id"] for row in channel_rows(raw.data)]
        return [(kind, one) for one in ids for kind in ("channel", "point")]

    def keep(self, feed: Feed, raw: Raw) -> dict[str, Any]:
        """A channel that is no place, as the ways in that services name."""
        return {"ways": ways_of(raw.data)}

    def record(self, feed: Feed, raw: Raw, known: dict[Link, dict[str, Any]]) -> Record:
        if raw.kind == "organisation":
            return to_organisation(raw.data)
        try:
            if raw.kind == "point":
                made = ptv.to_point(raw.data)
                made.linked = []
                made.owner = str(raw.data.get("organizationId") or "")
                return made
            made = ptv.to_service(raw.data)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BadRecord("record", f"does not have the shape of version 11 ({type(error).__name__})") from error
        made.channels = [way for one in made.linked for way in known.get(("channel", one), {}).get("ways", [])]
        made.given = {row["serviceChannel"]["id"]: given(row) for row in channel_rows(raw.data)}
        made.owner, made.owner_name = responsible(raw.data)
        return made


def rows_of(told: Any) -> list[Any]:
    if isinstance(told, dict):
        told = told.get("itemList", [told])
    return told if isinstance(told, list) else []


def channel_rows(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The connections to channels that tell which channel they lead to."""
    return [
        one for one in list_of(row, "serviceChannels")
        if isinstance(one, dict) and isinstance(one.get("serviceChannel"), dict)
        and isinstance(one["serviceChannel"].get("id"), str)
    ]  # fmt: skip


def given(row: dict[str, Any]) -> dict[str, Any]:
    """What a connection tells of the service at the place: its own hours."""
    hours, _notes = ptv.opening_hours(list_of(row, "serviceHours"))
    return {"hours": hours}


def responsible(row: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """The organisation that answers for the service: its id and what it is called there."""
    for one in list_of(row, "organizations"):
        of = one.get("organization") if isinstance(one, dict) else None
        if isinstance(of, dict) and one.get("roleType") == "Responsible" and isinstance(of.get("id"), str):
            return of["id"], {"fi": str(of["name"])} if of.get("name") else {}
    return "", {}


def to_organisation(row: dict[str, Any]) -> Record:
    name, alternative = ptv.names(row, "organizationNames")
    described = list_of(row, "organizationDescriptions")
    description = ptv.texts(described, "organizationDescriptions", "Description")
    pages = [one.get("url") for one in list_of(row, "webPages") if isinstance(one, dict)]
    municipality = row.get("municipality")
    code = municipality.get("code") if isinstance(municipality, dict) else ""
    fields = {
        "name": name,
        "alternative_names": alternative,
        "description": description or ptv.texts(described, "organizationDescriptions", "Summary"),
        "website": next((str(one)[:200] for one in pages if isinstance(one, str) and one.startswith("http")), ""),
        "municipality": str(code or "")[:3],
        "business_id": str(row.get("businessCode") or "")[:9],
    }
    return Record(row["id"], fields)


def ways_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The ways in that a channel of any kind but a place is: each number and address with its name, note and hours."""
    kind = row.get("serviceChannelType")
    try:
        name, _other = ptv.names(row, "serviceChannelNames")
        summary = ptv.texts(list_of(row, "serviceChannelDescriptions"), "serviceChannelDescriptions", "Summary")
        hours, _notes = ptv.opening_hours(list_of(row, "serviceHours"))
        found = (
            [one | {"label": one.get("label") or name} for one in phones(row, "phoneNumbers")]
            if kind == "Phone"
            else []
        )
        if kind in KINDS_OF_WEB:
            found += [
                {"kind": KINDS_OF_WEB[kind], "value": address, "label": name}
                for address in addresses(row)
            ]  # fmt: skip
        elif kind != "Phone":
            raise BadRecord("serviceChannelType", f"is not known: {str(kind)[:40]!r}")
        ways = [one | {"note": summary, "hours": hours} for one in found]
        ways += [one | {"hours": ""} for one in phones(row, "supportPhones")]
        ways += [
            {"kind": Channel.Kind.EMAIL, "value": str(one["value"])[:500], "label": name}
            for one in list_of(row, "supportEmails")
            if one.get("value")
        ]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadRecord("record", f"does not have the shape of version 11 ({type(error).__name__})") from error
    # What is told in several languages is one way.
    return list({(one["kind"], one["value"]): one for one in reversed(ways)}.values())[::-1]


def phones(row: dict[str, Any], field: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": Channel.Kind.PHONE,
            "value": f"{one.get('prefixNumber') or ''}{one.get('number') or ''}"[:500],
            "label": {str(one.get("language") or "fi"): one["additionalInformation"]}
            if one.get("additionalInformation")
            else {},
            "charge": ptv.CHARGES.get(str(one.get("serviceChargeType")), Charge.UNKNOWN),
        }
        for one in list_of(row, field)
        if one.get("number")
    ]


def addresses(row: dict[str, Any]) -> list[str]:
    """Where a form or a page is: each address once."""
    found: dict[str, None] = {}
    for field in ("webPages", "channelUrls", "urls"):
        for one in list_of(row, field):
            address = str(one.get("url") or one.get("value") or "")
            if address.startswith(("http://", "https://")):
                found[address[:500]] = None
    return list(found)


PTV = speaks(Ptv())
__all__ = ["PTV", "Ptv"]
