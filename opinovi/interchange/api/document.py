"""The description of the API: the standard's own schemas, and what every operation may answer."""

import json
from functools import cache
from typing import Any

from django.conf import settings

PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
PAGE = {
    "total_items": {"type": "integer"},
    "total_pages": {"type": "integer"},
    "page_number": {"type": "integer"},
    "size": {"type": "integer"},
    "first_page": {"type": "boolean"},
    "last_page": {"type": "boolean"},
    "empty": {"type": "boolean"},
}
WHY = {
    400: "The question can't be read: what is wrong with it stands in `errors`.",
    401: "No key, or one that opens nothing any more.",
    403: "The key may not do this.",
    404: "There is no such thing.",
    405: "This address does not answer to that method.",
    409: "It can't be done any more: somebody else was first.",
    422: "What was sent does not hold together: see `errors`.",
    429: "Too many requests; wait as many seconds as `Retry-After` says.",
}


@cache
def components() -> dict[str, Any]:
    """The standard's schemas by their names, and our own."""
    found: dict[str, Any] = {"problem": PROBLEM}
    for path in sorted((settings.DATA_DIR / "hsds").glob("*.json")):
        if path.stem != "openapi":
            found[f"hsds_{path.stem}"] = referring(json.loads(path.read_text(encoding="utf-8")))
    return found


def referring(told: Any) -> Any:
    """The schema with its references to other files led to the components."""
    if isinstance(told, dict):
        return {
            key: f"#/components/schemas/hsds_{value.removesuffix('.json')}"
            if key == "$ref" and isinstance(value, str) and value.endswith(".json")
            else referring(value)
            for key, value in told.items()
        }
    return [referring(one) for one in told] if isinstance(told, list) else told


def of(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def paged(name: str) -> dict[str, Any]:
    """A page of the standard: which it is, and its contents."""
    contents = {"type": "array", "items": of(name)}
    return {"type": "object", "required": [*PAGE, "contents"], "properties": {**PAGE, "contents": contents}}


def answers(schema: dict[str, Any], *problems: int, status: int = 200, lines: bool = False) -> dict[str, Any]:
    """What an operation may answer: its own, the same as lines where it is streamed, and problems."""
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    if lines:
        content["application/x-ndjson"] = {"schema": {"type": "string"}}
    told: dict[Any, Any] = {status: {"description": "OK", "content": content}}
    if status == 200:
        told[304] = {"description": "Nothing has changed since the answer with this ETag."}
    for code in sorted({*problems, 400, 405, 429}):
        told[code] = {"description": WHY[code], "content": {"application/problem+json": {"schema": of("problem")}}}
    return {"responses": told}
