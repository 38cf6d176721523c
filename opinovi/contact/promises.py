"""By when an answer is promised: so many of a team's own working hours on, but for days when everyone is away."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from opinovi.directory.hours import ZONE, parsed, spans_of
from opinovi.network.models import Absence, Team

# A team that is away for so long promises by the calendar all the same.
HORIZON_DAYS = 90


def deadline(at: datetime, hours: str, working_hours: int, away: Collection[date] = ()) -> datetime:
    """The moment when so many working hours have gone by since `at` (aware). Hours that can't be read count as none,
    and then the calendar counts: a day for each seven hours."""
    left = timedelta(hours=working_hours)
    rule = parsed(hours)
    local = at.astimezone(ZONE)
    for number in range(HORIZON_DAYS if rule else 0):
        day = local.date() + timedelta(days=number)
        if day in away:
            continue
        begin = datetime.combine(day, time(), ZONE)
        assert rule is not None
        for opens, closes, is_open, _why in spans_of(
            rule, begin, datetime.combine(day + timedelta(days=1), time(), ZONE)
        ):
            opens = max(opens, begin, local, key=datetime.timestamp)
            length = timedelta(seconds=closes.timestamp() - opens.timestamp())
            if not is_open or length <= timedelta():
                continue
            if length >= left:
                return datetime.fromtimestamp(opens.timestamp() + left.total_seconds(), ZONE)
            left -= length
    return at + timedelta(days=-(-working_hours // 7))


def promise(team: Team, at: datetime) -> datetime:
    """By when the team answers what came at a moment. Two queries."""
    return deadline(at, team.hours, team.promise_hours, days_away(team, at))


def days_away(team: Team, at: datetime) -> set[date]:
    """The days ahead on which nobody of the team is at work, and nobody stands in."""
    members = set(team.members.filter(ended_at=None).values_list("id", flat=True))
    if not members:
        return set()
    first = at.astimezone(ZONE).date()
    last = first + timedelta(days=HORIZON_DAYS)
    by_day: dict[date, set[object]] = {}
    for one in Absence.objects.filter(member__in=members, substitute=None, ends__gte=first, begins__lte=last):
        for number in range((min(one.ends, last) - max(one.begins, first)).days + 1):
            by_day.setdefault(max(one.begins, first) + timedelta(days=number), set()).add(one.member_id)
    return {day for day, gone in by_day.items() if members <= gone}
