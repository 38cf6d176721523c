"""People and roles in templates."""

from django import template

from opinovi.network.account import role_name as name_of

register = template.Library()


@register.filter
def role_name(role: str) -> str:
    """A role as people call it."""
    return name_of(role)
