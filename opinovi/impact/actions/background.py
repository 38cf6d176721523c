"""Who a client says they are, for the figures alone: told, changed and taken away as they like."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.events import record
from opinovi.impact.groups import GROUPS
from opinovi.impact.models import Background
from opinovi.journeys.actions.clients import hold
from opinovi.journeys.models import Client
from opinovi.network.models import Person


@transaction.atomic
def tell_background(by: Person, client: Client, municipality: str, groups: Sequence[str]) -> None:
    """Where one lives, and to which groups one belongs; none of them is an answer too."""
    client = hold(client)
    require("journeys.own_one", by, client)
    if client.erased:
        raise ValidationError(_("Tiedot on poistettu."))
    if municipality and municipality not in client.network.municipalities:
        municipality = ""
    known = [name for name in GROUPS if name in groups]
    locked = client.lock({"municipality": municipality, "groups": known})
    Background.objects.update_or_create(client=client, defaults={"locked": locked})
    actor = str(by.id)
    record("tell_background", "client", client.id, actor, municipality=municipality, groups=known, answered=True)


@transaction.atomic
def forget_background(by: Person, client: Client) -> None:
    """It is not kept any more, and counts in no figure, nor in those of the past."""
    client = hold(client)
    require("journeys.own_one", by, client)
    if Background.objects.filter(client=client).delete()[0]:
        record("tell_background", "client", client.id, str(by.id), municipality="", groups=[], answered=False)


def erase_background(client: Client) -> None:
    """With the client, within the change that forgets them."""
    Background.objects.filter(client=client).delete()


def background_of(client: Client) -> dict[str, object]:
    """{"municipality", "groups"}; nothing where nothing was told."""
    row = Background.objects.filter(client=client).first()
    return (client.unlock(row.locked) if row is not None else None) or {}
