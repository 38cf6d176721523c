"""Template tags for translated text: what differs from the page's language says so with `lang`."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from opinovi.base.text import choose

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
