"""The texts of the pages: compiled for use, gathered anew, and checked to be whole in every language."""

import io
import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import to_locale

from opinovi.base.languages import PLAIN_FINNISH, WHOLE

LANGUAGES = tuple(code for code in WHOLE if code != settings.LANGUAGE_CODE)
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
# Where the texts of the public part stand: what one meets who looks for a door, asks, books, joins and comes back.
PUBLIC = [
    f"opinovi/{one}"
    for one in """
    base/limits.py base/storage.py base/when.py contact/actions/appointments.py contact/actions/enquiries.py
    contact/actions/groups.py contact/actions/waiting.py contact/ask.py contact/booking.py contact/booking_forms.py
    contact/conversations.py contact/files.py contact/forms.py contact/group_forms.py contact/groups.py
    contact/phones.py contact/templates/contact/answer.html contact/templates/contact/answers.html
    contact/templates/contact/ask.html contact/templates/contact/book*.html
    contact/templates/contact/choose_time.html contact/templates/contact/come_back.html
    contact/templates/contact/conversation.html contact/templates/contact/erased.html
    contact/templates/contact/group.html contact/templates/contact/groups.html
    contact/templates/contact/how_was_it.html contact/templates/contact/offer.html
    contact/templates/contact/open_conversation.html contact/templates/contact/own_time.html
    contact/templates/contact/own_time_over.html contact/templates/contact/registration.html
    contact/templates/contact/thread.html directory/hours_words.py directory/labels.py directory/public.py
    directory/templates/directory/offering*.html directory/templates/directory/organisation*.html
    directory/templates/directory/place*.html directory/templates/directory/report*.html directory/views.py
    directory/ways.py doors/danger.py doors/door.py doors/facets.py doors/guided.py doors/kept.py doors/leaflet.py
    doors/service_page.py doors/templates/doors/ask.html doors/templates/doors/choose.html
    doors/templates/doors/home.html doors/templates/doors/leaflet.html doors/templates/doors/my_doors.html
    doors/templates/doors/results.html doors/templates/doors/service*.html doors/views.py doors/where.py
    site/errors.py site/kiosk.py site/reading.py site/templates/429.html site/templates/site/base.html
    site/templates/site/error*.html site/templates/site/kiosk.html site/templates/site/no_phone.html
    site/templates/site/offline.html site/templates/site/parts/* site/templates/site/reading.html
    site/templates/site/refused.html
    """.split()
]


class Command(BaseCommand):
    help = "opinovi translations compile | gather | check"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["compile", "gather", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        {"compile": self.compile, "gather": self.gather, "check": self.compare}[options["what"]]()

    def compile(self) -> None:
        """Write the .mo files that are older than their texts. Needs nothing but Python."""
        for language in (*LANGUAGES, *others()):
            target, sources = path(language).with_suffix(".mo"), [path(language)]
            if language in others() and language != PLAIN_FINNISH:
                # What it lacks is said in English.
                sources.append(path("en"))
            if not target.exists() or target.stat().st_mtime < max(one.stat().st_mtime for one in sources):
                whole = catalog(language)
                if len(sources) > 1:
                    fill(whole, catalog("en"))
                buffer = io.BytesIO()
                write_mo(buffer, whole)
                target.write_bytes(buffer.getvalue())

    def gather(self) -> None:
        """Take new texts from code and pages into the .po files. Needs GNU gettext."""
        options: dict[str, Any] = {"locale": list(LANGUAGES), "no_obsolete": True, "verbosity": 0}
        options["ignore_patterns"] = ["var/*", ".venv/*"]
        if others():
            call_command("makemessages", add_location="file", **options)
            public = [one for one in catalog("en") if one.id and any(is_public(place) for place, _ in one.locations)]
            for language in others():
                gather_public(language, public)
        call_command("makemessages", no_location=True, **options)

    def compare(self) -> None:
        """Fail where a text is not translated, or where the files do not have every text."""
        before = {language: set(texts(language)) for language in LANGUAGES}
        kept = {language: path(language).read_bytes() for language in (*LANGUAGES, *others())}
        try:
            self.gather()
            problems = [line for language in LANGUAGES for line in self.missing(language, before[language])]
            problems += [line for language in others() for line in wrong_in(language)]
            lacking = {language: sum(not whole for whole in texts(language).values()) for language in others()}
        finally:
            for language, text in kept.items():
                path(language).write_bytes(text)
        for line in problems:
            self.stderr.write(line)
        if problems:
            raise CommandError(f"{len(problems)} text(s) to translate: opinovi translations gather, then fill them in.")
        self.stdout.write(f"Every one of {len(before['sv'])} texts stands in Swedish and English.")
        for language, count in lacking.items():
            if language != PLAIN_FINNISH:
                self.stdout.write(f"{language}: {count} texts of the public part are shown in English.")

    def missing(self, language: str, before: set[str]) -> list[str]:
        found = texts(language)
        lacking = [f"{language}: not gathered: {text}" for text in found if text not in before]
        empty = [f"{language}: not translated: {text}" for text, whole in found.items() if not whole]
        return [*lacking, *empty]


def others() -> list[str]:
    """The languages that have the public part alone."""
    return [one.code for one in settings.FOUND_LANGUAGES if not one.whole]


def path(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / "django.po"


def catalog(language: str) -> Catalog:
    with path(language).open("rb") as file:
        return read_po(file, locale=language.split("-")[0])


def is_public(place: str) -> bool:
    return any(fnmatch(place, pattern) for pattern in PUBLIC)


def gather_public(language: str, public: list[Any]) -> None:
    """A language's file anew, with the texts of the public part; what was translated stays."""
    old, head = catalog(language), path(language).read_text(encoding="utf-8").split("\n\n", 1)[0]
    new = Catalog(locale=language.split("-")[0], fuzzy=False)
    for one in public:
        known = old.get(one.id if isinstance(one.id, str) else one.id[0], one.context)
        if language == PLAIN_FINNISH and not (known and known.string and all(known.string)):
            continue
        new.add(one.id, known.string if known else None, flags=one.flags - {"fuzzy"}, context=one.context)
    buffer = io.BytesIO()
    write_po(buffer, new, width=120, omit_header=True)
    path(language).write_text(head + "\n\n" + buffer.getvalue().decode().strip() + "\n", encoding="utf-8")


def fill(one: Catalog, other: Catalog) -> None:
    """Let a catalogue say as another does what it has no words for."""
    for message in other:
        key = message.id if isinstance(message.id, str) else message.id[0]
        known = one.get(key, message.context) if key else None
        said = known.string if known else ""
        if key and not (said if isinstance(said, str) else said and all(said)):
            one.delete(key, message.context)
            string = message.string
            if not isinstance(string, str):
                # As many forms as the language has: the last is that of many.
                forms = list(string or ())
                string = tuple(forms[:1] + forms[-1:] * (one.num_plurals - 1))
            one.add(message.id, string, flags=message.flags, context=message.context)


def wrong_in(language: str) -> list[str]:
    """What would break a page: a text whose places to fill in are not those of the Finnish one."""
    found = []
    for message in catalog(language):
        said = [message.string] if isinstance(message.string, str) else list(message.string or ())
        asked = set(PLACE.findall(message.id if isinstance(message.id, str) else message.id[-1]))
        for text in said if message.id else []:
            # One, two and few may be said in words instead of a figure.
            told = set(PLACE.findall(text))
            if text and (told - asked or (isinstance(message.id, str) and asked - told)):
                found.append(f"{language}: not the same places: {text}")
    return found


def texts(language: str) -> dict[str, bool]:
    """Each text with whether it is translated whole: no plural empty, not marked as a guess."""
    found = {}
    for message in catalog(language):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            said = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            found[key] = bool(said) and all(said) and not message.fuzzy
    return found
