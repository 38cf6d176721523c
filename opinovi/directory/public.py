"""What anyone may do to keep the directory true, and the pages of courses: reports, confirmations, posters."""

from typing import Any
from uuid import UUID

import segno
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now, today
from opinovi.base.limits import allowed, machine_of
from opinovi.base.posted import posted_or_none, whole_number
from opinovi.base.when import short_date, span
from opinovi.directory.actions import freshness
from opinovi.directory.actions.reports import report_error
from opinovi.directory.by_id import public_address
from opinovi.directory.codes import municipality_name
from opinovi.directory.forms.base import STUDY_FORMS
from opinovi.directory.hours import state
from opinovi.directory.models import EVENT_SOURCES, ContactCard, Offering, ServicePoint, State
from opinovi.directory.models.offerings import Form as StudyForm
from opinovi.directory.records import find_record, type_of
from opinovi.directory.ways import OWN_NAMES, opening_words
from opinovi.network.queries import current_network

REPORTED = ("service", "point", "offering")
PER_PAGE = 20


class ReportForm(forms.Form):
    what = forms.ChoiceField(
        label=gettext_lazy("Mikä on väärin?"),
        choices=[
            ("phone", gettext_lazy("Puhelinnumero")),
            ("hours", gettext_lazy("Aukioloajat")),
            ("address", gettext_lazy("Osoite")),
            ("gone", gettext_lazy("Tätä ei enää ole")),
            ("text", gettext_lazy("Teksti")),
            ("other", gettext_lazy("Jotain muuta")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Valitse, mikä on väärin.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Kerro lisää, jos haluat"),
        help_text=gettext_lazy("Älä kirjoita nimeä, henkilötunnusta tai terveystietoja."),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    # A person does not see this; what fills in forms by itself does.
    website = forms.CharField(required=False, widget=forms.HiddenInput)


def published_record(record_type: str, record_id: UUID) -> Any:
    found = find_record(record_type, record_id) if record_type in REPORTED else None
    if found is None or found.state != State.PUBLISHED:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@allow("directory.report_error")
def report(request: HttpRequest, record_type: str, record_id: UUID) -> HttpResponse:
    """Anyone may say what is wrong on a page. Three taps, no name."""
    record = published_record(record_type, record_id)
    form = ReportForm(posted_or_none(request))
    context = {"record": record, "form": form, "back": public_address(record)}
    if request.GET.get("sent") == "1":
        return render(request, "directory/reported.html", context)
    if request.method == "POST" and form.is_valid():
        if not allowed("report", machine_of(request), 20):
            form.add_error(None, _("Ilmoituksia on tullut monta. Odota tunti ja yritä uudelleen."))
            return render(request, "directory/report.html", context, status=429)
        if not form.cleaned_data["website"]:
            report_error(record, form.cleaned_data["what"], form.cleaned_data["text"])
        return HttpResponseRedirect(request.path + "?sent=1")
    return render(request, "directory/report.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("directory.confirm_by_link")
def still_true(request: HttpRequest, token: str) -> HttpResponse:
    """Behind a letter's link. Opening it changes nothing, since mail programs open links by themselves; the page sends
    its one form by itself where scripts run, and shows its one button where they don't."""
    if not allowed("still-true", machine_of(request), 300):
        return render(
            request, "directory/still_true.html", {"why": [_("Linkkejä on avattu monta. Odota tunti.")]}, status=429
        )
    if request.method == "POST":
        try:
            confirmed = freshness.confirm_by_link(token)
        except ValidationError as error:
            return render(request, "directory/still_true.html", {"why": error.messages}, status=410)
        context = {
            "record": confirmed,
            "done": True,
            "next": confirmed.confirm_by,
            "public": public_address(confirmed),
            "record_type": type_of(confirmed),
        }
        return render(request, "directory/still_true.html", context)
    found = freshness.read_link(token)
    if found is None or getattr(found[0], "state", "") != State.PUBLISHED:
        why = [_("Linkki on vanhentunut. Kirjaudu sisään ja tarkista tieto työpöydällä.")]
        return render(request, "directory/still_true.html", {"why": why}, status=410)
    record: Any = found[0]
    is_card = isinstance(record, ContactCard)
    context = {
        "record": None if is_card else record,
        "ask": True,
        "public": public_address(record),
        "record_type": type_of(record),
    }
    return render(request, "directory/still_true.html", context)


@require_safe
@allow("directory.read")
def poster(request: HttpRequest, point_id: UUID) -> HttpResponse:
    """A place's door code to print and put on the wall."""
    point = get_object_or_404(
        ServicePoint.objects.select_related("organisation").filter(state=State.PUBLISHED), id=point_id
    )
    network = current_network()
    address = f"{network.address if network else ''}{reverse('place', args=[point.id])}"
    code = segno.make(address, error="m").svg_inline(scale=1, border=0, omitsize=True, svgclass="code", lineclass=None)
    context = {
        "point": point,
        "address": address,
        "code": mark_safe(code),
        "network": network,
    }  # made of our own address
    return render(request, "directory/poster.html", context)


# Courses and study places


def offerings_to_show() -> QuerySet[Offering]:
    """The courses and study places that one can still apply to, those that end first at the top."""
    day = today()
    over = (
        Q(apply_until__lt=day)
        | Q(apply_until=None, ends_on__lt=day)
        | Q(apply_until=None, ends_on=None, starts_on__lt=day)
    )
    return Offering.objects.filter(state=State.PUBLISHED).exclude(over).select_related("organisation", "point")


@require_safe
@allow("directory.read")
def offerings(request: HttpRequest) -> HttpResponse:
    """What one can apply to now or soon, in the network."""
    network = current_network()
    form = request.GET.get("form", "") if request.GET.get("form", "") in StudyForm.values else ""
    rows = offerings_to_show().exclude(source__in=EVENT_SOURCES)
    rows = rows.filter(organisation__networks=network) if network else rows.none()
    forms_there = sorted(set(rows.values_list("form", flat=True)), key=StudyForm.values.index)
    if form:
        rows = rows.filter(form=form)
    page_text = request.GET.get("page", "1")
    page = max(1, whole_number(page_text, 99_999) or 1)
    total = rows.count()
    begin = (page - 1) * PER_PAGE
    shown = sorted(rows, key=lambda one: (not one.open_now(), one.apply_until or one.starts_on or today(), one.id))
    context = {
        "offerings": [(one, when_to_apply(one), facts_of(one)) for one in shown[begin : begin + PER_PAGE]],
        "total": total,
        "form": form,
        "forms": [(value, STUDY_FORMS[StudyForm(value)]) for value in forms_there],
        "page": page,
        "before": page - 1,
        "after": page + 1 if begin + PER_PAGE < total else 0,
    }
    return render(request, "directory/offerings.html", context)


def when_to_apply(one: Offering) -> str:
    """Whether one can apply now, in words."""
    day = today()
    if one.is_event:
        if one.over(day):
            return _("Tapahtuma on ohi")
        begins = one.starts_on or day
        return _("Tänään") if begins == day else _("Käynnissä") if begins < day else short_date(begins)
    if one.over(day):
        return _("Haku on päättynyt")
    if one.apply_from and one.apply_from > day:
        return _("Haku alkaa %(day)s") % {"day": short_date(one.apply_from)}
    if one.apply_until:
        return _("Hae viimeistään %(day)s") % {"day": short_date(one.apply_until)}
    return _("Voit hakea nyt")


def price_words(one: Offering) -> str:
    if one.charge == "free":
        return _("Maksuton")
    if one.price_cents:
        euros, part = divmod(one.price_cents, 100)
        return f"{euros},{part:02d} €" if part else f"{euros} €"
    return _("Maksullinen") if one.charge == "chargeable" else ""


def facts_of(one: Offering) -> list[str]:
    """When it is held, how one studies, the price, the languages."""
    dates = ""
    if one.starts_on:
        dates = _("alkaa %(day)s") % {"day": short_date(one.starts_on)}
        if one.ends_on and one.ends_on != one.starts_on:
            dates = span(short_date(one.starts_on), short_date(one.ends_on))
    where = municipality_name(one.municipality) if one.municipality else ""
    languages = ", ".join(OWN_NAMES.get(code, code) for code in one.languages) if len(one.languages) > 1 else ""
    return [fact for fact in (dates, str(STUDY_FORMS[StudyForm(one.form)]), where, price_words(one), languages) if fact]


@require_safe
@allow("directory.read")
def offering(request: HttpRequest, offering_id: UUID) -> HttpResponse:
    one = get_object_or_404(Offering.objects.select_related("organisation", "point", "service"), id=offering_id)
    closed = one.state != State.PUBLISHED
    return render(
        request, "directory/offering.html", offering_context(one) | {"closed": closed}, status=410 if closed else 200
    )


def offering_context(one: Offering) -> dict[str, Any]:
    at = now()
    return {
        "one": one,
        "apply": when_to_apply(one),
        "may_apply": one.open_now(),
        "facts": facts_of(one),
        "languages": [(code, OWN_NAMES.get(code, code)) for code in one.languages],
        "opening": opening_words(state(one.point.hours, at), at) if one.point else "",
        "stale": one.long_overdue,
    }
