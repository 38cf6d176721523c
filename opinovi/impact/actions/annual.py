"""The words of a yearly report are kept, and it is published or taken back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.impact.models import Annual
from opinovi.network.models import Network, Organisation, Person

MOST = 8000


@transaction.atomic
def save(
    by: Person, network: Network, house: Organisation | None, year: int, words: dict[str, str], version: int,
    publish: bool | None = None,
) -> Annual:  # fmt: skip
    """Keep the words. Refuses those written over somebody else's. `publish` opens the report to everybody, or closes
    it; a year that is not over can't be published, nor an organisation's own report."""
    if house is None:
        require("impact.run", by, network)
    else:
        require("impact.run_house", by, house)
    Network.objects.select_for_update().get(id=network.id)
    one = Annual.objects.filter(network=network, organisation=house, year=year).first()
    one = one or Annual(network=network, organisation=house, year=year)
    if one.version != version:
        raise ValidationError(_("Joku muu muutti raporttia. Avaa sivu uudelleen ja katso ensin, mitä hän kirjoitti."))
    if publish and year >= today().year:
        raise ValidationError(_("Vuosi on vielä kesken."))
    one.words = {name: mask(text)[0].strip()[:MOST] for name, text in words.items() if text.strip()}
    if publish is not None and house is None:
        one.published_at = (one.published_at or now()) if publish else None
    one.version += 1
    one.save()
    record("publish" if publish else "save", "annual", one.id, str(by.id), year=year)
    return one
