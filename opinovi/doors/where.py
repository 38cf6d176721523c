"""Where a person looks for a door: a municipality, a postcode, the whole region, or anywhere at a distance."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.text import choose
from opinovi.directory.codes import municipality_name, municipality_of
from opinovi.directory.points import centres, distance_km
from opinovi.doors.find import Where
from opinovi.network.models import Network
from opinovi.network.queries import siblings

ANYWHERE = "anywhere"
# What a person may write for "anywhere", in any language.
ANYWHERE_WORDS = {
    ANYWHERE, "etänä", "missä vain", "missä tahansa", "koko maa", "suomi", "verkossa", "netissä", "var som helst",
    "på distans", "hela landet", "finland", "online", "remote", "remotely",
}  # fmt: skip
ANYWHERE_LABEL: Promise = gettext_lazy("etänä, missä vain")

# How far across the network's border, as the crow flies, a person is told of doors, and to how many municipalities.
ACROSS_KM, MOST_ACROSS = 45.0, 3


@dataclass(frozen=True)
class Place:
    """The place as it was understood. `where` is None for anywhere; `known` is False for words that name no place."""

    text: str
    label: str
    where: Where | None
    municipality: str = ""
    known: bool = True

    @property
    def anywhere(self) -> bool:
        return self.where is None and self.known


def read_place(text: str, network: Network | None) -> Place:
    """The place that a person wrote; nothing means the network's whole region."""
    text = " ".join(text.split())[:80]
    folded = text.lower()
    if folded in ANYWHERE_WORDS:
        return Place(text, str(ANYWHERE_LABEL), None)
    code = municipality_of(text) if text else None
    if code:
        regions = (network.region,) if network and code in network.municipalities else ()
        return Place(text, municipality_name(code), Where((code,), regions), code)
    for sibling in siblings(network):
        if folded and folded in {str(name).lower() for name in sibling.name.values()}:
            return Place(text, choose(sibling.name).text, whole_region(sibling).where)
    region = whole_region(network)
    is_region = network is not None and folded in {str(name).lower() for name in network.name.values()}
    return Place(text, region.label, region.where, known=not text or is_region)


def whole_region(network: Network | None) -> Place:
    if network is None:
        return Place("", _("koko Suomi"), None)
    return Place("", choose(network.name).text, Where(tuple(network.municipalities), (network.region,)))


def across_border(municipality: str, network: Network | None) -> list[tuple[str, Where]]:
    """The municipalities near a person's own that are not of their network, the nearest first: what sibling networks
    tell of lies there. Each by its name in the language of the page."""
    if network is None or municipality not in network.municipalities:
        return []
    near = nearest(municipality, tuple(network.municipalities))
    return [(municipality_name(code), Where((code,))) for code in near]


@lru_cache(maxsize=400)
def nearest(municipality: str, without: tuple[str, ...]) -> tuple[str, ...]:
    middles = {code[1:]: point for code, point in centres().items() if code.startswith("m")}
    if municipality not in middles:
        return ()
    here = middles[municipality]
    far = sorted((distance_km(here, point), code) for code, point in middles.items() if code not in without)
    return tuple(code for km, code in far[:MOST_ACROSS] if km <= ACROSS_KM)
