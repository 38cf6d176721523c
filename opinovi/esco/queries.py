"""Finding an occupation or a skill as one types."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from opinovi.base.text import choose
from opinovi.doors.finnish import base_forms
from opinovi.esco.models import Concept, ConceptKind, SkillOf
from opinovi.esco.reading import LANGUAGES

FEWEST_SIGNS, MOST_SIGNS, MOST_WORDS = 2, 100, 6
MOST = 20
MOST_WORDS_LIKE, MOST_LIKE = 60, 3000


def loaded() -> bool:
    """Whether there is a release to choose from. One query."""
    return Concept.objects.filter(gone=False).exists()


def find(text: str, kind: str, language: str, most: int = MOST) -> list[Concept]:
    """What is meant by what one has typed so far: the name that begins so first, then another name, then a word of one.
    Where nothing holds it all, Finnish words are taken by their base forms, and then every word by its beginning, so
    that other forms are found too. Three queries at most."""
    words = text.lower().replace("\x00", " ")[:MOST_SIGNS].split()[:MOST_WORDS]
    typed = " ".join(words)
    if len(typed) < FEWEST_SIGNS:
        return []
    column = column_of(language)
    bases = [next(iter(base_forms(word)), word) for word in words] if column == "find_fi" else words
    tried: list[list[str]] = []
    for forms in (words, bases, [stem_of(word) for word in bases]):
        if forms in tried:
            continue
        tried.append(forms)
        if found := list(ranked(forms, " ".join(forms), kind, column)[:most]):
            return found
    return []


def column_of(language: str) -> str:
    """Where the names of a language stand."""
    spoken = language.split("-")[0]
    return f"find_{spoken if spoken in LANGUAGES else 'en'}"


def stem_of(word: str) -> str:
    """A word without what may be its ending: six tenths of it, four signs at least."""
    return word[: max(4, len(word) * 6 // 10)]


def ranked(words: list[str], typed: str, kind: str, column: str) -> QuerySet[Concept]:
    """Those whose names hold every word, the nearest first: the very name, the beginning of one, another name's, its
    first word's, a word's, any; of those alike the one with the fewest names."""
    holds = Q(kind=kind, gone=False)
    for word in words:
        holds &= Q(**{f"{column}__contains": word})
    near = Case(
        When(Q(**{f"{column}__startswith": f"\n{typed}\n"}), then=Value(0)),
        When(Q(**{f"{column}__startswith": f"\n{typed}"}), then=Value(1)),
        When(Q(**{f"{column}__contains": f"\n{typed}"}), then=Value(2)),
        When(Q(**{f"{column}__startswith": f"\n{words[0]}"}), then=Value(3)),
        When(Q(**{f"{column}__contains": f" {typed}"}), then=Value(4)),
        default=Value(5),
        output_field=IntegerField(),
    )
    return Concept.objects.filter(holds).annotate(near=near, size=Length(column)).order_by("near", "size", "id")


def skills_of(occupation: Concept) -> list[SkillOf]:
    """What an occupation needs, the essential first, in the order of the release. One query."""
    rows = SkillOf.objects.filter(occupation=occupation, skill__gone=False).select_related("skill")
    return list(rows.order_by("-essential", "id"))


def by_uri(uris: list[str]) -> list[Concept]:
    return list(Concept.objects.filter(uri__in=uris, kind=ConceptKind.SKILL, gone=False))


def occupation_by_uri(uri: str) -> Concept | None:
    return Concept.objects.filter(uri=uri, kind=ConceptKind.OCCUPATION, gone=False).first()


def names_like(words: list[str], language: str) -> dict[str, tuple[str, str]]:
    """The names of skills that begin as one of the words does, in lower case, each with its address and how the skill
    is called: a few out of all, in one query."""
    column = column_of(language)
    near = Q()
    for word in words[:MOST_WORDS_LIKE]:
        near |= Q(**{f"{column}__contains": f"\n{stem_of(word.lower())}"})
    if not near:
        return {}
    rows = Concept.objects.filter(near, kind=ConceptKind.SKILL, gone=False).values_list("uri", "name", column)
    found: dict[str, tuple[str, str]] = {}
    for uri, name, text in rows.order_by("id")[:MOST_LIKE]:
        called = choose(name).text
        for line in text.strip("\n").splitlines():
            found.setdefault(line, (uri, called))
    return found
