"""A client comes to their own guidance: by a code to their address, by a letter's link and a code, by a passkey or a
provider (the sign-in page), and begins by themselves."""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.limits import allowed, machine_of
from opinovi.base.mail import post
from opinovi.base.secret import seal, unseal
from opinovi.contact.return_code import hash_of
from opinovi.journeys.access import own_client_id, own_client_row
from opinovi.journeys.actions import clients as actions
from opinovi.journeys.actions.letters import read_link
from opinovi.journeys.desk_clients import no_store
from opinovi.journeys.forms import CodeForm, MailForm
from opinovi.journeys.models import Client
from opinovi.network.account import come_in
from opinovi.network.models import Person
from opinovi.network.queries import current_network

form_methods = require_http_methods(["GET", "HEAD", "POST"])
PENDING, CODES_AN_HOUR = "own-begin", 12


@form_methods
@allow("journeys.begin_own")
def start(request: HttpRequest) -> HttpResponse:
    """A mail address, then the code that was sent there; one who is new begins, one who has been here comes back."""
    if own_client_id(request.user):
        return HttpResponseRedirect(reverse("my"))
    if request.method == "POST" and "code" in request.POST:
        return take_code(request)
    form = MailForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        mail = form.cleaned_data["mail"].lower()
        if allowed("own-code", machine_of(request), CODES_AN_HOUR * 3) and allowed("own-code", mail, 6):
            send_code(request, mail)
            return HttpResponseRedirect(reverse("my-start") + "?sent=1")
        form.add_error(None, _("Koodeja on lähetetty monta. Odota tunti ja yritä uudelleen."))
        return start_page(request, form, status=429)
    return start_page(request, form, status=422 if form.errors else 200)


def start_page(request: HttpRequest, form: Any, status: int = 200) -> HttpResponse:
    context = {"form": form, "sent": request.GET.get("sent") == "1" and PENDING in request.session, "code": CodeForm()}
    return no_store(render(request, "journeys/start.html", context, status=status))


@transaction.atomic
def send_code(request: HttpRequest, mail: str) -> None:
    """Nothing is kept of an address until its owner has shown that it is theirs: it waits, sealed, in their session."""
    code = f"{secrets.randbelow(10**6):06d}"
    until = now() + timedelta(minutes=actions.CODE_MINUTES)
    pending = {
        "mail": seal(mail, "own begin"),
        "code": hash_of(f"{mail} {code}"),
        "until": until.isoformat(),
        "tries": 0,
    }
    request.session[PENDING] = pending
    body = _("Hei!\n\nKoodi Oma ohjaus -sivullesi:\n\n%(code)s\n\nSe on voimassa 10 minuuttia.") % {"code": code}
    post(f"own {new_id()}", mail, _("Koodi Oma ohjaus -sivullesi"), body)


def take_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid() and (mail := shown_address(request, form.cleaned_data["code"])):
        return in_as(request, mail)
    form.add_error("code", _("Koodi on väärä tai vanha. Lähetä uusi koodi."))
    context = {"form": MailForm(), "code": form, "sent": PENDING in request.session}
    return no_store(render(request, "journeys/start.html", context, status=422))


def shown_address(request: HttpRequest, code: str) -> str:
    """The address that a code was sent to, if this is the code: it is used up. A wrong one counts; then nothing."""
    pending = request.session.get(PENDING)
    if not pending or not allowed("own-try", machine_of(request), 60):
        return ""
    mail, until = unseal(pending["mail"], "own begin"), parse_datetime(pending["until"])
    pending["tries"] += 1
    request.session[PENDING] = pending
    right = secrets.compare_digest(pending["code"], hash_of(f"{mail} {code.replace(' ', '')}"))
    if not right or pending["tries"] > actions.CODE_TRIES or until is None or until <= now():
        return ""
    del request.session[PENDING]
    return mail


def in_as(request: HttpRequest, mail: str) -> HttpResponse:
    """One of the staff is a client by their own account; anyone else by one that tells nothing."""
    network = current_network()
    assert network is not None
    client = actions.begin_own(network, mail, get_language() or settings.LANGUAGE_CODE)
    person = client.person
    assert isinstance(person, Person)
    return come_in(request, person, reverse("my"))


@form_methods
@allow("journeys.open_link")
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Behind a letter's link: a code goes the same way, and opens the page that the letter was about."""
    found = read_link(token)
    if found is None:
        return no_store(render(request, "journeys/open_link.html", {"over": True}, status=410))
    client, page, args = found
    where = address_of(page, args)
    if own_client_id(request.user) == client.id:
        return HttpResponseRedirect(where)
    form = CodeForm(request.POST if "code" in request.POST else None)
    context: dict[str, Any] = {"form": form, "sent": request.GET.get("sent", "")}
    if request.method == "POST" and "code" not in request.POST:
        if not allowed("client-code", client.id.hex, 6):
            context["why"] = _("Koodeja on lähetetty monta. Odota tunti ja yritä uudelleen.")
            return no_store(render(request, "journeys/open_link.html", context, status=429))
        return HttpResponseRedirect(f"{request.path}?sent={actions.send_code(client) or 'none'}")
    if request.method == "POST" and form.is_valid():
        right = allowed("client-try", machine_of(request), 60) and actions.open_by_code(
            client, form.cleaned_data["code"]
        )
        if right and client.person is not None:
            return come_in(request, client.person, where)
        form.add_error("code", _("Koodi on väärä tai vanha. Lähetä uusi koodi."))
    context["sent"] = context["sent"] or ("mail" if form.errors else "")
    return no_store(render(request, "journeys/open_link.html", context, status=422 if form.errors else 200))


def address_of(page: str, args: list[str]) -> str:
    """Where a link leads; the client's own page where that page is gone."""
    try:
        return reverse(page, args=args)
    except NoReverseMatch:
        return reverse("my")


def own_client(request: HttpRequest) -> Client:
    """The client that a request is from. Its rule has been asked."""
    client = own_client_row(request.user)
    assert client is not None
    return client
