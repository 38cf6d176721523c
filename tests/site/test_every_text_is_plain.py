"""Every fixed Finnish text of the product keeps to the bound that docs/standards.md names."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from opinovi.doors.writing import reading, sentences

# Words a sentence; LIX of all texts together, and of each that is long enough for LIX to say something.
MOST_WORDS, MOST_TOGETHER, MOST_EACH, LONG = 15, 47, 60, 20
# What is put into a text stands for a word.
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """As they are in the code and the pages, each once; those with many words in one go end with a stop."""
    path = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        catalog = read_po(file, "en")
    told = [
        one
        for message in catalog
        if message.id
        for one in ([message.id] if isinstance(message.id, str) else message.id)
    ]
    return [PLACE.sub("sana", one) for one in told]


def test_no_sentence_is_too_long(texts: list[str]) -> None:
    assert len(texts) > 4000
    assert [one for one in texts for words in sentences(one) if len(words) > MOST_WORDS] == []


def test_no_text_is_heavy_to_read(texts: list[str]) -> None:
    told = [(one, found) for one in texts if (found := reading(one))]
    assert [(one, found.lix) for one, found in told if found.words >= LONG and found.lix > MOST_EACH] == []
    whole = reading("\n".join(one for one, _ in told))
    assert whole is not None and whole.lix <= MOST_TOGETHER


def test_a_text_that_is_too_long_is_found() -> None:
    """The check can fail."""
    heavy = "Ohjauspalveluiden yhteensovittamisen kehittämistoimenpiteiden " * 8
    assert max(len(one) for one in sentences(heavy)) > MOST_WORDS
    found = reading(heavy)
    assert found is not None and found.lix > MOST_EACH
