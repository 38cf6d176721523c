import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.doors.evaluate import NeedsFileError, evaluate


class Command(BaseCommand):
    help = "Score the search on a file of needs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = evaluate(options["file"], options["source"])
        except (NeedsFileError, OSError) as error:
            raise CommandError(str(error)) from error
        if options["as_json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        self.stdout.write("language    n  nDCG@10    MRR  hit@3")
        for language, row in report.items():
            if isinstance(row, dict) and "ndcg10" in row:
                line = f"{language:8}{row['n']:5}{row['ndcg10']:9.3f}{row['mrr']:7.3f}{row['hit3']:7.3f}"
                self.stdout.write(line)
        self.stdout.write(f"latency: p50 {report['latency_ms']['p50']} ms, p95 {report['latency_ms']['p95']} ms")
        for miss in report["misses"]:
            self.stdout.write(f"missed {miss['id']} ({miss['lang']}): {miss['text']} → {', '.join(miss['first'])}")
