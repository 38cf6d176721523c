"""The figures as open data: CSV in a Frictionless data package, described by DCAT-AP. Whole quarters and years that are
over, suppressed as everywhere."""

import csv
import io
import json
import zipfile
from datetime import date
from typing import Any

from opinovi.base.clock import now, today
from opinovi.impact.cards import counts_of
from opinovi.impact.indicators import Indicator, indicators, sums_of, values_there
from opinovi.impact.shown import Shown, Span, by_value, over_time
from opinovi.impact.spans import last_whole, months_of, spans_back
from opinovi.impact.words import names_of
from opinovi.network.models import Network

SPANS = {"quarter": 12, "year": 4}
COLUMNS = (
    ("indicator", "string", "Code of the indicator; its definition stands in indicators.csv"),
    ("step", "string", "Length of the period: quarter or year"),
    ("begins", "yearmonth", "First month of the period"),
    ("breakdown", "string", "By what it is divided; empty for the whole network"),
    ("value", "string", "Value of the breakdown"),
    ("figure", "number", "The figure, in the unit of the indicator; empty where it is hidden or there is nothing"),
    ("low", "number", "Lower bound of the 95 per cent interval (Wilson), of shares"),
    ("high", "number", "Upper bound of the interval"),
    ("base", "integer", "How many stand behind it, of people in fives"),
    ("hidden", "boolean", "Whether it is hidden since it would tell of fewer than five"),
)
TOLD = {
    "fi": "Aikuisten ohjauksen saatavuus, laatu ja vaikuttavuus neljännesvuosittain ja vuosittain. "
    "Ihmisiä koskevat luvut on pyöristetty viiteen, eikä alle viittä kerrota.",
    "sv": "Handledning för vuxna: tillgång, kvalitet och verkan per kvartal och år. "
    "Siffror om människor är avrundade till fem, och färre än fem berättas inte.",
    "en": "Availability, quality and effectiveness of adult guidance, by quarter and year. "
    "Figures of people are in fives, and none under five is told.",
}
LICENCE = {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY 4.0"}


def rows_of(network: Network) -> list[list[Any]]:
    """Every indicator over time and by each of its breakdowns; one question to the database for each breakdown."""
    rows = list(indicators().values())
    every = {step: spans_back(step, count, last_whole(step)) for step, count in SPANS.items()}
    months = sorted({month for spans in every.values() for month in months_of(spans)})
    ways = ["", *sorted({by for one in rows for by in one.by})]
    sums = {
        by: sums_of(str(network.id), counts_of(one for one in rows if not by or by in one.by), months, by)
        for by in ways
    }
    found: list[list[Any]] = []
    for one in rows:
        for step, spans in every.items():
            if one.kind != "part":
                figures = over_time(one, sums[""], spans)
                found += [row(one, step, span, "", figure) for span, figure in zip(spans, figures, strict=True)]
            for by in one.by:
                names = names_of(by, values_there(one, sums[by]))
                for span in spans:
                    found += [
                        row(one, step, span, by, each) for each in by_value(one, sums[by], span, by, names, sums[""])
                    ]
    return found


def row(one: Indicator, step: str, span: Span, by: str, figure: Shown) -> list[Any]:
    first = span.months[0]
    begins = f"{first // 100}-{first % 100:02}"
    told = ["" if value is None else value for value in (figure.value, figure.low, figure.high, figure.base)]
    hidden = figure.value is None and not figure.nothing
    return [one.code, step, begins, by, figure.key if by else "", *told, "true" if hidden else "false"]


def as_csv(head: list[str], rows: list[list[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()


def definitions() -> list[list[Any]]:
    return [
        [one.code, one.theme, one.names["fi"], one.names["sv"], one.names["en"], one.telling["en"], one.unit,
        version.first, f"{version.kind}: {' / '.join(version.counts)}", version.per, one.smallest, one.source]
        for one in indicators().values()
        for version in one.versions
    ]  # fmt: skip


DEFINED = ["code", "theme", "name_fi", "name_sv", "name_en", "tells", "unit", "from_month", "formula", "per",
"smallest_cell", "source"]  # fmt: skip


def package(network: Network) -> dict[str, Any]:
    """The description of a Frictionless data package (datapackage.json)."""
    fields = [{"name": name, "type": kind, "description": words} for name, kind, words in COLUMNS]
    defined = [
        {"name": name, "type": "integer" if name in ("from_month", "per", "smallest_cell") else "string"}
        for name in DEFINED
    ]
    return {
        "profile": "tabular-data-package",
        "name": f"opin-ovi-{network.slug}",
        "title": f"What came of guidance: {network}",
        "created": now().isoformat(),
        "licenses": [LICENCE],
        "resources": [
            {"name": "figures", "path": "figures.csv", "profile": "tabular-data-resource", "encoding": "utf-8",
             "format": "csv", "mediatype": "text/csv",
             "schema": {"fields": fields, "missingValues": [""],
                        "primaryKey": ["indicator", "step", "begins", "breakdown", "value"]}},
            {"name": "indicators", "path": "indicators.csv", "profile": "tabular-data-resource", "encoding": "utf-8",
             "format": "csv", "mediatype": "text/csv",
             "schema": {"fields": defined, "primaryKey": ["code", "from_month"]}},
        ],
    }  # fmt: skip


def catalogue(network: Network, base: str, day: date) -> dict[str, Any]:
    """The same as a dataset of DCAT-AP 3, in JSON-LD."""
    here = f"{base.rstrip('/')}/results/data"
    return {
        "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
                     "foaf": "http://xmlns.com/foaf/0.1/", "xsd": "http://www.w3.org/2001/XMLSchema#"},
        "@id": here,
        "@type": "dcat:Dataset",
        "dct:title": [{"@value": f"Mitä ohjauksesta on seurannut: {network}", "@language": "fi"},
                      {"@value": f"Vad handledningen har lett till: {network}", "@language": "sv"},
                      {"@value": f"What came of guidance: {network}", "@language": "en"}],
        "dct:description": [{"@value": text, "@language": language} for language, text in TOLD.items()],
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": str(network)},
        "dct:license": {"@id": LICENCE["path"]},
        "dct:issued": {"@value": day.isoformat(), "@type": "xsd:date"},
        "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/QUARTERLY"},
        "dcat:theme": [{"@id": "http://publications.europa.eu/resource/authority/data-theme/EDUC"}],
        "dcat:distribution": [{"@type": "dcat:Distribution", "dcat:accessURL": {"@id": here},
                               "dcat:downloadURL": {"@id": f"{here}.zip"}, "dct:license": {"@id": LICENCE["path"]},
                               "dcat:mediaType": {"@id": "https://www.iana.org/assignments/media-types/application/zip"}}],
    }  # fmt: skip


def package_of(network: Network, base: str) -> bytes:
    """The whole package as one file. The same figures give the same bytes but for the day."""
    files = {
        "figures.csv": as_csv([name for name, _kind, _words in COLUMNS], rows_of(network)),
        "indicators.csv": as_csv(DEFINED, definitions()),
        "datapackage.json": json.dumps(package(network), ensure_ascii=False, indent=2),
        "dcat.jsonld": json.dumps(catalogue(network, base, today()), ensure_ascii=False, indent=2),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()
