from typing import Any

from django.core.management.base import BaseCommand, CommandError

from opinovi.site.doctor import examine

MARKS = {"well": "ok   ", "look": "look ", "wrong": "WRONG"}


class Command(BaseCommand):
    help = "Say what is wrong with the installation and what to do. Ends with 1 where something is wrong."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = examine()
        for one in found:
            self.stdout.write(
                f"{MARKS[one.how]} {one.what}" + (f"\n      → {one.do}" if one.do and one.how != "well" else "")
            )
        wrong = sum(one.how == "wrong" for one in found)
        if wrong:
            raise CommandError(f"{wrong} of {len(found)} things are wrong.")
