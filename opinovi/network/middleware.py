"""Which network's door a request came to, and whether a person must first set up a second factor."""

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, reverse, set_script_prefix
from django.utils import translation

from opinovi.base.clock import now
from opinovi.base.languages import PLAIN_FINNISH, WHOLE
from opinovi.network.models import Network
from opinovi.network.queries import current_network, here, networks
from opinovi.network.standing import standing

SESSION_DAYS = 30
Respond = Callable[[HttpRequest], HttpResponse]


def door_of_network(get_response: Respond) -> Respond:
    """Find the network by the host, else by the first part of the path; its pages' addresses then begin with it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            network = network_at(request)
        except DatabaseError:
            # The page of health must be able to say that the database does not answer.
            network = None
        before = get_script_prefix()
        token = here.set(network)
        if network is not None and network.prefix and leads(request.path_info, network):
            request.path_info = request.path_info.removeprefix(network.prefix) or "/"
            set_script_prefix(f"{before.rstrip('/')}{network.prefix}/")
        try:
            return get_response(request)
        finally:
            here.reset(token)
            set_script_prefix(before)

    return middleware


def network_at(request: HttpRequest) -> Network | None:
    host = request.get_host().split(":")[0].lower()
    for one in networks():
        if (one.host and one.host == host) or (one.prefix and leads(request.path_info, one)):
            return one
    return None


def leads(path: str, network: Network) -> bool:
    return path == network.prefix or path.startswith(f"{network.prefix}/")


# Who works here, or follows their own guidance, does so in a language that is whole: others have the public part.
IN_WHOLE_LANGUAGES = re.compile(
    "^/(desk|account|my|sign-in|invitation|tyyli|about|accessibility|privacy|results|feedback|complaints|workplaces"
    "|strategy|practices|developers|hand-over|outcome|still-true|strategies)(/|$)"
)


def languages_of_network(get_response: Respond) -> Respond:
    """A network that does not speak the page's language shows the page in the first that it speaks; a page that is not
    of the public part is shown in English, to readers of plain Finnish in Finnish."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            network = current_network()
        except DatabaseError:
            network = None
        spoken = network.languages if network else []
        language = translation.get_language() or settings.LANGUAGE_CODE
        if spoken and language not in spoken:
            return HttpResponseRedirect(in_language(request, language, spoken[0]))
        if language not in WHOLE and IN_WHOLE_LANGUAGES.match(request.path_info.removeprefix(f"/{language}")):
            next_best = settings.LANGUAGE_CODE if language == PLAIN_FINNISH else "en"
            return HttpResponseRedirect(in_language(request, language, next_best))
        return get_response(request)

    return middleware


def in_language(request: HttpRequest, language: str, wanted: str) -> str:
    rest = request.path_info.removeprefix(f"/{language}") if language != settings.LANGUAGE_CODE else request.path_info
    code = "" if wanted == settings.LANGUAGE_CODE else f"/{wanted}"
    query = request.META.get("QUERY_STRING", "")
    return f"{get_script_prefix().rstrip('/')}{code}{rest or '/'}" + (f"?{query}" if query else "")


def session_ends(get_response: Respond) -> Respond:
    """However often one comes: after so many days one signs in anew."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            # When one signed in, as the library that guards it notes; one who confirms anew later is added after.
            ways = request.session.get("account_authentication_methods") or [{}]
            if now().timestamp() - ways[0].get("at", now().timestamp()) > SESSION_DAYS * 24 * 3600:
                logout(request)
        return get_response(request)

    return middleware


def second_factor(get_response: Respond) -> Respond:
    """Lead a person whose roles want a second factor to set one up, wherever they were going on the desk."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "/desk" in request.path_info and standing(request.user).wants_second_factor:
            return HttpResponseRedirect(reverse("second-factor"))
        return get_response(request)

    return middleware
