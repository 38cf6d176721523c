"""Records as data: what a version keeps of one, what a form shows of one, and how data is put on one."""

from datetime import date
from typing import Any
from uuid import UUID

from opinovi.base.clock import today
from opinovi.base.text import PLAIN_FINNISH, TextField
from opinovi.directory.forms.base import LANGUAGES, iso
from opinovi.directory.hours_plan import from_osm, over_before
from opinovi.directory.hours_words import spans_words, weekly_words
from opinovi.directory.models import (
    OWN_SOURCES,
    Answer,
    Channel,
    ContactCard,
    GivenAt,
    Kept,
    Offering,
    Service,
    ServicePoint,
)

MODELS: dict[str, Any] = {
    "service": Service,
    "point": ServicePoint,
    "offering": Offering,
    "card": ContactCard,
    "answer": Answer,
}
# What a version keeps of each kind, beside its ways in and its links.
FIELDS: dict[str, tuple[str, ...]] = {
    "service": (
        "name", "alternative_names", "summary", "description", "instructions", "requirements", "charge_info", "kind",
        "charge", "topics", "target_groups", "nationwide", "municipalities", "regions", "languages", "valid_from",
        "valid_until", "confirm_months",
    ),
    "point": (
        "name", "summary", "description", "street", "postcode", "post_office", "municipality", "latitude", "longitude",
        "hours", "hours_note", "accessibility", "access_features", "languages", "confirm_months",
    ),
    "offering": (
        "name", "summary", "description", "times", "topics", "languages", "form", "municipality", "starts_on",
        "ends_on", "apply_from", "apply_until", "places", "charge", "price_cents", "link", "confirm_months",
    ),
}  # fmt: skip
LINKS: dict[str, tuple[str, ...]] = {
    "service": ("owner", "team"),
    "point": ("owner",),
    "offering": ("owner", "service", "point"),
}
CHANNEL_FIELDS = ("kind", "value", "label", "note", "hours", "charge")


def type_of(record: Kept) -> str:
    return next(name for name, model in MODELS.items() if isinstance(record, model))


def find_record(record_type: str, record_id: UUID) -> Any:
    """The record, published or withdrawn; None if there is none."""
    model = MODELS.get(record_type)
    return model._default_manager.filter(pk=record_id).first() if model else None


def source_owns(record: Kept | None) -> bool:
    """Whether a source other than ourselves owns the record's facts."""
    return getattr(record, "source", OWN_SOURCES[0]) not in OWN_SOURCES


def data_of(record: Any) -> dict[str, Any]:
    """The whole record as JSON can hold it."""
    kind = type_of(record)
    data: dict[str, Any] = {}
    for name in FIELDS[kind]:
        value = getattr(record, name)
        data[name] = iso(value) if isinstance(value, date) or (value is None and name in DATES) else value
    for name in LINKS[kind]:
        value = getattr(record, f"{name}_id")
        data[name] = str(value) if value else ""
    if kind in ("service", "point"):
        rows = record.channels.all()
        data["channels"] = [{field: getattr(one, field) for field in CHANNEL_FIELDS} for one in rows]
    if kind == "service":
        rows_given = getattr(record, "given_rows", None)
        given = GivenAt.objects.filter(service=record).order_by("id") if rows_given is None else rows_given
        data["given"] = [{"point": str(one.point_id), "hours": one.hours, "drop_in": one.drop_in} for one in given]
    return data


DATES = {"valid_from", "valid_until", "starts_on", "ends_on", "apply_from", "apply_until"}


def set_fields(record: Any, data: dict[str, Any]) -> None:
    """Put data on a record's own columns; what the data does not tell stays. Saves nothing."""
    kind = type_of(record)
    for name in FIELDS[kind]:
        if name in data:
            value = data[name]
            if name in DATES:
                value = date.fromisoformat(value) if value else None
            elif isinstance(record._meta.get_field(name), TextField):
                value = whole_text(getattr(record, name), value)
            setattr(record, name, value)
    for name in LINKS[kind]:
        if name in data:
            setattr(record, f"{name}_id", UUID(data[name]) if data[name] else None)
    if "plain" in data:
        kept = {code: text for code, text in record.description.items() if code != PLAIN_FINNISH}
        record.description = kept | ({PLAIN_FINNISH: data["plain"]} if data["plain"] else {})


def whole_text(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The new texts, with those of languages that the forms do not know."""
    known = {*LANGUAGES, PLAIN_FINNISH}
    return {code: text for code, text in old.items() if code not in known} | new


def channels_from(old: list[Channel], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The ways in as the form gave them, with what it does not show (other languages, price) kept from the old."""
    before = {(one.kind, one.value): one for one in old}
    found = []
    for row in rows:
        was = before.get((row["kind"], row["value"]))
        note = row.get("note", {})
        if isinstance(note, str):
            note = (
                {**(was.note if was else {}), "fi": note}
                if note
                else {k: v for k, v in (was.note if was else {}).items() if k != "fi"}
            )
        found.append(
            {
                "kind": row["kind"],
                "value": row["value"],
                "label": row.get("label", was.label if was else {}),
                "note": note,
                "hours": kept_hours(was.hours if was else "", row.get("hours", "")),
                "charge": row.get("charge", was.charge if was else "unknown"),
            }
        )
    return found


def kept_hours(old: str, new: str) -> str:
    """The hours as a form of weekly words gave them; the old ones where the form could not show them, or where it
    says the same."""
    plan, written = from_osm(old), from_osm(new)
    if not new:
        return old if plan is None or plan.seasons or plan.exceptions else ""
    return old if plan and written and plan.weekly == written.weekly and not plan.seasons else new


# A record as a form shows it


def raw_of(record: Any) -> dict[str, Any]:
    """The record as its form's raw values."""
    return raw_from(type_of(record), data_of(record))


def raw_from(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for name in FIELDS[kind]:
        value = data.get(name)
        if isinstance(value, dict):
            raw |= {f"{name}_{code}": value.get(code, "") for code in LANGUAGES if isinstance(value.get(code, ""), str)}
            if PLAIN_FINNISH in value:
                raw[f"{name}_simple"] = value[PLAIN_FINNISH]
        elif isinstance(value, list):
            raw[name] = [str(one) for one in value]
        else:
            raw[name] = "" if value is None else str(value)
    raw |= {name: data.get(name, "") for name in LINKS[kind]}
    for row, channel in enumerate(data.get("channels", ())):
        plan = from_osm(channel["hours"])
        raw |= {
            f"channel_{row}_kind": channel["kind"],
            f"channel_{row}_value": channel["value"],
            f"channel_{row}_hours": weekly_words(plan.weekly) if plan else "",
            f"channel_{row}_note": channel["note"].get("fi", ""),
        }
    for row, given in enumerate(data.get("given", ())):
        plan = from_osm(given["hours"])
        raw |= {
            f"given_{row}_point": given["point"],
            f"given_{row}_hours": weekly_words(plan.weekly) if plan else "",
            f"given_{row}_drop_in": "on" if given["drop_in"] else "",
        }
    if kind == "service":
        raw["area"] = "nationwide" if data["nationwide"] else "municipalities" if data["municipalities"] else "region"
    if kind == "point":
        raw |= raw_hours(data["hours"]) | {"post_office": data["post_office"].get("fi", "")}
    if kind == "offering":
        price = data["price_cents"]
        raw["price"] = (
            "" if price is None else f"{price // 100},{price % 100:02d}" if price % 100 else str(price // 100)
        )
    return raw


def raw_hours(hours: str) -> dict[str, str]:
    plan = from_osm(hours)
    if plan is None:
        return {"hours_osm": hours}
    plan = over_before(plan, today())
    raw = {"weekly_hours": weekly_words(plan.weekly), "closed_on_holidays": "on" if plan.closed_on_holidays else ""}
    for row, season in enumerate(plan.seasons):
        raw |= {
            f"season_{row}_begins": f"{season.begins[1]}.{season.begins[0]}.",
            f"season_{row}_ends": f"{season.ends[1]}.{season.ends[0]}.",
            f"season_{row}_hours": weekly_words(season.weekly),
        }
    for row, one in enumerate(plan.exceptions):
        raw |= {
            f"exception_{row}_begins": iso(one.begins),
            f"exception_{row}_ends": iso(one.ends) if one.ends != one.begins else "",
            f"exception_{row}_hours": spans_words(one.spans) if one.spans else "",
            f"exception_{row}_why": one.why,
        }
    return raw


# What differs between two states of a record


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The names of what differs, a language of a text as "name.fi"."""
    found = []
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            found += [f"{name}.{code}" for code in {**old, **new} if old.get(code) != new.get(code)]
        else:
            found.append(name)
    return found
