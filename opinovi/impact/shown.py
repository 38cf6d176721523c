"""What may be shown of the figures, and how sure it is. The rule and its reasons: docs/privacy-of-figures.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import sqrt

from django.utils.formats import localize
from django.utils.translation import gettext as _

from opinovi.base.figures import enough, hidden, side, to_fives
from opinovi.impact.indicators import Indicator, Raw, Sums, raw_value

# The normal distribution's bound of 95 per cent.
Z = 1.959964
# Of these breakdowns each person has one value; of the others one may have several, or none.
PARTITIONS = ("municipality", "language", "came", "channel", "what")


@dataclass(frozen=True)
class Span:
    """A calendar month, quarter or year: its name, and its months."""

    name: str
    months: tuple[int, ...]

    @property
    def key(self) -> int:
        return self.months[-1]


@dataclass(frozen=True)
class Shown:
    """One figure as it may be seen; `value` is None where it is hidden or there is nothing."""

    name: str
    key: str = ""
    value: Decimal | None = None
    # Between which bounds a share truly lies, in 95 cases of 100.
    low: int | None = None
    high: int | None = None
    # How many stand behind it, in fives where they are people.
    base: int | None = None
    nothing: bool = False
    # Another figure to hold it against: the network's median, or the group's share of the population.
    against: Decimal | None = None


def wilson(part: int, whole: int) -> tuple[int, int]:
    """The interval in which a share lies with 95 per cent certainty, in whole per cent outwards (Wilson, Journal of the
    American Statistical Association 22, 1927, 209–212)."""
    share = part / whole
    below = 1 + Z**2 / whole
    middle = share + Z**2 / (2 * whole)
    reach = Z * sqrt(share * (1 - share) / whole + Z**2 / (4 * whole**2))
    low, high = (middle - reach) / below, (middle + reach) / below
    return max(0, int(low * 100 + 1e-9)), min(100, -int(-(high * 100 - 1e-9) // 1))


def rounded(value: Fraction, places: int = 0) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


PLACES = {"hours": 1, "km": 1, "points": 1}


def shown(one: Indicator, raw: Raw, name: str, key: str = "", hide: bool = False) -> Shown:
    """A figure as it may be seen: rounded, and hidden where it would tell of fewer than five people."""
    empty = raw.exact is None or (raw.kind in ("count", "sum") and not raw.part)
    if not one.people:
        return plain(one, raw, name, key, empty)
    if hide or raw.kind == "sum":
        return Shown(name, key)
    if raw.kind == "count":
        few = raw.part < one.smallest
        return Shown(name, key, None if few else Decimal(to_fives(raw.part)), nothing=empty)
    if raw.whole < one.smallest:
        return Shown(name, key, nothing=empty)
    if raw.kind in ("share", "part"):
        part = side(raw.part, raw.whole)
        if part is None:
            return Shown(name, key)
        whole = to_fives(raw.whole)
        low, high = wilson(part, whole)
        return Shown(name, key, rounded(Fraction(100 * part, whole)), low, high, whole)
    assert raw.exact is not None
    return Shown(name, key, rounded(raw.exact, PLACES.get(one.unit, 0)), base=to_fives(raw.whole))


def plain(one: Indicator, raw: Raw, name: str, key: str, empty: bool) -> Shown:
    """A figure of services and hours, of which nothing is hidden."""
    if empty or raw.exact is None:
        return Shown(name, key, nothing=True)
    times = 100 if one.unit == "percent" else 1
    return Shown(name, key, rounded(raw.exact * times, PLACES.get(one.unit, 0)), base=raw.whole or None)


def over_time(
    one: Indicator, sums: Sums, spans: Sequence[Span], value: str = "", whole: Sums | None = None
) -> list[Shown]:
    """One figure for each span, the oldest first."""
    return [shown(one, raw_value(one, sums, span.months, value, whole), span.name, str(span.key)) for span in spans]


def by_value(one: Indicator, sums: Sums, span: Span, by: str, names: dict[str, str], whole: Sums) -> list[Shown]:
    """One figure for each value of a breakdown, in the order of `names`. Of one partition as many are hidden as it
    takes that none can be worked out from the others and the whole; where that can't be, all."""
    raws = {value: raw_value(one, sums, span.months, value, whole) for value in names}
    if not one.people:
        return [shown(one, raw, names[value], value) for value, raw in raws.items()]
    counts = {value: raw.part if raw.kind == "count" else size_of(raw) for value, raw in raws.items()}
    secret: set[str] = set()
    if by in PARTITIONS:
        unclear = {value for value, raw in raws.items() if raw.kind == "share" and side(raw.part, raw.whole) is None}
        secret = hidden(counts, unclear)
        if secret and not enough(counts, secret):
            secret = set(counts)
    elif one.kind != "part":
        # Who is of a group is told beside who is not.
        total = raw_value(one, whole, span.months)
        everybody = total.part if total.kind == "count" else total.whole
        secret = {value for value, count in counts.items() if side(count, everybody) is None}
    return [shown(one, raw, names[value], value, value in secret) for value, raw in raws.items()]


def size_of(raw: Raw) -> int:
    """Of a part of the whole its own size, of the others how many stand behind it."""
    return raw.part if raw.kind == "part" else raw.whole


def number(value: Decimal) -> str:
    """As it is written in the language of the page."""
    whole = value.to_integral_value()
    return str(localize(whole if value == whole else value, use_l10n=True))


def words(one: Indicator, figure: Shown) -> str:
    """A figure in words, with its unit."""
    if figure.value is None:
        return _("ei vielä mitään") if figure.nothing else _("piilotettu")
    told = number(figure.value)
    if one.unit == "percent":
        return f"{told} %"
    if one.unit == "count":
        return _("noin %(n)s") % {"n": told} if one.people else told
    return {
        "days": _("%(n)s päivää"),
        "hours": _("%(n)s tuntia"),
        "km": _("%(n)s km"),
        "points": _("%(n)s pistettä"),
    }[one.unit] % {"n": told}


def between(figure: Shown) -> str:
    """Between which bounds a share lies."""
    if figure.low is None or figure.high is None:
        return ""
    return _("%(low)d–%(high)d %%") % {"low": figure.low, "high": figure.high}


def sentence(one: Indicator, figures: Sequence[Shown], back: int) -> str:
    """What one sees in a row of figures: the newest, and whether it differs from the one so many spans before it."""
    there = [at for at, figure in enumerate(figures) if figure.value is not None]
    if not there:
        return _("Lukuja ei ole vielä, tai ne kertovat alle viidestä ihmisestä.")
    at = there[-1]
    new = figures[at]
    told = _("%(when)s: %(what)s.") % {"when": new.name, "what": words(one, new)}
    if at - back < 0 or figures[at - back].value is None:
        return told
    old = figures[at - back]
    return f"{told} {change(one, old, new)}"


def change(one: Indicator, old: Shown, new: Shown) -> str:
    """How a figure differs from an earlier one; said to be chance where it may be."""
    assert old.value is not None and new.value is not None
    told = {"when": old.name, "what": words(one, old)}
    if new.value == old.value:
        return _("%(when)s sama: %(what)s.") % told
    grew = new.value > old.value
    apart = old.low is None or old.high is None or new.low is None or new.high is None
    if not apart and new.low <= old.high and old.low <= new.high:  # type: ignore[operator]
        return _("%(when)s se oli %(what)s. Ero voi olla sattumaa.") % told
    return (_("Enemmän kuin %(when)s: %(what)s.") if grew else _("Vähemmän kuin %(when)s: %(what)s.")) % told
