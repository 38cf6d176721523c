"""Many services at once, by a spreadsheet: out, in, what would change, and made real."""

from contextlib import suppress
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.limits import allowed
from opinovi.base.storage import Away
from opinovi.directory.actions import bulk
from opinovi.directory.models import (
    BulkLoad,
)
from opinovi.directory.sheet import LARGEST, write_csv, write_xlsx
from opinovi.network.models import Organisation
from opinovi.network.views import me, organisation_by_id

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def load_by_id(load_id: UUID) -> BulkLoad | None:
    return BulkLoad.objects.defer("content").select_related("organisation").filter(id=load_id).first()


@form_methods
@allow("directory.bulk", of=organisation_by_id)
def sheets(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Many services at once: take the sheet, change it, send it back, look at the changes."""
    error = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            error = _("Valitse tiedosto.")
        elif file.size is None or file.size > LARGEST:
            error = _("Tiedosto on liian suuri. Suurin on 10 megatavua.")
        elif not allowed("sheet", str(me(request).id), 30):
            error = _("Tiedostoja on tullut tunnissa monta. Odota hetki.")
        else:
            try:
                load = bulk.send_in(me(request), organisation, file.name or "", file.read())
                return HttpResponseRedirect(reverse("load", args=[load.id]))
            except Away as away:
                error = away.messages[0]
    context = {
        "organisation": organisation,
        "error": error,
        "loads": organisation.loads.defer("content", "changes").order_by("-at")[:10],
    }
    return render(request, "directory/sheets.html", context, status=422 if error else 200)


@require_safe
@allow("directory.bulk", of=organisation_by_id)
def sheet_xlsx(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return HttpResponse(
        write_xlsx(bulk.sheet_of(organisation)),
        kind,
        headers={"Content-Disposition": 'attachment; filename="opinovi.xlsx"'},
    )


@require_safe
@allow("directory.bulk", of=organisation_by_id)
def sheet_csv(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    return HttpResponse(
        write_csv(bulk.sheet_of(organisation)),
        "text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="opinovi.csv"'},
    )


@form_methods
@allow("directory.bulk", of=load_by_id)
def load(request: HttpRequest, load: BulkLoad) -> HttpResponse:
    """What a file would change, before anything is changed; and while it is read, how far it has come."""
    if request.method == "POST":
        if request.POST.get("do") == "drop":
            bulk.drop_load(me(request), load)
            return HttpResponseRedirect(reverse("sheets", args=[load.organisation_id]))
        with suppress(ValidationError):
            bulk.start_loading(me(request), load)
        return HttpResponseRedirect(reverse("load", args=[load.id]))
    counts = {how: sum(one["how"] == how for one in load.changes) for how in ("add", "change", "remove")}
    working = load.state in (BulkLoad.State.WAITING, BulkLoad.State.READING, BulkLoad.State.LOADING)
    context = {
        "load": load,
        "counts": counts,
        "working": working,
        "changes": load.changes[:300],
        "more": max(0, len(load.changes) - 300),
    }
    return render(request, "directory/load.html", context)
