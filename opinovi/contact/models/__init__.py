"""What people ask and book, and who answers: all that is confidential is locked with a key of its own."""

from opinovi.contact.models.appointments import (
    Appointment,
    Busy,
    BusyCalendar,
    CalendarFeed,
    Taken,
    TimeRule,
    VideoProvider,
    WaitingForTime,
)
from opinovi.contact.models.enquiries import (
    AccessCode,
    AnswerDraft,
    AnswerTemplate,
    Attachment,
    Duty,
    Enquiry,
    Message,
)
from opinovi.contact.models.groups import Attendance, Registration

__all__ = [
    "AccessCode",
    "AnswerDraft",
    "AnswerTemplate",
    "Appointment",
    "Attachment",
    "Attendance",
    "Busy",
    "BusyCalendar",
    "CalendarFeed",
    "Duty",
    "Enquiry",
    "Message",
    "Registration",
    "Taken",
    "TimeRule",
    "VideoProvider",
    "WaitingForTime",
]
