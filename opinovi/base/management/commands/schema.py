"""Write what an empty database is filled with; or, with --check, see whether what is written is true."""

import json
import re
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from opinovi.base.schema import file_of, listening, made_of, migrations_there

TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?(\+\d\d:\d\d)?")


class Command(BaseCommand):
    help = "Migrate an empty database step by step and write down what was said to it (see base/schema.py)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Compare with what is written.")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.introspection.table_names():
            raise CommandError("The database is not empty: give a new OPINOVI_HOME or DATABASE_URL.")
        with listening(connection) as said:
            call_command("migrate", step_by_step=True, verbosity=0)
        told = {"migrations": migrations_there(connection), "statements": said}
        path = file_of(connection)
        if not options["check"]:
            path.parent.mkdir(exist_ok=True)
            lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in said)
            head = f'"migrations": {json.dumps(told["migrations"])},\n"made_of": "{made_of()}"'
            path.write_text(f'{{{head},\n"statements": [\n{lines}\n]}}\n')
            self.stdout.write(f"{len(said)} statements: {path}")
        elif not path.exists() or bare(json.loads(path.read_text(encoding="utf-8"))) != bare(told):
            raise CommandError("The migrations have changed. Write the schema anew: make schema")


def bare(told: dict[str, Any]) -> Any:
    """Without the times at which each was said."""
    return told["migrations"], TIME.sub("", json.dumps(told["statements"]))
