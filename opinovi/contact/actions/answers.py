"""Published answers: written from an enquiry or anew, cleaned by hand, approved by another, kept true."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import months_on, now, today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.contact.access import my_members
from opinovi.contact.models import Enquiry, Message
from opinovi.directory.models import Answer, AnswerState
from opinovi.network.models import Member, Organisation, Person

Texts = dict[str, str]


@transaction.atomic
def draft_from(by: Person, enquiry: Enquiry, member: Member) -> Answer:
    """A draft out of a conversation: what was asked first and what was answered last. The words stay sealed until they
    are cleaned and approved."""
    require("contact.guide", by, enquiry)
    assert enquiry.key is not None
    said = list(enquiry.messages.order_by("at", "id"))
    asked = next((one for one in said if one.author == Message.Author.PERSON), None)
    answered = next((one for one in reversed(said) if one.author == Message.Author.GUIDE), None)
    if asked is None or answered is None:
        raise ValidationError(_("Vastaa ensin. Julkaistava vastaus tehdään kysymyksestä ja vastauksesta."))
    name = {enquiry.language: mask(enquiry.key.unlock(asked.locked))[0]}
    summary = {enquiry.language: mask(enquiry.key.unlock(answered.locked))[0]}
    answer = Answer(
        organisation_id=enquiry.team.organisation_id, service=enquiry.service, owner=member, written_by=member,
        topics=enquiry.topics[:3],
    )  # fmt: skip
    answer.propose(name, summary)
    answer.save()
    record("draft", "answer", answer.id, str(by.id), enquiry=str(enquiry.id))
    return answer


@transaction.atomic
def new_draft(by: Person, organisation: Organisation, member: Member) -> Answer:
    """An empty draft."""
    require("contact.write_answer", by, organisation)
    answer = Answer(organisation=organisation, owner=member, written_by=member)
    answer.propose({}, {})
    answer.save()
    record("draft", "answer", answer.id, str(by.id))
    return answer


def held(answer: Answer) -> Answer:
    return Answer.objects.select_for_update(of=("self",)).get(id=answer.id)


@transaction.atomic
def save(by: Person, answer: Answer, name: Texts, summary: Texts, topics: list[str], propose: bool) -> Answer:
    """Save what is being written; `propose` sends it to another for approval. What is published stays meanwhile."""
    require("contact.write_answer", by, answer)
    answer = held(answer)
    name = {code: mask(text)[0] for code, text in name.items() if text}
    summary = {code: mask(text)[0] for code, text in summary.items() if text}
    if propose and (not name or set(name) != set(summary)):
        raise ValidationError(_("Kirjoita kysymys ja vastaus samalla kielellä."))
    answer.propose(name, summary)
    answer.topics, answer.changed_at = topics, now()
    writer = Member.objects.filter(id__in=my_members(by), organisation=answer.organisation_id, person=by).first()
    writer = writer or Member.objects.filter(person=by, organisation=answer.organisation_id, ended_at=None).first()
    answer.written_by = writer
    if answer.approved_by_id == answer.written_by_id:
        # Whoever approved what is published and now writes anew can't be both; the log remembers who did what.
        answer.approved_by = None
    answer.proposed_at = now() if propose else None
    answer.remark = "" if propose else answer.remark
    answer.save()
    record("propose" if propose else "write", "answer_draft", answer.id, str(by.id))
    return answer


@transaction.atomic
def approve(by: Person, answer: Answer) -> None:
    """Another than its writer lets it be published. From then on its owner confirms it by its date."""
    require("contact.write_answer", by, answer)
    answer = held(answer)
    if answer.proposed_at is None:
        raise ValidationError(_("Tätä ei ole pyydetty hyväksymään."))
    if answer.written_by is not None and answer.written_by.person_id == by.id:
        raise ValidationError(_("Toinen hyväksyy sen, minkä olet itse kirjoittanut."))
    told = answer.proposal()
    answer.name, answer.summary, answer.sealed = told["name"], told["summary"], ""
    answer.state, answer.approved_at, answer.proposed_at = AnswerState.PUBLISHED, now(), None
    answer.approved_by = Member.objects.filter(person=by, organisation=answer.organisation_id, ended_at=None).first()
    answer.verified_on, answer.confirm_by = today(), months_on(today(), answer.confirm_months)
    answer.version += 1
    answer.remark = ""
    answer.save()
    record("publish", "answer", answer.id, str(by.id))


@transaction.atomic
def send_back(by: Person, answer: Answer, remark: str) -> None:
    """Not yet: back to its writer, with what to mend."""
    require("contact.write_answer", by, answer)
    answer = held(answer)
    answer.proposed_at, answer.remark = None, mask(remark)[0][:500]
    answer.save()
    record("send_back", "answer_draft", answer.id, str(by.id))


@transaction.atomic
def withdraw(by: Person, answer: Answer) -> None:
    """No longer shown to anyone; a draft that was never published is gone."""
    require("contact.write_answer", by, answer)
    answer = held(answer)
    record("withdraw", "answer", answer.id, str(by.id), was=answer.state)
    if answer.state == AnswerState.DRAFT:
        answer.delete()
        return
    answer.state, answer.sealed, answer.proposed_at = AnswerState.WITHDRAWN, "", None
    answer.save()


def texts_of(told: dict[str, Any], name: str) -> Texts:
    return {
        code: told[f"{name}_{code}"].strip() for code in ("fi", "sv", "en") if told.get(f"{name}_{code}", "").strip()
    }
