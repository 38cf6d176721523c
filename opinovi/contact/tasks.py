"""What the worker does for enquiries, again and again."""

from django.db.models import Q

from opinovi.base.backup import FORGET_LOST
from opinovi.base.rounds import every
from opinovi.contact.actions import appointments, enquiries, groups, times, waiting
from opinovi.contact.actions.desk import watch_promises
from opinovi.contact.models import Appointment, Enquiry, Registration
from opinovi.directory.models import Service


@every(seconds=60)
def promises() -> None:
    """Tell of promises that end soon, and of those that were broken."""
    watch_promises()


@every(seconds=3600)
def retention() -> None:
    """Erase what has been kept long enough."""
    enquiries.erase_old()
    appointments.erase_old()
    groups.erase_old()
    waiting.forget_old()


def forget_lost() -> int:
    """After a backup was brought back: what lost its key meanwhile is erased here too."""
    asked = list(Enquiry.objects.filter(key=None).exclude(state="erased"))
    booked = list(Appointment.objects.filter(key=None).exclude(state="erased"))
    joined = list(Registration.objects.filter(key=None).exclude(state="erased"))
    for enquiry in asked:
        enquiries.erase(enquiry, why="restored")
    for appointment in booked:
        appointments.erase(appointment, why="restored")
    for registration in joined:
        groups.erase(registration, why="restored")
    return len(asked) + len(booked) + len(joined)


FORGET_LOST.append(forget_lost)


@every(seconds=600)
def next_free() -> None:
    """Times pass and calendars fill: find each service's first free time anew."""
    for one in Service.objects.filter(Q(time_rules__isnull=False) | Q(next_free_at__isnull=False)).distinct():
        times.find_next_free(one)


@every(seconds=900)
def busy_calendars() -> None:
    """Read when guides are busy elsewhere."""
    times.read_all_busy()


@every(seconds=300)
def group_reminders() -> None:
    """A day before a group meets."""
    groups.remind()


@every(seconds=30)
def held_times() -> None:
    """A time that was offered and not taken goes to the next."""
    waiting.let_go_of_held()
