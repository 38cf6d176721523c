"""The cells of guides' time: whoever has them has the time, and nobody else can."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from opinovi.contact.free_times import cells
from opinovi.contact.models import Taken
from opinovi.network.models import Member, Person


class TimeGone(ValidationError):
    """Somebody else was quicker."""

    def __init__(self) -> None:
        super().__init__(_("Aika ehti juuri mennä toiselle. Valitse toinen aika."))


def hold_guides(members: Iterable[UUID]) -> None:
    """Whoever books these guides waits for the others who do, always in the same order. Within a transaction."""
    people = Member.objects.filter(id__in=set(members)).values("person_id")
    list(Person.objects.select_for_update(no_key=True).filter(id__in=people).order_by("id").values_list("id"))


def take_cells(members: Iterable[UUID], begins: datetime, minutes: int, **of: Any) -> None:
    """Make the time theirs. Raises TimeGone where a cell of it is somebody else's."""
    people = set(Member.objects.filter(id__in=members).values_list("person_id", flat=True))
    rows = [Taken(person_id=person, cell=cell, **of) for person in people for cell in cells(begins, minutes)]
    try:
        with transaction.atomic():
            Taken.objects.bulk_create(rows)
    except IntegrityError as error:
        raise TimeGone from error
