"""Nobody is dropped: limits of referrals are watched, and who is late is reminded, then their substitute, then the
coordinator (as a number and a team, no names); then the referral ends and its sender finds another door."""

from collections import Counter
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.figures import few
from opinovi.base.mail import post
from opinovi.contact.models.appointments import AppointmentState
from opinovi.journeys.actions import receiving, referrals
from opinovi.journeys.actions.letters import (
    guides_of,
    receivers_of,
    senders_of,
    substitutes_of,
    tell_client,
    tell_members,
    tell_outside,
)
from opinovi.journeys.actions.steps import held
from opinovi.journeys.limits import PAUSES, working_days_on
from opinovi.journeys.models import Referral
from opinovi.journeys.models.referrals import ReferralState
from opinovi.network.models import Member, Team
from opinovi.network.queries import coordinators_of

S = ReferralState
# Those that end when nobody does anything; one that was drafted or met only reminds.
ENDING = (S.ASKED, S.SENT, S.SEEN, S.QUESTION, S.ACCEPTED)
SUBJECT = gettext_noop("Ohjauksia odottaa yli määräajan")
BODY = gettext_noop("Hei!\n\nTiimillä %(team)s on ohjauksia, jotka odottavat yli määräajan: %(count)s.\n\n%(link)s")


def watch() -> int:
    """Tell of every referral whose limit is over. Run often; each step is told once."""
    ids = list(Referral.objects.filter(due_at__lte=now()).order_by("due_at").values_list("id", flat=True)[:500])
    for one in ids:
        late(one)
    tell_coordinators()
    return len(ids)


@transaction.atomic
def late(referral_id: UUID) -> None:
    """One step: remind, then the substitute, then the coordinator's list, then the end."""
    one = held(Referral(id=referral_id, client_id=Referral.objects.values_list("client_id").get(id=referral_id)[0]))
    if one.due_at is None or one.due_at > now():
        return
    stage = one.reminded
    if stage >= len(PAUSES) and one.state in ENDING:
        referrals.expire(one)
        return
    what = f"late {one.state} {stage}"
    if stage == 0:
        remind(one, what)
    elif stage == 1:
        remind_substitutes(one, what)
    one.reminded = min(stage + 1, len(PAUSES))
    one.due_at = working_days_on(now(), PAUSES[min(stage, len(PAUSES) - 1)])
    one.save(update_fields=["reminded", "due_at"])
    record("late_referral", "client", one.client_id, "", referral=str(one.id), stage=stage)


def who_acts(one: Referral) -> list[Member]:
    """Whose step it is: the receiver's, or the sender's."""
    return senders_of(one) if one.state in (S.DRAFTED, S.ASKED, S.QUESTION) else receivers_of(one)


def remind(one: Referral, what: str) -> None:
    if one.state == S.ASKED and one.consent is not None:
        tell_client(one.client, f"consent {one.consent_id} {what}", "consent", [one.consent_id])
    if one.to_team_id is None and one.state in (S.SENT, S.SEEN, S.ACCEPTED):
        tell_outside(one, what)
        return
    tell_members(who_acts(one), f"referral {one.id} {what}", "referral", [one.id])


def remind_substitutes(one: Referral, what: str) -> None:
    """Those who stand in for the ones who act; where nobody does, the rest of the team."""
    acting = who_acts(one)
    others = substitutes_of(acting)
    if not others:
        team = one.from_team if one.state in (S.DRAFTED, S.ASKED, S.QUESTION) else one.to_team
        told = {member.id for member in acting}
        others = [member for member in guides_of(team) if member.id not in told] or acting
    tell_members(others, f"referral {one.id} {what}", "referral", [one.id])


def waiting_too_long() -> dict[tuple[UUID, Team], int]:
    """How many hand-overs wait at each team beyond what its guides and substitutes were told of, by network."""
    rows = Referral.objects.filter(reminded__gte=len(PAUSES), state__in=[*ENDING, S.MET]).select_related(
        "to_team__organisation", "from_team__organisation"
    )
    found: Counter[tuple[UUID, Team]] = Counter()
    for one in rows:
        team = one.from_team if one.state in (S.ASKED, S.QUESTION) or one.to_team is None else one.to_team
        if team is not None:
            found[(one.network_id, team)] += 1
    return dict(found)


@transaction.atomic
def tell_coordinators() -> None:
    """A letter a day and team to each who coordinates the network: how many, and which team."""
    for (network, team), count in waiting_too_long().items():
        for member in coordinators_of(network).filter(person__letters=True):
            with translation.override(member.person.language or settings.LANGUAGE_CODE):
                link = settings.BASE_URL + reverse("journey-figures", args=[network])
                body = gettext(BODY) % {"team": f"{team.organisation}: {team}", "count": few(count), "link": link}
                key = f"late {team.id} {today()} {member.id}"
                post(key, member.person.email, gettext(SUBJECT), body, about=str(member.organisation_id))


def notice_meetings() -> int:
    """Where the first meeting was marked as held on its own page, the referral has been met."""
    rows = Referral.objects.filter(state=S.ACCEPTED, appointment__state=AppointmentState.MET)
    found = list(rows.select_related("appointment")[:200])
    for one in found:
        note_meeting(one)
    return len(found)


@transaction.atomic
def note_meeting(referral: Referral) -> None:
    one = held(referral)
    if one.state == S.ACCEPTED and one.consent is not None and one.consent.in_force():
        receiving.meet(None, one)
