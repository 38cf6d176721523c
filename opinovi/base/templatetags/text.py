"""Template tags for translated text: what differs from the page's language says so with `lang`."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from opinovi.base.euros import euros
from opinovi.base.text import choose
from opinovi.base.when import bare_clock, short_date, weekday

register = template.Library()


@register.filter
def tr(texts: dict[str, Any] | None) -> SafeString | str:
    """The text for the page's reader, wrapped in a span with `lang` where it differs from the page."""
    piece = choose(texts)
    if not piece.text or piece.lang == get_language():
        return piece.text
    return format_html('<span lang="{}">{}</span>', piece.lang, piece.text)


@register.filter
def plain(texts: dict[str, Any] | None) -> str:
    """The text alone, for attributes and titles."""
    return choose(texts).text


@register.filter
def clock_words(moment: datetime) -> str:
    """The time of day without "at": 9, 9.30, 24 for the midnight that ends a day."""
    return bare_clock(moment)


@register.filter
def day_words(day: date) -> str:
    """A day by its weekday and date: ma 28.6."""
    return f"{weekday(day)} {short_date(day)}"


register.filter("euros", euros)
