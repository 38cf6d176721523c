"""Finnish personal identity codes are never kept: one found in free text is masked before it is saved."""

import re

PERSONAL_CODE = re.compile(r"\b\d{6}\s?[-+A-FU-Ya-fu-y]\s?\d{3}[0-9A-FHJ-NPR-Ya-fhj-npr-y]\b")
MASK = "●●●●●●"


def mask(text: str) -> tuple[str, bool]:
    """The text with Finnish personal identity codes masked, and whether there were any. The one character that no
    database keeps alike is left out."""
    masked, count = PERSONAL_CODE.subn(MASK, text.replace("\x00", ""))
    return masked, bool(count)


def masked_texts(texts: dict[str, str]) -> dict[str, str]:
    """Texts by language as they are saved: masked, and without the languages in which nothing was written."""
    return {code: mask(text)[0].strip() for code, text in texts.items() if text.strip()}
