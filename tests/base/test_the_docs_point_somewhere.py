"""Where the docs say that a rule stands, it stands; and every table of theirs is one."""

import ast
import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCS = sorted((ROOT / "docs").glob("*.md"))


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {one.name for one in ast.walk(tree) if isinstance(one, (ast.FunctionDef, ast.ClassDef))}


def test_twenty_rules_are_pointed_at_one_place_each() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rules = re.findall(r"\| `(opinovi/[\w/]+\.py): (\w+)` \|", text)
    assert len(rules) >= 20 and len(set(rules)) == len(rules)
    assert [f"{path}: {name}" for path, name in rules if name not in names_in(ROOT / path)] == []


def test_every_file_that_the_docs_name_is_there() -> None:
    missing = [
        f"{doc.name}: {path}"
        for doc in (*DOCS, ROOT / "README.md")
        for path in re.findall(
            r"`((?:opinovi|tests|bench|scripts|docs)/[\w/.-]+\.\w+)`", doc.read_text(encoding="utf-8")
        )
        if not (ROOT / path).exists()
    ]
    assert missing == []


def test_no_table_is_broken_in_two() -> None:
    broken = [
        doc.name
        for doc in DOCS
        for before, here, after in zip(
            *(doc.read_text(encoding="utf-8").split("\n")[at:] for at in range(3)), strict=False
        )
        if before.startswith("|")
        and not here
        and after.startswith("|")
        and not after.startswith(("| library", "| ---"))
    ]
    assert broken == []
