"""Published answers: for anyone to read, and for guides to write, check and approve."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opinovi.base.access import allow
from opinovi.base.posted import posted_or_none
from opinovi.base.text import choose
from opinovi.contact.access import guide_of
from opinovi.contact.actions import answers as actions
from opinovi.contact.enquiry_page import enquiry_by_id, page
from opinovi.contact.findings import findings, marked
from opinovi.contact.models import Enquiry
from opinovi.directory.models import Answer, AnswerState
from opinovi.doors import topics as vocabulary
from opinovi.network.models import Member, Organisation, Role
from opinovi.network.queries import current_network
from opinovi.network.standing import standing
from opinovi.network.views import me, organisation_by_id, tell

form_methods = require_http_methods(["GET", "HEAD", "POST"])
WRITERS = (Role.GUIDE, Role.EDITOR, Role.ADMINISTRATOR)
MOST = 200
KIND_WORDS = {
    "name": gettext_lazy("nimi"),
    "place": gettext_lazy("paikka"),
    "number": gettext_lazy("numero"),
    "date": gettext_lazy("päivä"),
    "mail": gettext_lazy("sähköposti"),
    "address": gettext_lazy("osoite"),
    "code": gettext_lazy("henkilötunnus"),
}


class AnswerForm(forms.Form):
    name_fi = forms.CharField(
        label=gettext_lazy("Kysymys"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    summary_fi = forms.CharField(
        label=gettext_lazy("Vastaus"), max_length=5000, required=False, widget=forms.Textarea({"rows": 8})
    )
    name_sv = forms.CharField(
        label=gettext_lazy("Kysymys ruotsiksi"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    summary_sv = forms.CharField(
        label=gettext_lazy("Vastaus ruotsiksi"), max_length=5000, required=False, widget=forms.Textarea({"rows": 5})
    )
    name_en = forms.CharField(
        label=gettext_lazy("Kysymys englanniksi"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    summary_en = forms.CharField(
        label=gettext_lazy("Vastaus englanniksi"), max_length=5000, required=False, widget=forms.Textarea({"rows": 5})
    )
    topics = forms.MultipleChoiceField(label=gettext_lazy("Aiheet"), required=False, widget=forms.SelectMultiple)
    clean_of_people = forms.BooleanField(
        label=gettext_lazy("Olen poistanut nimet ja sen, mistä ihmisen voisi tunnistaa."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = ((one.id, choose(one.label).text) for one in vocabulary.topics().values())
        self.fields["topics"].choices = sorted(known, key=lambda pair: pair[1].lower())  # type: ignore[attr-defined]


def answer_by_id(answer_id: UUID) -> Answer | None:
    rows = Answer.objects.select_related(
        "organisation", "service", "written_by__person", "approved_by__person", "owner"
    )
    return rows.defer("service__source_record").filter(id=answer_id).first()


def published() -> QuerySet[Answer]:
    rows = Answer.objects.filter(state=AnswerState.PUBLISHED).select_related("organisation", "service", "owner")
    return rows.defer("service__source_record")


@require_safe
@allow("directory.read")
def answers(request: HttpRequest) -> HttpResponse:
    """What people have asked, answered."""
    network = current_network()
    rows = published().filter(organisation__networks=network).order_by("-approved_at")[:MOST] if network else []
    return render(request, "contact/answers.html", {"answers": rows})


@require_safe
@allow("directory.read")
def answer(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    one = get_object_or_404(Answer.objects.select_related("organisation", "service").defer("service__source_record"),
                            id=answer_id, state__in=[AnswerState.PUBLISHED, AnswerState.WITHDRAWN])  # fmt: skip
    gone = one.state == AnswerState.WITHDRAWN
    return render(request, "contact/answer.html", {"one": one, "gone": gone}, status=410 if gone else 200)


@require_safe
@allow("contact.write_answer")
def desk_answers(request: HttpRequest) -> HttpResponse:
    """One's organisations' answers: those that wait for approval first."""
    houses = standing(request.user).organisations(*WRITERS)
    rows = Answer.objects.filter(organisation__in=houses).select_related("organisation", "written_by__person")
    rows = rows.exclude(state=AnswerState.WITHDRAWN).order_by("-changed_at")
    found = list(rows[:MOST])
    context = {
        "proposed": [(one, title_of(one)) for one in found if one.proposed_at],
        "drafts": [(one, title_of(one)) for one in found if one.sealed and not one.proposed_at],
        "published": [one for one in found if one.state == AnswerState.PUBLISHED],
        "houses": Organisation.objects.filter(id__in=houses).order_by("id"),
    }
    return render(request, "contact/desk_answers.html", context)


def title_of(one: Answer) -> str:
    return choose(one.proposal()["name"]).text or _("nimetön")


@require_POST
@allow("contact.guide", of=enquiry_by_id)
def publish_from(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """A draft out of a conversation."""
    member = guide_of(request.user, enquiry.team)
    try:
        if member is None:
            raise ValidationError(_("Toisen tiimin keskustelusta ei voi tehdä julkista vastausta."))
        made = actions.draft_from(me(request), enquiry, member)
    except ValidationError as error:
        return page(request, enquiry, why=" ".join(error.messages), status=422)
    return HttpResponseRedirect(reverse("write-answer", args=[made.id]))


@require_POST
@allow("contact.write_answer", of=organisation_by_id)
def new_answer(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    member = Member.objects.get(person=me(request), organisation=organisation, ended_at=None)
    return HttpResponseRedirect(reverse("write-answer", args=[actions.new_draft(me(request), organisation, member).id]))


@form_methods
@allow("contact.write_answer", of=answer_by_id)
def write_answer(request: HttpRequest, answer: Answer) -> HttpResponse:
    """Write it, have it approved, approve it, send it back, take it away."""
    then = request.POST.get("then", "") if request.method == "POST" else ""
    try:
        if then in ("approve", "send-back", "withdraw"):
            return decide(request, answer, then)
        form = AnswerForm(posted_or_none(request), initial=initial_of(answer))
        if then and form.is_valid():
            return save(request, answer, form, propose=then == "propose")
    except ValidationError as error:
        form = AnswerForm(request.POST if then in ("save", "propose") else None, initial=initial_of(answer))
        if form.is_bound:
            tell(form, error)
            return write_page(request, answer, form)
        return write_page(request, answer, form, " ".join(error.messages))
    return write_page(request, answer, form)


def save(request: HttpRequest, answer: Answer, form: AnswerForm, propose: bool) -> HttpResponse:
    told = form.cleaned_data
    name, summary = actions.texts_of(told, "name"), actions.texts_of(told, "summary")
    left = [one for text in (*name.values(), *summary.values()) for one in findings(text)]
    if propose and left and not told["clean_of_people"]:
        actions.save(me(request), answer, name, summary, told["topics"], propose=False)
        raise ValidationError(
            {"clean_of_people": _("Katso vielä merkityt kohdat. Rastita tämä, kun kenestäkään ei kerrota.")}
        )
    actions.save(me(request), answer, name, summary, told["topics"], propose)
    done = "?proposed=1" if propose else "?saved=1"
    return HttpResponseRedirect(reverse("write-answer", args=[answer.id]) + done)


def decide(request: HttpRequest, answer: Answer, then: str) -> HttpResponse:
    if then == "approve":
        actions.approve(me(request), answer)
        return HttpResponseRedirect(reverse("desk-answers") + "?published=1")
    if then == "send-back":
        actions.send_back(me(request), answer, request.POST.get("remark", ""))
    else:
        actions.withdraw(me(request), answer)
    return HttpResponseRedirect(reverse("desk-answers") + "?done=1")


def initial_of(answer: Answer) -> dict[str, Any]:
    told = answer.proposal()
    fields = {f"{name}_{code}": text for name in ("name", "summary") for code, text in told[name].items()}
    return fields | {"topics": answer.topics}


def write_page(request: HttpRequest, answer: Answer, form: AnswerForm, why: str = "") -> HttpResponse:
    told = {"name": {}, "summary": {}} if form.is_bound and form.errors else answer.proposal()
    if form.is_bound and form.errors:
        posted = {name: request.POST.get(name, "") for name in form.fields}
        told = {"name": actions.texts_of(posted, "name"), "summary": actions.texts_of(posted, "summary")}
    texts = [(code, marked(text)) for name in ("name", "summary") for code, text in told[name].items()]
    found = [(KIND_WORDS[kind], piece) for _code, pieces in texts for piece, kind in pieces if kind]
    own = answer.written_by is not None and answer.written_by.person_id == me(request).id
    context = {
        "one": answer,
        "title": choose(told["name"]).text,
        "form": form,
        "why": why,
        "texts": texts,
        "found": list(dict.fromkeys(found)),
        "own": own,
        "waits": answer.proposed_at is not None,
    }
    return render(request, "contact/write_answer.html", context, status=422 if form.errors or why else 200)
