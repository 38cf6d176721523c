"""The addresses of the API. Each carries the rule of its operations, as every address of the project does."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.interchange.api import changes, doors, hsds, ptv
from opinovi.interchange.api.base import Api, problem, readable, remembered, tell_problems
from opinovi.interchange.api.document import components

ROUTERS = (hsds.router, doors.router, changes.router, ptv.router)

api = Api(
    title="Opin ovi",
    version="1",
    description="The directory by HSDS 3.0, doors for a need, free times and booking.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="opinovi-api",
    servers=[{"url": settings.BASE_URL}],
    openapi_extra={
        "info": {
            "summary": "A regional network's services for adults who learn.",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
            "contact": {"name": "Opin ovi", "url": settings.BASE_URL},
        }
    },
)
api.components = components()
tell_problems(api)
for one in ROUTERS:
    api.add_router("", one)


@cache
def description() -> dict[str, Any]:
    """The whole of the API by OpenAPI 3.1. It is the same for as long as a process lives."""
    told: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/"))
    told["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    return told


@require_safe
@allow("interchange.read")
def description_view(request: HttpRequest) -> HttpResponse:
    return remembered(request, ("description",), description)


def polite(view: Callable[..., HttpResponse], methods: set[str]) -> Callable[..., HttpResponse]:
    """HEAD where there is GET, leave for other sites' pages to ask, and a problem for any other method."""
    allowed = ", ".join(sorted({*methods, "OPTIONS", *(["HEAD"] if "GET" in methods else [])}))

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = readable(HttpResponse(status=204))
            response["Access-Control-Allow-Methods"] = allowed
            response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, If-None-Match"
        elif request.method == "HEAD" and "GET" in methods:
            request.method = "GET"
            response = view(request, *args, **kwargs)
            request.method = "HEAD"
        elif request.method not in methods:
            response = problem(405, "This address does not answer to that method.")
        else:
            response = view(request, *args, **kwargs)
        if response.status_code in (204, 405):
            response["Allow"] = allowed
        return response

    return checked


def with_rules(patterns: list[Any]) -> list[Any]:
    """The library's addresses, each with the rule that its operations name."""
    told: dict[str, tuple[str, set[str]]] = {}
    for view in (view for one in ROUTERS for view in one.path_operations.values()):
        for operation in view.operations:
            rule = operation.view_func.access_rule  # type: ignore[attr-defined]
            told[operation.url_name] = (rule, set(operation.methods))
    made = []
    for one in patterns:
        if one.name in told:
            rule, methods = told[one.name]
            one.callback = polite(one.callback, methods)
            one.callback.access_rule, one.callback.csrf_exempt = rule, True
            made.append(one)
    return made


urlpatterns = [
    path("api/openapi.json", description_view, name="api-description"),
    path("api/", (with_rules(api.urls[0]), "opinovi-api", "opinovi-api")),
]
