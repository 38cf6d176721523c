"""The pictures of the design system: doors that tell a state, and icons of the guided choice."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@cache
def sprite() -> str:
    return static("site/pictures.svg")


@register.simple_tag
def door_picture(light: str = "ajar") -> SafeString:
    """A door in a state: open, ajar or shut. The state must be said in words beside it."""
    return format_html('<svg class="door" aria-hidden="true"><use href="{}#{}"/></svg>', sprite(), light)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture of the guided choice; its words stand beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sprite(), name)


@register.simple_tag
def stacked_bar(*counts: int) -> SafeString:
    """A bar of shares beside the figures that it shows: the first is best, the last unknown. For the eye alone."""
    total = sum(counts) or 1
    widths = [round(200 * one / total, 1) for one in counts]
    starts = [sum(widths[:number]) for number in range(len(widths))]
    rects = format_html_join(
        "",
        '<rect class="part-{}" x="{}" y="0" width="{}" height="16"/>',
        zip(range(len(widths)), starts, widths, strict=True),
    )
    return format_html(
        '<svg class="bar-chart" viewBox="0 0 200 16" preserveAspectRatio="none" aria-hidden="true">{}</svg>', rects
    )
