"""A door code: an address as a picture that a phone reads. It takes its colour from the page."""

import segno
from django.utils.safestring import SafeString, mark_safe


def picture(address: str) -> SafeString:
    """The code of one of our own addresses, as SVG."""
    made = segno.make(address, error="m").svg_inline(scale=1, border=0, omitsize=True, svgclass="code", lineclass=None)
    return mark_safe(made)
