"""What people ask and book, and who answers: all that is confidential is locked with a key of its own."""

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
    "Attachment",
    "Duty",
    "Enquiry",
    "Message",
]
