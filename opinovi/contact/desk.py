"""The desk: everything that waits for a guide and their team in one list, what is promised first at the top."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.base.posted import whole_number
from opinovi.base.text import choose
from opinovi.base.when import clock, short_date, soon
from opinovi.contact import hooks
from opinovi.contact.access import my_members, my_teams, team_rows
from opinovi.contact.booking_forms import MODES
from opinovi.contact.models import Appointment, Enquiry
from opinovi.contact.models.appointments import AppointmentState
from opinovi.contact.models.enquiries import Channel, EnquiryState, Wish
from opinovi.directory import desk_items
from opinovi.directory.access import EDITORS
from opinovi.directory.desk import figures_for
from opinovi.directory.hours import ZONE
from opinovi.directory.models import Meeting, State
from opinovi.network.standing import standing

PER_PAGE = 50
SHOWS = ("all", "mine", "team", "free", "answered", "snoozed", "suspected", "closed")


@dataclass(frozen=True)
class Row:
    """One thing that waits, as the desk shows it."""

    due: datetime
    promise: str
    tone: str
    title: str
    note: str
    source: str
    whose: str
    href: str
    kind: str = "enquiry"
    take: Enquiry | None = None
    item: desk_items.Item | None = None
    lang: str = ""


@require_safe
@allow("directory.desk")
def desk(request: HttpRequest) -> HttpResponse:
    """The whole desk; with `part=list` only its list, for a page that looks again by itself."""
    show = request.GET.get("show", "all") if request.GET.get("show") in SHOWS else "all"
    page = page_of(request)
    user, place = request.user, standing(request.user)
    counts = count(user)
    rows, total = rows_of(user, show, page, counts)
    context: dict[str, Any] = {
        "rows": rows,
        "show": show,
        "counts": counts,
        "total": total,
        "guides": bool(my_teams(user)),
    }
    context |= {"page": page, "before": page - 1, "after": page + 1 if total > page * PER_PAGE else 0}
    if request.GET.get("part") == "list":
        return render(request, "contact/desk_list.html", context)
    context |= {"edits": sorted(place.organisations(*EDITORS)), "figures": figures_for(place), **duty_of(user)}
    return render(request, "contact/desk.html", context)


def page_of(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, whole_number(text, 99_999) or 1)


def duty_of(user: Any) -> dict[str, Any]:
    """The teams a guide may be on duty for, and until when they are."""
    teams = team_rows(user)
    return {"teams": teams, "on_duty": next((one for one in teams if one.until), None)}  # type: ignore[attr-defined]


def theirs(user: Any) -> QuerySet[Enquiry]:
    """The enquiries of a guide's teams, and those that they have."""
    teams, members = my_teams(user), my_members(user)
    if not teams:
        return Enquiry.objects.filter(assignee__in=members) if members else Enquiry.objects.none()
    return Enquiry.objects.filter(Q(team__in=teams) | Q(assignee__in=members))


def shown(user: Any, show: str) -> QuerySet[Enquiry]:
    rows = theirs(user)
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=now())
    waiting = Q(state=EnquiryState.WAITING, suspected=False)
    members = my_members(user)
    return {
        "all": rows.filter(waiting & awake),
        "mine": rows.filter(waiting & awake & Q(assignee__in=members)),
        "team": rows.filter(waiting & awake & ~Q(assignee__in=members) & ~Q(assignee=None)),
        "free": rows.filter(waiting & awake & Q(assignee=None)),
        "answered": rows.filter(state=EnquiryState.ANSWERED, suspected=False),
        "snoozed": rows.filter(waiting & ~awake),
        "suspected": rows.filter(suspected=True, state=EnquiryState.WAITING),
        "closed": rows.filter(state=EnquiryState.CLOSED),
    }[show]


def count(user: Any) -> dict[str, int]:
    """How many there are of each kind, in one query; and of those that the directory asks of."""
    members = my_members(user)
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=now())
    waiting = Q(state=EnquiryState.WAITING, suspected=False)
    if not members:
        return dict.fromkeys(SHOWS, 0)
    return (
        theirs(user)
        .filter(state__in=[EnquiryState.WAITING, EnquiryState.ANSWERED])
        .aggregate(
            all=Count("id", Q(waiting & awake)),
            mine=Count("id", Q(waiting & awake & Q(assignee__in=members))),
            team=Count("id", Q(waiting & awake & ~Q(assignee__in=members) & ~Q(assignee=None))),
            free=Count("id", Q(waiting & awake & Q(assignee=None))),
            answered=Count("id", Q(state=EnquiryState.ANSWERED, suspected=False)),
            snoozed=Count("id", Q(waiting & ~awake)),
            suspected=Count("id", Q(suspected=True, state=EnquiryState.WAITING)),
        )
    )


def rows_of(user: Any, show: str, page: int, counts: dict[str, int]) -> tuple[list[Row], int]:
    """A page of what waits, and how many there are in all. Each source gives no more than may come on the page."""
    most = page * PER_PAGE
    order = F("answer_by").asc() if show not in ("answered", "closed") else F("moved_at").desc()
    enquiries = shown(user, show).select_related(
        "key", "service", "point", "team", "assignee__person", "team__organisation"
    )
    enquiries = enquiries.defer("service__source_record", "point__source_record").order_by(order, "id")
    if show not in ("all", "mine"):
        total = counts.get(show) if show != "closed" else shown(user, show).count()
        begin = most - PER_PAGE
        return [enquiry_row(one, user) for one in enquiries[begin:most]], total or 0
    items = [one for one in desk_items.items(standing(user)) if show == "all" or one.mine or one.report]
    waiting = counts[show]
    found: list[tuple[datetime, int, Any]] = [(end_of(one), 1, one) for one in items]
    found += [(one.answer_by, 0, one) for one in enquiries[:most]]
    others = [*appointment_rows(user, show), *meeting_rows(user, show)]
    others += [row for rows in hooks.desk_rows for row in rows(user, show)]
    found += [(row.due, 2, row) for row in others]
    found.sort(key=lambda pair: (pair[0], pair[1]))
    rows = [as_row(one, user) for _due, _kind, one in found[most - PER_PAGE : most]]
    return rows, waiting + len(items) + len(others)


def appointment_rows(user: Any, show: str) -> list[Row]:
    """The times that are booked today: one's own, and on the whole desk the teams' too. One query."""
    if not my_teams(user):
        return []
    begin = datetime.combine(timezone.localtime(now()).date(), time(), ZONE)
    through = Appointment.members.through.objects
    mine = Exists(through.filter(appointment=OuterRef("id"), member__in=my_members(user)))
    whose = through.filter(appointment=OuterRef("id")).order_by("member__person__name").values("member__person__name")
    rows = Appointment.objects.filter(
        state=AppointmentState.BOOKED, begins_at__gte=begin, begins_at__lt=begin + timedelta(days=1)
    ).annotate(mine=mine, whose=Subquery(whose[:1]))
    rows = rows.filter(Q(mine=True) if show == "mine" else Q(mine=True) | Q(team__in=my_teams(user)))
    rows = rows.select_related("key", "service").defer("service__source_record").order_by("begins_at")
    return [appointment_row(one) for one in rows[:PER_PAGE]]


def meeting_rows(user: Any, show: str) -> list[Row]:
    """The groups that meet today: those that one leads, and on the whole desk the teams' too. One query."""
    if not my_teams(user):
        return []
    begin = datetime.combine(timezone.localtime(now()).date(), time(), ZONE)
    rows = Meeting.objects.filter(
        begins_at__gte=begin, begins_at__lt=begin + timedelta(days=1), session__state=State.PUBLISHED
    )
    mine = Q(session__leader__in=my_members(user))
    rows = rows.filter(mine if show == "mine" else mine | Q(session__team__in=my_teams(user)))
    rows = rows.select_related("session__leader__person").order_by("begins_at")
    return [meeting_row(one, user) for one in rows[:PER_PAGE]]


def meeting_row(one: Meeting, user: Any) -> Row:
    over, session = one.ends_at <= now(), one.session
    own = session.leader_id in my_members(user)
    return Row(
        due=one.begins_at,
        promise=_("merkitse, ketkä tulivat") if over else _("tänään %(time)s") % {"time": clock(one.begins_at)},
        tone="" if over else "ajar",
        title=_("Ryhmä: %(name)s") % {"name": session},
        note=ngettext("%(count)d tulossa", "%(count)d tulossa", session.taken) % {"count": session.taken},
        source=_("Ryhmä"),
        whose=_("Sinä") if own else str(session.leader) if session.leader else "",
        href=reverse("group-desk", args=[session.id]),
        kind="group",
    )


def appointment_row(one: Any) -> Row:
    over = one.ends_at <= now()
    return Row(
        due=one.begins_at,
        promise=_("merkitse, tapasitteko") if over else _("tänään %(time)s") % {"time": clock(one.begins_at)},
        tone="" if over else "ajar",
        title=f"{MODES[one.mode]}: {one.told().get('name') or _('nimetön')}",
        note=choose(one.service.name).text if one.service else "",
        source=_("Varattu aika"),
        whose=_("Sinä") if one.mine else one.whose or "",
        href=reverse("appointment", args=[one.id]),
        kind="appointment",
    )


def as_row(one: Any, user: Any) -> Row:
    if isinstance(one, Row):
        return one
    return enquiry_row(one, user) if isinstance(one, Enquiry) else item_row(one)


def end_of(item: desk_items.Item) -> datetime:
    return datetime.combine(item.due, time(16), ZONE)


def item_row(item: desk_items.Item) -> Row:
    """What the directory asks of its keepers: reports of errors, records to confirm, drafts."""
    return Row(end_of(item), item.promise, item.tone, item.what, item.note, item.source, item.whose, item.href,
               kind="item", item=item)  # fmt: skip


def enquiry_row(one: Enquiry, user: Any) -> Row:
    told = one.told()
    own = one.assignee_id in my_members(user)
    title = told.get("subject") or _("Yhteydenotto")
    if one.wish == Wish.CALL:
        title = _("Soittopyyntö: %(subject)s") % {"subject": title}
    promise, tone = promise_of(one)
    return Row(
        due=one.answer_by,
        promise=promise,
        tone=tone,
        title=title,
        note=note_of(one, told),
        source=source_of(one),
        whose=_("Sinä") if own else str(one.assignee) if one.assignee else "",
        href=reverse("enquiry", args=[one.id]),
        take=one if one.assignee_id is None and one.open else None,
        lang=one.language,
    )


def promise_of(one: Enquiry, at: datetime | None = None) -> tuple[str, str]:
    """The promise in words, and how it is coloured."""
    at = at or now()
    if one.state == EnquiryState.ANSWERED:
        return _("vastattu"), "open"
    if not one.open:
        return _("suljettu"), ""
    late = at - one.answer_by
    if late >= timedelta():
        hours = int(late.total_seconds() // 3600)
        if hours < 1:
            return _("myöhässä"), "alert"
        if hours < 24:
            return _("myöhässä %(count)d h") % {"count": hours}, "alert"
        return _("myöhässä %(count)d pv") % {"count": hours // 24}, "alert"
    day = timezone.localtime(one.answer_by).date()
    days = (day - timezone.localtime(at).date()).days
    if days == 0:
        return _("tänään %(time)s") % {"time": clock(one.answer_by)}, "ajar"
    return (_("huomenna"), "") if days == 1 else (soon(one.answer_by, at), "")


def note_of(one: Enquiry, told: dict[str, Any]) -> str:
    """Who asks and when they wrote, as far as it is known."""
    who = told.get("name") or _("nimetön")
    local = timezone.localtime(one.asked_at)
    day = (timezone.localtime(now()).date() - local.date()).days
    when = {0: _("tänään %(time)s"), 1: _("eilen %(time)s")}.get(day, f"{short_date(local.date())} %(time)s")
    parts = [who, when % {"time": clock(one.asked_at)}]
    if one.wish == Wish.CALL and told.get("when"):
        parts.append(_("toivoo soittoa: %(when)s") % {"when": told["when"]})
    return ", ".join(parts)


def source_of(one: Enquiry) -> str:
    """From where it came: by phone, from a service's page, from a place's poster."""
    if one.channel == Channel.PHONE:
        return _("Puhelin")
    if one.channel == Channel.VISIT:
        return _("Käynti")
    if one.service is not None:
        return choose(one.service.name).text
    if one.point is not None:
        return choose(one.point.name).text
    return _("Juttelu") if one.channel == Channel.CHAT else _("Verkko")
