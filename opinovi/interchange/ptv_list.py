"""The list of PTV services: one JSON object a line with id, area, name and summary, in Finnish."""

import uuid
from pathlib import Path
from typing import Any

from opinovi.base.reading import Problem, read_text
from opinovi.directory.actions import Record
from opinovi.directory.codes import municipalities, municipality_codes
from opinovi.directory.models import Charge, Kind
from opinovi.interchange.reading import BadRecord, Reading, json_lines, list_of, text_of

NATIONWIDE = {"kansalliset", "kunta:national"}
KIND_BY_WORD = (
    (("neuvonta", "info", "chat", "puhelin"), Kind.ADVICE),
    (("ohjaus", "ohjaam", "valmennus", "palveluohjaus", "etsivä"), Kind.GUIDANCE),
    (("kurssi", "koulutus", "opetus", "opisto", "lukio", "opinto", "opiskelu"), Kind.EDUCATION),
    (("tarkastus", "kartoitus", "arviointi", "tutkimu"), Kind.ASSESSMENT),
    (("rekrytointi", "työnantaj", "palkkauskustannu", "täsmäkoulutus", "rekrykoulutus"), Kind.EMPLOYER),
    (("tieto", "rekisteri", "aineisto", "portaali"), Kind.INFORMATION),
)


def read(path: Path) -> Reading:
    reading = Reading()
    text, problem = read_text(path)
    if problem:
        reading.problems.append(problem)
        return reading
    seen: dict[str, int] = {}
    for line, row in json_lines(text, path.name, reading.problems):
        try:
            record = to_record(row)
            if record.external_id in seen:
                raise BadRecord("id", f"is also on line {seen[record.external_id]}")
            seen[record.external_id] = line
            reading.services.append(record)
        except BadRecord as bad:
            reading.problems.append(Problem(path.name, line, bad.field, bad.reason))
    if not reading.services and not reading.problems:
        reading.problems.append(Problem(path.name, 0, "file", "has no records in it"))
    return reading


def to_record(row: dict[str, Any]) -> Record:
    external_id = text_of(row, "id", required=True)
    try:
        uuid.UUID(external_id)
    except ValueError:
        raise BadRecord("id", f"is not an identifier: {external_id[:50]!r}") from None
    name = text_of(row, "name", required=True)
    summary = text_of(row, "summary")
    nationwide, places = area(list_of(row, "area"))
    life_events = [event for event in list_of(row, "life_meters") if event != "EI MUKAAN"]
    fields = {
        "name": {"fi": name},
        "summary": {"fi": summary} if summary else {},
        "kind": kind_of(name),
        "nationwide": nationwide,
        "municipalities": places,
        "life_events": life_events,
        "languages": ["fi"],
        "charge": Charge.UNKNOWN,
        "source_record": row,
    }
    return Record(external_id, fields)


def area(areas: list[Any]) -> tuple[bool, list[str]]:
    """Whether nationwide, and the municipalities' codes."""
    places = set()
    for one in areas:
        if one in NATIONWIDE:
            continue
        place = str(one).removeprefix("kunta:")
        code = place if place in municipalities() else municipality_codes().get(place.lower())
        if code is None:
            raise BadRecord("area", f"is not known: {str(one)[:50]!r}")
        places.add(code)
    return bool(NATIONWIDE & set(map(str, areas))), sorted(places)


def kind_of(name: str) -> Kind:
    """The kind that a service's name suggests, since the list does not give it."""
    words = name.lower()
    for stems, kind in reversed(KIND_BY_WORD):
        if any(stem in words for stem in stems):
            return kind
    return Kind.SUPPORT
