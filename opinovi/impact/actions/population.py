"""A table of how large a part of a region's adults each group is, read with its source."""

import csv
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from io import StringIO

from django.db import transaction

from opinovi.base.events import record
from opinovi.impact.groups import GROUPS
from opinovi.impact.models import Population
from opinovi.network.models import Network

COLUMNS = ("group", "share", "year", "source")


@dataclass
class Table:
    """What was read of a file: rows, and what is wrong with the others, by line."""

    rows: list[tuple[str, int, int, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_table(text: str) -> Table:
    """CSV with the columns group, share (in per cent), year and source; comma or semicolon, decimal comma or point."""
    found = Table()
    text = text.removeprefix("\ufeff")
    separator = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.DictReader(StringIO(text), delimiter=separator)
    if not rows.fieldnames or not set(COLUMNS) <= {name.strip() for name in rows.fieldnames if name}:
        found.problems.append(f"1: the columns are {', '.join(COLUMNS)}")
        return found
    seen = set()
    for line, row in enumerate(rows, 2):
        told = {
            (name or "").strip(): (value or "").strip() for name, value in row.items() if not isinstance(value, list)
        }
        try:
            share = Decimal(told["share"].replace(",", ".").removesuffix("%").strip())
        except InvalidOperation:
            found.problems.append(f"{line}: share: not a number: {told['share'][:30]}")
            continue
        year = told["year"]
        if told["group"] not in GROUPS:
            found.problems.append(f"{line}: group: not one of {', '.join(GROUPS)}")
        elif not share.is_finite() or not 0 <= share <= 100:
            found.problems.append(f"{line}: share: per cent, from 0 to 100")
        elif not (year.isascii() and year.isdigit() and 1990 <= int(year) <= 2100):
            found.problems.append(f"{line}: year: four digits")
        elif not told["source"]:
            found.problems.append(f"{line}: source: where the figure comes from")
        elif (told["group"], year) in seen:
            found.problems.append(f"{line}: {told['group']}: stands twice for {year}")
        else:
            seen.add((told["group"], year))
            found.rows.append((told["group"], round(share * 10), int(year), told["source"][:200]))
    return found


@transaction.atomic
def load_table(network: Network, table: Table) -> int:
    """Nothing of a table with anything wrong in it. A year's shares take the place of those that stood for it."""
    if table.problems or not table.rows:
        raise ValueError("a table with problems is not loaded")
    for group, permille, year, source in table.rows:
        Population.objects.update_or_create(
            network=network, group=group, year=year, defaults={"permille": permille, "source": source}
        )
    record("load_population", "network", network.id, rows=len(table.rows))
    return len(table.rows)
