import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from opinovi.base.masking import mask
from opinovi.directory.models import Source
from opinovi.doors.door import Door, for_need
from opinovi.doors.find import find
from opinovi.doors.need import understand
from opinovi.doors.where import read_place
from opinovi.network.queries import current_network


class Command(BaseCommand):
    help = 'Find doors for a need: opinovi find "en tiedä mikä minusta tulisi" --municipality 398'

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text")
        parser.add_argument("--language", choices=["fi", "sv", "en"], default="fi")
        parser.add_argument("--municipality", default="", help="code, postcode or name")
        parser.add_argument("--source", choices=Source.values, default="")
        parser.add_argument("--limit", type=int, default=10)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        text, _masked = mask(options["text"])
        if not text.strip():
            raise CommandError("Say what is needed: the text is empty.")
        if not 1 <= options["limit"] <= 200:
            raise CommandError("--limit is from 1 to 200.")
        place = read_place(options["municipality"], current_network())
        if not place.known:
            raise CommandError(f"No municipality or postcode is known as {options['municipality']!r}.")
        need = understand(text, options["language"])
        where = place.where if options["municipality"] else None
        found = find(need, where, options["source"], limit=options["limit"])
        hits = {hit.id: hit for hit in found.hits}
        with translation.override(options["language"]):
            doors = for_need(found, need)
            lines = [f"{line.name} {line.number}" for line in need.danger.lines]
        told = {
            "language": need.language,
            "topics": [met.topic for met in need.topics],
            "corrections": need.corrections,
            "helplines": lines,
            "total": found.total,
            "good": found.good,
            "doors": [self.row(one, hits[one.id].score) for one in doors],
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["as_json"] else self.text(told))

    def row(self, one: Door, score: float) -> dict[str, Any]:
        return {
            "id": str(one.id),
            "name": one.name.text,
            "organisation": one.who.text if one.who else "",
            "where": one.where,
            "reason": one.reason,
            "opening": one.opening,
            "source": one.record.source,
            "score": round(score, 3),
        }

    def text(self, told: dict[str, Any]) -> str:
        lines = [*told["helplines"], f"{told['total']} ({told['language']}): {', '.join(told['topics'][:6])}"]
        if not told["good"]:
            lines.append("Nothing is surely right: the front desk comes first.")
        for rank, one in enumerate(told["doors"], start=1):
            who = ", ".join(part for part in (one["organisation"], one["where"]) if part)
            lines.append(f"{rank:3}. {one['name']}  [{who}]  {one['reason']}")
        return "\n".join(lines)
