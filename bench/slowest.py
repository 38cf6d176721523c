"""Every page that the stories open, by whom they open it: the ten slowest, with what each asks of the database.

`python -m bench.slowest` with OPINOVI_HOME set to an empty folder. Prints rows: milliseconds in this process, medians.
"""

import io
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

ROUNDS, SHOWN = 5, 10
# Why a page takes its time, by the beginning of its address.
WHY = (
    ("/places?near", "sorts every place by distance"),
    ("/places", "every place of the network with its hours, three weeks ahead"),
    ("/desk/who?q", "a search among people, their cards and their services"),
    ("/desk/referrals/together", "the names of up to a hundred clients unlocked, each reading an Event"),
    ("/desk/referrals", "a referral with its client, consent, receiver and first meeting: wide rows"),
    ("/desk/clients/{id}/refer", "all that may be shared, unlocked, and every service that can receive"),
    ("/desk/clients", "a client with consents, notes and hand-overs, unlocked, and the reading's Event"),
    ("/desk/networks/{id}/freshness", "the freshness of every record of the network, by organisation"),
    ("/desk/networks/{id}", "every member with its people, agreement and records"),
    ("/desk/answers/{id}", "a form in three languages, with 260 topics to choose from"),
    ("/desk/teams/{id}/groups", "a form in three languages, with services, guides and places to choose from"),
    ("/desk/teams/{id}/rules", "a form with services, guides and places to choose from"),
    ("/desk/groups/{id}/edit", "a form in three languages, with services, guides and places to choose from"),
    ("/desk/times/rules", "a form with services, guides and places to choose from"),
    (
        "/desk/drafts/{id}/review",
        "the page as it would be, read whole, its form, its twins, and advice on every sentence",
    ),
    ("/desk/drafts", "a form of some eighty fields, three languages"),
    ("/desk/records", "a record with its versions, drafts and reports"),
    ("/desk", "rows of four rooms: enquiries, hand-overs, records to confirm, drafts"),
    ("/doors", "understands, ranks, and reads ten doors with places, ways in and hours"),
    ("/services", "a service with its places, hours, people and courses"),
    ("/my/take-out", "everything of a client, unlocked"),
    ("/my", "the path, who sees what, who has read: six lists of one client, unlocked"),
    ("/book", "free times of sixty days, worked out of rules, bookings and calendars"),
    ("/times", "free times of sixty days, worked out of rules, bookings and calendars"),
    ("/", "what is open right now"),
)


def addresses() -> dict[str, list[str]]:
    """By whom, the pages of tests/stories/pages.py, found in a browser on a site of its own process."""
    from playwright.sync_api import sync_playwright

    from tests.stories.conftest import CHROMIUM, FLAGS, free_port, wait_for
    from tests.stories.pages import LOOKS, come_as

    port = free_port()
    site, found = f"http://127.0.0.1:{port}", {}
    command = [sys.executable, "-m", "opinovi", "serve", "--port", str(port), "--no-worker"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server, sync_playwright() as playwright:
        wait_for(f"{site}/-/health", server)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for look in LOOKS:
            page = browser.new_page(base_url=site)
            come_as(page, look.who)
            found.setdefault(look.who, []).extend(look.find(page))
            page.context.close()
        browser.close()
        server.terminate()
    return found


@contextmanager
def in_django() -> Iterator[None]:
    import django

    django.setup()
    from django.test.utils import override_settings

    with override_settings(ALLOWED_HOSTS=["testserver"]):
        yield


def measured(found: dict[str, list[str]]) -> list[tuple[float, int, str]]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from opinovi.network.models import Person

    rows = []
    for who, paths in found.items():
        client = Client()
        if who:
            client.force_login(Person.objects.get(name=who))
        for path in dict.fromkeys(paths):
            client.get(path, follow=True)
            with CaptureQueriesContext(connection) as captured:
                client.get(path, follow=True)
            asked = sum(not one["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for one in captured)
            times = []
            for _round in range(ROUNDS):
                begin = time.perf_counter()
                client.get(path, follow=True)
                times.append((time.perf_counter() - begin) * 1000)
            rows.append((median(times), asked, path))
    return sorted(rows, reverse=True)


def plain(path: str) -> str:
    """The address without what is one thing's own."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[\w-]{20,}|\d{6,}", "{id}", path)


def main() -> None:
    with in_django():
        from django.core.management import call_command

        call_command("setup", verbosity=0, stdout=io.StringIO())
        rows = measured(addresses())
    seen: set[str] = set()
    for spent, asked, path in rows:
        if (name := plain(path)) in seen or len(seen) == SHOWN:
            continue
        seen.add(name)
        why = next(words for start, words in WHY if name.startswith(start))
        print(f"| `{name}` | {asked} | {spent:.0f} | {why} |")
    print(f"| the median of all {len(rows)} | | {median(row[0] for row in rows):.0f} | |")


if __name__ == "__main__":
    main()
