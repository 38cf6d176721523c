"""A person's own conversation: found again by its code or its letter, read, gone on with, taken out, erased."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import day_of, now
from opinovi.base.limits import allowed, machine_of
from opinovi.base.models import Event
from opinovi.base.posted import posted_or_none
from opinovi.base.text import choose
from opinovi.base.when import short_date, soon
from opinovi.contact.actions import enquiries
from opinovi.contact.ask import enquiry_with_all, on_duty
from opinovi.contact.forms import CodeForm, DigitsForm, WriteForm
from opinovi.contact.grants import grant, may_open, take_away
from opinovi.contact.hooks import how_it_went
from opinovi.contact.models import Attachment, Enquiry, Message
from opinovi.contact.models.enquiries import EnquiryState
from opinovi.contact.return_code import read_code
from opinovi.contact.thread import lines_of, sent_file
from opinovi.doors.need import understand
from opinovi.network.models import Organisation

form_methods = require_http_methods(["GET", "HEAD", "POST"])
CODES_AN_HOUR = 30


@form_methods
@allow("contact.own_conversation")
def come_back(request: HttpRequest) -> HttpResponse:
    """The return code opens the conversation, on any device. A typing error is told apart from a code that is none."""
    form = CodeForm(posted_or_none(request))
    if request.method == "POST" and form.is_valid():
        if not allowed("code", machine_of(request), CODES_AN_HOUR):
            form.add_error(None, _("Koodia on yritetty monta kertaa. Odota tunti ja yritä uudelleen."))
            return render(request, "contact/come_back.html", {"form": form}, status=429)
        code = read_code(form.cleaned_data["code"])
        found = enquiries.enquiry_of_code(code) if code else None
        if found is not None:
            return opened(request, found)
        if code is None:
            form.add_error("code", _("Koodissa on kirjoitusvirhe. Katso se merkki kerrallaan."))
        else:
            form.add_error("code", _("Tällä koodilla ei löydy keskustelua. Se on voitu poistaa."))
    return render(request, "contact/come_back.html", {"form": form}, status=422 if form.errors else 200)


def opened(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """Into the conversation; of one that was joined to another, into that."""
    while enquiry.merged_into_id and enquiry.merged_into is not None:
        enquiry = enquiry.merged_into
    return grant(request, HttpResponseRedirect(reverse("conversation", args=[enquiry.id])), enquiry.id)


@form_methods
@allow("contact.own_conversation")
def open_conversation(request: HttpRequest, token: str) -> HttpResponse:
    """Behind a letter's link: a code goes to the same address, and opens the conversation."""
    enquiry = enquiries.enquiry_of_link(token)
    if enquiry is None:
        return render(request, "contact/open_conversation.html", {"over": True}, status=410)
    if may_open(request, enquiry.id):
        return opened(request, enquiry)
    form = DigitsForm(request.POST if request.POST.get("code") is not None else None)
    context: dict[str, Any] = {"form": form, "sent": request.GET.get("sent") == "1"}
    if request.method == "POST" and request.POST.get("code") is None:
        if not allowed("access-code", enquiry.id.hex, 6):
            context["why"] = _("Koodeja on lähetetty monta. Odota tunti ja yritä uudelleen.")
            return render(request, "contact/open_conversation.html", context, status=429)
        enquiries.send_access_code(enquiry)
        return HttpResponseRedirect(f"{request.path}?sent=1")
    if request.method == "POST" and form.is_valid():
        if allowed("code", machine_of(request), CODES_AN_HOUR) and enquiries.open_by_code(
            enquiry, form.cleaned_data["code"]
        ):
            return opened(request, enquiry)
        form.add_error("code", _("Koodi on väärä tai vanha. Lähetä uusi koodi."))
    context["sent"] = context["sent"] or bool(form.errors)
    return render(request, "contact/open_conversation.html", context, status=422 if form.errors else 200)


def mine(request: HttpRequest, enquiry_id: UUID) -> Enquiry | None:
    """The conversation, if this browser may open it and its words are there."""
    if not may_open(request, enquiry_id):
        return None
    enquiry = enquiry_with_all(enquiry_id)
    return enquiry if enquiry and enquiry.state != EnquiryState.ERASED else None


@form_methods
@allow("contact.own_conversation")
def conversation(request: HttpRequest, enquiry_id: UUID) -> HttpResponse:
    """What was said, what happens next, and what is the person's to decide."""
    enquiry = mine(request, enquiry_id)
    if enquiry is None:
        # The same for one that is not there and one that is not theirs.
        return HttpResponseRedirect(reverse("come-back"))
    if enquiry.merged_into_id:
        return opened(request, enquiry)
    if request.method == "POST":
        return act(request, enquiry)
    if request.GET.get("part") == "thread":
        return render(request, "contact/thread.html", {"lines": lines_of(enquiry, person=True), "person": True})
    return conversation_page(request, enquiry, WriteForm(initial={"once": uuid4()}))


def act(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    here = reverse("conversation", args=[enquiry.id])
    then = request.POST.get("then", "write")
    if then == "erase":
        enquiries.erase(enquiry)
        return take_away(request, HttpResponseRedirect(reverse("erased")), enquiry.id)
    if then == "leave":
        return take_away(request, HttpResponseRedirect(reverse("home")), enquiry.id)
    if then in ("notices", "no-notices"):
        enquiries.set_notices(enquiry, then == "notices")
        return HttpResponseRedirect(here)
    form = WriteForm(request.POST, request.FILES)
    if not form.is_valid():
        return conversation_page(request, enquiry, form, status=422)
    if not allowed("write", enquiry.id.hex, 60):
        form.add_error(None, _("Viestejä on tullut monta. Odota hetki ja lähetä uudelleen, tai soita."))
        return conversation_page(request, enquiry, form, status=429)
    told = form.cleaned_data
    try:
        enquiries.write_again(enquiry, told["text"], told["attachments"], told["once"])
    except ValidationError as error:
        form.add_error(None, error)
        return conversation_page(request, enquiry, form, status=422)
    return HttpResponseRedirect(f"{here}#last")


def conversation_page(request: HttpRequest, enquiry: Enquiry, form: WriteForm, status: int = 200) -> HttpResponse:
    lines = lines_of(enquiry, person=True)
    told = enquiry.told()
    text = " ".join(one.text for one in lines if one.author == Message.Author.PERSON)
    duty = enquiry.open and on_duty(enquiry.team)
    context = {
        "enquiry": enquiry,
        "how_it_went": how_it_went(enquiry) if enquiry.first_answered_at else "",
        "form": form,
        "lines": lines,
        "person": True,
        "code": told.get("code", ""),
        "mail": told.get("mail", ""),
        "phone": told.get("phone", ""),
        "new": request.GET.get("new") == "1",
        "promise": soon(enquiry.answer_by, now()),
        "late": enquiry.answer_by < now(),
        "duty": duty,
        "helplines": understand(text[-500:], enquiry.language).danger.lines,
        "readers": readers(enquiry),
        "who": choose(enquiry.team.organisation.name),
    }
    response = render(request, "contact/conversation.html", context, status=status)
    if request.method == "GET":
        enquiries.mark_read(enquiry)
    response["Cache-Control"] = "no-store"
    return response


def readers(enquiry: Enquiry) -> list[str]:
    """Which organisations have read it, and when: each day once."""
    rows = Event.objects.filter(subject_type="enquiry", subject_id=str(enquiry.id), verb="read").order_by("seq")
    told = dict.fromkeys((row.data.get("organisation"), day_of(row.at)) for row in rows)
    names = {str(one.id): one for one in Organisation.objects.filter(id__in={who for who, _day in told if who})}
    return [f"{choose(names[str(who)].name).text}, {short_date(day)}" for who, day in told if str(who) in names]


@require_safe
@allow("contact.own_conversation")
def conversation_file(request: HttpRequest, enquiry_id: UUID, file_id: UUID) -> HttpResponse:
    enquiry = mine(request, enquiry_id)
    file = Attachment.objects.filter(id=file_id, enquiry=enquiry).first() if enquiry else None
    if enquiry is None or file is None or file.message.author == Message.Author.NOTE:
        raise Http404
    return sent_file(enquiry, file)


@require_safe
@allow("contact.own_conversation")
def take_out(request: HttpRequest, enquiry_id: UUID) -> HttpResponse:
    """All that is kept of the conversation, as a file of one's own."""
    enquiry = mine(request, enquiry_id)
    if enquiry is None:
        return HttpResponseRedirect(reverse("come-back"))
    response = JsonResponse(enquiries.take_out(enquiry), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="opin-ovi.json"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@allow("contact.own_conversation")
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "contact/erased.html")
