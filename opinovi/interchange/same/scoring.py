"""How surely two records mean the same, and why.

The score is the logistic function of a sum: what each thing that they share or do not share speaks for or against, in
log odds. `WEIGHTS` were fitted to pairs labelled by hand (tests/data/same_pairs.txt; `python -m bench.same` fits and
measures) and rounded.
"""

import math
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import gettext_lazy
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from opinovi.doors.words import fold, surfaces
from opinovi.interchange.same.told import Atom, Told, atoms_of

# From this on a person is asked; from that on they are surely the same, and are joined by themselves.
ASKED, SURE = 0.5, 0.95

WEIGHTS: dict[str, float] = {
    "bias": -1.15, "name": 1.8, "name_equal": 0.45, "swapped": -2.85, "left_out": -1.55,
    "business_same": 0.85, "business_differs": -2.25, "house_same": 0.12, "house_differs": -0.65,
    "phone_same": 1.85, "phone_differs": -3.1, "link_same": 0.95, "link_differs": -0.9,
    "place_same": 1.95, "place_differs": -1.95, "street_same": 0.2, "street_differs": -0.1,
    "point_street_same": 2.3, "point_street_differs": -0.9,
}  # fmt: skip

# What speaks for it, in words for people.
REASONS = {
    "business_same": gettext_lazy("sama y-tunnus"),
    "name_equal": gettext_lazy("sama nimi"),
    "name": gettext_lazy("samankaltainen nimi"),
    "house_same": gettext_lazy("sama organisaatio"),
    "phone_same": gettext_lazy("sama puhelinnumero"),
    "link_same": gettext_lazy("sama verkko-osoite"),
    "street_same": gettext_lazy("sama katuosoite"),
    "point_street_same": gettext_lazy("sama katuosoite"),
    "place_same": gettext_lazy("sama kunta"),
}
AGAINST = {
    "business_differs": gettext_lazy("eri y-tunnus"),
    "swapped": gettext_lazy("nimissä on eri asia"),
    "left_out": gettext_lazy("toisen nimi kertoo enemmän"),
    "house_differs": gettext_lazy("eri organisaatio"),
    "phone_differs": gettext_lazy("eri puhelinnumero"),
    "link_differs": gettext_lazy("eri verkko-osoite"),
    "street_differs": gettext_lazy("eri katuosoite"),
    "point_street_differs": gettext_lazy("eri katuosoite"),
    "place_differs": gettext_lazy("eri kunta"),
}


@dataclass(frozen=True)
class Verdict:
    """How surely they are the same, from 0 to 1, and what spoke for and against, the weightiest first."""

    score: float
    reasons: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)


def judge(one: Told, other: Told) -> Verdict:
    told = {name: WEIGHTS.get(name, 0.0) * value for name, value in features(one, other).items()}
    total = sum(told.values())
    score = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
    weighty = sorted(((abs(value), name) for name, value in told.items() if abs(value) > 0.1), reverse=True)
    speaks_for = [name for _weight, name in weighty if name in REASONS and told[name] > 0]
    if told["name_equal"]:
        speaks_for = [name for name in speaks_for if name != "name"]
    return Verdict(
        round(score, 4), speaks_for, [name for _weight, name in weighty if name in AGAINST and told[name] < 0]
    )


def features(one: Told, other: Told) -> dict[str, float]:
    """What two records share and do not share, each from 0 to 1; what either does not tell speaks neither way."""
    names = best_names(one, other)
    found = {"bias": 1.0, "name": names.alike, "name_equal": float(names.equal),
             "swapped": min(1.0, names.left, names.right),
             "left_out": min(1.0, max(names.left, names.right) / 2)}  # fmt: skip
    if one.business_id and other.business_id:
        found["business_same" if one.business_id == other.business_id else "business_differs"] = 1.0
    if one.house and other.house:
        alike = max(compared(a, b, one.around_place, other.around_place).alike for a in one.house for b in other.house)
        found["house_same"] = max(0.0, min(1.0, (alike - 0.4) / 0.4))
        found["house_differs"] = 1 - found["house_same"]
    for name in ("phones", "links"):
        ours, theirs = getattr(one, name), getattr(other, name)
        if ours and theirs:
            # Many services of a house share its number: it says the more the more alike the names are.
            found[f"{name[:-1]}_{'same' if ours & theirs else 'differs'}"] = names.alike**2
    if one.street and other.street:
        found[f"street_{'same' if alike_streets(one.street, other.street) else 'differs'}"] = 1.0
    if one.places and other.places:
        found[f"place_{'same' if one.places & other.places else 'differs'}"] = 1.0
    if one.kind == "point":
        found = {("point_" + name if name.startswith("street") else name): value for name, value in found.items()}
    return found


@dataclass(frozen=True)
class Names:
    """How alike two names are, and what each says that the other does not."""

    alike: float
    left: float = 0.0
    right: float = 0.0
    equal: bool = False


def best_names(one: Told, other: Told) -> Names:
    found = [
        compared(a, b, one.around | one.streets, other.around | other.streets)
        for a in one.names for b in other.names
    ]  # fmt: skip
    return max(found, key=lambda names: (names.equal, names.alike), default=Names(0.0))


def compared(a: str, b: str, around_a: frozenset[str] = frozenset(), around_b: frozenset[str] = frozenset()) -> Names:
    """Two names by their pieces. What one leaves out since its house or place says it is not missed."""
    left, right = list(atoms_of(a)), list(atoms_of(written_as(b, a)))
    pairs = sorted(
        ((alike(x, y), i, j) for i, x in enumerate(left) for j, y in enumerate(right) if alike(x, y)),
        key=lambda row: (-row[0], row[1], row[2]),
    )
    met_left, met_right, met = set(), set(), 0.0
    for value, i, j in pairs:
        if i not in met_left and j not in met_right:
            met_left.add(i)
            met_right.add(j)
            met += value * (left[i].weight + right[j].weight)
    only_left = [one for i, one in enumerate(left) if i not in met_left and not one.forms & around_b]
    only_right = [one for j, one in enumerate(right) if j not in met_right and not one.forms & around_a]
    missed_left, missed_right = sum(one.weight for one in only_left), sum(one.weight for one in only_right)
    matched = sum(left[i].weight for i in met_left) + sum(right[j].weight for j in met_right)
    total = matched + missed_left + missed_right
    equal = bool(met_left) and not only_left and not only_right and met > 0.97 * total
    return Names(met / total if total else 0.0, missed_left, missed_right, equal)


def written_as(name: str, other: str) -> str:
    """A name with the words that are but a slip away from one of the other name written as that is."""
    theirs = {fold(one): one for one in surfaces(other) if len(one) >= 7}
    if not theirs:
        return name
    told = []
    for one in surfaces(name):
        near = extractOne(fold(one), list(theirs), scorer=ratio, score_cutoff=90) if len(one) >= 7 else None
        told.append(theirs[near[0]] if near else one)
    return " ".join(told)


@lru_cache(maxsize=200_000)
def alike(one: Atom, other: Atom) -> float:
    """How alike two pieces are: the same word, one derived of the other, or one with a slip of the finger."""
    if one.forms & other.forms:
        return 1.0
    if one.text.isdigit() or other.text.isdigit() or min(len(one.text), len(other.text)) < 4:
        return 0.0
    near = max(ratio(a, b) for a in one.forms for b in other.forms)
    if near >= 86:
        return 0.95
    same = common(one.text, other.text)
    return 0.7 if same >= 5 and same >= 0.6 * max(len(one.text), len(other.text)) else 0.0


def common(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def alike_streets(one: str, other: str) -> bool:
    """The same number of the same street, with a slip at most."""
    (name, number), (other_name, other_number) = (text.rsplit(" ", 1) for text in (one, other))
    return number == other_number and ratio(name, other_name) >= 88
