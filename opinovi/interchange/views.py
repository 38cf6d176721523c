"""Pages for those whose systems speak with ours: what there is to read, and keys for writing."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.fresh import fresh
from opinovi.base.posted import posted_or_none
from opinovi.interchange.actions import keys as actions
from opinovi.interchange.api.urls import description
from opinovi.interchange.forms import KeyForm
from opinovi.interchange.models import ApiKey
from opinovi.network.models import Organisation, Person, Role
from opinovi.network.standing import standing

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@allow("interchange.read")
def api_page(request: HttpRequest) -> HttpResponse:
    """What the open API answers, with a form to try each question."""
    return render(request, "interchange/api.html", {"groups": fresh.get(("api-page",), groups_of)})


@require_safe
@allow("interchange.read")
def try_it(request: HttpRequest) -> HttpResponse:
    """Lead to the question that a form of the page asked, without what was left empty."""
    asked = request.GET.copy()
    path = (asked.pop("to", None) or [""])[-1]
    if path not in description()["paths"] or "{" in path:
        return HttpResponseRedirect(reverse("api-page"))
    told = urlencode([(name, value) for name, values in asked.lists() for value in values if value.strip()])
    return HttpResponseRedirect(f"{path}?{told}" if told else path)


def groups_of() -> list[dict[str, Any]]:
    told: dict[str, list[dict[str, Any]]] = {}
    for path, methods in description()["paths"].items():
        for method, one in methods.items():
            asked = [
                {"name": row["name"], "required": row.get("required", False), "where": row["in"],
                 "values": values_of(row["schema"]), "text": row.get("description", "")}
                for row in one.get("parameters", [])
            ]  # fmt: skip
            text = one.get("description", one.get("summary", "")).replace("`", "")
            told.setdefault(one["tags"][0], []).append({
                "path": path, "method": method.upper(), "text": text,
                "asked": asked, "open": method == "get" and not any(row["where"] == "path" for row in asked),
                "key": "security" in one,
            })  # fmt: skip
    return [{"name": name, "rows": rows} for name, rows in told.items()]


def values_of(schema: dict[str, Any]) -> list[str]:
    """What may be chosen; nothing where anything may be written."""
    if schema.get("type") == "boolean":
        return ["false", "true"]
    return [str(one) for one in schema.get("enum", [])]


def houses_of(request: HttpRequest) -> Any:
    """The organisations that one administers."""
    theirs = standing(request.user).organisations(Role.ADMINISTRATOR)
    return Organisation.objects.filter(id__in=theirs).order_by("id")


def key_by_id(key_id: UUID) -> ApiKey | None:
    return ApiKey.objects.select_related("organisation").filter(id=key_id).first()


@form_methods
@allow("interchange.keep_keys")
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of one's organisations, and a new one, whose text is shown this once."""
    houses = houses_of(request)
    form, text = KeyForm(posted_or_none(request), houses=houses), ""
    if request.method == "POST" and form.is_valid():
        told, me = form.cleaned_data, request.user
        assert isinstance(me, Person)
        try:
            _one, text = actions.make_key(me, told["organisation"], told["name"], told["scopes"], told["ends_on"])
            form = KeyForm(houses=houses)
        except ValidationError as error:
            form.add_error(None, error)
    rows = ApiKey.objects.filter(organisation__in=houses).select_related("organisation")
    context = {
        "form": form,
        "text": text,
        "rows": [(one, one.ended_at is None and one.ends_on >= today()) for one in rows],
    }
    response = render(request, "interchange/keys.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@allow("interchange.keep_keys", of=key_by_id)
def end_key(request: HttpRequest, key: ApiKey) -> HttpResponse:
    actions.end_key(request.user, key)  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("api-keys") + "?ended=1")
