"""My doors: kept in the browser's own session, without an account."""

from collections.abc import Iterable
from functools import wraps
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from opinovi.base import offline
from opinovi.base.access import View, allow
from opinovi.base.limits import allowed, machine_of
from opinovi.doors.actions import mail_doors
from opinovi.doors.door import doors_of

# A signed cookie of their own holds them, so that they outlive a sign-in; and there is an end to how many.
COOKIE = "doors"
MOST = 40
DAYS = 90


class MailForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Sähköpostiosoitteesi"),
        help_text=gettext_lazy("Viestissä on vain linkki. Osoitettasi ei tallenneta."),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Kirjoita sähköpostiosoite, johon linkki lähetetään."),
            "invalid": gettext_lazy("Osoitteessa on jotain vikaa. Se on muotoa nimi@esimerkki.fi."),
        },
    )


def kept_ids(request: HttpRequest) -> list[UUID]:
    return read_ids(str(request.get_signed_cookie(COOKIE, default="")).split("."))


def read_ids(values: Iterable[object]) -> list[UUID]:
    found = []
    for value in values:
        try:
            found.append(UUID(str(value)))
        except ValueError:
            continue
    return list(dict.fromkeys(found))[:MOST]


def stored(response: HttpResponse, ids: list[UUID]) -> HttpResponse:
    """The response, with these doors to be kept by the browser."""
    response.set_signed_cookie(
        COOKIE,
        ".".join(one.hex for one in ids[:MOST]),
        max_age=DAYS * 86_400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def posted(view: View) -> View:
    """Let a view answer a form alone: one who comes by its address is led to the page of the kept doors."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        return view(request) if request.method == "POST" else HttpResponseRedirect(reverse("my-doors"))

    return checked


def return_to(request: HttpRequest) -> HttpResponse:
    """Back to where the person was, if that is a page of ours."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if safe else reverse("my-doors"))


@posted
@allow("doors.keep")
def keep(request: HttpRequest) -> HttpResponse:
    ids = kept_ids(request)
    new = [one.id for one in doors_of(read_ids(request.POST.getlist("door"))) if one.id not in ids]
    return stored(return_to(request), [*ids, *new])


@posted
@allow("doors.keep")
def drop(request: HttpRequest) -> HttpResponse:
    away = set(read_ids(request.POST.getlist("door")))
    return stored(return_to(request), [one for one in kept_ids(request) if one not in away])


@require_safe
@allow("doors.keep")
def my_doors(request: HttpRequest) -> HttpResponse:
    return page(request, MailForm())


def page(request: HttpRequest, form: MailForm, sent: bool = False, status: int = 200) -> HttpResponse:
    """The kept doors; or, behind a mailed link, the doors that it names, to be kept here too."""
    shared = read_ids(request.GET.get("d", "").split(","))
    ids = shared or kept_ids(request)
    context = {
        "doors": doors_of(ids),
        "form": form,
        "sent": sent or request.GET.get("sent") == "1",
        "shared": bool(shared),
        "keeping_here": not shared,
    }
    return offline.kept(render(request, "doors/my_doors.html", context, status=status))


def may_mail(request: HttpRequest, address: str) -> bool:
    """Nobody fills another's mailbox through us, and no one machine writes to many."""
    return allowed("mail-to", address.lower(), 3) and allowed("mail-from", machine_of(request), 30)


@posted
@allow("doors.keep")
def mail(request: HttpRequest) -> HttpResponse:
    """Mail a link that opens the kept doors: the mail itself does not tell what they are."""
    form, ids = MailForm(request.POST), kept_ids(request)
    if not form.is_valid() or not ids:
        return page(request, form, status=422)
    if not may_mail(request, form.cleaned_data["email"]):
        form.add_error("email", _("Linkki on jo lähetetty monta kertaa. Odota tunti ja yritä uudelleen."))
        return page(request, form, status=429)
    address = request.build_absolute_uri(reverse("my-doors")) + "?d=" + ",".join(one.hex for one in ids)
    body = _(
        "Hei!\n\nPyysit tämän linkin Opin ovesta. Siitä avautuvat ovet, jotka talletit:\n\n%(address)s\n\n"
        "Jos et pyytänyt tätä, sinun ei tarvitse tehdä mitään. Osoitettasi ei tallenneta."
    )
    mail_doors(form.cleaned_data["email"], _("Omat ovesi"), body % {"address": address})
    return HttpResponseRedirect(reverse("my-doors") + "?sent=1")
