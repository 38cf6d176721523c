"""The access matrix, made from the addresses themselves: opinovi access writes docs/access.md."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rules
from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import URLPattern, get_resolver

HEAD = """# Who may open what

Made by `opinovi access` from the addresses and rules in the code; a test fails when it is not true. Default is no
access: an address without a rule does not answer. Finnish stands at the root; the other languages behind /sv and /en.

| address | rule | visitor |
| --- | --- | --- |
"""


@dataclass(frozen=True)
class Address:
    route: str
    rule: str

    def path(self, ids: dict[str, Any]) -> str:
        """The address with the ids in their places."""
        path = self.route
        for name, value in ids.items():
            for kind in ("uuid:", "str:", ""):
                path = path.replace(f"<{kind}{name}>", str(value))
        return f"/{path}"


def addresses() -> list[Address]:
    return list(walk(get_resolver().url_patterns, ""))


def walk(patterns: list[Any], before: str) -> Iterable[Address]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield Address(route, getattr(one.callback, "access_rule", ""))
        else:
            yield from walk(one.url_patterns, route)


def table() -> str:
    rows = [
        f"| `/{one.route}` | `{one.rule}` | {'yes' if rules.test_rule(one.rule, None) else 'no'} |"
        for one in addresses()
    ]
    return HEAD + "\n".join(rows) + "\n"


class Command(BaseCommand):
    help = "Write docs/access.md anew."

    def handle(self, *args: Any, **options: Any) -> None:
        Path(settings.BASE_DIR / "docs" / "access.md").write_text(table())
