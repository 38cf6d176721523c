"""An ESCO release is taken in: what is new, what has changed, what is gone; the same release again changes nothing."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from opinovi.base.events import record
from opinovi.esco.models import Concept, SkillOf
from opinovi.esco.reading import LANGUAGES, Release, Told

BATCH = 500
FIELDS = ("kind", "code", "name", "others", "find_fi", "find_sv", "find_en", "gone")


@dataclass
class Changes:
    """How many concepts and relations were new, changed, or are gone."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    relations: int = 0
    new_relations: int = 0
    gone_relations: int = 0


@transaction.atomic
def load(release: Release) -> Changes:
    """Make the tables say what the release says: all of it or, where something fails, nothing."""
    made = Changes(relations=len(release.relations))
    there = {one.uri: one for one in Concept.objects.all().iterator(chunk_size=2000)}
    new, changed = [], []
    for uri, told in release.concepts.items():
        wanted, old = fields_of(told), there.get(uri)
        if old is None:
            new.append(Concept(uri=uri, **wanted))
        elif any(getattr(old, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(old, name, value)
            changed.append(old)
    for uri, old in there.items():
        if uri not in release.concepts and not old.gone:
            old.gone = True
            made.gone += 1
            changed.append(old)
    Concept.objects.bulk_create(new, batch_size=BATCH)
    Concept.objects.bulk_update(changed, FIELDS, batch_size=BATCH)
    made.new, made.changed = len(new), len(changed) - made.gone
    relate(release, made)
    if made.new or made.changed or made.gone or made.new_relations or made.gone_relations:
        record("load", "esco", "", **vars(made))
    return made


def fields_of(told: Told) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": str(told.kind), "code": told.code, "name": told.name, "gone": False}
    found["others"] = {language: names for language, names in told.others.items() if names}
    for language in LANGUAGES:
        names = [told.name[language], *told.others.get(language, ())] if language in told.name else []
        found[f"find_{language}"] = "\n" + "\n".join(name.lower() for name in names) + "\n" if names else ""
    return found


def relate(release: Release, made: Changes) -> None:
    """The relations, those alone that differ written."""
    ids = dict(Concept.objects.values_list("uri", "id"))
    wanted = {(ids[occupation], ids[skill]): essential for (occupation, skill), essential in release.relations.items()}
    there = {
        (occupation, skill): (row, essential)
        for row, occupation, skill, essential in SkillOf.objects.values_list(
            "id", "occupation", "skill", "essential"
        ).iterator(chunk_size=5000)
    }
    old = [row for pair, (row, essential) in there.items() if wanted.get(pair) != essential]
    for begin in range(0, len(old), BATCH):
        SkillOf.objects.filter(id__in=old[begin : begin + BATCH]).delete()
    new = [
        SkillOf(occupation_id=pair[0], skill_id=pair[1], essential=essential)
        for pair, essential in wanted.items()
        if there.get(pair, (0, None))[1] != essential
    ]
    SkillOf.objects.bulk_create(new, batch_size=2000)
    made.new_relations, made.gone_relations = len(new), len(old)
