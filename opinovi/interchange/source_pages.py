"""Pages of the sources: what is taken in from where, what the last run brought, and what waits for a decision."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.posted import posted_or_none
from opinovi.interchange.actions import feeds as actions
from opinovi.interchange.forms import FORMAT_NAMES, RHYTHM_NAMES, ColumnsForm, FeedForm
from opinovi.interchange.models import Feed, Run, RunState
from opinovi.interchange.sheets import FIELDS, guessed
from opinovi.interchange.sources.why import WHY
from opinovi.interchange.tasks import run_source
from opinovi.network.models import Network
from opinovi.network.views import me, network_by_id

form_methods = require_http_methods(["GET", "HEAD", "POST"])
RUNS_SHOWN = 20


def state_words() -> dict[str, tuple[str, str]]:
    """What each state is called, and the look of its tag."""
    return {
        RunState.WAITING: (_("jonossa"), ""),
        RunState.FETCHING: (_("haetaan"), ""),
        RunState.COMPARING: (_("verrataan"), ""),
        RunState.READY: (_("odottaa päätöstä"), "glow"),
        RunState.HELD: (_("pysäytetty"), "alert"),
        RunState.APPLYING: (_("otetaan sisään"), ""),
        RunState.APPLIED: (_("otettu sisään"), "open"),
        RunState.UNCHANGED: (_("ei muutoksia"), "open"),
        RunState.FAILED: (_("epäonnistui"), "alert"),
        RunState.DROPPED: (_("hylätty"), ""),
    }


def kind_words() -> dict[str, str]:
    return {"organisation": _("organisaatiot"), "channel": _("yhteystavat"), "point": _("paikat"),
            "service": _("palvelut"), "offering": _("koulutukset"), "session": _("tapahtumat"),
            "programme": _("tutkinnot ja opinnot"), "teaching": _("toteutukset"), "round": _("haut")}  # fmt: skip


def how_words() -> dict[str, str]:
    return {"added": _("uusia"), "updated": _("muuttuu"), "withdrawn": _("katoaa"), "unchanged": _("ennallaan")}


def shown(run: Run) -> dict[str, Any]:
    """A run as its page tells of it."""
    words, look = state_words()[run.state]
    kinds, hows = kind_words(), how_words()
    return {
        "one": run,
        "words": words,
        "look": look,
        "why": _(WHY[run.why]) if run.why in WHY else "",
        "working": run.state in (RunState.WAITING, RunState.FETCHING, RunState.COMPARING, RunState.APPLYING),
        "decide": run.state in (RunState.READY, RunState.HELD),
        "counts": [
            (kinds[kind], [(hows[how], of.get(how, 0)) for how in hows])
            for kind, of in run.counts.items()
        ],
        "hows": list(hows.values()),
        "changes": [one | {"kind_words": kinds[one["kind"]], "how_words": hows[one["how"]]} for one in run.changes],
    }  # fmt: skip


def feed_by_id(feed_id: UUID) -> Feed | None:
    return Feed.objects.select_related("network", "organisation").filter(id=feed_id).first()


def run_by_id(run_id: UUID) -> Run | None:
    return Run.objects.select_related("feed__network").filter(id=run_id).first()


@form_methods
@allow("interchange.keep_feeds", of=network_by_id)
def sources(request: HttpRequest, network: Network) -> HttpResponse:
    """All sources of a network with their last runs, and a new one."""
    form = FeedForm(posted_or_none(request), network=network)
    if request.method == "POST" and form.is_valid():
        try:
            feed = actions.make_feed(me(request), network, form.cleaned_data)
            return HttpResponseRedirect(reverse("source", args=[feed.id]) + "?new=1")
        except ValidationError as error:
            form.add_error(None, error)
    rows = list(network.feeds.select_related("organisation"))
    newest = Run.objects.filter(feed=OuterRef("feed")).order_by("-began_at").values("id")[:1]
    runs = Run.objects.filter(feed__in=rows, id=Subquery(newest)).defer("changes", "problems")
    last = {run.feed_id: run for run in runs}
    told = [
        {"feed": one, "format": FORMAT_NAMES[one.format], "rhythm": RHYTHM_NAMES[one.rhythm],
         "last": shown_short(last[one.id]) if one.id in last else None}
        for one in rows
    ]  # fmt: skip
    context = {"network": network, "rows": told, "form": form}
    return render(request, "interchange/sources.html", context, status=422 if form.errors else 200)


def shown_short(run: Run) -> dict[str, Any]:
    words, look = state_words()[run.state]
    return {"one": run, "words": words, "look": look, "why": _(WHY[run.why]) if run.why in WHY else ""}


@form_methods
@allow("interchange.keep_feeds", of=feed_by_id)
def source(request: HttpRequest, feed: Feed) -> HttpResponse:
    """One source: ask it now, try it out, end it; and its runs."""
    then = request.POST.get("then") if request.method == "POST" else None
    if then in ("ask", "try"):
        run = actions.ask(me(request), feed, trial=then == "try")
        run_source.enqueue(str(run.id))
        return HttpResponseRedirect(reverse("source-run", args=[run.id]))
    if then == "end":
        actions.end_feed(me(request), feed)
        return HttpResponseRedirect(request.path)
    runs = [shown_short(one) for one in feed.runs.defer("changes", "problems")[:RUNS_SHOWN]]
    context = {"feed": feed, "runs": runs, "format": FORMAT_NAMES[feed.format], "rhythm": RHYTHM_NAMES[feed.rhythm],
               "new": request.GET.get("new") == "1", "told": request.GET.get("columns") == "1"}  # fmt: skip
    return render(request, "interchange/source.html", context)


@form_methods
@allow("interchange.keep_feeds", of=feed_by_id)
def source_columns(request: HttpRequest, feed: Feed) -> HttpResponse:
    """Which column of a spreadsheet is what: guessed by its headings, told by a person."""
    if feed.format != "sheet":
        return HttpResponseRedirect(reverse("source", args=[feed.id]))
    header = feed.settings.get("header", [])
    told = feed.settings.get("columns") or guessed(header)
    initial = {"what": feed.settings.get("what", "service"), "language": feed.settings.get("language", "fi"), **told}
    labels = {name: label for name, (label, _hints) in FIELDS.items()}
    form = ColumnsForm(posted_or_none(request), fields=labels, header=header, initial=initial)
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        columns = {name: clean[name] for name in labels if clean.get(name)}
        try:
            actions.tell_columns(me(request), feed, clean["what"], clean["language"], columns)
            return HttpResponseRedirect(reverse("source", args=[feed.id]) + "?columns=1")
        except ValidationError as error:
            form.add_error(None, error)
    context = {"feed": feed, "form": form, "header": header}
    return render(request, "interchange/columns.html", context, status=422 if form.errors else 200)


@form_methods
@allow("interchange.keep_feeds", of=run_by_id)
def source_run(request: HttpRequest, run: Run) -> HttpResponse:
    """One run: what it would change or has changed, what was wrong, and the decision that it waits for."""
    error = ""
    then = request.POST.get("then") if request.method == "POST" else None
    try:
        if then == "let-in":
            run_source.enqueue(str(actions.let_in(me(request), run).id))
            return HttpResponseRedirect(request.path)
        if then == "drop":
            actions.drop(me(request), run)
            return HttpResponseRedirect(request.path)
    except ValidationError as wrong:
        error = wrong.messages[0]
    context = shown(run) | {"run": run, "error": error}
    return render(request, "interchange/run.html", context, status=409 if error else 200)
