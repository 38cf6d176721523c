"""Money in whole cents, exact. A sum is the same however it is grouped; what is divided adds up to what was there."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# No project has a hundred million euros; more is a slip of the finger.
MOST_CENTS = 10_000_000_000
# A share is in hundredths of a per cent: 10 000 is all of it.
WHOLE = 10_000
HOUR = 60


def cents_of(text: str) -> int:
    """Euros as people write them (1 234,50 or 1234.5) in cents. Raises ValidationError for anything else, and for parts
    of a cent."""
    bare = text.replace("\xa0", "").replace(" ", "").replace("€", "").replace("−", "-").replace(",", ".")
    try:
        value = Decimal(bare) * 100
    except ArithmeticError as error:
        raise ValidationError(_("Kirjoita summa euroina, esim. 1 234,50.")) from error
    if not value.is_finite() or value != value.to_integral_value():
        raise ValidationError(_("Kirjoita summa sentin tarkkuudella, esim. 1 234,50."))
    if abs(value) > MOST_CENTS:
        raise ValidationError(_("Summa on liian suuri."))
    return int(value)


def minutes_of(text: str) -> int:
    """Working time as people write it (7:30 or 7,5) in minutes. Raises ValidationError for anything else."""
    bare = text.strip().replace(",", ".")
    try:
        if ":" in bare:
            hours, minutes = (int(part) for part in bare.split(":"))
            if not 0 <= minutes < HOUR or hours < 0:
                raise ValueError
            return hours * HOUR + minutes
        value = Decimal(bare) * HOUR
        if not value.is_finite() or value < 0 or value != value.to_integral_value():
            raise ValueError
        return int(value)
    except (ValueError, ArithmeticError) as error:
        raise ValidationError(_("Kirjoita tunnit muodossa 7,5 tai 7:30.")) from error


def hours(minutes: int) -> str:
    return f"{minutes // HOUR}:{minutes % HOUR:02d}"


def rounded(cents: Decimal, how: str) -> int:
    """A calculated sum as the funder rounds it: to the nearest cent with halves up, down to the cent, or down to the
    whole euro."""
    if how == "euro_down":
        return int((cents / 100).to_integral_value(ROUND_DOWN)) * 100
    return int(cents.to_integral_value(ROUND_DOWN if how == "cent_down" else ROUND_HALF_UP))


def price_of(minutes: int, cents_an_hour: int, how: str) -> int:
    """What work cost: minutes by an hourly price."""
    return rounded(Decimal(minutes) * cents_an_hour / HOUR, how)


def part_of(cents: int, share: int, how: str) -> int:
    """A share, in hundredths of a per cent, of a sum."""
    return rounded(Decimal(cents) * share / WHOLE, how)


def divide(cents: int, weights: list[int]) -> list[int]:
    """A sum divided by weights to the cent, so that the parts add up to it. What does not divide goes to those whose
    part was cut the most (the largest remainders; among equals the first)."""
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must add up to more than nothing, none below it")
    sign, size = (-1, -cents) if cents < 0 else (1, cents)
    parts = [size * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda one: (-(size * weights[one] % total), one))
    for one in by_remainder[: size - sum(parts)]:
        parts[one] += 1
    return [sign * part for part in parts]


def funders_parts(cents: int, shares: list[int], how: str) -> list[int]:
    """What each funder pays of a sum by their share; the last, who is the partners' own money, pays what the others'
    rounding leaves, so that all of it is paid."""
    if not shares:
        return []
    parts = [part_of(cents, share, how) for share in shares[:-1]]
    return [*parts, cents - sum(parts)]
