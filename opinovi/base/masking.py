"""Finnish personal identity codes are never kept: one found in free text is masked before it is saved."""

import re

PERSONAL_CODE = re.compile(r"\b\d{6}\s?[-+A-FU-Ya-fu-y]\s?\d{3}[0-9A-FHJ-NPR-Ya-fhj-npr-y]\b")
MASK = "●●●●●●"


def mask(text: str) -> tuple[str, bool]:
    """The text with Finnish personal identity codes masked, and whether there were any."""
    masked, count = PERSONAL_CODE.subn(MASK, text)
    return masked, bool(count)
