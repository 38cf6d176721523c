"""A spreadsheet of services: how long it takes to read and compare, and to load, new and changed."""

import statistics
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.core.management import call_command

from opinovi.directory.actions import bulk
from opinovi.directory.codes import municipality_codes
from opinovi.directory.models import BulkLoad, Service
from opinovi.directory.sheet import write_csv, write_xlsx
from opinovi.network.example import make_network, make_people
from opinovi.network.models import Organisation, Person

TRIES = 3


def made(count: int) -> list[list[str]]:
    """Rows of new services with a text in three languages, a place, hours and ways in."""
    rows = [["name_fi", "name_sv", "name_en", "summary_fi", "description_fi", "kind", "charge", "languages", "area",
             "phone", "phone_hours", "email", "web"]]  # fmt: skip
    for number in range(count):
        name = f"Palvelu {number}"
        rows.append([name, f"Tjänst {number}", f"Service {number}", f"Lause palvelusta {number}.", "Kuvaus. " * 40,
                     "guidance", "free", "fi, sv", "Lahti, Heinola", f"03 100 {number:04d}", "ma-pe 9-15",
                     f"p{number}@talo.example", "https://talo.example/"])  # fmt: skip
    return rows


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def load(content: bytes, house: Organisation, person: Person) -> tuple[float, float]:
    """Seconds to read and compare, and to load."""
    sent = bulk.send_in(person, house, "bench.xlsx", content)
    read = timed(lambda: bulk.read(sent.id))
    sent.refresh_from_db()
    assert sent.state == BulkLoad.State.READY, sent.errors[:3]
    bulk.start_loading(person, sent)
    loaded = timed(lambda: bulk.apply(sent.id))
    sent.refresh_from_db()
    assert sent.state == BulkLoad.State.LOADED, sent.errors[:3]
    return read, loaded


def main() -> None:
    count = int(sys.argv[1])
    call_command("migrate", verbosity=0)
    make_network(municipality_codes())
    make_people(municipality_codes())
    house = Organisation.objects.get(external_id="salpaus")
    person = Person.objects.get(email="eetu@example.example")
    new, changed = [], []
    for _try in range(TRIES):
        Service.objects.filter(organisation=house).delete()
        new.append(load(write_xlsx(made(count)), house, person))
        rows = list(bulk.sheet_of(house))
        column = rows[0].index("summary_fi")
        for row in rows[1:]:
            row[column] = f"Muutettu: {row[column]}"
        changed.append(load(write_csv(rows), house, person))
    for name, found in (("new, XLSX", new), ("changed, CSV", changed)):
        read, loaded = (statistics.median(one[part] for one in found) for part in (0, 1))
        print(f"| {name} | {count} | {read:.1f} | {loaded:.1f} |")


main()
