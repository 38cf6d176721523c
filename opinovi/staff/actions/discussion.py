"""What the network's people talk of: threads, answers, mentions, and who wants to hear of them how often."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.models import DataKey
from opinovi.journeys.actions.letters import tell_members
from opinovi.network.competences import areas
from opinovi.network.models import Member, Network, Person
from opinovi.network.queries import member_in
from opinovi.staff.models import Following, Post, Rhythm, Thread
from opinovi.staff.telling import checked, colleagues, mentioned


@transaction.atomic
def begin(
    by: Person, network: Network, area: str, title: str, text: str, looked: bool, once: UUID | None = None
) -> Thread:
    """Begin a thread. One who takes part hears of answers each week, until they choose otherwise."""
    require("staff.take_part", by, network)
    if once and (same := Thread.objects.filter(once=once).first()):
        return same
    people, member = colleagues(network), member_in(by, network)
    title = checked(title, looked, people)[:120]
    one = Thread(network=network, area=area if area in areas() else "", by=member, once=once)
    one.key = DataKey.objects.create()
    one.keep({"title": title})
    one.save()
    say(by, member, one, text, looked, people, None)
    record("begin", "thread", one.id, str(by.id))
    return one


@transaction.atomic
def reply(by: Person, one: Thread, text: str, looked: bool, once: UUID | None = None) -> None:
    require("staff.take_part", by, one)
    if once and Post.objects.filter(once=once).exists():
        return
    one = Thread.objects.select_for_update(of=("self",)).select_related("network", "key").get(id=one.id)
    if one.closed_at is not None:
        raise ValidationError(_("Tämä on päättynyt."))
    say(by, member_in(by, one.network), one, text, looked, colleagues(one.network), once)
    one.moved_at = now()
    one.save()
    record("reply", "thread", one.id, str(by.id))


def say(
    by: Person, member: Member, one: Thread, text: str, looked: bool, people: list[Member], once: UUID | None
) -> None:
    """A post, with whom it mentions; they are told at once, and nobody else."""
    text = checked(text, looked, people)
    assert one.key is not None
    post = Post.objects.create(thread=one, by=member, locked=one.key.lock(text), once=once)
    named = mentioned(text, people)
    post.mentions.set(named)
    tell_members(named, f"mention {post.id}", "thread", [one.id], by.id)
    Following.objects.get_or_create(member=member)


@transaction.atomic
def remove(by: Person, post: Post) -> None:
    """Take a post away: its words are gone, its place stays."""
    require("staff.remove_post", by, post)
    Post.objects.filter(id=post.id, removed_at=None).update(removed_at=now(), locked="")
    record("remove", "post", post.id, str(by.id))


@transaction.atomic
def close(by: Person, one: Thread) -> None:
    """Its beginner says that it is settled."""
    require("staff.close_thread", by, one)
    Thread.objects.filter(id=one.id, closed_at=None).update(closed_at=now())
    record("close", "thread", one.id, str(by.id))


@transaction.atomic
def follow(by: Person, network: Network, rhythm: str) -> None:
    """How often one wants to hear that there is something new."""
    require("staff.take_part", by, network)
    if rhythm not in Rhythm.values:
        raise ValidationError(_("Valitse, kuinka usein."))
    member = member_in(by, network)
    Following.objects.update_or_create(member=member, defaults={"rhythm": rhythm})
    record("follow", "discussion", member.id, str(by.id), rhythm=rhythm)
