"""Our services as records that the Finnish Service Catalogue takes in."""

from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query, Router

from opinovi.directory.models import Service
from opinovi.directory.queries import in_force
from opinovi.interchange.api.base import operation, remembered
from opinovi.interchange.api.document import PAGE, answers
from opinovi.interchange.api.hsds import OnPages, page_of
from opinovi.interchange.ptv_out import full_service, service_in

router = Router(tags=["PTV 11"])
RECORD = {"type": "object"}
LIST = {"type": "object", "required": [*PAGE, "contents"],
        "properties": {**PAGE, "contents": {"type": "array", "items": RECORD}}}  # fmt: skip


class RecordsAsked(OnPages):
    form: Literal["in", "full"] = Field("in", description="As it is taken in, or as the open API returns it.")


def told(one: Service, asked: RecordsAsked) -> dict[str, Any]:
    full = full_service(one)
    return service_in(full, str(one.id)) if asked.form == "in" else full


@router.get("/ptv/services", url_name="api-ptv-services", openapi_extra=answers(LIST))
@operation("interchange.read")
def records(request: HttpRequest, asked: Query[RecordsAsked]) -> HttpResponse:
    """Services as PTV records, page by page."""

    def make() -> dict[str, Any]:
        rows = Service.objects.filter(in_force()).order_by("id")
        return page_of(asked, rows.count(), lambda begin, end: [told(one, asked) for one in rows[begin:end]])

    return remembered(request, ("ptv", asked.model_dump_json()), make, asked.language)


@router.get("/ptv/services/{uuid:service_id}", url_name="api-ptv-service", openapi_extra=answers(RECORD, 404))
@operation("interchange.read")
def record(request: HttpRequest, service_id: UUID, asked: Query[RecordsAsked]) -> HttpResponse:
    """One service as a PTV record."""

    def make() -> dict[str, Any]:
        one = Service.objects.filter(in_force(), id=service_id).first()
        if one is None:
            raise Http404
        return told(one, asked)

    return remembered(request, ("ptv-one", service_id, asked.form), make, asked.language)
