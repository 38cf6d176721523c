"""One enquiry as a guide sees it: what was said, who asks, and everything that can be done with it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base import unsent
from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.base.fresh import fresh
from opinovi.base.text import choose
from opinovi.contact import hooks
from opinovi.contact.access import guide_id
from opinovi.contact.actions import desk as actions
from opinovi.contact.ask import enquiry_with_all
from opinovi.contact.desk import note_of, promise_of, source_of
from opinovi.contact.forms import ENDS, GiveForm, HandOverForm, ReplyForm
from opinovi.contact.models import AnswerDraft, AnswerTemplate, Attachment, Enquiry
from opinovi.contact.models.enquiries import EnquiryState, Wish
from opinovi.contact.thread import lines_of, sent_file
from opinovi.directory.hours import ZONE
from opinovi.directory.ways import OWN_NAMES, phone
from opinovi.doors.forms import uuid_or_none
from opinovi.network.models import Member, Role, Team
from opinovi.network.views import me

form_methods = require_http_methods(["GET", "HEAD", "POST"])
WRITING = timedelta(seconds=45)
MOST_TO_JOIN = 50


def enquiry_by_id(enquiry_id: UUID) -> Enquiry | None:
    found = enquiry_with_all(enquiry_id)
    return found if found and found.state != EnquiryState.ERASED else None


def file_by_id(file_id: UUID) -> Attachment | None:
    return Attachment.objects.select_related("enquiry__key", "enquiry__team").filter(id=file_id).first()


@form_methods
@allow("contact.guide", of=enquiry_by_id)
def enquiry(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    if request.method == "POST":
        return act(request, enquiry)
    if request.GET.get("part") == "thread":
        context = {
            "lines": lines_of(enquiry, person=False),
            "person": False,
            "writing": others_writing(drafts_of(enquiry), request),
        }
        return render(request, "contact/thread.html", context)
    return page(request, enquiry)


def act(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """One change, named by the button that was pressed. What went wrong is said on the page, with nothing lost."""
    then = request.POST.get("then", "")
    if then == "draft":
        actions.save_answer_draft(me(request), enquiry, request.POST.get("text", "")[:10_000])
        return JsonResponse({"saved": True})
    deed = DEEDS.get(then)
    if deed is None:
        return page(request, enquiry, why=_("Valitse, mitä tehdään."), status=422)
    try:
        where = deed(request, enquiry)
    except Refused as refused:
        return page(request, enquiry, refused.form, status=422)
    except ValidationError as error:
        reply = ReplyForm(initial={"text": request.POST.get("text", "")})
        return page(request, enquiry, reply, why=" ".join(error.messages), status=422)
    response = HttpResponseRedirect(where or reverse("enquiry", args=[enquiry.id]))
    unsent.forget(request)
    return response


class Refused(Exception):
    """A form that was not filled in right."""

    def __init__(self, form: Form) -> None:
        self.form = form


def filled(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        raise Refused(form)
    told: dict[str, Any] = form.cleaned_data
    return told


def reply(request: HttpRequest, enquiry: Enquiry, close: bool = False) -> str:
    told = filled(ReplyForm(request.POST, request.FILES))
    actions.reply(me(request), enquiry, told["text"], told["attachments"], close=close, once=told["once"])
    return reverse("desk") + "?done=replied" if close else ""


def reply_and_close(request: HttpRequest, enquiry: Enquiry) -> str:
    return reply(request, enquiry, close=True)


def note(request: HttpRequest, enquiry: Enquiry) -> None:
    actions.add_note(me(request), enquiry, filled(ReplyForm(request.POST))["text"])


def give(request: HttpRequest, enquiry: Enquiry) -> None:
    told = filled(GiveForm(request.POST, members=staff(enquiry)[1]))
    member = Member.objects.select_related("person").get(id=told["member"]) if told["member"] else None
    actions.give(me(request), enquiry, member)


def hand_over(request: HttpRequest, enquiry: Enquiry) -> str:
    told = filled(HandOverForm(request.POST, teams=staff(enquiry)[0]))
    actions.hand_over(me(request), enquiry, Team.objects.get(id=told["team"]), told["why"])
    return reverse("desk") + "?done=handed"


def snooze(request: HttpRequest, enquiry: Enquiry) -> str:
    """Until tomorrow morning, or for so many days."""
    days = request.POST.get("days", "")
    if days == "0":
        actions.snooze(me(request), enquiry, None)
        return ""
    day = timezone.localtime(now()).date() + timedelta(days=int(days) if days in ("1", "3", "7") else 1)
    actions.snooze(me(request), enquiry, datetime(day.year, day.month, day.day, 8, tzinfo=ZONE))
    return reverse("desk")


def merge(request: HttpRequest, enquiry: Enquiry) -> str:
    into = to_join(enquiry).filter(id=uuid_or_none(request.POST.get("into", ""))).first()
    if into is None:
        raise ValidationError(_("Valitse toinen yhteydenotto."))
    actions.merge(me(request), enquiry, into)
    return reverse("enquiry", args=[into.id])


def close(request: HttpRequest, enquiry: Enquiry) -> str:
    actions.close(me(request), enquiry, request.POST.get("why", ""))
    return reverse("desk") + "?done=closed"


DEEDS: dict[str, Callable[[HttpRequest, Enquiry], str | None]] = {
    "reply": reply,
    "reply_close": reply_and_close,
    "note": note,
    "take": lambda request, one: actions.take(me(request), one),
    "give": give,
    "hand_over": hand_over,
    "snooze": snooze,
    "merge": merge,
    "close": close,
    "open_again": lambda request, one: actions.open_again(me(request), one),
    "believe": lambda request, one: actions.believe(me(request), one),
}


def staff(enquiry: Enquiry) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Who may take it, by id and name: the network's other teams with a guide, and the guides of its own team."""

    def read() -> list[tuple[str, str, str, str]]:
        rows = Team.members.through.objects.filter(
            team__organisation__networks=enquiry.network_id,
            member__roles__role=Role.GUIDE,
            member__ended_at=None,
        ).select_related("team__organisation", "member__person")
        rows = rows.order_by("team__organisation_id", "team__name", "member__person__name")
        return [
            (str(one.team_id), f"{one.team.organisation}: {one.team}", str(one.member_id), str(one.member))
            for one in rows
        ]

    found = fresh.get(("guides by team", enquiry.network_id, get_language()), read)
    own = str(enquiry.team_id)
    teams = {team: name for team, name, _member, _person in found if team != own}
    return list(teams.items()), [(member, person) for team, _name, member, person in found if team == own]


def to_join(enquiry: Enquiry) -> Any:
    rows = Enquiry.objects.filter(state__in=[EnquiryState.WAITING, EnquiryState.ANSWERED], team=enquiry.team)
    return rows.exclude(id=enquiry.id).filter(network=enquiry.network).select_related("key").order_by("-asked_at")


def drafts_of(enquiry: Enquiry) -> list[AnswerDraft]:
    return list(AnswerDraft.objects.filter(enquiry=enquiry).select_related("member__person"))


def others_writing(drafts: list[AnswerDraft], request: HttpRequest) -> list[Member]:
    since = now() - WRITING
    return [one.member for one in drafts if one.edited_at > since and one.member.person_id != me(request).id]


def page(
    request: HttpRequest, enquiry: Enquiry, form: Form | None = None, why: str = "", status: int = 200
) -> HttpResponse:
    actions.read(me(request), enquiry)
    told = enquiry.told()
    member, drafts = guide_id(request.user, enquiry.team), drafts_of(enquiry)
    own_draft = next((one for one in drafts if one.member_id == member), None)
    promise, tone = promise_of(enquiry)
    shown, dial = phone(told.get("phone", ""))
    context = {
        "enquiry": enquiry,
        "told": told,
        "title": told.get("subject") or _("Yhteydenotto"),
        "lines": lines_of(enquiry, person=False),
        "promise": promise,
        "tone": tone,
        "note": note_of(enquiry, told),
        "source": source_of(enquiry),
        "language_name": OWN_NAMES.get(enquiry.language, enquiry.language),
        "number": shown,
        "dial": dial,
        "call": enquiry.wish == Wish.CALL,
        "own": member is not None and enquiry.assignee_id == member,
        "writing": others_writing(drafts, request),
        "templates": templates_for(enquiry, told, str(me(request))),
        "ends": ENDS,
        "why": why,
        "wrong": form if form is not None and form.errors else None,
        "snoozed": enquiry.snoozed(),
        "ways_on": hooks.ways_on(hooks.from_enquiry, request.user, enquiry),
        **forms_of(request, enquiry, form, own_draft),
    }
    response = render(request, "contact/enquiry.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def forms_of(request: HttpRequest, enquiry: Enquiry, form: Form | None, draft: AnswerDraft | None) -> dict[str, Any]:
    """The page's forms: the one that was sent as it was sent, the others anew, the answer as it was being written."""
    others = list(to_join(enquiry)[:MOST_TO_JOIN]) if request.GET.get("join") or request.POST.get("into") else []
    teams, members = staff(enquiry)
    return {
        "reply": form if isinstance(form, ReplyForm) else ReplyForm(initial=being_written(request, enquiry, draft)),
        "hand_over": form if isinstance(form, HandOverForm) else HandOverForm(teams=teams),
        "give": form if isinstance(form, GiveForm) else GiveForm(members=members),
        "joinable": [(one.id, one.told().get("subject", ""), note_of(one, one.told())) for one in others],
    }


def being_written(request: HttpRequest, enquiry: Enquiry, draft: AnswerDraft | None) -> dict[str, Any]:
    """What was written when the session ended, else the draft, else nothing."""
    text = unsent.kept(request).get("text", "")
    if not text and draft is not None and enquiry.key is not None:
        text = enquiry.key.unlock(draft.locked)
    return {"text": text, "once": uuid4().hex}


def templates_for(enquiry: Enquiry, told: dict[str, Any], guide: str) -> list[dict[str, str]]:
    """The organisation's ready answers in the person's language, their fields filled in."""
    fields = {
        "nimi": told.get("name") or "",
        "palvelu": choose(enquiry.service.name, enquiry.language).text if enquiry.service else "",
        "ohjaaja": guide,
    }
    organisation = enquiry.team.organisation_id
    rows = fresh.get(
        ("answer templates", organisation), lambda: list(AnswerTemplate.objects.filter(organisation=organisation))
    )
    return [
        {"id": str(one.id), "name": one.name, "text": filled_in(choose(one.text, enquiry.language).text, fields)}
        for one in rows
    ]


def filled_in(text: str, fields: dict[str, str]) -> str:
    """The text with its known fields filled in; an empty one leaves no gap."""
    for name, value in fields.items():
        text = text.replace(f" {{{name}}}", f" {value}" if value else "").replace(f"{{{name}}}", value)
    return text


@require_safe
@allow("contact.open_file", of=file_by_id)
def enquiry_file(request: HttpRequest, file: Attachment) -> HttpResponse:
    actions.read(me(request), file.enquiry)
    return sent_file(file.enquiry, file)
