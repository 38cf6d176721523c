"""What every answer of the API has in common: bytes that are remembered, an ETag, fair limits, problems told by
RFC 9457, and leave for pages of other sites to read."""

import json
from collections.abc import Callable, Hashable, Mapping
from functools import wraps
from hashlib import sha256
from typing import Any

import rules
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as NotValid

from opinovi.base.fresh import fresh
from opinovi.base.languages import WHOLE
from opinovi.base.limits import HOUR, machine_of
from opinovi.base.limits import allowed as once_more

Answer = Callable[..., HttpResponse]
LANGUAGES = tuple(WHOLE)
# For how many seconds others may hold an answer without asking again.
HELD = 60


class Problem(Exception):
    """Why there is no answer, as the one who asked is told."""

    def __init__(self, status: int, title: str, **more: Any) -> None:
        super().__init__(title)
        self.status, self.title, self.more = status, title, more


def problem(status: int, title: str, **more: Any) -> HttpResponse:
    """Problem details of RFC 9457."""
    told = {"type": "about:blank", "title": title, "status": status, **more}
    response = HttpResponse(as_json(told), status=status, content_type="application/problem+json")
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-store"
    return response


def as_json(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def operation(rule: str) -> Callable[[Answer], Answer]:
    """Every operation names its rule, as every view does, and is asked within fair limits."""

    def decorate(view: Answer) -> Answer:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not rules.test_rule(rule, getattr(request, "user", None)):
                raise Problem(403, "Not allowed.")
            if not once_more("api", machine_of(request), settings.API_READS_AN_HOUR):
                raise Problem(429, "Too many requests from one machine. Wait a while.")
            return view(request, *args, **kwargs)

        checked.access_rule = rule  # type: ignore[attr-defined]
        return checked

    return decorate


def with_etag(told: Any) -> tuple[bytes, str]:
    body = told if isinstance(told, bytes) else as_json(told)
    return body, f'"{sha256(body).hexdigest()[:32]}"'


def made_ahead(keys: list[Hashable], make: Callable[[], dict[Hashable, Any]], language: str = "fi") -> None:
    """Remember several answers that are made at once, where the first of them is not remembered yet."""

    def made(_missing: list[Any]) -> dict[Any, tuple[bytes, str]]:
        with translation.override(language):
            return {("api", key, language): with_etag(told) for key, told in make().items()}

    fresh.get_many([("api", key, language) for key in keys], made)


def remembered(
    request: HttpRequest, key: Hashable, make: Callable[[], Any], language: str = "fi", held: int = HELD
) -> HttpResponse:
    """The answer under the key, made when something has happened since; 304 to who has it already."""

    def made() -> tuple[bytes, str]:
        with translation.override(language):
            return with_etag(make())

    body, etag = fresh.get(("api", key, language), made)
    response = get_conditional_response(request, etag=etag, response=HttpResponse(body, "application/json"))
    assert response is not None
    response["ETag"] = etag
    return readable(response, held)


def readable(response: HttpResponse, held: int = HELD) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    response["Cache-Control"] = f"public, max-age={held}"
    return response


class Api(NinjaAPI):
    """Our operations with their problems told by one shape, and the standard's own schemas in their description."""

    components: Mapping[str, Any] = {}

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        told = super().get_openapi_schema(**kwargs)
        told["components"].setdefault("schemas", {}).update(self.components)
        return told


def tell_problems(api: Api) -> None:
    @api.exception_handler(Problem)
    def own(_request: HttpRequest, error: Problem) -> HttpResponse:
        response = problem(error.status, error.title, **error.more)
        if error.status == 429:
            response["Retry-After"] = str(HOUR)
        if error.status == 401:
            response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(NotValid)
    def not_valid(_request: HttpRequest, error: NotValid) -> HttpResponse:
        wrong = [{"where": ".".join(map(str, one["loc"])), "reason": one["msg"]} for one in error.errors]
        return problem(400, "The question can't be read.", errors=wrong)

    @api.exception_handler(Http404)
    def missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
        return problem(404, "There is no such thing.")

    @api.exception_handler(HttpError)
    def other(_request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))
