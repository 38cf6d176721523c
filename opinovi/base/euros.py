"""Cents as people read them."""

from decimal import Decimal

from django.utils.formats import number_format


def plain_euros(cents: int) -> str:
    """1 234,50"""
    return number_format(Decimal(cents) / 100, decimal_pos=2, use_l10n=True, force_grouping=True)


def euros(cents: int) -> str:
    """1 234,50 €"""
    return f"{plain_euros(cents)}\N{NO-BREAK SPACE}€"
