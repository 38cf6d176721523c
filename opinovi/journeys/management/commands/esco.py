"""Skills named by ESCO: opinovi esco FILE [FILE ...], of the official CSV files: skills_fi.csv, skills_sv.csv ..."""

import csv
import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from opinovi.journeys.models import Skill

COLUMNS = ("conceptUri", "preferredLabel", "altLabels")


class Command(BaseCommand):
    help = "Load the names of skills from ESCO's official CSV files, a language each (told by the file's name)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"]:
            language = re.search(r"_([a-z]{2})\.csv$", path.name)
            if language is None:
                raise CommandError(f"{path.name}: the name must tell the language, as in skills_fi.csv")
            self.stdout.write(f"{path.name}: {self.load(path, language[1])} skills")

    @transaction.atomic
    def load(self, path: Path, language: str) -> int:
        """Each skill's name and its other names in one language; a second run changes nothing."""
        found = {one.uri: one for one in Skill.objects.all()}
        count = 0
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if missing := [one for one in COLUMNS if one not in (rows.fieldnames or [])]:
                raise CommandError(f"{path.name}: no column {', '.join(missing)}")
            for row in rows:
                skill = found.setdefault(row["conceptUri"], Skill(uri=row["conceptUri"]))
                skill.name = {**skill.name, language: row["preferredLabel"].strip()}
                names = [row["preferredLabel"], *(row["altLabels"] or "").splitlines()]
                known = dict.fromkeys(skill.words.splitlines())
                skill.words = "\n".join(known | dict.fromkeys(one.strip().lower() for one in names if one.strip()))
                count += 1
        Skill.objects.bulk_create(
            found.values(),
            update_conflicts=True,
            unique_fields=["uri"],
            update_fields=["name", "words"],
            batch_size=500,
        )
        return count
