"""Whether the figures that the product counts are the truth."""

from collections.abc import Callable, Iterable
from fractions import Fraction

from opinovi.impact.indicators import Indicator, indicators, raw_value, sums_of, values_there
from opinovi.impact.simulation.lives import World
from opinovi.impact.simulation.truth import Truth


def compare(
    world: World, scopes: Iterable[str], deep: Iterable[str], progress: Callable[[str], None] = lambda code: None
) -> tuple[int, list[str]]:
    """How many values were compared, and those that differ. `deep` are the scopes whose breakdowns are compared too."""
    truth, count, wrong = Truth(world), 0, []
    years = range(world.begins.year - 1, world.ends.year + 3)
    months = [year * 100 + month for year in years for month in range(1, 13)]
    spans = {year * 100: [year * 100 + month for month in range(1, 13)] for year in years} | {
        one: [one] for one in months
    }
    deep = set(deep)
    for one in indicators().values():
        progress(one.code)
        for by in ("", *one.by):
            told = truth.values(one.code, one.kind, one.versions[-1].per, by)
            for scope in scopes if not by else deep:
                if one.kind == "part" and not by:
                    continue
                found = counted(one, scope, by, spans)
                expected = {(span, value): what for (whose, span, value), what in told.items() if whose == scope}
                count += len(expected)
                wrong += [
                    f"{one.code} {by} {scope} {key}: {found.get(key)} is {expected.get(key)}"
                    for key in found.keys() | expected.keys()
                    if found.get(key) != expected.get(key)
                ]
    return count, wrong


def counted(one: Indicator, scope: str, by: str, spans: dict[int, list[int]]) -> dict[tuple[int, str], Fraction]:
    """What the product says, of every span and value of which it says anything."""
    months = [min(min(row) for row in spans.values()), max(max(row) for row in spans.values())]
    sums = sums_of(scope, one.counts, months, by)
    whole = sums_of(scope, one.counts, months) if one.kind == "part" else None
    there = {month for (_count, month, _value), sizes in sums.items() if any(sizes.values())}
    found = {}
    for span, row in spans.items():
        if there.isdisjoint(row):
            continue
        for value in values_there(one, sums) if by else [""]:
            exact = raw_value(one, sums, row, value, whole).exact
            if exact is not None and (exact or one.kind not in ("count", "sum", "part")):
                found[span, value] = exact
    return found
