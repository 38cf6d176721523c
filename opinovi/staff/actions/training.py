"""Training for the network's own people: arranged, registered for, attended, shown by a certificate."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.contact.actions import groups
from opinovi.contact.actions.groups import Coming
from opinovi.contact.models import Attendance, Registration
from opinovi.contact.models.groups import RegistrationState
from opinovi.directory.models import GroupSession
from opinovi.journeys.actions.letters import tell_members
from opinovi.network.competences import areas as known_areas
from opinovi.network.models import Network, Person, Team
from opinovi.network.queries import member_in, own_people
from opinovi.practices.models import Practice
from opinovi.staff.models import Certificate, Training, TrainingPlace


@transaction.atomic
def save_training(
    by: Person, network: Network, team: Team, one: Training | None, session: dict[str, Any], *, areas: list[str],
    practices: list[Practice], needed: int | None = None,
) -> Training:  # fmt: skip
    """Arrange a training of a team, or change it: its session as any group's, and what it strengthens."""
    require("staff.arrange_training", by, one or team)
    if not network.members.filter(id=team.organisation_id).exists():
        raise ValidationError(_("Organisaatio ei ole mukana verkostossa."))
    areas = [area for area in known_areas() if area in areas]
    if not areas:
        raise ValidationError({"areas": _("Valitse, mitä osaamista koulutus vahvistaa.")})
    saved = groups.save_session(by, team, one.session if one else None, **session, for_staff=True)
    count = saved.meetings.count()
    if needed is not None and needed > count:
        raise ValidationError({"needed": _("Kertoja on vähemmän.")})
    one = Training.objects.filter(session=saved).first() or Training(network=network, session=saved)
    one.areas, one.needed = areas, needed
    one.save()
    one.practices.set(practices)
    record("save", "training", one.id, str(by.id))
    return one


@transaction.atomic
def come(by: Person, one: Training) -> Registration:
    """Register for it by one's own name; in line where it is full. Twice is once."""
    require("staff.take_part", by, one)
    member = member_in(by, one.network)
    # Whoever else registers waits for this to end.
    GroupSession.objects.select_for_update(of=("self",)).get(id=one.session_id)
    place = TrainingPlace.objects.filter(training=one, member=member).select_related("registration").first()
    if place is not None and place.registration is not None and place.registration.state in ("placed", "waiting"):
        return place.registration
    mail = by.email if by.letters else ""
    told = Coming(name=by.name, mail=mail, remind="mail" if mail else "", language=by.language or "fi")
    found = groups.register(one.network, one.session, told)
    TrainingPlace.objects.update_or_create(training=one, member=member, defaults={"registration": found, "at": now()})
    record("come", "training", one.id, str(by.id))
    return found


@transaction.atomic
def leave(by: Person, one: Training) -> None:
    """Give up one's place: the first in line gets it."""
    require("staff.take_part", by, one)
    place = TrainingPlace.objects.filter(training=one, member=member_in(by, one.network)).first()
    if place is None or place.registration is None:
        return
    if one.session.starts_at <= now():
        raise ValidationError(_("Koulutus on jo alkanut."))
    groups.leave(place.registration)
    record("leave", "training", one.id, str(by.id))


def place_by_mail(registration: Registration) -> TrainingPlace | None:
    """The place of one whom the leader put on the list at the door, known by the address that was written down."""
    one = Training.objects.select_related("network", "session__organisation").filter(session=registration.session_id)
    found, mail = one.first(), registration.told().get("mail", "")
    if found is None or not mail:
        return None
    member = own_people(found.network).filter(person__email__iexact=mail).first()
    if member is None:
        return None
    place, _new = TrainingPlace.objects.update_or_create(
        training=found, member=member, defaults={"registration": registration}
    )
    return place


@transaction.atomic
def call_off(by: Person, one: Training) -> None:
    """The training is not held: all who would have come are told, as of any group."""
    require("staff.arrange_training", by, one)
    groups.call_off(by, one.session)
    record("call_off", "training", one.id, str(by.id))


def look_at_attendance(registration: Registration) -> None:
    """A certificate once somebody has come often enough; taken back where the marks were wrong. Within the transaction
    of the mark."""
    place = (
        TrainingPlace.objects.select_related("training__network", "training__session__organisation", "member__person")
        .filter(registration=registration)
        .first()
    )
    place = place or place_by_mail(registration)
    if place is None:
        return
    one, session = place.training, place.training.session
    rows = Attendance.objects.filter(registration=registration, came=True).select_related("meeting")
    came = [row.meeting for row in rows.order_by("meeting__begins_at")]
    count = session.meetings.count()
    needed = min(one.needed or count, count)
    if len(came) < needed or registration.state == RegistrationState.ERASED:
        gone, _rows = Certificate.objects.filter(training=one, member=place.member).delete()
        if gone:
            record("take_back", "certificate", one.id)
        return
    told = {
        "who": place.member.person.name,
        "name": session.name,
        "house": session.organisation.name,
        "areas": one.areas,
        "days": [timezone.localtime(meeting.begins_at).date().isoformat() for meeting in came],
        "minutes": sum(int((meeting.ends_at - meeting.begins_at).total_seconds() // 60) for meeting in came),
    }
    told["network"] = one.network
    paper, new = Certificate.objects.update_or_create(training=one, member=place.member, defaults=told)
    if new:
        tell_members([place.member], f"certificate {paper.id}", "training", [one.id])
        record("issue", "certificate", paper.id)
