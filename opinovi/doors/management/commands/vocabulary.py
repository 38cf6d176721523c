from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.doors.topics import LANGUAGES, problems, topics


class Command(BaseCommand):
    help = "Check the need vocabulary: opinovi vocabulary check."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["check"])

    def handle(self, *args: Any, **options: Any) -> None:
        found = problems()
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} problem(s) in the vocabulary.")
        counts = {lang: sum(len(topic.expressions[lang]) for topic in topics().values()) for lang in LANGUAGES}
        said = ", ".join(f"{count} {language}" for language, count in counts.items())
        self.stdout.write(f"{len(topics())} topics hold together; expressions: {said}.")
