"""What the guides do with enquiries: take, answer, hand over, join, close; and the promises that the worker watches."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from opinovi.base import storage
from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.mail import post
from opinovi.base.masking import mask
from opinovi.base.models import DataKey, Event
from opinovi.base.text import choose
from opinovi.contact.access import guide_of
from opinovi.contact.actions.enquiries import attach, locked, say, subject_of, tell_person, tell_team
from opinovi.contact.actions.reading import remember
from opinovi.contact.files import Kept
from opinovi.contact.models import AnswerDraft, AnswerTemplate, Duty, Enquiry, Message
from opinovi.contact.models.enquiries import Channel, ClosedWhy, EnquiryState, Wish
from opinovi.contact.promises import promise
from opinovi.network.models import Member, Membership, Organisation, Person, Role, Team

# A promise rises this long before its end, and its keepers are told.
NEAR = timedelta(hours=3)
LONGEST_DUTY_HOURS = 10


def held(by: Person, enquiry: Enquiry) -> tuple[Enquiry, Member | None]:
    """The enquiry held for a change by one who may, and the place by which they act."""
    enquiry = locked(enquiry)
    require("contact.guide", by, enquiry)
    return enquiry, guide_of(by, enquiry.team)


def done(by: Person, enquiry: Enquiry, verb: str, **data: Any) -> None:
    enquiry.save()
    record(verb, "enquiry", enquiry.id, str(by.id), **data)


@transaction.atomic
def read(by: Person, enquiry: Enquiry) -> None:
    """Reading what a person wrote is told to them: once a reader a day."""
    require("contact.guide", by, enquiry)
    remember(by, "enquiry", enquiry.id, enquiry.team.organisation_id)


@transaction.atomic
def take(by: Person, enquiry: Enquiry) -> None:
    """Make it one's own. Taken by another meanwhile, it stays theirs."""
    enquiry, member = held(by, enquiry)
    if enquiry.assignee_id is not None and member is not None and enquiry.assignee_id != member.id:
        raise ValidationError(_("%(who)s otti tämän juuri.") % {"who": enquiry.assignee})
    enquiry.assignee = member
    done(by, enquiry, "take")


@transaction.atomic
def give(by: Person, enquiry: Enquiry, member: Member | None) -> None:
    """Give it to a colleague of the same team, or back to the team."""
    enquiry, _own = held(by, enquiry)
    if member is not None and not enquiry.team.members.filter(id=member.id, ended_at=None).exists():
        raise ValidationError(_("Hän ei ole tässä tiimissä."))
    enquiry.assignee = member
    done(by, enquiry, "give", member=str(member.id) if member else "")
    if member is not None and member.person_id != by.id:
        tell_team(enquiry, f"given {now():%H%M%S}")


@transaction.atomic
def reply(
    by: Person, enquiry: Enquiry, text: str, files: tuple[Kept, ...] = (), close: bool = False, once: str = ""
) -> None:
    """Answer the person. A form that is sent twice answers once."""
    enquiry, member = held(by, enquiry)
    if enquiry.state not in (EnquiryState.WAITING, EnquiryState.ANSWERED):
        raise ValidationError(_("Keskustelu on suljettu. Avaa se ensin uudelleen."))
    if once and Event.objects.filter(subject_type="enquiry", subject_id=str(enquiry.id), data__once=once).exists():
        return
    message = say(enquiry, Message.Author.GUIDE, mask(text)[0], member)
    attach(enquiry, message, files)
    enquiry.answered()
    if close:
        enquiry.closed()
        enquiry.closed_why = ClosedWhy.ADVISED
    enquiry.first_answered_at = enquiry.first_answered_at or now()
    enquiry.moved_at, enquiry.snoozed_until = now(), None
    enquiry.assignee = enquiry.assignee or member
    AnswerDraft.objects.filter(enquiry=enquiry, member=member).delete()
    done(by, enquiry, "reply", once=once, closed=close, in_time=now() <= enquiry.answer_by)
    tell_person(enquiry, message.id)


@transaction.atomic
def add_note(by: Person, enquiry: Enquiry, text: str) -> None:
    """A note for colleagues; the person does not see it in the conversation."""
    enquiry, member = held(by, enquiry)
    say(enquiry, Message.Author.NOTE, mask(text)[0], member)
    if member is not None:
        AnswerDraft.objects.filter(enquiry=enquiry, member=member).delete()
    done(by, enquiry, "note")


@transaction.atomic
def hand_over(by: Person, enquiry: Enquiry, team: Team, why: str) -> None:
    """Hand it over to another team, of one's own organisation or of another in the network. The person is told to
    whom, and why; what was promised stays promised."""
    enquiry, member = held(by, enquiry)
    if not Membership.objects.filter(network=enquiry.network, organisation=team.organisation_id).exists():
        raise ValidationError(_("Tiimi ei ole tässä verkostossa."))
    if team.id == enquiry.team_id:
        raise ValidationError(_("Asia on jo tällä tiimillä."))
    if not team.members.filter(roles__role=Role.GUIDE, ended_at=None).exists():
        raise ValidationError(_("Tiimissä ei ole ketään vastaamassa."))
    if not why.strip():
        raise ValidationError({"why": _("Kerro, miksi. Ihminen näkee tämän.")})
    if not enquiry.open:
        raise ValidationError(_("Keskustelu on suljettu. Avaa se ensin uudelleen."))
    before = enquiry.team
    with translation.override(enquiry.language if enquiry.language in dict(settings.LANGUAGES) else "en"):
        words = _("Asiasi siirtyi: %(organisation)s, %(team)s. Miksi: %(why)s") % {
            "organisation": choose(team.organisation.name).text,
            "team": team.name,
            "why": mask(why)[0],
        }
    message = say(enquiry, Message.Author.DESK, words, member)
    enquiry.team, enquiry.assignee = team, None
    enquiry.snoozed_until, enquiry.moved_at = None, now()
    enquiry.drafts.all().delete()
    done(by, enquiry, "hand_over", to=str(team.id), of=str(before.id))
    tell_person(enquiry, message.id)
    tell_team(enquiry, f"{message.id}")


@transaction.atomic
def snooze(by: Person, enquiry: Enquiry, until: datetime | None) -> None:
    """Put it out of sight until a moment, at the latest the end of its promise while the person waits."""
    enquiry, _member = held(by, enquiry)
    if until is not None and until <= now():
        raise ValidationError({"until": _("Valitse aika, joka on vielä edessä.")})
    if until is not None and enquiry.state == EnquiryState.WAITING and until > enquiry.answer_by > now():
        until = enquiry.answer_by - NEAR if enquiry.answer_by - NEAR > now() else enquiry.answer_by
    enquiry.snoozed_until = until
    done(by, enquiry, "snooze")


@transaction.atomic
def merge(by: Person, enquiry: Enquiry, into: Enquiry) -> None:
    """Join an enquiry to the same person's other one: its words move there, and its code leads there."""
    if enquiry.id == into.id:
        raise ValidationError(_("Valitse toinen yhteydenotto."))
    first, second = sorted((enquiry, into), key=lambda one: one.id)
    rows = {one.id: held(by, one)[0] for one in (first, second)}
    enquiry, into = rows[enquiry.id], rows[into.id]
    if not enquiry.open or not into.open or enquiry.network_id != into.network_id:
        raise ValidationError(_("Vain avoimet yhteydenotot voi yhdistää."))
    assert enquiry.key is not None and into.key is not None
    for message in enquiry.messages.all():
        message.locked = into.key.lock(enquiry.key.unlock(message.locked))
        message.enquiry = into
        message.save(update_fields=["locked", "enquiry"])
    for file in enquiry.attachments.all():
        file.locked_name = into.key.lock(enquiry.key.unlock(file.locked_name))
        file.content = storage.locked(storage.unlocked(file.content, enquiry.key.unlock_bytes), into.key.lock_bytes)
        file.enquiry = into
        file.save(update_fields=["locked_name", "content", "enquiry"])
    theirs, other = into.told(), enquiry.told()
    into.keep(
        theirs
        | {name: other[name] for name in ("name", "mail", "phone", "when") if not theirs.get(name) and other.get(name)}
    )
    into.answer_by = min(into.answer_by, enquiry.answer_by)
    if enquiry.state == EnquiryState.WAITING:
        into.waits()
    into.moved_at, into.has_files = now(), into.has_files or enquiry.has_files
    into.save()
    enquiry.merged()
    enquiry.merged_into, enquiry.moved_at = into, now()
    done(by, enquiry, "merge", into=str(into.id))


@transaction.atomic
def close(by: Person, enquiry: Enquiry, why: str) -> None:
    """Close it with a reason. What nobody answered in time stays in the figures as it was."""
    enquiry, _member = held(by, enquiry)
    if why not in ClosedWhy.values:
        raise ValidationError({"why": _("Valitse, miten asia päättyi.")})
    if not enquiry.open:
        return
    enquiry.closed()
    enquiry.closed_why, enquiry.moved_at, enquiry.snoozed_until = why, now(), None
    done(by, enquiry, "close", why=why)


@transaction.atomic
def open_again(by: Person, enquiry: Enquiry) -> None:
    enquiry, _member = held(by, enquiry)
    if enquiry.state != EnquiryState.CLOSED:
        return
    enquiry.waits()
    enquiry.closed_why, enquiry.answer_by, enquiry.moved_at = "", promise(enquiry.team, now()), now()
    done(by, enquiry, "open_again")


@transaction.atomic
def believe(by: Person, enquiry: Enquiry) -> None:
    """A person wrote it after all: it joins the others."""
    enquiry, _member = held(by, enquiry)
    enquiry.suspected = False
    done(by, enquiry, "believe")


@transaction.atomic
def write_down(by: Person, team: Team, channel: str, text: str, why: str, phone: str = "") -> Enquiry:
    """A phone call or a walk-in, written down: what it was about and how it ended. With a number and no end, somebody
    calls back."""
    require("contact.guide_team", by, team)
    if channel not in (Channel.PHONE, Channel.VISIT):
        raise ValidationError(_("Valitse, soittiko hän vai kävikö."))
    member = guide_of(by, team)
    network = team.organisation.networks.order_by("membership__since", "id").first()
    if network is None:
        raise ValidationError(_("Organisaatio ei kuulu verkostoon."))
    key, text, at = DataKey.objects.create(), mask(text)[0], now()
    enquiry = Enquiry(
        network=network,
        team=team,
        assignee=member,
        # One moment for all of it: a promise is never before the question.
        asked_at=at,
        channel=channel,
        wish=Wish.CALL if phone else Wish.HERE,
        answer_by=promise(team, at) if not why else at,
        first_answered_at=at if why else None,
        key=key,
    )
    enquiry.keep({"subject": subject_of(text), "phone": phone})
    if why:
        enquiry.closed()
        enquiry.closed_why = why
    enquiry.save()
    say(enquiry, Message.Author.NOTE, text, member)
    record(
        "write_down", "enquiry", enquiry.id, str(by.id), channel=channel, why=why, team=str(team.id),
        network=str(network.id), language=enquiry.language,
    )  # fmt: skip
    return enquiry


def save_answer_draft(by: Person, enquiry: Enquiry, text: str) -> None:
    """Keep what is being written. No Event: nothing has happened yet."""
    require("contact.guide", by, enquiry)
    member = guide_of(by, enquiry.team)
    if member is None or enquiry.key is None:
        return
    told = {"locked": enquiry.key.lock(text), "edited_at": now()}
    AnswerDraft.objects.update_or_create(enquiry=enquiry, member=member, defaults=told)


@transaction.atomic
def go_on_duty(by: Person, team: Team, hours: int) -> Duty:
    """People can talk to one at once, for so many hours."""
    require("contact.guide_team", by, team)
    member = guide_of(by, team)
    if member is None or not 1 <= hours <= LONGEST_DUTY_HOURS:
        raise ValidationError(_("Valitse, mihin asti."))
    until = now() + timedelta(hours=hours)
    duty, _new = Duty.objects.update_or_create(member=member, defaults={"team": team, "until": until})
    record("go_on_duty", "team", team.id, str(by.id), hours=hours)
    return duty


@transaction.atomic
def end_duty(by: Person, team: Team) -> None:
    require("contact.guide_team", by, team)
    member = guide_of(by, team)
    Duty.objects.filter(member=member, team=team).delete()
    record("end_duty", "team", team.id, str(by.id))


@transaction.atomic
def save_template(
    by: Person, organisation: Organisation, template: AnswerTemplate | None, name: str, text: dict[str, str]
) -> AnswerTemplate:
    require("contact.write_templates", by, template or organisation)
    if organisation.answer_templates.filter(name=name).exclude(id__in=[template.id] if template else []).exists():
        raise ValidationError({"name": _("Tämänniminen pohja on jo.")})
    template = template or AnswerTemplate(organisation=organisation)
    template.name, template.text = name, text
    template.save()
    record("save", "answer_template", template.id, str(by.id))
    return template


@transaction.atomic
def delete_template(by: Person, template: AnswerTemplate) -> None:
    require("contact.write_templates", by, template)
    record("delete", "answer_template", template.id, str(by.id))
    template.delete()


@transaction.atomic
def set_promise(by: Person, team: Team, hours: str, promise_hours: int) -> None:
    """When a team works, and within how many of those hours it answers; what was promised before stays."""
    require("contact.set_promise", by, team)
    team.hours, team.promise_hours = hours, promise_hours
    team.save(update_fields=["hours", "promise_hours"])
    record("set_promise", "team", team.id, str(by.id), hours=promise_hours)


# Promises


def watch_promises() -> None:
    """Tell the keepers of promises that end soon, and the administrators of those that were broken: each once."""
    waiting = Enquiry.objects.filter(state=EnquiryState.WAITING, suspected=False)
    for one in waiting.filter(answer_by__lte=now() + NEAR, warned_at=None).values_list("id", flat=True)[:200]:
        warn(one)
    for one in waiting.filter(answer_by__lte=now(), broken_at=None).values_list("id", flat=True)[:200]:
        mark_broken(one)


@transaction.atomic
def warn(enquiry_id: UUID) -> None:
    enquiry = locked(Enquiry(id=enquiry_id))
    if enquiry.warned_at is not None or enquiry.state != EnquiryState.WAITING:
        return
    enquiry.warned_at = now()
    enquiry.save(update_fields=["warned_at"])
    record("warn", "enquiry", enquiry.id)
    tell_team(enquiry, f"warned {enquiry.answer_by:%m%d%H%M}")


@transaction.atomic
def mark_broken(enquiry_id: UUID) -> None:
    enquiry = locked(Enquiry(id=enquiry_id))
    if enquiry.broken_at is not None or enquiry.state != EnquiryState.WAITING:
        return
    enquiry.broken_at = now()
    enquiry.save(update_fields=["broken_at"])
    record("break_promise", "enquiry", enquiry.id, team=str(enquiry.team_id))
    administrators = Member.objects.filter(
        organisation=enquiry.team.organisation_id, roles__role=Role.ADMINISTRATOR, ended_at=None
    )
    for member in administrators.select_related("person"):
        with translation.override(member.person.language or settings.LANGUAGE_CODE):
            body = _("Hei!\n\nTiimi %(team)s ei ehtinyt vastata luvatussa ajassa. Katso tilanne:\n\n%(link)s") % {
                "team": enquiry.team.name,
                "link": settings.BASE_URL + reverse("team-figures", args=[enquiry.team_id]),
            }
            key = f"broken {enquiry.id} {enquiry.answer_by:%m%d%H%M} {member.id}"
            post(key, member.person.email, _("Lupaus myöhästyi"), body, about=str(member.organisation_id))
