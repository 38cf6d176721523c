"""What this room adds to the pages of those below: a service's page tells which practices it works by."""

from django.urls import reverse
from django.utils.translation import gettext as _

from opinovi.base.text import choose
from opinovi.directory.models import Service
from opinovi.practices.models import PracticeState


def practices_of(service: Service) -> tuple[str, list[tuple[str, str]]] | None:
    """One query."""
    rows = service.practices.filter(state=PracticeState.PUBLISHED).only("id", "name")
    links = [(choose(one.name).text, reverse("practice", args=[one.id])) for one in rows]
    return (_("Näin täällä toimitaan"), links) if links else None
