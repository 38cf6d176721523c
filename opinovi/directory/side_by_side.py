"""What several sources tell of one thing, side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from opinovi.base.text import choose
from opinovi.base.when import short_date
from opinovi.directory.codes import municipality_name, regions
from opinovi.directory.models import Channel, Pair, PairState, Service, ServicePoint, Source, State
from opinovi.directory.ways import OWN_NAMES
from opinovi.network.models import Organisation


def source_name(source: str) -> str:
    """What a source is called for people."""
    names = {
        Source.OWN: _("Kirjattu täällä"), Source.EXAMPLE: _("Esimerkki"),
        Source.PTV: _("Suomi.fi-palvelutietovaranto"), Source.KOUTA: _("Opintopolku"),
        Source.HSDS: _("Toinen hakemisto"), Source.LINKED_EVENTS: _("Tapahtumat"),
        Source.ICAL: _("Kalenteri"), Source.SHEET: _("Taulukko"),
    }  # fmt: skip
    return names.get(source, source)  # type: ignore[call-overload]


@dataclass(frozen=True)
class Row:
    """One fact, as each of the records tells it, and whether those that tell it differ."""

    label: str
    # (the source's name, what it tells) in the order of the records.
    told: list[tuple[str, str]]
    differs: bool


def records_of(kind: str, ids: Iterable[UUID]) -> dict[UUID, Any]:
    """Records with all that is held side by side: three queries at most, however many they are."""
    wanted = list(ids)
    if not wanted:
        return {}
    if kind == "organisation":
        return Organisation.objects.in_bulk(wanted)
    rows: Any = Service.objects if kind == "service" else ServicePoint.objects
    rows = rows.select_related("organisation").prefetch_related("channels").defer("source_record")
    if kind == "service":
        rows = rows.prefetch_related("points")
    return {row.id: row for row in rows.filter(id__in=wanted)}


def side_by_side(kind: str, records: Sequence[Any]) -> list[Row]:
    """The facts of the records, each told beside the others; what none of them tells is left out."""
    told = [dict(FACTS[kind](one)) for one in records]
    labels = list(dict.fromkeys(label for one in told for label in one))
    rows = [(label, [one.get(label, "") for one in told]) for label in labels]
    sources = [source_name(getattr(one, "source", "")) for one in records]
    return [
        Row(label, list(zip(sources, values, strict=True)), len(set(filter(None, values))) > 1)
        for label, values in rows
        if any(values)
    ]


def service_facts(one: Service) -> list[tuple[str, str]]:
    where = [choose(regions().get(code)).text for code in one.regions]
    where += [municipality_name(x) for x in one.municipalities]
    return [
        (_("Nimi"), choose(one.name).text),
        (_("Kuka tarjoaa"), choose(one.organisation.name).text if one.organisation else ""),
        (_("Lyhyesti"), choose(one.summary).text),
        *ways_told(one),
        (_("Paikat"), ", ".join(sorted(choose(point.name).text for point in one.points.all()))),
        (_("Alue"), _("Koko Suomi") if one.nationwide else ", ".join(where[:12]) + (" …" if len(where) > 12 else "")),
        (_("Kielet"), ", ".join(OWN_NAMES.get(code, code) for code in one.languages)),
        (_("Muuttunut"), short_date((one.source_changed_at or one.changed_at).date())),
    ]


def point_facts(one: ServicePoint) -> list[tuple[str, str]]:
    post = f"{one.postcode} {choose(one.post_office).text or municipality_name(one.municipality)}".strip()
    return [
        (_("Nimi"), choose(one.name).text),
        (_("Kenen"), choose(one.organisation.name).text if one.organisation else ""),
        (_("Katuosoite"), ", ".join(text for text in (choose(one.street).text, post) if text)),
        *ways_told(one),
        (_("Aukioloajat"), one.hours),
    ]


def organisation_facts(one: Organisation) -> list[tuple[str, str]]:
    return [
        (_("Nimi"), choose(one.name).text),
        (_("Y-tunnus"), one.business_id),
        (_("Verkkosivut"), one.website),
        (_("Kunta"), municipality_name(one.municipality) if one.municipality else ""),
        (_("Lyhyesti"), choose(one.description).text[:300]),
    ]


FACTS: dict[str, Any] = {"service": service_facts, "point": point_facts, "organisation": organisation_facts}


def ways_told(one: Service | ServicePoint) -> list[tuple[str, str]]:
    labels = {Channel.Kind.PHONE: _("Puhelin"), Channel.Kind.EMAIL: _("Sähköposti"), Channel.Kind.WEB: _("Verkkosivut"),
              Channel.Kind.FORM: _("Lomake")}  # fmt: skip
    by_label: dict[str, list[str]] = {}
    for way in one.channels.all():
        if way.value and way.kind in labels:
            by_label.setdefault(labels[Channel.Kind(way.kind)], []).append(way.value)
    return [(label, ", ".join(dict.fromkeys(by_label.get(label, [])))) for label in labels.values()]


def sources_of(kind: str, record: Any) -> tuple[list[str], list[Row]] | None:
    """What each source tells of a record, side by side; nothing where there is one alone."""
    behind = [one for one in records_of(kind, stands_behind(kind, record.id)).values() if one.state == State.JOINED]
    told = [record, *behind]
    return ([source_name(one.source) for one in told], side_by_side(kind, told)) if behind else None


def has_behind(kind: str) -> Exists:
    """Whether records of other sources stand behind a row, as a part of the query that reads it."""
    return Exists(Pair.objects.filter(kind=kind, first=OuterRef("id"), state=PairState.JOINED))


def stands_behind(kind: str, record_id: UUID) -> list[UUID]:
    """The records that were joined to this one, straight or through another; one query where there are none."""
    found: list[UUID] = []
    asked = [record_id]
    while asked:
        rows = Pair.objects.filter(kind=kind, first__in=asked, state=PairState.JOINED)
        asked = [one for one in rows.values_list("second", flat=True) if one not in found]
        found += asked
    return found


def shown_instead(kind: str, record_id: UUID) -> UUID | None:
    """The record that is shown in the place of this one; none where it stands for itself."""
    rows = Pair.objects.filter(kind=kind, second=record_id, state=PairState.JOINED)
    return rows.values_list("first", flat=True).first()
