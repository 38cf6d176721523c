"""The pictures of the design system: doors that tell a state, and icons of the guided choice."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
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
