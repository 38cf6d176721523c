"""Django's own, and on an empty database the quick way."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections

from opinovi.base.schema import fill


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--step-by-step", action="store_true", help="Migrate an empty database step by step, too.")

    def handle(self, *args: Any, **options: Any) -> None:
        whole = not options.get("app_label") and not options.get("plan") and not options.get("check_unapplied")
        if whole and not options.pop("step_by_step", False):
            fill(connections[options["database"]])
        super().handle(*args, **options)
