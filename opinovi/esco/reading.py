"""The official CSV files of an ESCO release, read: occupations_fi.csv, skills_fi.csv, occupationSkillRelations_fi.csv
and the same in sv and en, with the column names as published (v1.1 and v1.2). Nothing is written here."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from opinovi.base.reading import Problem, read_text
from opinovi.esco.models import ConceptKind

LANGUAGES = ("fi", "sv", "en")
FILES = {ConceptKind.OCCUPATION: "occupations", ConceptKind.SKILL: "skills"}
RELATIONS = "occupationSkillRelations"
COLUMNS = ("conceptUri", "preferredLabel", "altLabels")
RELATION_COLUMNS = ("occupationUri", "relationType", "skillUri")
PREFIX = "http://data.europa.eu/esco/"
LONGEST_NAME, MOST_NAMES, LARGEST_FIELD = 500, 200, 1_000_000
ESSENTIAL = {"essential": True, "optional": False}


@dataclass
class Told:
    """What a release says of one concept."""

    kind: str
    code: str = ""
    name: dict[str, str] = field(default_factory=dict)
    others: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Release:
    """What was read: concepts by address, relations by their two addresses, and what was wrong."""

    concepts: dict[str, Told] = field(default_factory=dict)
    relations: dict[tuple[str, str], bool] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)


def read_release(folder: Path) -> Release:
    """Read the files of a folder. What does not hold together is a problem with its file, line, column and reason."""
    found = Release()
    for kind, name in FILES.items():
        there = [(one, folder / f"{name}_{one}.csv") for one in LANGUAGES if (folder / f"{name}_{one}.csv").is_file()]
        if not there:
            found.problems.append(Problem(f"{name}_fi.csv", 0, "file", "is not in the folder, nor in sv or en"))
        for language, path in there:
            found.languages.add(language)
            read_concepts(found, kind, language, path)
    relations = next((one for one in relation_files(folder) if one.is_file()), None)
    if relations is None:
        found.problems.append(Problem(f"{RELATIONS}_fi.csv", 0, "file", "is not in the folder, nor in sv or en"))
    else:
        read_relations(found, relations)
    return found


def relation_files(folder: Path) -> list[Path]:
    """Relations are the same in every language: any one of the files will do."""
    return [*(folder / f"{RELATIONS}_{one}.csv" for one in LANGUAGES), folder / f"{RELATIONS}.csv"]


def rows(found: Release, path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a file with the line on which each ends."""
    text, problem = read_text(path)
    if problem is not None:
        found.problems.append(problem)
        return
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        found.problems.append(Problem(path.name, line, "file", "has a zero byte in it"))
        return
    csv.field_size_limit(LARGEST_FIELD)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [one for one in columns if one not in (reader.fieldnames or ())]
    if missing:
        found.problems.append(Problem(path.name, 1, ", ".join(missing), "the column is missing"))
        return
    try:
        for row in reader:
            yield reader.line_num, {name: value or "" for name, value in row.items() if isinstance(name, str)}
    except csv.Error as error:
        found.problems.append(Problem(path.name, reader.line_num, "record", str(error)))


def read_concepts(found: Release, kind: str, language: str, path: Path) -> None:
    seen: set[str] = set()
    for line, row in rows(found, path, COLUMNS):
        uri, name = row["conceptUri"].strip(), row["preferredLabel"].strip()
        wrong = ""
        if not uri.startswith(PREFIX) or len(uri) > 200:
            wrong, what = "conceptUri", f"is not an address of ESCO: {uri[:80]!r}"
        elif uri in seen:
            wrong, what = "conceptUri", "stands in the file twice"
        elif not name or len(name) > LONGEST_NAME:
            wrong, what = "preferredLabel", "is missing" if not name else "is too long"
        elif uri in found.concepts and found.concepts[uri].kind != kind:
            wrong, what = "conceptUri", "is an occupation and a skill"
        if wrong:
            found.problems.append(Problem(path.name, line, wrong, what))
            continue
        seen.add(uri)
        told = found.concepts.setdefault(uri, Told(kind))
        told.code = told.code or row.get("code", "").strip()[:40]
        told.name[language] = name
        others = [one.strip() for one in row["altLabels"].split("\n")]
        told.others[language] = list(dict.fromkeys(one[:LONGEST_NAME] for one in others if one))[:MOST_NAMES]


def read_relations(found: Release, path: Path) -> None:
    for line, row in rows(found, path, RELATION_COLUMNS):
        occupation, skill, kind = (row[name].strip() for name in ("occupationUri", "skillUri", "relationType"))
        if kind not in ESSENTIAL:
            found.problems.append(
                Problem(path.name, line, "relationType", f"is neither essential nor optional: {kind[:40]!r}")
            )
            continue
        for uri, column, wanted in (
            (occupation, "occupationUri", ConceptKind.OCCUPATION),
            (skill, "skillUri", ConceptKind.SKILL),
        ):
            told = found.concepts.get(uri)
            if told is None or told.kind != wanted:
                found.problems.append(Problem(path.name, line, column, f"is no {wanted} of this release: {uri[:80]!r}"))
                break
        else:
            # Essential wins, should both be said.
            pair = (occupation, skill)
            found.relations[pair] = ESSENTIAL[kind] or found.relations.get(pair, False)
