"""A claim of 50,000 entries: its sums, its workbook and its report, made as the worker makes them.

`python -m bench.claims`, with OPINOVI_HOME naming a folder that was set up. What it makes is taken back.
"""

import time
from datetime import timedelta

import django

django.setup()

from django.db import transaction

from opinovi.base.clock import today
from opinovi.network.models import Member, Network, Person
from opinovi.projects.actions import claiming, planning
from opinovi.projects.models import Claim, Entry

ENTRIES = 50_000


def main() -> None:
    with transaction.atomic():
        kaisa = Person.objects.get(email="kaisa@example.example")
        network = Network.objects.get(slug="paijat-hame")
        houses = list(network.members.all())
        day = today() - timedelta(days=200)
        project = planning.save_project(
            kaisa, network, None, [({"fi": "ESR"}, 4500), ({"fi": "Oma"}, 5500)], houses, name={"fi": "Mittaus"},
            summary={}, code="", begins=day, ends=today(), coordinator=network.coordinator, cost_model="real",
            flat_share=0, rounding="cent",
        )  # fmt: skip
        period = planning.add_period(kaisa, project, day, today() - timedelta(days=1))
        member = Member.objects.filter(person=kaisa)[0]
        Entry.objects.bulk_create(
            (
                Entry(period=period, organisation=houses[row % len(houses)], day=day + timedelta(days=row % 190),
                      cost_type=("staff", "travel", "services")[row % 3], in_kind=row % 7 == 0, text=f"Kulu {row}",
                      cents=1000 + row, entered_by=member, confirmed_by=member, state="confirmed")
                for row in range(ENTRIES)
            ),
            batch_size=2000,
        )  # fmt: skip
        began = time.perf_counter()
        claim = claiming.file_claim(kaisa, period)
        filed = time.perf_counter()
        claiming.make_files.call(str(claim.id), "fi")
        made = time.perf_counter()
        size = len(bytes(Claim.objects.values_list("sheet", flat=True).get(id=claim.id)))
        print(f"{ENTRIES} entries: filed in {filed - began:.2f} s, files in {made - filed:.2f} s, {size // 1024} kB")
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
