"""Sources outside: added, asked, let in or dropped by a person, ended."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.interchange.actions import runs
from opinovi.interchange.models import Feed, Rhythm, Run, RunState
from opinovi.interchange.sources.shape import FORMATS
from opinovi.network.models import Network, Person

MOST = 100
EVERY = {Rhythm.HOURLY: timedelta(hours=1), Rhythm.DAILY: timedelta(days=1), Rhythm.WEEKLY: timedelta(days=7)}
# What only tells its changes is read as a whole so often, since what is gone is not told.
WHOLE_EVERY = timedelta(days=7)
# A run whose worker has been silent for so long is taken up by another.
SILENT = timedelta(minutes=5)
KEPT = timedelta(days=90)


def next_time(rhythm: str) -> Any:
    return now() + EVERY[Rhythm(rhythm)] if rhythm in EVERY else None


@transaction.atomic
def make_feed(by: Person, network: Network, told: dict[str, Any]) -> Feed:
    """A new source; it is asked the first time by a person, who looks at what it would bring."""
    require("interchange.keep_feeds", by, network)
    if told["format"] not in FORMATS:
        raise ValidationError({"format": _("Valitse, mitä lähde puhuu.")})
    if Feed.objects.filter(network=network, ended_at=None).count() >= MOST:
        raise ValidationError(_("Lähteitä on jo monta. Päätä ensin jokin."))
    feed = Feed(network=network, made_by=by, next_at=next_time(told["rhythm"]), **told)
    feed.full_clean(exclude=["made_by"])
    feed.save()
    record("add", "feed", feed.id, str(by.id), format=feed.format)
    return feed


@transaction.atomic
def tell_columns(by: Person, feed: Feed, what: str, language: str, columns: dict[str, str]) -> None:
    """Which column of a spreadsheet is what; all of it is read anew the next time."""
    require("interchange.keep_feeds", by, feed)
    feed = Feed.objects.select_for_update(of=("self",)).get(id=feed.id)
    if len(set(columns.values())) < len(columns):
        raise ValidationError(_("Sama sarake on valittu kahdesti."))
    if feed.runs.exclude(state__in=Run.OVER).exists():
        raise ValidationError(_("Haku on kesken. Odota sen loppua tai päätä siitä ensin."))
    feed.settings = {**feed.settings, "what": what, "language": language, "columns": columns}
    feed.save(update_fields=["settings"])
    record("tell_columns", "feed", feed.id, str(by.id), columns=len(columns))


@transaction.atomic
def ask(by: Person, feed: Feed, trial: bool) -> Run:
    """Ask the source now: to look at what it would bring, or to let it in."""
    require("interchange.keep_feeds", by, feed)
    run = runs.begin(feed, trial=trial)
    record("ask", "feed", feed.id, str(by.id), run=str(run.id), trial=run.trial)
    return run


@transaction.atomic
def let_in(by: Person, run: Run) -> Run:
    """A person looked at what would change, and lets it in."""
    require("interchange.keep_feeds", by, run)
    run = Run.objects.select_for_update(of=("self",)).select_related("feed").get(id=run.id)
    if run.state not in (RunState.READY, RunState.HELD):
        raise ValidationError(_("Tämän voi päättää vain kerran."))
    run.state, run.anyway, run.beat_at, run.done = RunState.APPLYING, True, None, 0
    run.save()
    record("let_in", "feed", run.feed_id, str(by.id), run=str(run.id))
    return run


@transaction.atomic
def drop(by: Person, run: Run) -> None:
    """A person looked at what would change, and does not let it in."""
    require("interchange.keep_feeds", by, run)
    run = Run.objects.select_for_update(of=("self",)).get(id=run.id)
    if run.state not in (RunState.READY, RunState.HELD):
        raise ValidationError(_("Tämän voi päättää vain kerran."))
    run.state, run.ended_at = RunState.DROPPED, now()
    run.save()
    record("drop", "feed", run.feed_id, str(by.id), run=str(run.id))


@transaction.atomic
def end_feed(by: Person, feed: Feed) -> None:
    """It is asked no more. What it has given stays, and is kept by its owners from now on."""
    require("interchange.keep_feeds", by, feed)
    feed = Feed.objects.select_for_update(of=("self",)).get(id=feed.id)
    if feed.ended_at is None:
        feed.ended_at, feed.next_at = now(), None
        feed.save(update_fields=["ended_at", "next_at"])
        feed.runs.filter(state__in=[RunState.READY, RunState.HELD]).update(state=RunState.DROPPED, ended_at=now())
        record("end", "feed", feed.id, str(by.id))


# By themselves


@transaction.atomic
def ask_those_due() -> list[Run]:
    """Begin a run of every source whose time has come."""
    made = []
    for feed in Feed.objects.select_for_update().filter(ended_at=None, next_at__lte=now()):
        feed.next_at = next_time(feed.rhythm)
        feed.save(update_fields=["next_at"])
        # What waits for a person is not asked for anew.
        if not feed.runs.filter(state__in=[RunState.READY, RunState.HELD]).exists():
            last = feed.runs.filter(whole=True, state__in=[RunState.APPLIED, RunState.UNCHANGED]).first()
            made.append(runs.begin(feed, whole=last is None or last.began_at < now() - WHOLE_EVERY))
            record("ask", "feed", feed.id, run=str(made[-1].id), trial=False)
    return made


def take_up(run_id: Any) -> Run | None:
    """The run for one worker alone; nothing where another has it or it is over."""
    free = Q(beat_at=None) | Q(beat_at__lt=now() - SILENT)
    under_way = [RunState.WAITING, RunState.FETCHING, RunState.COMPARING, RunState.APPLYING]
    if not Run.objects.filter(free, id=run_id, state__in=under_way).update(beat_at=now()):
        return None
    return Run.objects.select_related("feed__organisation", "feed__network").get(id=run_id)


def lost_runs() -> list[Any]:
    """Those under way that no worker has."""
    under_way = [RunState.WAITING, RunState.FETCHING, RunState.COMPARING, RunState.APPLYING]
    free = Q(beat_at=None) | Q(beat_at__lt=now() - SILENT)
    return list(Run.objects.filter(free, state__in=under_way).values_list("id", flat=True))


def forget_old() -> None:
    """Runs that were over long ago; of each source the last stays."""
    old = Run.objects.filter(state__in=Run.OVER, ended_at__lt=now() - KEPT)
    last = [run.id for feed in Feed.objects.all() if (run := feed.runs.first()) is not None]
    old.exclude(id__in=last).delete()
