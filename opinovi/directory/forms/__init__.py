"""The forms by which editors keep the directory, one a kind of record."""

from opinovi.directory.forms.base import RecordForm
from opinovi.directory.forms.offering import OfferingForm
from opinovi.directory.forms.point import PointForm
from opinovi.directory.forms.service import ServiceForm

FORMS: dict[str, type[RecordForm]] = {"service": ServiceForm, "point": PointForm, "offering": OfferingForm}

__all__ = ["FORMS", "OfferingForm", "PointForm", "RecordForm", "ServiceForm"]
