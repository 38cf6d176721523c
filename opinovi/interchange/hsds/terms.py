"""What records are sorted by, as taxonomies and their terms."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy

from opinovi.base.text import choose
from opinovi.directory.codes import service_classes, target_groups
from opinovi.directory.forms.base import KIND_NAMES
from opinovi.directory.models import Kind
from opinovi.doors.topics import topics
from opinovi.interchange.hsds import part_id

Names = dict[str, str]


@dataclass(frozen=True)
class Taxonomy:
    """A taxonomy by the field of a service that holds its codes."""

    field: str
    name: Any
    description: Any
    uri: str
    version: str
    codes: Callable[[], dict[str, Names]]

    @property
    def id(self) -> str:
        return part_id("taxonomy", self.field)


def topic_names() -> dict[str, Names]:
    return {code: one.label for code, one in topics().items()}


def kind_names() -> dict[str, Names]:
    return {code: {} for code in Kind.values}


TAXONOMIES = (
    Taxonomy(
        "service_classes",
        gettext_lazy("Palveluluokat"),
        gettext_lazy("Suomen palvelutietovarannon palveluluokat."),
        "http://uri.suomi.fi/codelist/ptv/ptvserclass2",
        "2",
        service_classes,
    ),
    Taxonomy(
        "target_groups",
        gettext_lazy("Kohderyhmät"),
        gettext_lazy("Suomen palvelutietovarannon kohderyhmät."),
        "http://uri.suomi.fi/codelist/ptv/ptvkohderyhmat",
        "1",
        target_groups,
    ),
    Taxonomy(
        "topics",
        gettext_lazy("Aiheet"),
        gettext_lazy("Tarpeiden aiheet, joilla palvelut löytyvät omin sanoin."),
        "urn:opin-ovi:topics",
        "1",
        topic_names,
    ),
    Taxonomy(
        "kind",
        gettext_lazy("Palvelun laji"),
        gettext_lazy("Mitä palvelu tekee: tietoa, neuvontaa, ohjausta, koulutusta, arviointia, tukea."),
        "urn:opin-ovi:kinds",
        "1",
        kind_names,
    ),
)
BY_FIELD = {one.field: one for one in TAXONOMIES}
BY_ID = {one.id: one for one in TAXONOMIES}


def term_id(field: str, code: str) -> str:
    return part_id("term", field, code)


@cache
def terms_by_id() -> dict[str, tuple[Taxonomy, str]]:
    """Every term's taxonomy and code, by its id, in the order of the taxonomies and their codes."""
    return {term_id(one.field, code): (one, code) for one in TAXONOMIES for code in sorted(one.codes())}


def parent_code(one: Taxonomy, code: str) -> str:
    """The code of the term above; none for a top one."""
    if one.field == "topics":
        return topics()[code].broader
    head = code.rpartition(".")[0]
    return head if head in one.codes() else ""


def name_of(one: Taxonomy, code: str) -> str:
    if one.field == "kind":
        return str(KIND_NAMES[Kind(code)])
    return choose(one.codes()[code]).text or code


def taxonomy(one: Taxonomy) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": str(one.name),
        "description": str(one.description),
        "uri": one.uri,
        "version": one.version,
    }


def term(one: Taxonomy, code: str, language: str) -> dict[str, Any]:
    """A term in the words of a language, with its taxonomy."""
    name = name_of(one, code)
    told = {
        "id": term_id(one.field, code),
        "code": code,
        "name": name,
        "description": name,
        "taxonomy": str(one.name),
        "taxonomy_detail": taxonomy(one),
        "language": language,
        "taxonomy_id": one.id,
    }
    if above := parent_code(one, code):
        told["parent_id"] = term_id(one.field, above)
    return told


def codes_of(service: Any, field: str) -> list[str]:
    """The codes of a taxonomy that a service has; those that the list does not know are left out."""
    known = BY_FIELD[field].codes()
    told = getattr(service, field)
    return [code for code in ([told] if isinstance(told, str) else told) if code in known]
