"""What the worker does for the network's own people."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.rounds import every
from opinovi.journeys.actions.letters import tell_members
from opinovi.network.models import Network
from opinovi.staff.actions.profiles import follow_or_forget
from opinovi.staff.counting import count
from opinovi.staff.models import CompetenceProfile, Following, Post, Rhythm

# From which hour on a digest goes out, and how long the week's is waited for.
MORNING = 8
EVERY = {Rhythm.DAILY: timedelta(hours=20), Rhythm.WEEKLY: timedelta(days=6, hours=20)}


@every(seconds=6 * 3600)
def count_all() -> None:
    for network in Network.objects.all():
        count(network)


@every(seconds=24 * 3600)
def forget_those_who_left() -> None:
    """What somebody thought of their own competence goes with them: nobody else may read it."""
    for one in CompetenceProfile.objects.filter(member__ended_at__isnull=False).select_related("key", "member"):
        follow_or_forget(one)


@every(seconds=3600)
def send_digests() -> None:
    """In the morning: that there is something new, to those who want to hear it and have not been told."""
    if timezone.localtime(now()).hour < MORNING:
        return
    for rhythm, pause in EVERY.items():
        due = Following.objects.filter(rhythm=rhythm, told_at__lte=now() - pause, member__ended_at=None)
        for one in due.select_related("member__person"):
            send_digest(one)


@transaction.atomic
def send_digest(one: Following) -> None:
    if not Following.objects.filter(member=one.member_id, told_at=one.told_at).update(told_at=now()):
        return
    houses = Network.objects.filter(members=one.member.organisation_id)
    fresh = Post.objects.filter(thread__network__in=houses, at__gt=one.told_at, removed_at=None)
    if fresh.exclude(by__person=one.member.person_id).exists():
        day = timezone.localtime(now()).date()
        tell_members([one.member], f"discussion {day:%Y-%m-%d}", "discussion", [])
        record("digest", "discussion", one.member_id)
