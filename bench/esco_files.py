"""Files of the shape of an official ESCO release (v1.1: names of files, columns, lines in a field), made, and the same
every time. Their occupations and skills are invented: none of them stands in ESCO."""

import csv
import random
from pathlib import Path

BASE = "http://data.europa.eu/esco/"
OCCUPATION_COLUMNS = (
    "conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels", "status", "modifiedDate",
    "regulatedProfessionNote", "scopeNote", "definition", "inScheme", "description", "code",
)  # fmt: skip
SKILL_COLUMNS = (
    "conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels", "status",
    "modifiedDate", "scopeNote", "definition", "inScheme", "description",
)  # fmt: skip
RELATION_COLUMNS = ("occupationUri", "relationType", "skillType", "skillUri")
# Parts of names in each language.
DOING = {
    "fi": ["käyttää", "huoltaa", "asentaa", "suunnitella", "tarkastaa", "opettaa", "myydä", "hitsata", "leipoa", "ohjata"],
    "sv": ["använda", "underhålla", "montera", "planera", "granska", "lära ut", "sälja", "svetsa", "baka", "handleda"],
    "en": ["use", "maintain", "install", "plan", "inspect", "teach", "sell", "weld", "bake", "guide"],
}  # fmt: skip
WHAT = {
    "fi": ["koneita", "laitteita", "putkia", "leipiä", "ohjelmia", "asiakkaita", "ajoneuvoja", "rakenteita", "kasveja"],
    "sv": ["maskiner", "apparater", "rör", "bröd", "program", "kunder", "fordon", "konstruktioner", "växter"],
    "en": ["machines", "devices", "pipes", "breads", "programs", "customers", "vehicles", "structures", "plants"],
}
WHO = {"fi": "hoitaja", "sv": "skötare", "en": "keeper"}


def uri(kind: str, number: int) -> str:
    return f"{BASE}{kind}/{random.Random(f'{kind} {number}').getrandbits(128):032x}"


def words(language: str, number: int) -> str:
    """One name, the same thing in each language; a number makes it one of its own."""
    doing, what = DOING[language], WHAT[language]
    return f"{doing[number % len(doing)]} {what[number // len(doing) % len(what)]} {number}"


def make(folder: Path, occupations: int, skills: int, relations: int) -> None:
    """Write a release of so many of each, in three languages."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in ("fi", "sv", "en"):
        write(folder / f"occupations_{language}.csv", OCCUPATION_COLUMNS, (
            {"conceptType": "Occupation", "conceptUri": uri("occupation", number), "iscoGroup": f"{1000 + number % 9000}",
             "preferredLabel": f"{WHO[language]} {number}", "code": f"{1000 + number % 9000}.{number}",
             "altLabels": "\n".join(f"{WHO[language]}, laji {number}-{one}" for one in range(5)), "status": "released",
             "description": f"Kuvaus, {number}: \"tekee\" paljon.\nMonta riviä."}
            for number in range(occupations)
        ))  # fmt: skip
        write(folder / f"skills_{language}.csv", SKILL_COLUMNS, (
            {"conceptType": "KnowledgeSkillCompetence", "conceptUri": uri("skill", number), "skillType": "skill/competence",
             "reuseLevel": "sector-specific", "preferredLabel": words(language, number),
             "altLabels": "\n".join(f"{words(language, number)} tapa {one}" for one in range(6)), "status": "released"}
            for number in range(skills)
        ))  # fmt: skip
        write(
            folder / f"occupationSkillRelations_{language}.csv",
            RELATION_COLUMNS,
            related(occupations, skills, relations),
        )


def related(occupations: int, skills: int, relations: int) -> "list[dict[str, str]]":
    """Each occupation with as many different skills, every other of them essential."""
    found = []
    for number in range(relations):
        occupation, place = number % occupations, number // occupations
        found.append({
            "occupationUri": uri("occupation", occupation), "relationType": "essential" if place % 2 == 0 else "optional",
            "skillType": "skill/competence", "skillUri": uri("skill", (occupation * 37 + place * 101) % skills),
        })  # fmt: skip
    return found


def write(path: Path, columns: tuple[str, ...], rows: object) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)  # type: ignore[arg-type]
