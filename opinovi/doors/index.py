"""The search index: a disposable copy of the directory, rebuilt by one command and kept fresh from Events."""

import fcntl
import json
import logging
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import tantivy
from django.conf import settings
from django.db import connection

from opinovi.base.clock import now
from opinovi.base.files import is_full, put
from opinovi.base.ids import new_id
from opinovi.base.models import Event
from opinovi.directory.models import Service, State
from opinovi.doors import topics as vocabulary
from opinovi.doors.areas import Areas
from opinovi.doors.facets import KNOWN_BIT
from opinovi.doors.indexed import TYPES, Record, for_index, indexed
from opinovi.doors.stopwords import FOLDER as WORDLISTS
from opinovi.doors.words import Word, content

log = logging.getLogger(__name__)
# Text fields: whole base forms, and the weaker parts and stems; of the name, and of the rest. Each stands once a
# language, so that a service in three languages is not taken for a long-winded one.
NAME, NAME_PARTS, TEXT, TEXT_PARTS = "name", "name_parts", "text", "text_parts"
# Topics: given or named (the fewer, the more the service is about each), and met in the text or above a given one.
TOPIC, TOPIC_WEAK = "topic", "topic_weak"
FORMAT = 15
CHECK_EVERY = 2.0
NAMED_IN = ("name", "alternative_names")
TOLD_IN = ("summary", "description", "instructions", "requirements")
# How surely a topic must be met in a service's text.
SURE_OF_SERVICE = 0.55
OVERLAP = timedelta(seconds=60)
# So many records are taken in while a search waits; more are taken in aside.
AT_ONCE = 200


def field_of(name: str, language: str) -> str:
    return f"{name}_{language}"


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in (NAME, NAME_PARTS, TEXT, TEXT_PARTS):
        for language in vocabulary.LANGUAGES:
            builder.add_text_field(field_of(name, language), tokenizer_name="whitespace", index_option="freq")
    for name in (TOPIC, TOPIC_WEAK):
        builder.add_text_field(name, stored=True, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("type", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("area", "source", "kind"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_unsigned_field("facets", fast=True)
    # Days by their ordinal: when last checked and when to be checked, and from when and until when valid.
    for name in ("verified", "confirm", "since", "until", "areas"):
        builder.add_unsigned_field(name, fast=True)
    return builder.build()


SCHEMA = schema()


def fingerprint() -> str:
    """Changes when an index made earlier can't serve any more: its format, or the vocabulary and word lists."""
    digest = sha256(str(FORMAT).encode())
    for path in (*sorted(vocabulary.FOLDER.glob("*.yaml")), *sorted(WORDLISTS.glob("*.txt"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def texts(service: Record, *fields: str) -> Iterator[tuple[str, str]]:
    """(language, text) of a record's fields. Plain Finnish counts as Finnish; other languages as English."""
    for field in fields:
        for lang, value in getattr(service, field, {}).items():
            language = lang.split("-")[0]
            for text in value if isinstance(value, list) else [value]:
                yield language if language in vocabulary.LANGUAGES else "en", text


def topics_of(service: Record) -> tuple[list[str], list[str]]:
    """The service's topics: those that its editor gave or its name says; and the weaker ones."""
    strong: dict[str, float] = dict.fromkeys((one for one in service.topics if one in vocabulary.topics()), 1.0)
    for language, text in texts(service, "name", "alternative_names"):
        for topic, weight in met_in(text, language):
            strong[topic] = max(weight, strong.get(topic, 0))
    weak = dict.fromkeys(above for topic in strong for above in vocabulary.broader(topic))
    for language, text in texts(service, "name", "alternative_names", "summary", "description"):
        for sentence in text.split("."):
            weak |= dict.fromkeys(topic for topic, _ in met_in(sentence, language))
    if isinstance(service, Service) and service.service_classes:
        classes = set(service.service_classes)
        weak |= dict.fromkeys(topic.id for topic in vocabulary.topics().values() if classes & set(topic.classes))
    return list(strong), [topic for topic in weak if topic not in strong]


@lru_cache(maxsize=50_000)
def met_in(sentence: str, language: str) -> tuple[tuple[str, float], ...]:
    """The topics met surely in a sentence; the same sentences stand in many services."""
    met = vocabulary.match(content(sentence, language), language)
    return tuple((one.topic, one.weight) for one in met if one.weight >= SURE_OF_SERVICE)


def document(service: Record, known_areas: Areas) -> tantivy.Document:
    strong, weak = topics_of(service)
    told = indexed(service)
    (since, until), where = told.validity(service), told.areas(service)
    fields: dict[str, Any] = {
        "id": [service.id.hex],
        "type": [told.type],
        **text_fields(service),
        TOPIC: [" ".join(strong)],
        TOPIC_WEAK: [" ".join(weak)],
        "area": [" ".join(where)],
        "source": [service.source],
        "kind": [told.kind(service)],
        "facets": [told.facets(service) | bool(strong) << KNOWN_BIT],
        "verified": [ordinal(getattr(service, "verified_on", None))],
        "confirm": [ordinal(getattr(service, "confirm_by", None))],
        "since": [ordinal(since)],
        "until": [until.toordinal() if until else date.max.toordinal()],
        "areas": [known_areas.number(where)],
    }
    return tantivy.Document.from_dict(fields, SCHEMA)


def ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def text_fields(service: Record) -> dict[str, list[str]]:
    words: dict[str, list[Word]] = {}
    for whole, parts, sources in ((NAME, NAME_PARTS, NAMED_IN), (TEXT, TEXT_PARTS, TOLD_IN)):
        for language, text in texts(service, *sources):
            found = content(text, language)
            words.setdefault(field_of(whole, language), []).extend(found)
            words.setdefault(field_of(parts, language), []).extend(found)
    bases = {field_of(whole, language) for whole in (NAME, TEXT) for language in vocabulary.LANGUAGES}
    return {
        field: [join(word.bases if field in bases else word.forms for word in found)] for field, found in words.items()
    }


def join(groups: Iterable[frozenset[str]]) -> str:
    return " ".join(form for forms in groups for form in sorted(forms))


def recent_events(last: int) -> dict[int, str]:
    """The last minute's Events of what is indexed, up to a number: whose each is, by its number."""
    rows = Event.objects.filter(seq__lte=last, at__gt=now() - OVERLAP, subject_type__in=TYPES)
    return dict(rows.values_list("seq", "subject_id"))


class Index:
    """One host's copy. `current` names the folder in use; a rebuild makes a new one beside it and swaps."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder: Path | None = None
        self.index: Any = None
        self.known_surfaces: dict[str, int] = {}
        self.areas, self.areas_changed = Areas(), 0.0
        self.checked_at = 0.0
        self.aside: threading.Thread | None = None

    @property
    def pointer(self) -> Path:
        return self.home / "current"

    def ready(self) -> bool:
        """Whether there is an index that this code and vocabulary can use."""
        meta = self.meta()
        return meta.get("fingerprint") == fingerprint()

    def meta(self) -> dict[str, Any]:
        try:
            return json.loads((self.home / self.pointer.read_text().strip() / "opinovi.json").read_text())
        except (OSError, ValueError):
            return {}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else on this host makes an index meanwhile, in this process or another."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def build(self) -> int:
        """Make the whole index anew and put it in use. Returns the number of services in it."""
        with self.alone():
            return self.make()

    def build_missing(self) -> None:
        """The same, unless another has done so while one waited."""
        with self.alone():
            if not self.ready():
                self.make()

    def make(self) -> int:
        before = self.pointer.read_text().strip() if self.pointer.exists() else ""
        folder = self.home / new_id().hex
        folder.mkdir()
        last = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        recent = recent_events(last)
        index = tantivy.Index(SCHEMA, path=str(folder))
        writer = index.writer(heap_size=120_000_000, num_threads=1)
        count, surfaces, known_areas = 0, dict[str, int](), Areas()
        for service in for_index(state=State.PUBLISHED):
            writer.add_document(document(service, known_areas))
            for language, text in texts(service, "name", "alternative_names", "summary"):
                for word in content(text, language):
                    surfaces[word.surface] = surfaces.get(word.surface, 0) + 1
            count += 1
        writer.commit()
        writer.wait_merging_threads()
        known_areas.save(folder / "areas.json")
        (folder / "surfaces.json").write_text(json.dumps(surfaces, ensure_ascii=False))
        meta = {"fingerprint": fingerprint(), "seq": last, "recent": list(recent), "at": now().isoformat()}
        put(folder / "opinovi.json", json.dumps(meta))
        put(self.pointer, folder.name)
        # Somebody may still be opening the one before.
        for old in self.home.iterdir():
            if old.is_dir() and old.name not in (folder.name, before):
                shutil.rmtree(old, ignore_errors=True)
        return count

    def open(self) -> Any:
        """The index in use, reopened when another process has swapped it."""
        folder = self.home / self.pointer.read_text().strip()
        if folder != self.folder:
            self.index = tantivy.Index.open(str(folder))
            self.known_surfaces = json.loads((folder / "surfaces.json").read_text())
            self.areas, self.areas_changed = Areas(), 0.0
            self.folder = folder
        changed = (folder / "areas.json").stat().st_mtime
        if changed != self.areas_changed:
            self.areas, self.areas_changed = Areas.load(folder / "areas.json"), changed
        return self.index

    def searcher(self) -> Any:
        """A searcher over what is fresh: builds a missing index, takes in new Events every few seconds."""
        if time.monotonic() - self.checked_at > CHECK_EVERY or self.index is None:
            try:
                self.refresh()
            except (ValueError, OSError):
                # It was swapped just then, or is broken: what another made is taken, else it is made anew.
                log.warning("the search index could not be opened, and is looked for anew")
                self.mend()
            self.checked_at = time.monotonic()
        return self.index.searcher()

    def refresh(self) -> None:
        if not self.ready():
            self.build_missing()
        self.open()
        try:
            self.catch_up()
        except (ValueError, OSError):
            if not is_full(self.home):
                raise
            log.warning("the disk is full: the search answers as it did")
        self.index.reload()

    def mend(self) -> None:
        self.folder = None
        try:
            self.refresh()
        except (ValueError, OSError):
            self.folder = None
            self.build()
            self.refresh()

    def catch_up(self) -> int:
        """Take in the records that Events since the last time tell of. Returns how many.

        A transaction may commit after one with a higher number: so of the last minute's Events those are taken in too
        that had not been seen yet.
        """
        meta = self.meta()
        last = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        if last <= meta.get("seq", 0):
            return 0
        seen = set(meta.get("recent", ()))
        recent = recent_events(last)
        told = Event.objects.filter(seq__gt=meta.get("seq", 0), seq__lte=last, subject_type__in=TYPES)
        ids = {*told.values_list("subject_id", flat=True), *(one for seq, one in recent.items() if seq not in seen)}
        if len(ids) > AT_ONCE:
            # A whole spreadsheet or an import: nobody's search waits for it.
            self.take_in_aside(ids, last)
            return 0
        return len(ids) if self.take_in(ids, last) else 0

    def take_in(self, ids: set[str], last: int) -> bool:
        """Put these records in anew, and remember that all Events up to `last` are in."""
        folder = self.folder
        assert folder is not None
        recent = recent_events(last)
        if ids and not self.replace(ids):
            return False
        put(folder / "opinovi.json", json.dumps({**self.meta(), "seq": last, "recent": list(recent)}))
        return True

    def take_in_aside(self, ids: set[str], last: int) -> None:
        """The same in a thread of its own, one at a time; until it is done the index answers as it was."""
        if self.aside is not None and self.aside.is_alive():
            return

        def work() -> None:
            try:
                self.take_in(ids, last)
            finally:
                connection.close()

        self.aside = threading.Thread(target=work, name="index", daemon=True)
        self.aside.start()

    def replace(self, ids: set[str]) -> bool:
        """Put the services of these ids in anew; False while another process is doing so."""
        try:
            writer = self.index.writer(heap_size=20_000_000, num_threads=1)
        except ValueError:
            return False
        for service_id in ids:
            writer.delete_documents_by_term("id", service_id.replace("-", ""))
        assert self.folder is not None
        known = len(self.areas.sets)
        for service in for_index(state=State.PUBLISHED, id__in=ids):
            writer.add_document(document(service, self.areas))
        if len(self.areas.sets) > known:
            self.areas.save(self.folder / "areas.json")
        writer.commit()
        writer.wait_merging_threads()
        return True


_indexes: dict[Path, Index] = {}


def current() -> Index:
    """The index of this installation, one a process."""
    return _indexes.setdefault(settings.INDEX_DIR, Index(settings.INDEX_DIR))
