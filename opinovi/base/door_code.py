"""A door code: what stands at the end of its address, and the address as a picture that a phone reads, which takes its
colour from the page."""

import secrets

import segno
from django.utils.safestring import SafeString, mark_safe

# Letters and figures that nobody takes for another.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_code(length: int = 8) -> str:
    """A new one, by lot: one of 850 thousand million, or with seven signs of 27."""
    return "".join(secrets.choice(SIGNS) for _number in range(length))


def picture(address: str) -> SafeString:
    """The code of one of our own addresses, as SVG."""
    made = segno.make(address, error="m").svg_inline(scale=1, border=0, omitsize=True, svgclass="code", lineclass=None)
    # What it is stands beside it in words.
    return mark_safe(made.replace("<svg ", '<svg aria-hidden="true" ', 1))
