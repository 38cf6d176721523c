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

__all__ = [
    "AccessCode",
    "AnswerDraft",
    "AnswerTemplate",
    "Appointment",
    "Attachment",
    "Busy",
    "BusyCalendar",
    "CalendarFeed",
    "Duty",
    "Enquiry",
    "Message",
    "Taken",
    "TimeRule",
    "VideoProvider",
    "WaitingForTime",
]
