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


# A chart's size in units, and the room around its line.
WIDE, HIGH, EDGE = 240, 80, 8


@register.simple_tag
def trend(points: list[tuple[int, int]], target: int | None = None, large: str = "") -> SafeString:
    """A line of values over days, and a dashed line where it should be. For the eye alone: its table stands beside it.

    `points` are (day's ordinal, value), in the order of days; fewer than two draw a dot.
    """
    if not points:
        return SafeString("")
    values = [value for _day, value in points] + ([target] if target is not None else [])
    low, high = min(values), max(values)
    first, last = points[0][0], points[-1][0]

    def across(day: int) -> float:
        return EDGE + (WIDE - 2 * EDGE) * (0.5 if first == last else (day - first) / (last - first))

    def up(value: int) -> float:
        return HIGH - EDGE - (HIGH - 2 * EDGE) * (0.5 if low == high else (value - low) / (high - low))

    line = " ".join(f"{across(day):.1f},{up(value):.1f}" for day, value in points)
    aim = format_html('<path class="aim" d="M0 {0}H{1}"/>', f"{up(target):.1f}", WIDE) if target is not None else ""
    x, y = f"{across(last):.1f}", f"{up(points[-1][1]):.1f}"
    return format_html(
        '<svg class="trend {}" viewBox="0 0 {} {}" aria-hidden="true">{}<polyline points="{}"/>'
        '<circle cx="{}" cy="{}" r="4"/></svg>',
        large, WIDE, HIGH, aim, line, x, y,
    )  # fmt: skip


@register.simple_tag
def used_bar(share: int, left: int) -> SafeString:
    """How much of a plan is used, 0 to 100; another colour where nothing is left. For the eye alone."""
    return format_html(
        '<svg class="bar-chart" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="part-4" width="100" height="10" opacity=".25"/>'
        '<rect class="part-{}" width="{}" height="10"/></svg>',
        3 if left < 0 else 0, share,
    )  # fmt: skip
