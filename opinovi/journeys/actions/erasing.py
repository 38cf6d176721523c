"""A client is forgotten: their key is destroyed, and with it all that was locked, in backups too. What the law or the
figures need stays without the person."""

from collections.abc import Callable
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import F, Q

from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.contact.actions import appointments as times
from opinovi.contact.actions import enquiries
from opinovi.contact.models import Appointment, Enquiry
from opinovi.contact.models.appointments import AppointmentState
from opinovi.contact.models.enquiries import EnquiryState
from opinovi.journeys.actions.clients import hold
from opinovi.journeys.actions.letters import drop_letters
from opinovi.journeys.actions.steps import forget_meeting
from opinovi.journeys.models import Client, Confidence, Consent, Goal, Outcome, Referral
from opinovi.journeys.models.clients import ClientState
from opinovi.journeys.models.consents import ConsentState
from opinovi.journeys.models.referrals import OPEN, ReferralState

# What higher rooms keep of a client goes with them.
also: list[Callable[[Client], object]] = []
# So long after anything last happened; what was asked and never answered, sooner.
KEPT_DAYS = 730
UNANSWERED_DAYS = 30


@transaction.atomic
def erase(client: Client, why: str = "person", asked_too: bool = True) -> None:
    """All that tells of the client is gone for good: here, in what they asked and booked, and in every backup. Without
    `asked_too` the conversation or the booked time from which guidance was to begin stays."""
    client = hold(client)
    if client.erased:
        return
    actor = str(client.person_id) if client.person_id else ""
    drop_letters(client)
    for one in Referral.objects.filter(client=client):
        forget_meeting(one)
    if asked_too:
        erase_contact(client)
    at = now()
    Referral.objects.filter(client=client, state__in=OPEN).update(
        state=ReferralState.WITHDRAWN, over_at=at, due_at=None
    )
    Referral.objects.filter(client=client).update(locked="", token_hash=None)
    Consent.objects.filter(client=client, state__in=[ConsentState.ASKED, ConsentState.GIVEN]).update(
        state=ConsentState.ENDED, ended_at=at
    )
    Consent.objects.filter(client=client).update(locked="")
    client.notes.all().delete()
    client.note_requests.all().delete()
    Goal.objects.filter(client=client).delete()
    client.plan_lines.all().delete()
    client.exercises.all().delete()
    client.sign_in_codes.all().delete()
    Confidence.objects.filter(client=client).update(locked="")
    Outcome.objects.filter(journey__client=client, answered_at=None).delete()
    Outcome.objects.filter(journey__client=client).update(locked="", token_hash=None)
    client.journeys.update(locked="", enquiry_id=None, appointment_id=None, ended_at=at)
    Client.objects.filter(joined_to=client).update(joined_to=None)
    for erase_more in also:
        erase_more(client)
    forget(client)
    record("erase", "client", client.id, actor, why=why)


def erase_contact(client: Client) -> None:
    """What the client asked and booked, where their guidance began."""
    begun = client.journeys.values_list("enquiry_id", "appointment_id")
    asked = {one for one, _two in begun if one}
    booked = {two for _one, two in begun if two}
    for one in Enquiry.objects.filter(id__in=asked).exclude(state=EnquiryState.ERASED):
        enquiries.erase(one, why="client")
    for appointment in Appointment.objects.filter(id__in=booked).exclude(state=AppointmentState.ERASED):
        if appointment.state == AppointmentState.BOOKED:
            times.cancel(appointment)
        times.erase(appointment, why="client")


def forget(client: Client) -> None:
    """The key, the way in, and what the row itself tells."""
    key, person = client.key, client.person
    Client.objects.filter(id=client.id).update(
        state=ClientState.ERASED,
        key=None,
        locked="",
        person=None,
        mail_hash="",
        phone_hash="",
        mail_verified=False,
        joined_to=None,
        once=None,
    )
    if key is not None:
        key.delete()
    if person is not None and not person.places.exists():
        EmailAddress.objects.filter(user=person).delete()
        SocialAccount.objects.filter(user=person).delete()
        person.delete()


def erase_old() -> int:
    """Erase those whose guidance has been still for two years, and those who never answered. Run every day."""
    quiet = Q(moved_at__lt=now() - timedelta(days=KEPT_DAYS))
    unanswered = Q(
        began_at__lt=now() - timedelta(days=UNANSWERED_DAYS), began_at__gte=F("moved_at") - timedelta(hours=1)
    )
    never = unanswered & ~Q(consents__state__in=[ConsentState.GIVEN]) & Q(consents__state=ConsentState.ASKED)
    rows = Client.objects.filter(quiet | never, state=ClientState.ACTIVE).distinct()
    found = list(rows[:200])
    for one in found:
        erase(one, why="old")
    return len(found)
