"""The common indicators of ESF+ over a period: seen, checked for what is missing, filed, taken along."""

import csv
import io
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.network.views import me, tell
from opinovi.projects import esf
from opinovi.projects.actions import reporting
from opinovi.projects.esf_words import GENDERS, INDICATORS
from opinovi.projects.forms import EsfForm, SupportedForm
from opinovi.projects.models import EsfReport, Project
from opinovi.projects.queries import project_by_id

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def last_half() -> tuple[date, date]:
    """The last half-year that is over."""
    day = today()
    if day.month > 6:
        return date(day.year, 1, 1), date(day.year, 6, 30)
    return date(day.year - 1, 7, 1), date(day.year - 1, 12, 31)


@form_methods
@allow("projects.run", of=project_by_id)
def esf_page(request: HttpRequest, project: Project) -> HttpResponse:
    """The figures of a period as they would be filed, with what is missing and in whose house."""
    begins, ends = last_half()
    asked = request.GET if "begins" in request.GET else None
    form = EsfForm(asked, initial={"begins": begins, "ends": ends})
    if form.is_bound and form.is_valid():
        begins, ends = form.cleaned_data["begins"], form.cleaned_data["ends"]
    supported, why = SupportedForm(request.POST if request.POST.get("then") == "support" else None), ""
    if request.method == "POST":
        try:
            if request.POST.get("then") == "file":
                one = reporting.file_esf(me(request), project, begins, ends)
                return HttpResponseRedirect(reverse("esf-report", args=[one.id]) + "?saved=1")
            if supported.is_valid():
                reporting.support(me(request), project, **supported.cleaned_data)
                return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            if hasattr(error, "error_dict") and supported.is_bound:
                tell(supported, error)
            else:
                why = " ".join(error.messages)
    found, gone = esf.report_of(project, begins, ends)
    context: dict[str, Any] = {
        "project": project, "form": form, "begins": begins, "ends": ends, "rows": rows_of(found.rows), "why": why,
        "missing": found.missing, "gone": gone, "unknown": found.unknown_after, "genders": GENDERS.values(),
        "supported": supported, "entities": project.supported.all(), "reports": project.esf_reports.all(),
        "houses": missing_by_house(project, begins, ends) if found.missing else [],
    }  # fmt: skip
    wrong = why or form.errors or supported.errors
    return no_store(render(request, "projects/esf.html", context, status=422 if wrong else 200))


def no_store(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def rows_of(rows: dict[str, list[int | None]]) -> list[tuple[str, Any, list[int | None]]]:
    return [(code, INDICATORS[code], rows[code]) for code in INDICATORS if code in rows]


def missing_by_house(project: Project, begins: date, ends: date) -> list[tuple[str, int]]:
    """In which house how many of those whose first day is in the period lack something: no names."""
    counts: dict[str, int] = {}
    rows = project.participants.select_related("key", "organisation").filter(began_on__range=(begins, ends))
    for row in rows:
        told = row.key.unlock(row.locked) if row.key and row.locked else None
        if told is not None and not esf.Person(row.began_on, told).complete:
            counts[str(row.organisation)] = counts.get(str(row.organisation), 0) + 1
    return sorted(counts.items())


def esf_report_by_id(esf_report_id: UUID) -> EsfReport | None:
    return EsfReport.objects.select_related("project__network").filter(id=esf_report_id).first()


@require_safe
@allow("projects.audit", of=esf_report_by_id)
def esf_report(request: HttpRequest, one: EsfReport) -> HttpResponse:
    """A report as it was filed."""
    rows = rows_of(one.figures["rows"])
    if request.GET.get("form") == "csv":
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([_("indikaattori"), _("mitä"), *GENDERS.values(), _("yhteensä")])
        writer.writerows([code, words, *("" if one is None else one for one in counts)] for code, words, counts in rows)
        response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="esf-{one.begins}-{one.ends}.csv"'
        return no_store(response)
    context = {"one": one, "project": one.project, "rows": rows, "genders": GENDERS.values(), "told": one.figures}
    return no_store(render(request, "projects/esf_report.html", context))
