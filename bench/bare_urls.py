"""The site's addresses and one more: a bare view with one query and a ten-row template."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path

from opinovi.directory.models import Service
from opinovi.urls import urlpatterns as site

TEMPLATE = engines["django"].from_string(
    "<!doctype html><title>Bare</title><ul>{% for one in rows %}<li>{{ one.name }} {{ one.kind }}</li>{% endfor %}</ul>"
)


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        TEMPLATE.render({"rows": Service.objects.only("id", "name", "kind").order_by("id")[:10]}, request)
    )


SAME: dict[str, bytes] = {}


def same(request: HttpRequest) -> HttpResponse:
    """The bytes that another address answers, and nothing else."""
    asked = request.GET["path"]
    if asked not in SAME:
        SAME[asked] = Client().get(asked).content
    return HttpResponse(SAME[asked], "application/json")


urlpatterns = [path("-/bare", bare), path("-/same", same), *site]
