"""Calendars in and out: a booked time as iCalendar, a guide's own feed, and busy times read from an address."""

import ipaddress
import socket
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import SplitResult, urlsplit

import certifi
import recurring_ical_events
import urllib3
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from opinovi.base.clock import now
from opinovi.base.text import choose
from opinovi.contact.models import Appointment, Registration
from opinovi.contact.models.appointments import AppointmentState, Mode
from opinovi.contact.models.groups import RegistrationState
from opinovi.directory.hours import ZONE
from opinovi.directory.models import GroupSession, State

PRODUCT = "-//Opin ovi//FI"
MOST_BYTES = 3_000_000
AHEAD = timedelta(days=120)
MOST_EVENTS = 5_000
Span = tuple[datetime, datetime]


def calendar_of(events: Iterable[Event], name: str = "") -> str:
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    if name:
        found.add("x-wr-calname", name)
    for one in events:
        found.add_component(one)
    return found.to_ical().decode()


def event_of(
    uid: str, begins: datetime, ends: datetime, summary: str, sequence: int = 0, cancelled: bool = False
) -> Event:
    one = Event()
    one.add("uid", f"{uid}@opinovi")
    one.add("dtstamp", now())
    one.add("dtstart", begins.astimezone(UTC))
    one.add("dtend", ends.astimezone(UTC))
    one.add("summary", summary)
    one.add("sequence", sequence)
    one.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return one


def calendar_file(appointment: Appointment, link: str) -> str:
    """The person's own calendar file: when, and a link. Not where or about what: a mail is read by many eyes."""
    cancelled = appointment.state != AppointmentState.BOOKED
    one = event_of(
        str(appointment.id),
        appointment.begins_at,
        appointment.ends_at,
        _("Varattu aika"),
        appointment.sequence,
        cancelled,
    )
    one.add("url", link)
    return calendar_of([one])


def group_calendar(registration: Registration, link: str) -> str:
    """The meetings of a group that one has a place in: when, and a link."""
    session = registration.session
    gone = registration.state == RegistrationState.CANCELLED or session.state != State.PUBLISHED
    events = []
    for meeting in session.meetings.all():
        one = event_of(str(meeting.id), meeting.begins_at, meeting.ends_at, _("Varattu aika"), session.sequence, gone)
        one.add("url", link)
        events.append(one)
    return calendar_of(events)


def public_calendar(sessions: Iterable[GroupSession], base: str) -> str:
    """The groups that anyone may come to, for a calendar program."""
    events = []
    for session in sessions:
        for meeting in session.meetings.all():
            one = event_of(str(meeting.id), meeting.begins_at, meeting.ends_at, str(session), session.sequence)
            one.add("url", base + reverse("group", args=[session.id]))
            if session.point is not None:
                one.add("location", choose(session.point.name).text)
            events.append(one)
    return calendar_of(events, _("Ryhmät ja tapahtumat"))


def feed(appointments: Iterable[Appointment], names: bool) -> str:
    """A guide's own calendar: how they meet, and who comes only where the guide chose so."""
    modes = {Mode.VISIT: _("Käynti"), Mode.PHONE: _("Puhelu"), Mode.VIDEO: _("Video")}
    events = []
    for one in appointments:
        what = f"{_('Opin ovi')}: {modes[Mode(one.mode)]}"
        who = one.told().get("name", "") if names else ""
        event = event_of(
            str(one.id), one.begins_at, one.ends_at, f"{what}, {who}" if who else what, one.sequence,
            one.state == AppointmentState.CANCELLED,
        )  # fmt: skip
        if one.point is not None:
            event.add("location", choose(one.point.name).text)
        events.append(event)
    return calendar_of(events, _("Opin ovi"))


# In


class CalendarError(ValueError):
    """A calendar that can't be read; the message is for the guide."""


def addresses_of(host: str) -> list[str]:
    """A host's addresses; none where it has none."""
    try:
        return list(dict.fromkeys(str(one[4][0]) for one in socket.getaddrinfo(host, None)))
    except OSError:
        return []


def on_the_open_net(addresses: list[str]) -> bool:
    """Whether all of them are: we must not be asked to look into our own house."""
    return bool(addresses) and all(ipaddress.ip_address(one).is_global for one in addresses)


def fetch(address: str) -> bytes:
    """What stands at a calendar's address. Raises CalendarError.

    The very address that was looked at is the one that is asked, whatever its name says a moment later; and no one
    else, should it answer that the calendar is elsewhere.
    """
    parts = urlsplit(address)
    found = addresses_of(parts.hostname or "") if parts.scheme in ("https", "http") else []
    if not on_the_open_net(found):
        raise CalendarError(_("Tästä osoitteesta ei voi lukea kalenteria."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        answer = pool_to(parts, found[0]).urlopen(
            "GET", path, headers={"Host": parts.netloc.rpartition("@")[2], "Accept": "text/calendar"},
            redirect=False, retries=False, timeout=10, preload_content=False,
        )  # fmt: skip
        content = answer.read(MOST_BYTES + 1, decode_content=True)
    except urllib3.exceptions.HTTPError as error:
        raise CalendarError(_("Kalenteri ei vastaa.")) from error
    if answer.status != 200:
        raise CalendarError(_("Kalenteri ei vastaa."))
    if len(content) > MOST_BYTES:
        raise CalendarError(_("Kalenteri on liian suuri."))
    return bytes(content)


def pool_to(parts: SplitResult, at: str) -> urllib3.HTTPConnectionPool:
    """A way to the host by one of its addresses; its certificate must be the name's."""
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(at, parts.port or 80)
    host = parts.hostname
    return urllib3.HTTPSConnectionPool(
        at, parts.port or 443, server_hostname=host, assert_hostname=host, ca_certs=certifi.where()
    )


def busy_spans(content: bytes, since: datetime, until: datetime) -> list[Span]:
    """When a calendar says that its owner is busy, repeated events and exceptions worked out. Raises CalendarError."""
    try:
        calendar = Calendar.from_ical(content)
        events = recurring_ical_events.of(calendar, skip_bad_series=True).between(since, until)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise CalendarError(_("Tätä kalenteria emme osaa lukea.")) from error
    found = []
    for one in events[:MOST_EVENTS]:
        if str(one.get("transp", "")).upper() == "TRANSPARENT" or str(one.get("status", "")).upper() == "CANCELLED":
            continue
        if str(one.get("x-microsoft-cdo-busystatus", "")).upper() == "FREE":
            continue
        begins = moment(one.start)
        ends = moment(one.end)
        if ends > begins:
            found.append((begins, ends))
    return sorted(found)


def moment(told: date | datetime) -> datetime:
    """A calendar's time as a moment: a whole day and a time without a zone are in Finnish time."""
    if not isinstance(told, datetime):
        return datetime.combine(told, time(), ZONE)
    return told.replace(tzinfo=ZONE) if told.tzinfo is None else told
