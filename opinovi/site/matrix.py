"""The access matrix: every role over every address, for an object of one's own and of another's.

It stands on real rows (samples.py), made for the purpose and rolled back, so that the rules are asked as they are in
service.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import rules
from django.urls import URLPattern, get_resolver

from opinovi.network.models import Network


@dataclass(frozen=True)
class Address:
    """An address of the project: its route, the rule that it names, and how its object is found, if it is of one."""

    route: str
    rule: str
    of: Any = None
    # The rule of changing what it shows, where that is another.
    change: str = ""

    @property
    def of_network(self) -> bool:
        """Whether its object is the network at whose door it is asked: no id stands in it."""
        return self.of is not None and "<" not in self.route

    def path(self, ids: dict[str, Any]) -> str:
        """The address with the ids in their places, at the network's door if it is of that."""
        path = f"{ids['network_prefix']}/{self.route}".lstrip("/") if self.of_network else self.route
        for name, value in ids.items():
            for kind in ("uuid:", "uuidstr:", "str:", "int:", "slug:", ""):
                path = path.replace(f"<{kind}{name}>", str(value))
        return f"/{path}"


def addresses() -> list[Address]:
    return list(walk(get_resolver().url_patterns, ""))


def walk(patterns: list[Any], before: str) -> Iterable[Address]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            rule, change = (getattr(one.callback, f"access_{name}", "") for name in ("rule", "change"))
            yield Address(route, rule, getattr(one.callback, "access_of", None), change)
        else:
            yield from walk(one.url_patterns, route)


def allowed(address: Address, person: Any, ids: dict[str, Any], change: bool = False) -> bool:
    """Whether the rules let a person through to the address with these ids, to look or to change."""
    if address.of is None:
        return bool(rules.test_rule(address.change if change and address.change else address.rule, person))
    if not person.is_authenticated:
        return False
    names = re.findall(r"<(?:\w+:)?(\w+)>", address.route)
    if address.of_network:
        found = Network.objects.filter(id=ids["network_id"]).first()
    else:
        found = address.of(**{name: ids[name] for name in names})
    if found is None or not rules.test_rule(address.rule, person, found):
        return False
    return not (change and address.change) or bool(rules.test_rule(address.change, person, found))


def forget_standing(person: Any) -> None:
    """Let the rules read a person's roles anew."""
    for name in ("_standing", "_teams", "_members", "_client_id"):
        if hasattr(person, name):
            delattr(person, name)
