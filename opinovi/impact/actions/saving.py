"""Questions that are kept, shared and sent."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.events import record
from opinovi.impact.models import SavedQuery
from opinovi.impact.models.reports import Rhythm
from opinovi.network.models import Network, Person

MOST = 50


@transaction.atomic
def keep(by: Person, network: Network, asked: Any, name: str, shared: bool, rhythm: str) -> SavedQuery:
    """Keep a question under a name; the same name again takes the old one's place."""
    require("impact.see_network", by, network)
    name = name.replace("\x00", "").strip()[:100]
    if not name:
        raise ValidationError(_("Anna kysymykselle nimi."))
    if rhythm not in Rhythm.values:
        raise ValidationError(_("Valitse, kuinka usein."))
    if SavedQuery.objects.filter(person=by).exclude(name=name).count() >= MOST:
        raise ValidationError(_("Tallessa on jo paljon kysymyksiä. Poista ensin jokin."))
    told = {"network": network, "indicator": asked.indicator, "by": asked.by, "step": asked.step, "spans": asked.spans,
            "shared": shared, "rhythm": rhythm}  # fmt: skip
    one, _new = SavedQuery.objects.update_or_create(person=by, name=name, defaults=told)
    record("save", "saved_query", one.id, str(by.id))
    return one


def held(by: Person, one: SavedQuery) -> SavedQuery:
    require("impact.own_query", by, one)
    return SavedQuery.objects.select_for_update(of=("self",)).get(id=one.id)


@transaction.atomic
def change(by: Person, one: SavedQuery, shared: bool, rhythm: str) -> None:
    one = held(by, one)
    one.shared, one.rhythm = shared, rhythm if rhythm in Rhythm.values else one.rhythm
    one.save(update_fields=["shared", "rhythm"])
    record("save", "saved_query", one.id, str(by.id))


@transaction.atomic
def drop(by: Person, one: SavedQuery) -> None:
    one = held(by, one)
    record("drop", "saved_query", one.id, str(by.id))
    one.delete()


def seen_by(by: Person, network: Network) -> list[SavedQuery]:
    """One's own and those that are shared."""
    rows = SavedQuery.objects.filter(Q(person=by) | Q(shared=True), network=network).select_related("person")
    return list(rows[:100])
