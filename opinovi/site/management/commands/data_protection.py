"""The documents that the law asks of those who keep people's data, made of what the code really stores:
opinovi data_protection writes docs/tietosuoja.md, in Finnish as those who sign them read them."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from opinovi.site.data_protection import ACTIVITIES, NOBODY, OTHERWISE, Activity, fields_of


@lru_cache
def texts() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((settings.DATA_DIR / "tietosuoja.yaml").read_text(encoding="utf-8"))
    return found


def documents() -> str:
    with translation.override("fi"):
        return "\n".join([texts()["head"], *record(), *assessment(), *agreement()])


def record() -> list[str]:
    """Article 30: what is kept, table by table and column by column."""
    lines = ["## 1. Seloste käsittelytoimista (30 artikla)", ""]
    for number, one in enumerate(ACTIVITIES, start=1):
        lines += [f"### 1.{number} {one.name}", "", "| | |", "| --- | --- |"]
        lines += [f"| {name} | {told} |" for name, told in rows_of(one)]
        lines.append("")
        for label in one.models.split():
            after = f" Poistetaan {OTHERWISE[label]} päivän kuluttua." if label in OTHERWISE else ""
            lines.append(f"- `{label}`: {', '.join(fields_of(label))}.{after}")
        lines.append("")
    lines += ["### Missä ei ole henkilötietoja", ""]
    for why, labels in NOBODY.items():
        lines.append(f"- {why}: {', '.join(f'`{label}`' for label in labels.split())}")
    return [*lines, ""]


def rows_of(one: Activity) -> list[tuple[str, Any]]:
    return [
        ("Kenestä", one.whose),
        ("Mitä", one.what),
        ("Miksi", one.why),
        ("Peruste", one.basis),
        ("Kuka näkee", one.sees),
        ("Kuinka kauan", one.kept),
    ]


def assessment() -> list[str]:
    """Article 35."""
    lines = ["## 2. Vaikutustenarviointi (35 artikla)", ""]
    for name, key in (("Käsittely", "processing"), ("Tarpeellisuus", "need")):
        lines += [f"**{name}.** {texts()[key]}", ""]
    lines += ["| Riski | Mitä sille tehdään | Mikä sen näyttää |", "| --- | --- | --- |"]
    for one in texts()["risks"]:
        lines.append(f"| {one['risk']} | {one['done']} | {', '.join(f'`{path}`' for path in one['shown'])} |")
    return [*lines, "", f"**Jäljelle jää.** {texts()['left']}", ""]


def agreement() -> list[str]:
    """Article 26."""
    lines = ["## 3. Yhteisrekisterinpitäjien järjestely (26 artikla)", ""]
    lines += [f"{number}. **{one['name']}.** {one['text']}" for number, one in enumerate(texts()["shared"], start=1)]
    end = "Osapuolet, päivä ja allekirjoitukset: verkoston sopimus, jonka kukin allekirjoittaa järjestelmässä."
    return [*lines, "", end, ""]


class Command(BaseCommand):
    help = "Write docs/tietosuoja.md anew, or the same to a file of one's own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=settings.BASE_DIR / "docs" / "tietosuoja.md")

    def handle(self, *args: Any, **options: Any) -> None:
        options["file"].write_text(documents(), encoding="utf-8")
