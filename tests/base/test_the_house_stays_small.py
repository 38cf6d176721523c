"""No file is longer than one can read, no function longer than one can hold, and no module only passes things on."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

LINES, LINES_OF_A_FUNCTION = 400, 80
ROOT = Path(settings.BASE_DIR)


def files() -> Iterator[tuple[str, str]]:
    """What people write: code, tests, pages, style. Migrations and translations are written by commands."""
    for folder in ("opinovi", "tests", "scripts", "bench"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".css", ".js") and not {"migrations", "__pycache__"} & set(path.parts):
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def code() -> Iterator[tuple[str, ast.Module]]:
    return ((name, ast.parse(text)) for name, text in files() if name.endswith(".py"))


def test_no_file_is_longer_than_one_can_read() -> None:
    assert [name for name, text in files() if text.count("\n") > LINES] == []


def test_no_function_is_longer_than_one_can_hold() -> None:
    long = [
        f"{name}: {one.name}"
        for name, tree in code()
        for one in ast.walk(tree)
        if isinstance(one, ast.FunctionDef) and (one.end_lineno or 0) - one.lineno + 1 > LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_no_day_is_taken_from_a_clock_of_another_land() -> None:
    """Moments are in UTC, where it is yesterday until two or three in the morning: days are asked of the clock's room."""
    of_utc = re.compile(r"now\(\)\.(date|year|month|day|weekday)\b|\b\w+_at\.(date\(\)|year\b|month\b|weekday\()")
    assert [f"{name}: {one[0]}" for name, text in files() if name.startswith("opinovi/") and name.endswith(".py")
            for one in of_utc.finditer(text)] == []  # fmt: skip


def test_no_module_only_passes_things_on() -> None:
    """Nothing but imports; the `__init__` of a package of models or forms gathers them, as Django finds them there."""
    empty = [
        name
        for name, tree in code()
        if tree.body
        and all(
            isinstance(one, ast.Import | ast.ImportFrom)
            or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
            for one in tree.body
        )
        and any(isinstance(one, ast.Import | ast.ImportFrom) for one in tree.body)
        and not name.endswith("__init__.py")
    ]
    assert empty == []
