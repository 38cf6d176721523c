"""From a need to doors: the query, the ranking and the reasons."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import tantivy

from opinovi.base.clock import today
from opinovi.directory.models import LONG_OVERDUE_DAYS
from opinovi.doors import topics as vocabulary
from opinovi.doors.facets import (
    FACETS,
    KNOWN_BIT,
    LOCAL_BIT,
    PAPERWORK_BIT,
    age_in_days,
    for_houses_only,
    speaks_of_paperwork,
)
from opinovi.doors.finnish import key
from opinovi.doors.index import NAME, NAME_PARTS, SCHEMA, TEXT, TEXT_PARTS, TOPIC, TOPIC_WEAK, current, field_of
from opinovi.doors.need import Need, understand

# How much a meeting in each field weighs, on top of BM25. See docs/architecture.md, "Search".
WEIGHT = {NAME: 1.2, NAME_PARTS: 0.8, TEXT: 0.5, TEXT_PARTS: 0.25, TOPIC: 7.0, TOPIC_WEAK: 2.0}
PART_OF_WORD = 0.4
# A word that a topic was met by says less by itself: the topic speaks for it.
TOLD, BY_TOPIC = 0.75, 0.5
RELATED = 0.5
# How much the surest topic stands out above the less sure ones.
CONTRAST = 1.0
BROADER = 0.3
MAX_TOPICS = 8
POOL = 120
# With fewer than these of a place among the best anywhere, the place is asked for alone.
ENOUGH_HERE = 40
# A door whose score is below this share of the best one's is not shown.
ENOUGH = 0.28
# The best score below which nothing is good enough, so that the front desk is offered first.
GOOD = 15.0
LOCAL_FACTOR = 1.4
# A service of no topic of the need vocabulary is met by a word alone: a permit, a register, a statistic.
UNKNOWN_FACTOR = 0.75
# What offices do with each other, and what is for companies, is seldom what a person asks for, unless they say so.
NOT_ASKED_FACTOR = 0.7
# Topics of companies are known by their target group of the Finnish Service Catalogue.
OF_COMPANIES = "KR2"
STALE_DAYS, STALE_FACTOR = 365, 0.9
# A record whose keeper was asked long ago whether it is still true, and did not say.
OVERDUE_FACTOR = 0.8
Term = tuple[str, str, float]


@dataclass(frozen=True)
class Where:
    """The place that narrows: a municipality's code, a whole network's, or none."""

    municipalities: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    def terms(self) -> list[str]:
        return ["all", *(f"m{code}" for code in self.municipalities), *(f"r{code}" for code in self.regions)]


@dataclass(frozen=True)
class Hit:
    """A service found, with the score it was ranked by."""

    id: UUID
    score: float
    # The service's topics: those that it is about, then those that it touches.
    topics: tuple[str, ...] = ()
    type: str = "service"


@dataclass
class Found:
    """What a find gave: the ids in order, the counts beside each choice, and how many lie elsewhere."""

    hits: list[Hit]
    total: int
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    elsewhere: int = 0
    good: bool = True
    # How many there are without the chosen filters.
    unfiltered: int = 0
    # Of the places asked about beside the person's own: whether there are doors of that place's own as good.
    beyond: tuple[bool, ...] = ()


def terms(need: Need) -> list[Term]:
    """The need as weighted index terms: (field, term, weight). The expanded tokens of the query."""
    found: dict[tuple[str, str], float] = {}

    def add(field: str, term: str, weight: float) -> None:
        found[field, term] = max(found.get((field, term), 0.0), weight)

    told = {surface for met in need.topics if met.weight >= TOLD for surface in met.words}
    for word in need.words:
        share = BY_TOPIC if word.surface in told else 1.0
        for of in (NAME, TEXT, NAME_PARTS, TEXT_PARTS):
            for base in word.bases:
                add(field_of(of, need.language), base, WEIGHT[of] * share)
            if need.language != "fi":
                # A name or a foreign word stands in Finnish texts as it is.
                add(field_of(of, "fi"), key(word.surface), WEIGHT[of] * share)
        for of in (NAME_PARTS, TEXT_PARTS):
            for part in word.parts | word.stems:
                add(field_of(of, need.language), part, WEIGHT[of] * PART_OF_WORD * share)
    for topic, weight in weighted_topics(need).items():
        add(TOPIC, topic, WEIGHT[TOPIC] * weight)
        add(TOPIC_WEAK, topic, WEIGHT[TOPIC_WEAK] * weight)
    return [(field, term, weight) for (field, term), weight in found.items()]


def weighted_topics(need: Need) -> dict[str, float]:
    """The need's topics with those related to them and above them, each with its weight (0 to 1)."""
    known = vocabulary.topics()
    weights: dict[str, float] = {}
    surest = max((met.weight for met in need.topics), default=1.0)
    for met in need.topics[:MAX_TOPICS]:
        own = met.weight * (met.weight / surest) ** CONTRAST
        weights[met.topic] = max(weights.get(met.topic, 0.0), own)
        for other in known[met.topic].related:
            weights[other] = max(weights.get(other, 0.0), own * RELATED)
        for depth, above in enumerate(vocabulary.broader(met.topic), start=1):
            weights[above] = max(weights.get(above, 0.0), own * BROADER**depth)
    return weights


def term_query(field: str, term: str, weight: float = 1.0) -> Any:
    query = tantivy.Query.term_query(SCHEMA, field, term, "basic" if field in ("area", "source") else "freq")
    return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)


def any_of(weighted: Iterable[Term]) -> Any:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, term_query(*one)) for one in weighted])


def narrowed(query: Any, where: Where | None, source: str) -> Any:
    """The query within a place and a source; neither changes a score."""
    must = [(tantivy.Occur.Must, query)]
    if where is not None:
        place = tantivy.Query.term_set_query(SCHEMA, "area", where.terms())
        must.append((tantivy.Occur.Must, tantivy.Query.const_score_query(place, 0.0)))
    if source:
        must.append((tantivy.Occur.Must, tantivy.Query.const_score_query(term_query("source", source), 0.0)))
    return tantivy.Query.boolean_query(must) if len(must) > 1 else query


def find(
    need: Need,
    where: Where | None = None,
    source: str = "",
    chosen: dict[str, list[str]] | None = None,
    limit: int = 10,
    offset: int = 0,
    cut: bool = True,
    beyond: tuple[Where, ...] = (),
) -> Found:
    """The doors for a need, best first. `chosen` are the filters; `cut` leaves out what is far from the best. `beyond`
    are other places, of which it is told whether they have doors of their own for the need."""
    if need.empty:
        return Found([], 0, good=False)
    searcher = current().searcher()
    query = any_of(terms(need))
    paperwork = any(speaks_of_paperwork(one.surface) for one in need.words)
    company = any(
        group.startswith(OF_COMPANIES) for met in need.topics for group in vocabulary.topics()[met.topic].groups
    )

    def asked(bits: int) -> bool:
        return (paperwork or not bits >> PAPERWORK_BIT & 1) and (company or not for_houses_only(bits))

    everywhere = rank(
        searcher, searcher.search(narrowed(query, None, source), limit=POOL, count=False).hits, where, asked
    )
    ranked = everywhere if where is None else [one for one in everywhere if one.here]
    if len(ranked) < ENOUGH_HERE and len(everywhere) == POOL:
        # The best anywhere are mostly elsewhere: ask for those of the place alone.
        ranked = rank(
            searcher, searcher.search(narrowed(query, where, source), limit=POOL, count=False).hits, where, asked
        )
    good = bool(ranked) and ranked[0].score >= GOOD
    elsewhere = count_elsewhere(everywhere, ranked) if cut and where else 0
    if cut and ranked:
        least = ranked[0].score * ENOUGH
        ranked = [one for one in ranked if one.score >= least]
    kept = [one for one in ranked if fits(one.facets, chosen or {})]
    hits = [hit(searcher.doc(one.address), one.score) for one in kept[offset : offset + limit]]
    counts = count_choices([one.facets for one in ranked], chosen or {}) if cut else {}
    neighbours = tuple(has_doors(everywhere, ranked, one) for one in beyond)
    return Found(hits, len(kept), counts, elsewhere, good, len(ranked), neighbours)


def has_doors(everywhere: list["Ranked"], here: list["Ranked"], place: Where) -> bool:
    """Whether among the best anywhere there are some of the place's own, as good as those that are shown."""
    own = current().areas.covering(tuple(place.terms()[1:]))
    best = max((one.score for one in (*everywhere[:1], *here[:1])), default=0.0)
    return any(one.area in own and one.score >= best * ENOUGH for one in everywhere)


def hit(document: Any, score: float) -> Hit:
    topics = f"{document.get_first(TOPIC)} {document.get_first(TOPIC_WEAK)}".split()
    return Hit(UUID(document.get_first("id")), score, tuple(topics), document.get_first("type"))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A service as the index knows it: its score with place and freshness, and whether it covers the place."""

    score: float
    facets: int
    address: Any
    here: bool = True
    area: int = 0


def rank(searcher: Any, hits: list[Any], where: Where | None, asked: Callable[[int], bool]) -> list[Ranked]:
    """The services valid today by score, what is near and fresh first. Ties keep the index's order. `asked` tells by
    a service's facets whether a person asks for such a thing."""
    addresses = [address for _, address in hits]
    columns = [
        searcher.fast_field_values(name, addresses)
        for name in ("facets", "verified", "confirm", "since", "until", "areas")
    ]
    here = current().areas.covering(tuple(where.terms())) if where else frozenset()
    day = today()
    ranked = []
    for (score, address), bits, verified, confirm, since, until, area in zip(hits, *columns, strict=True):
        if not since <= day.toordinal() <= until:
            continue
        score *= factor(bits, verified, confirm, day, near=where is not None and area in here)
        score *= 1.0 if asked(bits) else NOT_ASKED_FACTOR
        ranked.append(Ranked(score, bits, address, where is None or area in here, area))
    return sorted(ranked, key=lambda one: -one.score)


def factor(bits: int, verified: int, confirm: int, day: date, near: bool) -> float:
    """How much place, freshness and belonging to the need vocabulary raise or lower a score."""
    share = LOCAL_FACTOR if near and bits >> LOCAL_BIT & 1 else 1.0
    if not bits >> KNOWN_BIT & 1:
        share *= UNKNOWN_FACTOR
    if (age_in_days(verified, day) or 0) > STALE_DAYS:
        share *= STALE_FACTOR
    if confirm and day.toordinal() - confirm > LONG_OVERDUE_DAYS:
        share *= OVERDUE_FACTOR
    return share


def fits(facets: int, chosen: dict[str, list[str]], but: str = "") -> bool:
    """Whether a service has one of the chosen options of every facet (except `but`)."""
    masks = (facet.mask(chosen[facet.name]) for facet in FACETS if facet.name != but and chosen.get(facet.name))
    return all(facets & mask for mask in masks)


def count_choices(ranked: list[int], chosen: dict[str, list[str]]) -> dict[str, dict[str, int]]:
    """How many doors each choice would show, the choices of the other facets kept."""
    counts: dict[str, dict[str, int]] = {}
    for facet in FACETS:
        pool = [bits for bits in ranked if fits(bits, chosen, but=facet.name)]
        counts[facet.name] = {option.value: sum(bits >> option.bit & 1 for bits in pool) for option in facet.options}
    return counts


def count_elsewhere(everywhere: list[Ranked], here: list[Ranked]) -> int:
    """How many doors would fit as well but lie outside the place; nothing that fits is hidden without a word."""
    best = max((one.score for one in (*everywhere[:1], *here[:1])), default=0.0)
    return sum(not one.here and one.score >= best * ENOUGH for one in everywhere)


def warm_up() -> None:
    """Read the vocabulary, the words and the index, so that the first person need not wait for them."""
    for language, text in (("fi", "haluan vaihtaa alaa"), ("sv", "jag vill byta yrke"), ("en", "change my profession")):
        find(understand(text, language))
        understand("tietokonne", language)
