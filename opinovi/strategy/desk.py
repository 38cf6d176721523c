"""Strategy on the desk: written together, versions compared, published, reviewed."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opinovi.base.access import allow
from opinovi.base.posted import posted_or_none
from opinovi.base.text import choose
from opinovi.base.texts_form import LANGUAGES, Changed, initial_of, show_changed
from opinovi.doors.forms import uuid_or_none
from opinovi.network.models import Network
from opinovi.network.queries import current_network
from opinovi.network.views import answer, me, network_by_id, tell
from opinovi.strategy.access import runs
from opinovi.strategy.actions import writing
from opinovi.strategy.forms import ObjectiveForm, PartForm, ReviewForm, StrategyForm
from opinovi.strategy.models import Comment, Objective, Review, Strategy, StrategyVersion, Theme
from opinovi.strategy.queries import (
    objective_by_id,
    review_by_id,
    seen,
    strategy_by_id,
    theme_by_id,
    themes_in_outline,
    version_by_id,
)
from opinovi.strategy.text import compare, paragraphs
from opinovi.strategy.words import STRATEGIES, state_words

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@allow("strategy.see", of=current_network)
def strategies(request: HttpRequest, network: Network) -> HttpResponse:
    """What the network has aimed at: the one in force, the drafts, those that ended."""
    rows = Strategy.objects.filter(network=network)
    context = {
        "network": network,
        "rows": [{"one": one, **state_words(STRATEGIES, one.state)} for one in rows],
        "runs": runs(request.user, network),
    }
    return render(request, "strategy/strategies.html", context)


@form_methods
@allow("strategy.run", of=network_by_id)
def new_strategy(request: HttpRequest, network: Network) -> HttpResponse:
    return save(request, network, None)


@form_methods
@allow("strategy.run", of=strategy_by_id)
def edit_strategy(request: HttpRequest, one: Strategy) -> HttpResponse:
    return save(request, one.network, one)


def save(request: HttpRequest, network: Network, one: Strategy | None) -> HttpResponse:
    initial: dict[str, Any] = {}
    if one is not None:
        same = ("begins", "ends", "review_months", "revision")
        initial = {name: getattr(one, name) for name in same} | initial_of(one, "name", "vision")
    form = StrategyForm(posted_or_none(request), initial=initial)
    now_text: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        fields = {name: told[name] for name in ("begins", "ends", "review_months")}
        try:
            saved = writing.save_strategy(
                me(request), network, one, name=form.text("name"), vision=form.text("vision"),
                revision=told["revision"] or 0, **fields,
            )  # fmt: skip
            return HttpResponseRedirect(reverse("strategy-plan", args=[saved.id]))
        except Changed as error:
            tell(form, error)
            assert one is not None
            now_text = show_changed(form, Strategy.objects.get(id=one.id), "name", "vision")
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta strategiaa") if one else _("Uusi strategia")
    back = reverse("strategy-plan", args=[one.id]) if one else reverse("strategies")
    return answer(request, "site/edit.html", form, title=title, back=back, now_text=now_text)


@form_methods
@allow("strategy.see", of=strategy_by_id, change="strategy.take_part")
def strategy_plan(request: HttpRequest, one: Strategy) -> HttpResponse:
    """The whole as it is being written, paragraph by paragraph, with what people say of each."""
    why = ""
    if request.method == "POST":
        try:
            return act(request, one)
        except ValidationError as error:
            why = " ".join(error.messages)
    themes = themes_in_outline(one)
    comments = list(one.comments.select_related("by__person", "by__organisation"))
    told = [theme_told(theme, comments) for theme in themes]
    context = {
        "one": one,
        **state_words(STRATEGIES, one.state),
        "vision": commented("vision", choose(one.vision).text, comments),
        "themes": told,
        "lost": lost(comments, themes),
        "open_comments": sum(row.resolved_at is None for row in comments),
        "late": sum(goal.actions_late for each in themes for goal in each.objectives.all()),  # type: ignore[attr-defined]
        "runs": runs(request.user, one),
        "once": uuid4(),
        "why": why,
    }
    return render(request, "strategy/plan.html", context, status=422 if why else 200)


def theme_told(theme: Theme, comments: list[Comment]) -> dict[str, Any]:
    return {
        "theme": theme,
        "paragraphs": commented(f"theme {theme.id}", choose(theme.text).text, comments),
        "objectives": [
            {
                "objective": goal,
                "paragraphs": commented(f"objective {goal.id}", choose(goal.text).text, comments),
                "measures": [seen(row) for row in goal.measures.all()],
            }
            for goal in theme.objectives.all()
        ],
    }


def commented(part: str, text: str, comments: list[Comment]) -> list[dict[str, Any]]:
    """The paragraphs of a part, each with the comments on it. Those on words that have changed since stand last."""
    own = [one for one in comments if one.part == part]
    found = [{"part": part, "text": one, "comments": [row for row in own if row.paragraph == one[:2000]]}
             for one in paragraphs(text)]  # fmt: skip
    standing = {one["text"][:2000] for one in found}
    changed = [row for row in own if row.paragraph not in standing]
    if changed:
        found.append({"part": part, "text": "", "comments": changed})
    return found


def lost(comments: list[Comment], themes: list[Theme]) -> list[Comment]:
    """Comments on parts that were taken out."""
    there = {"vision", *(f"theme {one.id}" for one in themes)}
    there |= {f"objective {goal.id}" for one in themes for goal in one.objectives.all()}
    return [one for one in comments if one.part not in there]


@form_methods
@allow("strategy.see", of=strategy_by_id, change="strategy.run")
def strategy_versions(request: HttpRequest, one: Strategy) -> HttpResponse:
    """The versions that were kept, what meetings said of each, and what was learned on the way."""
    why = ""
    if request.method == "POST":
        try:
            writing.keep_version(me(request), one, request.POST.get("note", ""))
            return HttpResponseRedirect(request.path + "?kept=1")
        except ValidationError as error:
            why = " ".join(error.messages)
    rows = one.versions.defer("data").select_related("by__person").prefetch_related("decisions__meeting")
    context = {
        "one": one,
        "versions": [version_row(row, one) for row in rows[:50]],
        "reviews": list(one.reviews.all()),
        "runs": runs(request.user, one),
        "why": why,
    }
    return render(request, "strategy/versions.html", context, status=422 if why else 200)


def version_row(row: StrategyVersion, strategy: Strategy) -> dict[str, Any]:
    decisions = [one for one in row.decisions.all() if one.meeting.closed_at is not None]
    approved = bool(decisions) and max(decisions, key=lambda one: (one.at, one.id)).approved
    return {"version": row, "approved": approved, "decisions": list(row.decisions.all()),
            "published": strategy.published_id == row.id}  # fmt: skip


def act(request: HttpRequest, one: Strategy) -> HttpResponse:
    """What was pressed on the page: a comment, or one dealt with."""
    then, back = request.POST.get("then", ""), reverse("strategy-plan", args=[one.id])
    if then == "comment":
        part = request.POST.get("part", "")
        said = writing.comment(me(request), one, part, request.POST.get("paragraph", ""),
                               request.POST.get("text", ""), uuid_or_none(request.POST.get("once", "")))  # fmt: skip
        return HttpResponseRedirect(f"{back}#c{said.id}")
    if then == "resolve":
        which = uuid_or_none(request.POST.get("which", ""))
        found = one.comments.filter(id=which).first() if which else None
        if found is not None:
            writing.resolve(me(request), found)
            return HttpResponseRedirect(f"{back}#c{found.id}")
    return HttpResponseRedirect(back)


@require_POST
@allow("strategy.run", of=version_by_id)
def publish(request: HttpRequest, version: StrategyVersion) -> HttpResponse:
    try:
        one = writing.publish(me(request), version)
    except ValidationError as error:
        context = {"title": _("Tätä ei voi vielä julkaista"), "why": " ".join(error.messages),
                   "back": reverse("strategy-versions", args=[version.strategy_id])}  # fmt: skip
        return render(request, "site/refused.html", context, status=422)
    return HttpResponseRedirect(reverse("strategy-versions", args=[one.id]) + "?published=1")


@require_safe
@allow("strategy.see", of=version_by_id)
def version(request: HttpRequest, one: StrategyVersion) -> HttpResponse:
    """One version, and what changed in it since another: the one before it, if none is named."""
    others = list(one.strategy.versions.defer("data").exclude(id=one.id))
    wanted = uuid_or_none(request.GET.get("since", ""))
    before = next((row for row in others if row.id == wanted), None) or next(
        (row for row in others if row.number < one.number), None
    )
    since = StrategyVersion.objects.get(id=before.id) if before else None
    context = {
        "one": one,
        "others": others,
        "since": since,
        "changes": {code: named(compare(since.data, one.data, code), one, since) for code in LANGUAGES}
        if since
        else {},
        "data": one.data,
        "paragraphs": paragraphs(choose(one.data["vision"]).text),
    }
    return render(request, "strategy/version.html", context)


def changes_of(since: StrategyVersion, one: StrategyVersion) -> dict[str, list[dict[str, Any]]]:
    """What changed, language by language."""
    return {code: named(compare(since.data, one.data, code), one, since) for code in LANGUAGES}


def named(changes: list[Any], one: StrategyVersion, since: StrategyVersion) -> list[dict[str, Any]]:
    """The changed parts by the names that people know."""
    names = {"name": _("Nimi"), "vision": _("Visio")}
    for data in (since.data, one.data):
        for theme in data["themes"]:
            names[theme["id"]] = choose(theme["name"]).text
            names |= {goal["id"]: choose(goal["name"]).text for goal in theme["objectives"]}
    return [
        {"name": names.get(part) or names.get(part.split()[1] if " " in part else "", part), "changes": words}
        for part, words in changes
    ]


@form_methods
@allow("strategy.run", of=strategy_by_id)
def new_theme(request: HttpRequest, one: Strategy) -> HttpResponse:
    return save_part(request, one, None, _("Uusi teema"))


@form_methods
@allow("strategy.run", of=theme_by_id)
def edit_theme(request: HttpRequest, one: Theme) -> HttpResponse:
    return save_part(request, one.strategy, one, _("Muuta teemaa"))


@form_methods
@allow("strategy.run", of=theme_by_id)
def new_objective(request: HttpRequest, one: Theme) -> HttpResponse:
    return save_part(request, one, None, _("Uusi tavoite"))


@form_methods
@allow("strategy.run", of=objective_by_id)
def edit_objective(request: HttpRequest, one: Objective) -> HttpResponse:
    return save_part(request, one.theme, one, _("Muuta tavoitetta"))


def save_part(request: HttpRequest, under: Any, one: Any, title: str) -> HttpResponse:
    """The form of a theme or an objective: its text, its place, or out with it."""
    strategy = under if isinstance(under, Strategy) else under.strategy
    back = reverse("strategy-plan", args=[strategy.id])
    initial = {"revision": one.revision} | initial_of(one, "name", "text") if one else {}
    then = request.POST.get("then", "save")
    posted = posted_or_none(request) if then == "save" else None
    if isinstance(under, Theme):
        initial |= {"practices": one.practices.all()} if one else {}
        form: PartForm = ObjectiveForm(posted, network=strategy.network, initial=initial)
    else:
        form = PartForm(posted, initial=initial)
    now_text: list[tuple[str, str]] = []
    why = ""
    try:
        if request.method == "POST" and one is not None and then in ("up", "down"):
            writing.move_part(me(request), one, up=then == "up")
            return HttpResponseRedirect(f"{back}#p{one.id}")
        if request.method == "POST" and one is not None and then == "drop":
            writing.drop_part(me(request), one)
            return HttpResponseRedirect(back)
        if request.method == "POST" and form.is_valid():
            told = {"name": form.text("name"), "text": form.text("text")}
            revision, practices = form.cleaned_data["revision"] or 0, form.cleaned_data.get("practices", ())
            saved = writing.save_part(me(request), under, one, **told, revision=revision, practices=practices)
            return HttpResponseRedirect(f"{back}#p{saved.id}")
    except Changed as error:
        tell(form, error)
        now_text = show_changed(form, type(one)._default_manager.get(id=one.id), "name", "text")
    except ValidationError as error:
        if form.is_bound:
            tell(form, error)
        else:
            why = " ".join(error.messages)
    context = {"form": form, "title": title, "back": back, "now_text": now_text, "part": one, "why": why}
    return render(request, "site/edit.html", context, status=422 if why or form.errors else 200)


@form_methods
@allow("strategy.run", of=review_by_id)
def review(request: HttpRequest, one: Review) -> HttpResponse:
    """What was learned, written down."""
    same = ("held_on", "learned", "changes")
    form = ReviewForm(
        posted_or_none(request), initial={name: getattr(one, name) for name in same if getattr(one, name)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            writing.hold_review(me(request), one, **form.cleaned_data)
            return HttpResponseRedirect(reverse("strategy-versions", args=[one.strategy_id]))
        except ValidationError as error:
            tell(form, error)
    back = reverse("strategy-versions", args=[one.strategy_id])
    return answer(request, "site/edit.html", form, title=_("Seuranta"), back=back)
