"""What may be shown of a count of people. The rule, its reasons and where it is used: docs/privacy-of-figures.md."""

from collections.abc import Collection

from django.utils.translation import gettext

SMALLEST = 5


def to_fives(count: int) -> int:
    """The nearest multiple of five; never none of five or more."""
    return 5 * round(count / 5)


def hidden(counts: dict[str, int], already: Collection[str] = ()) -> set[str]:
    """Which parts of a whole that is shown must be hidden: those already hidden elsewhere and those under five; and the
    smallest others as long as what is hidden could be told from the whole: until two at least are hidden and they are
    five people or more together. All of them, where that can't be."""
    found = {name for name, count in counts.items() if count < SMALLEST or name in already}
    by_size = sorted((name for name in counts if name not in found), key=lambda name: (counts[name], name))
    while found and by_size and not enough(counts, found):
        found.add(by_size.pop(0))
    return found


def enough(counts: dict[str, int], found: set[str]) -> bool:
    return len(found) >= 2 and sum(counts[name] for name in found) >= SMALLEST


def hide(counts: dict[str, int]) -> tuple[dict[str, int | None], int | None]:
    """The figures that may be shown of one partition of people, and their total, in fives; None where hidden. A total
    under five is hidden with all its parts."""
    total = sum(counts.values())
    found = hidden(counts)
    if total < SMALLEST or (found and not enough(counts, found)):
        return dict.fromkeys(counts, None), None
    return {name: None if name in found else to_fives(count) for name, count in counts.items()}, to_fives(total)


def side(part: int, whole: int) -> int | None:
    """A part of a whole that is itself shown, in fives; None where the part, or what is left of the whole, is one to
    four."""
    if any(0 < count < SMALLEST for count in (part, whole - part)):
        return None
    return min(to_fives(part), to_fives(whole)) if part else 0


def few(count: int) -> str:
    """A figure about people as it may be said in a sentence: none under five, and to fives."""
    return str(to_fives(count)) if count >= SMALLEST else gettext("alle 5")
