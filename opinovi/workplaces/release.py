"""What an employer may see of a survey: counted once, when it has closed, and never again. See
docs/privacy-of-figures.md.

Of each competence, whose people are told of is decided by how many answered it: units of fewer than five are hidden,
and
with them the smallest others, until what is hidden is two units and five people at least (`base/figures.py: hidden`),
so that nothing can be had by taking the shown units from the whole. A level is a mean to the nearest half, so that no
one's answer can be worked out from it, and people are counted in fives.
"""

from collections.abc import Iterable
from typing import Any

from opinovi.base.figures import SMALLEST, hidden, to_fives

# One answer: its unit ("" where there are none), and the level of each competence that was answered.
Answer = tuple[str, dict[str, int]]
ELSEWHERE = ""
# Below so many there is no result at all.
FEWEST = SMALLEST


def half(levels: list[int]) -> float:
    """The mean of five levels or more, to the nearest half, from one and a half to three and a half: a mean at either
    end says what each of a few answered."""
    return min(3.5, max(1.5, round(2 * sum(levels) / len(levels)) / 2))


def release(answers: Iterable[Answer], items: list[str], units: list[str]) -> dict[str, Any]:
    """What may be shown: {"people", "units": {unit: people or None}, "items": {item: {"all": level or None, "units":
    {unit: level or None}}}}. People are in fives; None is hidden."""
    rows = list(answers)
    if len(rows) < FEWEST:
        return {"people": None, "units": dict.fromkeys(units), "items": {}}
    rows = [(unit if unit in units else ELSEWHERE, levels) for unit, levels in rows]
    # Those of no unit that is told of are a part of the whole, too.
    parts = [*units, ELSEWHERE] if units and any(unit == ELSEWHERE for unit, _levels in rows) else units
    never = hidden({unit: sum(of == unit for of, _levels in rows) for unit in parts}, [ELSEWHERE])
    return {
        "people": to_fives(len(rows)),
        "units": {unit: None if unit in never else to_fives(sum(of == unit for of, _levels in rows)) for unit in units},
        "items": {item: figure(item, rows, parts, never) for item in items},
    }


def figure(item: str, rows: list[Answer], parts: list[str], never: set[str]) -> dict[str, Any]:
    """One competence: of all who answered it, and of each unit that may be told of. A unit that is hidden in one
    column is hidden in this too."""
    every = [levels[item] for _unit, levels in rows if item in levels]
    said = {unit: [levels[item] for of, levels in rows if of == unit and item in levels] for unit in parts}
    hide_these = hidden({unit: len(levels) for unit, levels in said.items()}, never)
    if len(every) < FEWEST:
        return {"all": None, "units": dict.fromkeys(unit for unit in parts if unit != ELSEWHERE)}
    return {
        "all": half(every),
        "units": {
            unit: None if unit in hide_these else half(levels) for unit, levels in said.items() if unit != ELSEWHERE
        },
    }
