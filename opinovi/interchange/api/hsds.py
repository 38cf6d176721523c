"""The endpoints of HSDS 3.0, with the standard's parameters; see docs/standards.md for each and its test."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator, BeforeValidator, StringConstraints

from opinovi.directory.models import Service, State
from opinovi.interchange.api.base import as_json, made_ahead, operation, readable, remembered
from opinovi.interchange.api.document import answers, of, paged
from opinovi.interchange.hsds import VERSION, out, reads
from opinovi.interchange.hsds.tabular import package
from opinovi.interchange.hsds.terms import BY_ID, TAXONOMIES, parent_code, taxonomy, term, terms_by_id
from opinovi.interchange.hsds.terms import term_id as id_of_term

router = Router(tags=["HSDS 3.0"])
PER_PAGE, MOST_A_PAGE = 50, 500
LAST_PAGE = 1_000_000
# How many services are made ahead of one that is asked for.
AHEAD = 15


def as_written(value: Any) -> Any:
    """A moment is told by RFC 3339, or as a day; a bare number is neither."""
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("not a moment by RFC 3339")
    return value


def with_zone(moment: datetime) -> datetime:
    """A moment without a zone is told in UTC, as the standard has it; those far away are brought nearer, so that
    every database can hold them."""
    moment = moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)
    if 1900 <= moment.year <= 2900:
        return moment
    return datetime(1900 if moment.year < 1900 else 2900, 1, 1, tzinfo=UTC)


Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Moment = Annotated[datetime, BeforeValidator(as_written), AfterValidator(with_zone)]
Language = Literal["fi", "sv", "en"]


class Told(Schema):
    language: Language = Field("fi", description="The language of texts; another where there are none in it.")


class OnPages(Told):
    page: int = Field(1, ge=1, le=LAST_PAGE)
    per_page: int | None = Field(None, ge=1, le=MOST_A_PAGE)


class Paged(OnPages):
    format: Literal["json", "ndjson"] = Field("json", description="`ndjson` streams all of them, a line each.")


class ServicesAsked(Paged):
    search: Text = ""
    minimal: bool = Field(False, description="Just `id` and `last_modified`, all on one page.")
    full: bool = Field(False, description="Each with everything.")
    modified_after: Moment | None = Field(None, description="Those withdrawn since are told as `inactive`.")
    taxonomy_term_id: Text = ""
    taxonomy_id: Text = ""
    organization_id: UUID | None = None
    postcode: Annotated[str, StringConstraints(pattern=r"^(\d{5})?$")] = ""
    proximity: float | None = Field(None, ge=0, le=1_000_000, description="Metres from the middle of the postcode.")

    def asked(self) -> reads.Asked:
        return reads.Asked(
            self.search.strip(), self.modified_after, self.taxonomy_term_id, self.taxonomy_id,
            str(self.organization_id or ""), self.postcode, self.proximity,
        )  # fmt: skip


class OrganizationsAsked(Paged):
    search: Text = ""
    full: bool = False
    full_service: bool = Field(False, description="With `full`: the whole of each service.")


class TermsAsked(Paged):
    search: Text = ""
    taxonomy_id: Text = ""
    top_only: bool = Field(False, description="Terms that no other stands above.")
    parent_id: Text = ""


class TaxonomiesAsked(Paged):
    search: Text = ""


def page_of(
    asked: OnPages, total: int, part: Callable[[int, int], list[dict[str, Any]]], whole: bool = False
) -> dict[str, Any]:
    """The standard's page; `part` gives what stands from one number to another. `whole` is one page of all."""
    size = asked.per_page or (max(total, 1) if whole else PER_PAGE)
    pages = -(-total // size)
    begin = (asked.page - 1) * size
    contents = part(begin, begin + size) if begin < total else []
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": asked.page,
        "size": len(contents),
        "first_page": asked.page == 1,
        "last_page": asked.page >= pages,
        "empty": not contents,
        "contents": contents,
    }


def streamed(rows: Iterator[dict[str, Any]], language: str) -> Any:
    """A line each, as they are read."""

    def lines() -> Iterator[bytes]:
        with translation.override(language):
            for one in rows:
                yield as_json(one) + b"\n"

    return readable(StreamingHttpResponse(lines(), content_type="application/x-ndjson"))  # type: ignore[arg-type]


@router.get(
    "/",
    url_name="api-root-told",
    openapi_extra=answers({"type": "object", "required": ["version", "profile", "openapi_url"]}),
)
@operation("interchange.read")
def root(request: HttpRequest) -> HttpResponse:
    """Which version and profile of the standard this is, and where it is described."""
    told = {
        "version": VERSION,
        "profile": f"{settings.BASE_URL}{reverse('api-page')}#hsds",
        "openapi_url": f"{settings.BASE_URL}{reverse('api-description')}",
    }
    return remembered(request, ("root",), lambda: told)


@router.get("/services", url_name="api-services", openapi_extra=answers(paged("hsds_service"), lines=True))
@operation("interchange.read")
def services(request: HttpRequest, asked: Query[ServicesAsked]) -> HttpResponse:
    """Services, page by page: what there is one of, or with `full` everything."""

    def rows() -> Any:
        found = reads.services_asked(asked.asked(), asked.language)
        if asked.minimal:
            told = ("id", "name", "state", "changed_at", "source_changed_at", "valid_from", "valid_until")
            return Service.objects.filter(found).only(*told).order_by("id")
        return reads.services_whole(found) if asked.full else reads.services_listed(found)

    return of_rows(request, asked, "services", rows, lambda one: told_one(one, asked))


def of_rows(
    request: HttpRequest,
    asked: ServicesAsked,
    name: str,
    rows: Callable[[], Any],
    told: Callable[[Any], dict[str, Any]],
) -> HttpResponse:
    """The rows by pages, remembered; or all of them, a line each."""
    if asked.format == "ndjson":
        with translation.override(asked.language):
            found = rows()
        return streamed((told(one) for part in reads.chunks(found) for one in part), asked.language)

    def make() -> dict[str, Any]:
        found = rows()
        return page_of(asked, found.count(), lambda begin, end: [told(one) for one in found[begin:end]], asked.minimal)

    return remembered(request, (name, asked.model_dump_json()), make, asked.language)


def told_one(one: Service, asked: ServicesAsked) -> dict[str, Any]:
    if asked.minimal:
        # A name and a state too, so that it is a service by the standard's schema.
        status = "active" if one.in_force() else "inactive"
        at = out.stamp(one.source_changed_at or one.changed_at)
        return {"id": str(one.id), "last_modified": at, "modified_date": at, "status": status,
                "name": out.choose(one.name, asked.language).text}  # fmt: skip
    return reads.told_service(one, asked.language, asked.full)


@router.get("/services/{uuid:service_id}", url_name="api-service", openapi_extra=answers(of("hsds_service"), 404))
@operation("interchange.read")
def service(request: HttpRequest, service_id: UUID, asked: Query[Told]) -> HttpResponse:
    """One service with everything."""

    def ahead() -> dict[Any, Any]:
        # Who reads one reads the next: some that follow it are made with it, by the same queries.
        following = Service.objects.filter(id__gt=service_id, state=State.PUBLISHED).order_by("id")
        ids = [service_id, *following.values_list("id", flat=True)[:AHEAD]]
        rows = reads.services_whole(Q(id__in=ids))
        return {("service", one.id): reads.told_service(one, asked.language, True) for one in rows}

    def missing() -> dict[str, Any]:
        raise Http404

    made_ahead([("service", service_id)], ahead, asked.language)
    return remembered(request, ("service", service_id), missing, asked.language)


@router.get(
    "/service_at_locations", url_name="api-links", openapi_extra=answers(paged("hsds_service_at_location"), lines=True)
)
@operation("interchange.read")
def service_at_locations(request: HttpRequest, asked: Query[ServicesAsked]) -> HttpResponse:
    """Services at the places where they are given."""

    def rows() -> Any:
        return reads.links(reads.services_asked(asked.asked(), asked.language), asked.full)

    def told(row: Any) -> dict[str, Any]:
        if asked.minimal:
            return out.at_location_basic(row, asked.language)
        return reads.told_link(row, asked.language, asked.full)

    return of_rows(request, asked, "links", rows, told)


@router.get(
    "/service_at_locations/{uuid:link_id}",
    url_name="api-link",
    openapi_extra=answers(of("hsds_service_at_location"), 404),
)
@operation("interchange.read")
def service_at_location(request: HttpRequest, link_id: UUID, asked: Query[Told]) -> HttpResponse:
    """One service at one place, with everything of both."""

    def make() -> dict[str, Any]:
        for row in reads.links(Q(), True).filter(uid=link_id):
            return reads.told_link(row, asked.language, True)
        raise Http404

    return remembered(request, ("link", link_id), make, asked.language)


@router.get(
    "/organizations", url_name="api-organizations", openapi_extra=answers(paged("hsds_organization"), lines=True)
)
@operation("interchange.read")
def organizations(request: HttpRequest, asked: Query[OrganizationsAsked]) -> HttpResponse:
    """Organisations, page by page."""

    def rows() -> list[Any]:
        found: list[Any] = list(reads.organisations(asked.search.strip()))
        return [*found, None] if not asked.search.strip() and reads.some_untold() else found

    def told(part: list[Any]) -> list[dict[str, Any]]:
        if asked.full:
            return list(reads.organisations_whole(part, asked.language, asked.full_service))
        return [out.organization(one, asked.language) for one in part]

    if asked.format == "ndjson":
        found = rows()
        parts = (found[at : at + 20] for at in range(0, len(found), 20))
        return streamed((one for part in parts for one in told(part)), asked.language)

    def make() -> dict[str, Any]:
        found = rows()
        return page_of(asked, len(found), lambda begin, end: told(found[begin:end]))

    return remembered(request, ("organizations", asked.model_dump_json()), make, asked.language)


class OrganizationAsked(Told):
    full_service: bool = False


@router.get(
    "/organizations/{uuid:organisation_id}",
    url_name="api-organization",
    openapi_extra=answers(of("hsds_organization"), 404),
)
@operation("interchange.read")
def organization(request: HttpRequest, organisation_id: UUID, asked: Query[OrganizationAsked]) -> HttpResponse:
    """One organisation with its places and services."""

    def make() -> dict[str, Any]:
        untold = str(organisation_id) == out.UNTOLD and reads.some_untold()
        found: list[Any] = [None] if untold else list(reads.organisations().filter(id=organisation_id))
        for told in reads.organisations_whole(found, asked.language, asked.full_service):
            return told
        raise Http404

    return remembered(request, ("organization", organisation_id, asked.full_service), make, asked.language)


@router.get("/taxonomies", url_name="api-taxonomies", openapi_extra=answers(paged("hsds_taxonomy"), lines=True))
@operation("interchange.read")
def taxonomies(request: HttpRequest, asked: Query[TaxonomiesAsked]) -> HttpResponse:
    """What services are sorted by."""

    def all_of() -> list[dict[str, Any]]:
        return [one for one in map(taxonomy, TAXONOMIES) if asked.search.lower() in one["name"].lower()]

    return listed(request, asked, all_of, "taxonomies")


def listed(request: HttpRequest, asked: Paged, all_of: Callable[[], list[dict[str, Any]]], name: str) -> HttpResponse:
    if asked.format == "ndjson":
        with translation.override(asked.language):
            rows = all_of()
        return streamed(iter(rows), asked.language)

    def make() -> dict[str, Any]:
        rows = all_of()
        return page_of(asked, len(rows), lambda begin, end: rows[begin:end])

    return remembered(request, (name, asked.model_dump_json()), make, asked.language)


@router.get("/taxonomies/{uuid:taxonomy_id}", url_name="api-taxonomy", openapi_extra=answers(of("hsds_taxonomy"), 404))
@operation("interchange.read")
def one_taxonomy(request: HttpRequest, taxonomy_id: UUID, asked: Query[Told]) -> HttpResponse:
    if str(taxonomy_id) not in BY_ID:
        raise Http404
    return remembered(request, ("taxonomy", taxonomy_id), lambda: taxonomy(BY_ID[str(taxonomy_id)]), asked.language)


@router.get("/taxonomy_terms", url_name="api-terms", openapi_extra=answers(paged("hsds_taxonomy_term"), lines=True))
@operation("interchange.read")
def taxonomy_terms(request: HttpRequest, asked: Query[TermsAsked]) -> HttpResponse:
    """The terms of the taxonomies."""

    def wanted(one: Any, code: str) -> bool:
        above = parent_code(one, code)
        return (
            (not asked.taxonomy_id or one.id == asked.taxonomy_id)
            and not (asked.top_only and above)
            and (not asked.parent_id or (bool(above) and id_of_term(one.field, above) == asked.parent_id))
        )

    def all_of() -> list[dict[str, Any]]:
        rows = [term(one, code, asked.language) for one, code in terms_by_id().values() if wanted(one, code)]
        return [one for one in rows if asked.search.lower() in one["name"].lower()]

    return listed(request, asked, all_of, "terms")


@router.get("/taxonomy_terms/{uuid:term_id}", url_name="api-term", openapi_extra=answers(of("hsds_taxonomy_term"), 404))
@operation("interchange.read")
def taxonomy_term(request: HttpRequest, term_id: UUID, asked: Query[Told]) -> HttpResponse:
    if str(term_id) not in terms_by_id():
        raise Http404
    one, code = terms_by_id()[str(term_id)]
    return remembered(request, ("term", term_id), lambda: term(one, code, asked.language), asked.language)


ZIP = {"responses": answers({"type": "object"})["responses"] | {
    200: {"description": "OK", "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}}  # fmt: skip


@router.get("/tabular", url_name="api-tabular", openapi_extra=ZIP)
@operation("interchange.read")
def tabular_package(request: HttpRequest, asked: Query[Told]) -> HttpResponse:
    """The whole directory as HSDS's tabular data package: CSV tables and `datapackage.json` in a zip."""
    path = package(asked.language)
    etag = f'"{path.stem}"'
    held = get_conditional_response(request, etag=etag)
    response = held or HttpResponse(path.read_bytes(), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="hsds.zip"'
    response["ETag"] = etag
    return readable(response)
