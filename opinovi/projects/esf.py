"""The common indicators of ESF+ (Regulation (EU) 2021/1057, annex I): a project's participants over a period, by
gender.

A participant is counted once in a project, in the period of their first day, whoever wrote them down again; and by what
they said on that day. Only those are counted of whom all that must be known is known: gender, year of birth, work and
schooling; the others are told of as missing. Age is the year of the first day less the year of birth. What came of it
at once is counted in the period of the last day; what came of it later in the period in which six months after it end.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from opinovi.base.clock import months_on
from opinovi.projects.models import Project

GENDERS = ("f", "m", "x")
WORK = ("unemployed", "long_unemployed", "inactive", "employed")
SCHOOL = ("low", "middle", "high")
# What one may say or not, without which one is counted all the same.
TRAITS = ("disability", "third_country", "foreign", "minority", "homeless", "rural")
AT_LEAVING = ("searching", "education", "qualification", "working")
LATER = ("working_later", "improved_later")
REQUIRED = ("gender", "born", "work", "school")
SIX_MONTHS = 6


@dataclass(frozen=True)
class Person:
    """One who takes part, as far as the report needs to know."""

    began: date
    told: dict[str, Any]
    ended: date | None = None
    # By which the same person is known again; never shown.
    same: str = ""

    @property
    def complete(self) -> bool:
        told = self.told
        return (
            told.get("gender") in GENDERS
            and told.get("work") in WORK
            and told.get("school") in SCHOOL
            and str(told.get("born", "")).isdigit()
        )

    @property
    def age(self) -> int:
        return self.began.year - int(self.told["born"])

    def has(self, name: str) -> bool:
        return self.told.get(name) == "yes"

    @property
    def outside_work(self) -> bool:
        return self.told["work"] != "employed"


Asks = Callable[[Person], bool]
# Of those whose first day is in the period.
OUTPUT: dict[str, Asks] = {
    "EECO01": lambda one: True,
    "EECO02": lambda one: one.told["work"] in ("unemployed", "long_unemployed"),
    "EECO03": lambda one: one.told["work"] == "long_unemployed",
    "EECO04": lambda one: one.told["work"] == "inactive",
    "EECO05": lambda one: one.told["work"] == "employed",
    "EECO06": lambda one: one.age < 18,
    "EECO07": lambda one: 18 <= one.age <= 29,
    "EECO08": lambda one: one.age >= 55,
    "EECO09": lambda one: one.told["school"] == "low",
    "EECO10": lambda one: one.told["school"] == "middle",
    "EECO11": lambda one: one.told["school"] == "high",
    "EECO12": lambda one: one.has("disability"),
    "EECO13": lambda one: one.has("third_country"),
    "EECO14": lambda one: one.has("foreign"),
    "EECO15": lambda one: one.has("minority"),
    "EECO16": lambda one: one.has("homeless"),
    "EECO17": lambda one: one.has("rural"),
}
# Of those whose last day is in the period.
RESULT: dict[str, Asks] = {
    "EECR01": lambda one: one.told["work"] == "inactive" and one.has("searching"),
    "EECR02": lambda one: one.has("education"),
    "EECR03": lambda one: one.has("qualification"),
    "EECR04": lambda one: one.outside_work and one.has("working"),
}
# Of those for whom six months after the last day end in the period.
RESULT_LATER: dict[str, Asks] = {
    "EECR05": lambda one: one.outside_work and one.has("working_later"),
    "EECR06": lambda one: not one.outside_work and one.has("improved_later"),
}
# Of organisations, not of people: by kind.
ENTITIES = {"EECO18": "public", "EECO19": "enterprise"}
CODES = (*OUTPUT, *ENTITIES, *RESULT, *RESULT_LATER)


@dataclass
class Report:
    """The figures of a period: for each indicator women, men, others and all; of organisations all alone."""

    rows: dict[str, list[int | None]] = field(default_factory=dict)
    # Of those whose first day is in the period: how many are not counted, since something is missing.
    missing: int = 0
    # What came of it was not asked or told, of those who left.
    unknown_after: int = 0


def once_each(people: Iterable[Person]) -> list[Person]:
    """Each person once: by their first day and what they said then; what came of it by their last day. One who takes
    part again has not left yet."""
    found: dict[str, list[Person]] = {}
    for number, one in enumerate(people):
        found.setdefault(one.same or f"#{number}", []).append(one)
    merged = []
    for rows in found.values():
        rows.sort(key=lambda one: one.began)
        first, still = rows[0], any(one.ended is None for one in rows)
        last = max(rows, key=lambda one: one.ended or date.min)
        later = {name: last.told[name] for name in (*AT_LEAVING, *LATER) if name in last.told}
        start = next((one for one in rows if one.complete), first)
        told = {name: value for name, value in start.told.items() if name not in (*AT_LEAVING, *LATER)} | later
        merged.append(Person(first.began, told, None if still else last.ended, first.same))
    return merged


def report(people: Iterable[Person], supported: Iterable[tuple[str, date]], begins: date, ends: date) -> Report:
    """The indicators of a period, its first and last day included."""
    found = Report()
    every = once_each(people)
    found.missing = sum(1 for one in every if begins <= one.began <= ends and not one.complete)
    whole = [one for one in every if one.complete]
    left = [one for one in whole if one.ended is not None and begins <= one.ended <= ends]
    found.unknown_after = sum(1 for one in left if not any(name in one.told for name in AT_LEAVING))
    later = [one for one in whole if one.ended is not None and begins <= months_on(one.ended, SIX_MONTHS) <= ends]
    new = [one for one in whole if begins <= one.began <= ends]
    for asks, of in ((OUTPUT, new), (RESULT, left), (RESULT_LATER, later)):
        for code, fits in asks.items():
            fitting = [one for one in of if fits(one)]
            counts = [sum(one.told["gender"] == gender for one in fitting) for gender in GENDERS]
            found.rows[code] = [*counts, sum(counts)]
    for code, kind in ENTITIES.items():
        count = sum(1 for one, began in supported if one == kind and begins <= began <= ends)
        found.rows[code] = [None, None, None, count]
    found.rows = {code: found.rows[code] for code in CODES}
    return found


def people_of(project: Project) -> tuple[list[Person], int]:
    """Those who take part and whose yes holds, and how many took it back."""
    found, gone = [], 0
    for row in project.participants.select_related("key"):
        told = row.key.unlock(row.locked) if row.key and row.locked else None
        if told is None:
            gone += 1
            continue
        found.append(Person(row.began_on, told, row.ended_on, same_as(told)))
    return found, gone


def same_as(told: dict[str, Any]) -> str:
    """The same name and year of birth are the same person."""
    name = " ".join(str(told.get("name", "")).casefold().split())
    born = str(told.get("born", ""))
    return sha256(f"{name}|{born}".encode()).hexdigest() if name and born else ""


def report_of(project: Project, begins: date, ends: date) -> tuple[Report, int]:
    people, gone = people_of(project)
    supported = [(one.kind, one.began_on) for one in project.supported.all()]
    return report(people, supported, begins, ends), gone
