"""The texts of the pages: compiled for use, gathered anew, and checked to be whole in every language."""

import io
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

LANGUAGES = ("sv", "en")


class Command(BaseCommand):
    help = "opinovi translations compile | gather | check"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["compile", "gather", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        {"compile": self.compile, "gather": self.gather, "check": self.compare}[options["what"]]()

    def compile(self) -> None:
        """Write the .mo files that are older than their texts. Needs nothing but Python."""
        for language in LANGUAGES:
            target = path(language).with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < path(language).stat().st_mtime:
                buffer = io.BytesIO()
                write_mo(buffer, catalog(language))
                target.write_bytes(buffer.getvalue())

    def gather(self) -> None:
        """Take new texts from code and pages into the .po files. Needs GNU gettext."""
        call_command(
            "makemessages",
            locale=list(LANGUAGES),
            no_location=True,
            no_obsolete=True,
            verbosity=0,
            ignore_patterns=["var/*", ".venv/*"],
        )

    def compare(self) -> None:
        """Fail where a text is not translated, or where the files do not have every text."""
        before = {language: set(texts(language)) for language in LANGUAGES}
        kept = {language: path(language).read_bytes() for language in LANGUAGES}
        try:
            self.gather()
            problems = [line for language in LANGUAGES for line in self.missing(language, before[language])]
        finally:
            for language, text in kept.items():
                path(language).write_bytes(text)
        for line in problems:
            self.stderr.write(line)
        if problems:
            raise CommandError(f"{len(problems)} text(s) to translate: opinovi translations gather, then fill them in.")
        self.stdout.write(f"Every one of {len(before['sv'])} texts stands in Swedish and English.")

    def missing(self, language: str, before: set[str]) -> list[str]:
        found = texts(language)
        lacking = [f"{language}: not gathered: {text}" for text in found if text not in before]
        empty = [f"{language}: not translated: {text}" for text, whole in found.items() if not whole]
        return [*lacking, *empty]


def path(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def catalog(language: str) -> Catalog:
    with path(language).open("rb") as file:
        return read_po(file, locale=language)


def texts(language: str) -> dict[str, bool]:
    """Each text with whether it is translated whole: no plural empty, not marked as a guess."""
    found = {}
    for message in catalog(language):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            said = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            found[key] = bool(said) and all(said) and not message.fuzzy
    return found
