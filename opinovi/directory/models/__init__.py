"""Services, places, offerings and the people who guide; and what keeps them true."""

from opinovi.directory.models.answers import Answer, AnswerState
from opinovi.directory.models.group_sessions import GroupSession, Meeting
from opinovi.directory.models.offerings import ContactCard, Form, Offering
from opinovi.directory.models.same import Pair, PairState
from opinovi.directory.models.services import (
    EVENT_SOURCES,
    LONG_OVERDUE_DAYS,
    OWN_SOURCES,
    Channel,
    Charge,
    GivenAt,
    Kept,
    Kind,
    Service,
    ServicePoint,
    Source,
    State,
)
from opinovi.directory.models.upkeep import BulkLoad, Draft, ErrorReport, RecordType, Version

__all__ = [
    "EVENT_SOURCES",
    "LONG_OVERDUE_DAYS",
    "OWN_SOURCES",
    "Answer",
    "AnswerState",
    "BulkLoad",
    "Channel",
    "Charge",
    "ContactCard",
    "Draft",
    "ErrorReport",
    "Form",
    "GivenAt",
    "GroupSession",
    "Kept",
    "Kind",
    "Meeting",
    "Offering",
    "Pair",
    "PairState",
    "RecordType",
    "Service",
    "ServicePoint",
    "Source",
    "State",
    "Version",
]
