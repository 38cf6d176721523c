"""What higher rooms add to the pages of this one: they put it up as they start, and this room need not know them."""

from collections.abc import Callable
from typing import Any

# Below what a service's page tells: (title, [(words, address), ...]) of a service, or nothing.
beside_service: list[Callable[[Any], tuple[str, list[tuple[str, str]]] | None]] = []
# Beside what was found: of a need and a place, {"title", "rows": [{"words", "note", "href"}], "all" (an address)}, or
# nothing.
beside_results: list[Callable[[Any, Any], dict[str, Any] | None]] = []
