"""The languages of the pages, found by their files alone: a folder of texts in locale/ is a language.

Swedish and English are whole, as Finnish is. Every other has the public part; what it lacks is shown in English, in
plain Finnish (`fi-simple`, whose file holds only what it says otherwise) in Finnish. Nothing here needs Django:
settings read it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

# In which the desk, too, is written.
WHOLE = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
PLAIN_FINNISH = "fi-simple"
HEADER = re.compile(r'^"X-(Name|Machine-Made): (.*?)\\n"$', re.MULTILINE)


@dataclass(frozen=True)
class Language:
    """A language of the pages: its BCP 47 tag, what it calls itself, and whether no person has read its texts yet."""

    code: str
    name: str
    machine_made: bool = False

    @property
    def whole(self) -> bool:
        return self.code in WHOLE


def found_in(folder: Path) -> list[Language]:
    """The whole ones, then plain Finnish, then the rest by their tags. A file tells its name by its header `X-Name`,
    and by `X-Machine-Made: yes` that nobody has read it; once somebody has, the line is taken away."""
    others = []
    for path in folder.glob("*/LC_MESSAGES/django.po"):
        code = path.parent.parent.name.lower().replace("_", "-")
        if code not in WHOLE:
            # The header is what comes before the first text.
            told = dict(HEADER.findall(path.read_text(encoding="utf-8").split("\n\n", 1)[0]))
            others.append(Language(code, told.get("Name", code), told.get("Machine-Made") == "yes"))
    others.sort(key=lambda one: (one.code != PLAIN_FINNISH, one.code))
    return [*(Language(code, name) for code, name in WHOLE.items()), *others]
