"""How a person wants to read: larger, with more contrast, in another type, without motion, aloud.

It is kept in their own browser alone, works without a script, and is the same for every page."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.posted import posted_or_none

COOKIE = "reading"
YEAR = 365 * 24 * 3600
# Each choice with its values; the first is as pages are.
CHOICES: dict[str, tuple[Any, list[tuple[str, Any]]]] = {
    "size": (
        gettext_lazy("Tekstin koko"),
        [("", gettext_lazy("tavallinen")), ("large", gettext_lazy("iso")), ("huge", gettext_lazy("hyvin iso"))],
    ),
    "space": (
        gettext_lazy("Rivien ja sanojen väli"),
        [("", gettext_lazy("tavallinen")), ("wide", gettext_lazy("väljä"))],
    ),
    "type": (
        gettext_lazy("Kirjaimet"),
        [("", gettext_lazy("tavalliset")), ("clear", gettext_lazy("helposti erottuvat"))],
    ),
    "contrast": (
        gettext_lazy("Värit"),
        [
            ("", gettext_lazy("tavalliset")),
            ("light", gettext_lazy("musta valkoisella")),
            ("dark", gettext_lazy("keltainen mustalla")),
        ],
    ),
    "motion": (
        gettext_lazy("Liike"),
        [("", gettext_lazy("laitteen asetuksen mukaan")), ("none", gettext_lazy("ei liikettä"))],
    ),
    "aloud": (
        gettext_lazy("Ääneen lukeminen"),
        [("", gettext_lazy("ei")), ("on", gettext_lazy("näytä kuuntelunappi"))],
    ),
}


@dataclass(frozen=True)
class Reading:
    """What was chosen, by name; empty where pages are as they are."""

    chosen: dict[str, str]

    def __bool__(self) -> bool:
        return bool(self.chosen)

    @property
    def aloud(self) -> bool:
        return self.chosen.get("aloud") == "on"

    @property
    def attributes(self) -> list[tuple[str, str]]:
        """What the page's root carries, for the stylesheet."""
        return [(name, value) for name, value in self.chosen.items() if name != "aloud"]


def reading_of(request: HttpRequest) -> Reading:
    """What the browser remembers; anything else in the cookie is passed over."""
    told = dict(parse_qsl(request.COOKIES.get(COOKIE, "")[:300]))
    return Reading(clean(told))


def clean(told: dict[str, Any]) -> dict[str, str]:
    return {
        name: str(told[name]) for name, (_label, values) in CHOICES.items()
        if told.get(name) and str(told[name]) in {value for value, _words in values}
    }  # fmt: skip


class ReadingForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, values) in CHOICES.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=values, required=False, widget=forms.RadioSelect
            )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@allow("site.read")
def reading(request: HttpRequest) -> HttpResponse:
    """The choices, each seen at once on this very page once it is saved."""
    back = request.POST.get("back") or request.GET.get("back") or ""
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}) or not back.startswith("/"):
        back = ""
    form = ReadingForm(posted_or_none(request), initial=reading_of(request).chosen)
    if request.method == "POST" and (form.is_valid() or "again" in request.POST):
        told = {} if "again" in request.POST else clean(form.cleaned_data)
        response = HttpResponseRedirect(f"{reverse('reading')}?{urlencode({'saved': '1', 'back': back})}")
        if not told:
            response.delete_cookie(COOKIE)
            return response
        response.set_cookie(
            COOKIE, urlencode(told), max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
        return response
    context = {"form": form, "back": back, "saved": request.GET.get("saved") == "1"}
    return render(request, "site/reading.html", context, status=422 if form.errors else 200)
