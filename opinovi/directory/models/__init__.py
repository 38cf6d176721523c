"""Services, places, offerings and the people who guide; and what keeps them true."""

from opinovi.directory.models.offerings import ContactCard, Form, Offering
from opinovi.directory.models.services import (
    LONG_OVERDUE_DAYS,
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
    "LONG_OVERDUE_DAYS",
    "BulkLoad",
    "Channel",
    "Charge",
    "ContactCard",
    "Draft",
    "ErrorReport",
    "Form",
    "GivenAt",
    "Kept",
    "Kind",
    "Offering",
    "RecordType",
    "Service",
    "ServicePoint",
    "Source",
    "State",
    "Version",
]
