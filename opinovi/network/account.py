"""One's own account: name, language, how one signs in, and where one is signed in. And the example's people."""

from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.views import RequestLoginCodeView
from allauth.core.ratelimit import respond_429
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from allauth.socialaccount.adapter import get_adapter as get_provider_adapter
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from opinovi.base.access import View, allow
from opinovi.base.events import record
from opinovi.base.languages import WHOLE
from opinovi.base.posted import posted_or_none
from opinovi.network.actions import save_person
from opinovi.network.models import Member, Person, Role
from opinovi.network.standing import standing


class SignIn(RequestLoginCodeView):
    """The sign-in page: a code by mail, a passkey, a provider; on an example installation its people by one click."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # One who comes back here begins anew: with another address, or for another code.
        clear_login(request)
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["email"].label = _("Sähköpostiosoitteesi")
        form.fields["email"].widget.attrs = {"autocomplete": "username webauthn", "class": "", "placeholder": ""}
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        next_url = self.request.POST.get("next") or self.request.GET.get("next") or ""
        return super().get_context_data(**kwargs) | {
            "next": next_url,
            "providers": get_provider_adapter().list_providers(self.request),
            "examples": examples(),
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        errors = context["form"].errors.as_data().get("email", [])
        busy = any(error.code == "too_many_login_attempts" for error in errors)
        if busy:
            return respond_429(self.request)
        return super().render_to_response(context, status=422 if errors else 200, **kwargs)


sign_in = SignIn.as_view()


class Holds:
    """One who has just set up a key has shown that they hold it: the spare codes come without asking for it again."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        record_authentication(self.request, self.request.user, method="mfa", reauthenticated=True)
        return response


class AddApp(Holds, ActivateTOTPView):
    """An authenticator app as the second factor."""


class AddPasskey(Holds, AddWebAuthnView):
    """A passkey as the second factor."""


add_app, add_passkey = AddApp.as_view(), AddPasskey.as_view()


def examples() -> list[dict[str, Any]]:
    """The example's people with what they are, each once; none on an installation that is no example."""
    if not settings.EXAMPLE or settings.PRODUCTION:
        return []
    places = (
        Member.objects.filter(person__example=True, ended_at=None)
        .select_related("person", "organisation")
        .prefetch_related("roles")
        .order_by("id")
    )
    found: dict[Any, dict[str, Any]] = {
        one.id: {"person": one, "roles": [], "organisation": None}
        for one in Person.objects.filter(example=True, is_active=True).order_by("id")
    }
    for member in places:
        entry = found[member.person_id]
        entry["organisation"] = entry["organisation"] or member.organisation
        entry["roles"] += [role_name(one.role) for one in member.roles.all()]
    return list(found.values())


ROLE_NAMES = {
    Role.GUIDE: _("ohjaaja"),
    Role.EDITOR: _("sisällön ylläpitäjä"),
    Role.ADMINISTRATOR: _("organisaation pääkäyttäjä"),
    Role.EMPLOYER: _("työnantajan edustaja"),
    Role.COORDINATOR: _("verkoston koordinaattori"),
    Role.NETWORK_ADMINISTRATOR: _("verkoston pääkäyttäjä"),
    Role.AUDITOR: _("tarkastaja (vain luvut)"),
}


def role_name(role: str) -> str:
    return str(ROLE_NAMES[Role(role)])


def steady(view: View) -> View:
    """A provider that does not answer is told as such, and is no error of ours."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RequestException:
            return render(request, "socialaccount/authentication_error.html", status=503)

    return told


def come_in(request: HttpRequest, person: Person, next_url: str = "") -> HttpResponse:
    """Sign a person in whose address is known to be theirs; a second factor that they have is still asked for."""
    response: HttpResponse = perform_login(
        request, Login(user=person, email=person.email, redirect_url=next_url or None)
    )
    return response


def ids_in(text: str) -> list[UUID]:
    """The id that a form sent, if it is one."""
    try:
        return [UUID(text)]
    except ValueError:
        return []


@require_POST
@allow("network.sign_in_example")
def sign_in_example(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the example's people."""
    person = Person.objects.filter(example=True, is_active=True, id__in=ids_in(request.POST.get("person", ""))).first()
    if person is None:
        raise Http404
    place = standing(person)
    return come_in(request, person, reverse(place.home))


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Nimesi"), max_length=120)
    language = forms.ChoiceField(label=_("Kieli, jolla sinulle kirjoitetaan"), choices=list(WHOLE.items()))
    letters = forms.BooleanField(label=_("Lähettäkää sähköposti, kun työpöydälleni tulee jotain."), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("network.own_account")
def account(request: HttpRequest) -> HttpResponse:
    person = request.user
    assert isinstance(person, Person)
    initial = {
        "name": person.name,
        "language": person.language or translation.get_language(),
        "letters": person.letters,
    }
    form = PersonForm(posted_or_none(request), initial=initial)
    if not standing(person).held:
        # What a client gives of themselves lies locked elsewhere; their account knows no name.
        del form.fields["name"]
    if request.method == "POST" and form.is_valid():
        save_person(person, **{"name": person.name} | form.cleaned_data)
        return HttpResponseRedirect(reverse("account") + "?saved=1")
    context = {
        "form": form,
        "saved": request.GET.get("saved") == "1",
        "places": person.places.filter(ended_at=None).select_related("organisation").prefetch_related("roles"),
        "role_name": role_name,
        "factors": factors(person),
        "session_count": UserSession.objects.filter(user=person).count(),
    }
    return render(request, "network/account.html", context, status=422 if form.errors else 200)


def factors(person: Person) -> dict[str, Any]:
    """The second factors of a person: passkeys, and whether there is an app and how many spare codes."""
    rows = list(Authenticator.objects.filter(user=person).order_by("created_at"))
    by_type = {kind: [one for one in rows if one.type == kind] for kind in Authenticator.Type}
    spare = by_type[Authenticator.Type.RECOVERY_CODES]
    return {
        "passkeys": [one.wrap() for one in by_type[Authenticator.Type.WEBAUTHN]],
        "app": by_type[Authenticator.Type.TOTP],
        "spare": len(spare[0].wrap().get_unused_codes()) if spare else 0,
        "any": bool(by_type[Authenticator.Type.WEBAUTHN] or by_type[Authenticator.Type.TOTP]),
    }


@require_safe
@allow("network.own_account")
def second_factor(request: HttpRequest) -> HttpResponse:
    """How one's sign-in is guarded, and what one can add or take away."""
    assert isinstance(request.user, Person)
    context = {"factors": factors(request.user), "wanted": standing(request.user).wants_second_factor}
    return render(request, "network/second_factor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("network.own_account")
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; each can be ended, or all but this."""
    assert isinstance(request.user, Person)
    if request.method == "POST":
        end_sessions_of(request, request.POST.get("session", ""))
        return HttpResponseRedirect(reverse("sessions"))
    return render(request, "network/sessions.html", {"sessions": UserSession.objects.purge_and_list(request.user)})


@transaction.atomic
def end_sessions_of(request: HttpRequest, which: str) -> None:
    """End one of the person's own sessions, or with "others" all but the one that asks."""
    own = UserSession.objects.filter(user=request.user)
    if which == "others":
        ended = list(own.exclude(session_key=request.session.session_key))
    else:
        ended = [get_object_or_404(own, pk=which if which.isdigit() else None)]
    for one in ended:
        one.end()
    person = str(request.user.pk)
    record("end_sessions", "person", person, person, count=len(ended))
