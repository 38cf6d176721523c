"""What the client tells of themselves: how sure they feel, their contact and matter, and to whom they send it on."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.posted import posted_or_none
from opinovi.directory.models import Service
from opinovi.directory.ways import phone
from opinovi.journeys.access import EVERYTHING
from opinovi.journeys.actions import clients as actions
from opinovi.journeys.actions import notes, outcomes, referrals
from opinovi.journeys.content import current_need, name_of
from opinovi.journeys.desk_clients import no_store
from opinovi.journeys.desk_referrals import services_for
from opinovi.journeys.forms import CodeForm, ConfidenceForm, NeedForm, OwnContactForm
from opinovi.journeys.own_sign_in import own_client, send_code, shown_address
from opinovi.journeys.words import PIECES
from opinovi.network.account import ids_in

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@form_methods
@allow("journeys.own", at="my-start")
def my_confidence(request: HttpRequest) -> HttpResponse:
    """Four own questions: before guidance, and after it once it has ended."""
    client = own_client(request)
    after = notes.current_journey(client).ended_at is not None
    form = ConfidenceForm(posted_or_none(request))
    if request.method == "POST" and form.is_valid():
        outcomes.set_confidence(client, form.values(), after)
        return HttpResponseRedirect(reverse("my"))
    status = 422 if form.errors else 200
    return no_store(render(request, "journeys/my_confidence.html", {"form": form, "after": after}, status=status))


@form_methods
@allow("journeys.own", at="my-start")
def my_contact(request: HttpRequest) -> HttpResponse:
    """What the client gave of themselves and what it is about, changed by them."""
    client = own_client(request)
    journey = notes.current_journey(client)
    told = client.told()
    initial = {**told, "phone": phone(told["phone"])[0] if told.get("phone") else "", "language": client.language}
    form = OwnContactForm(posted_or_none(request), initial=initial | {"on_paper": client.on_paper})
    need = NeedForm(posted_or_none(request), initial=client.unlock(journey.locked) or {})
    if request.method == "POST" and form.is_valid() and need.is_valid():
        fields = ("name", "mail", "phone", "address", "language", "on_paper")
        new = actions.Told(**{one: form.cleaned_data[one] for one in fields})
        before = str(told.get("mail", ""))
        moves = new.mail.lower() not in ("", before.lower())
        # A new address is theirs once they have shown it: until then the old one stays.
        actions.set_contact(client, replace(new, mail=before) if moves else new)
        actions.set_need(client, journey, need.cleaned_data["need"], need.cleaned_data["hope"])
        if moves:
            send_code(request, new.mail.lower())
        return HttpResponseRedirect(reverse("my-address" if moves else "my"))
    status = 422 if form.errors or need.errors else 200
    return no_store(render(request, "journeys/my_contact.html", {"form": form, "need": need}, status=status))


@form_methods
@allow("journeys.own", at="my-start")
def my_address(request: HttpRequest) -> HttpResponse:
    """The code that was sent to a new address: then it is the client's."""
    form = CodeForm(posted_or_none(request))
    if request.method == "POST" and form.is_valid():
        if mail := shown_address(request, form.cleaned_data["code"]):
            actions.set_mail(own_client(request), mail)
            return HttpResponseRedirect(reverse("my"))
        form.add_error("code", _("Koodi on väärä tai vanha. Lähetä uusi koodi."))
    return no_store(render(request, "journeys/my_address.html", {"form": form}, status=422 if form.errors else 200))


@form_methods
@allow("journeys.own", at="my-start")
def my_send(request: HttpRequest) -> HttpResponse:
    """The client tells their own matter on to a service: what it sees, they choose."""
    client = own_client(request)
    journey = notes.current_journey(client)
    services = services_for(client.network)
    wanted = services.filter(id__in=ids_in(request.POST.get("service") or request.GET.get("service") or "")).first()
    why = ""
    if request.method == "POST":
        try:
            if not isinstance(wanted, Service):
                raise ValidationError(_("Valitse palvelu."))
            pieces = request.POST.getlist("pieces")
            one = referrals.send_own(client, journey, referrals.Draft(service=wanted, pieces=pieces))
            return HttpResponseRedirect(reverse("my-referral", args=[one.id]))
        except ValidationError as error:
            why = " ".join(error.messages)
    context = {"services": services, "wanted": wanted, "pieces": PIECES.items(), "why": why,
               "need": current_need(client).get("need", ""), "name": name_of(client, EVERYTHING)}  # fmt: skip
    return no_store(render(request, "journeys/my_send.html", context, status=422 if why else 200))
