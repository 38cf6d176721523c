"""A whole network to another installation: one archive, with what may leave and nothing else.

What may leave is named here, model by model, with whose rows; everything else stays, and `STAYS` says why. A test holds
the two to naming every model of the project. Secrets never leave: nobody who moves brings a password, a key or a
session, and no row brings what is sealed under this installation's master key.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from opinovi.base.clock import now
from opinovi.base.events import record, record_many
from opinovi.directory.models import State
from opinovi.network.models import Network

FORMAT = 1
MOST_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Scope:
    """Whose rows: the network, and the organisations that are its members."""

    network: Network
    houses: list[UUID]


def of_house(scope: Scope) -> Q:
    return Q(organisation__in=scope.houses)


def of_network(scope: Scope) -> Q:
    return Q(network=scope.network)


def within(path: str, of: str = "house") -> Callable[[Scope], Q]:
    """Rows of what belongs, by a path, to one of the houses or to the network."""
    return lambda scope: Q(
        **{f"{path}__in" if of == "house" else path: scope.houses if of == "house" else scope.network}
    )


def public_of_house(scope: Scope) -> Q:
    return Q(organisation__in=scope.houses, state=State.PUBLISHED)


STRATEGY = "strategy__network"
# What moves, and whose rows of it.
MOVES: dict[str, Callable[[Scope], Q]] = {
    "network.Programme": lambda scope: Q(id=scope.network.programme_id),
    "network.Organisation": lambda scope: Q(id__in=scope.houses),
    "network.Person": lambda scope: Q(places__organisation__in=scope.houses, is_active=True),
    "network.Member": of_house,
    "network.Team": of_house,
    "network.Network": lambda scope: Q(id=scope.network.id),
    "network.Membership": of_network,
    "network.Agreement": of_network,
    "network.MemberRole": lambda scope: Q(member__organisation__in=scope.houses)
    & (Q(network=None) | Q(network=scope.network)),
    "directory.ServicePoint": of_house,
    "directory.Service": of_house,
    "directory.GivenAt": lambda scope: Q(service__organisation__in=scope.houses, point__organisation__in=scope.houses),
    "directory.Channel": lambda scope: Q(service__organisation__in=scope.houses)
    | Q(point__organisation__in=scope.houses),
    "directory.Offering": of_house,
    "directory.GroupSession": lambda scope: of_house(scope) & Q(ends_at__gt=now(), by_code=False),
    "directory.Meeting": lambda scope: Q(session__organisation__in=scope.houses, session__ends_at__gt=now(),
                                         session__by_code=False),
    "directory.Answer": public_of_house,
    "directory.ContactCard": of_house,
    "contact.AnswerTemplate": of_house,
    "contact.TimeRule": within("team__organisation"),
    "practices.Practice": of_network,
    "practices.PracticeReview": within("practice__network", "network"),
    "practices.Adoption": within("practice__network", "network"),
    "outreach.OutreachPlan": of_network,
    "outreach.OutreachAction": within("plan__network", "network"),
    "strategy.Gap": of_network,
    "strategy.Criterion": of_network,
    "strategy.Strategy": of_network,
    "strategy.StrategyVersion": within(STRATEGY, "network"),
    "strategy.Comment": within(STRATEGY, "network"),
    "strategy.Meeting": of_network,
    "strategy.Decision": within("meeting__network", "network"),
    "strategy.Theme": within(STRATEGY, "network"),
    "strategy.Objective": within(f"theme__{STRATEGY}", "network"),
    "strategy.Measure": within(f"objective__theme__{STRATEGY}", "network"),
    "strategy.Reading": within(f"measure__objective__theme__{STRATEGY}", "network"),
    "strategy.Action": within(f"objective__theme__{STRATEGY}", "network"),
    "strategy.Review": within(STRATEGY, "network"),
    "strategy.Assessment": of_network,
    "strategy.Verdict": within("assessment__network", "network"),
    "interchange.Feed": lambda scope: of_network(scope) & Q(ended_at=None),
}  # fmt: skip

CLIENTS = "of a client or of one who asked: theirs to take along, from their own page, and nobody else's to carry"
SECRET = "a secret, or sealed by this installation's master key"
HERE = "of this installation's own work, made anew at the other"
COUNTED = "counted from the log of Events, which stays with what it tells of"
STAFF = "what staff share in confidence"
WORKPLACES = "of a workplace and its people, who have not been asked"
MONEY = "accounts of a project, kept where its funder audits them"
STAYS: dict[str, str] = {
    **dict.fromkeys(
        (
            "base.Event base.AuditBlock impact.Figure impact.Counted impact.Given impact.Population impact.Annual "
            "impact.SavedQuery doors.NeedCount strategy.GapFigure staff.CompetenceCount"
        ).split(),
        COUNTED,
    ),
    **dict.fromkeys(
        (
            "base.Letter base.Unsent base.DataKey contact.VideoProvider contact.BusyCalendar contact.Busy "
            "contact.CalendarFeed network.Invitation interchange.ApiKey interchange.Hook interchange.Telling"
        ).split(),
        SECRET,
    ),
    **dict.fromkeys(
        (
            "contact.Enquiry contact.Message contact.Attachment contact.AnswerDraft contact.AccessCode "
            "contact.Appointment contact.WaitingForTime contact.Taken contact.Registration contact.Attendance "
            "journeys.Client journeys.Journey journeys.SignInCode journeys.ConsentText journeys.Consent "
            "journeys.Consultation journeys.ConsultationReply journeys.Note journeys.NoteRequest journeys.Referral "
            "journeys.Outcome journeys.Confidence journeys.Goal journeys.Step journeys.PlanLine journeys.Exercise "
            "impact.Feedback impact.Complaint impact.Background outreach.FieldNote outreach.Met outreach.Arrival "
            "directory.ErrorReport"
        ).split(),
        CLIENTS,
    ),
    **dict.fromkeys(
        (
            "esco.Concept esco.SkillOf directory.Draft directory.Version directory.BulkLoad directory.Pair "
            "interchange.Run interchange.Taken network.Signature network.Absence contact.Duty"
        ).split(),
        HERE,
    ),
    **dict.fromkeys(
        (
            "staff.Circle staff.CirclePlace staff.CircleNote staff.CircleMeeting staff.Thread staff.Post "
            "staff.Following staff.CompetenceProfile staff.PeerOffer staff.ShadowOffer staff.ShadowDay staff.Training "
            "staff.TrainingPlace staff.Certificate"
        ).split(),
        STAFF,
    ),
    **dict.fromkeys(
        (
            "workplaces.Workplace workplaces.Unit workplaces.WorkplaceTeamPlace workplaces.Case workplaces.CaseMessage "
            "workplaces.Offer workplaces.OfferPart workplaces.VisitDay workplaces.WorkplaceSession "
            "workplaces.LearningBuddy workplaces.Change workplaces.ChangeStep workplaces.Placement "
            "workplaces.PlacementReferral workplaces.CompetenceSurvey workplaces.SurveyItem workplaces.SurveySheet "
            "workplaces.SurveyAnswer workplaces.SurveyWords workplaces.KeptResult workplaces.PlanGoal"
        ).split(),
        WORKPLACES,
    ),
    **dict.fromkeys(
        (
            "projects.Project projects.Funder projects.Partner projects.Change projects.BudgetLine projects.Period "
            "projects.Entry projects.Claim projects.Participant projects.Supported projects.EsfReport"
        ).split(),
        MONEY,
    ),
}

# What of a row stays though the row moves: it leaves with this in its place.
BLANK: dict[str, dict[str, Any]] = {
    "network.Person": {"password": "", "last_login": None, "example": False},
    "directory.Answer": {"sealed": ""},
    "directory.GroupSession": {"taken": 0, "link": ""},
    "directory.Service": {"next_free_at": None},
    "interchange.Feed": {"next_at": None, "known_until": None, "rhythm": "never"},
}
INDEXED = {"directory.Service": "service", "directory.Offering": "offering", "directory.GroupSession": "group_session",
           "directory.Answer": "answer"}  # fmt: skip


class CannotMove(Exception):
    """Why nothing moved, in words for the operator."""


@dataclass
class Moved:
    """How many rows of each model moved, and how many were there already."""

    counts: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)


# Out


def move_out(network: Network, path: Path) -> Moved:
    """Write the archive of a network: nothing of the installation changes."""
    houses = {*network.members.values_list("id", flat=True), network.coordinator_id}
    scope, moved = Scope(network, sorted(houses)), Moved()
    ids = {label: set(chosen(label, scope).values_list("pk", flat=True)) for label in MOVES}
    sums: dict[str, str] = {}
    part = path.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for label in MOVES:
            lines = list(rows_out(label, scope, ids))
            text = "".join(f"{line}\n" for line in lines).encode()
            archive.writestr(f"{label}.jsonl", text)
            sums[label], moved.counts[label] = hashlib.sha256(text).hexdigest(), len(lines)
        told = {"format": FORMAT, "network": str(network.id), "slug": network.slug, "made_at": now().isoformat(),
                "counts": moved.counts, "sha256": sums, "stays": STAYS}  # fmt: skip
        archive.writestr("manifest.json", json.dumps(told, indent=1, sort_keys=True))
    # It names the network's staff.
    part.chmod(0o600)
    part.replace(path)
    with transaction.atomic():
        record("move_out", "network", network.id, counts=moved.counts)
    return moved


def chosen(label: str, scope: Scope) -> Any:
    return apps.get_model(label).objects.filter(MOVES[label](scope)).order_by("pk").distinct()


def rows_out(label: str, scope: Scope, ids: dict[str, set[Any]]) -> Iterator[str]:
    """Each row as a line of JSON; what it refers to that does not leave is left out of it, and a row that can't do
    without stays with it."""
    for one in chosen(label, scope).iterator(500):
        [told] = json.loads(serializers.serialize("json", [one]))
        fields = told["fields"] | BLANK.get(label, {})
        if all(leads(one, relation, fields, ids) for relation in relations(type(one))):
            for relation in type(one)._meta.many_to_many:
                there = {str(pk) for pk in ids.get(relation.related_model._meta.label, ())}
                fields[relation.name] = [pk for pk in fields.get(relation.name, []) if str(pk) in there]
            yield json.dumps({"pk": told["pk"], "fields": fields}, ensure_ascii=False, sort_keys=True)


def relations(model: type[models.Model]) -> list[Any]:
    return [one for one in model._meta.fields if one.is_relation]


def leads(one: Any, relation: Any, fields: dict[str, Any], ids: dict[str, set[Any]]) -> bool:
    """Whether what a field refers to leaves too, or the row can do without it."""
    target = getattr(one, relation.attname)
    if target is None or target in ids.get(relation.related_model._meta.label, ()):
        return True
    fields[relation.name] = None
    return bool(relation.null)


# In


def move_in(path: Path) -> Moved:
    """Take in an archive, all of it or nothing. Raises CannotMove with the reason."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest, rows = read(archive)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise CannotMove(f"{path.name} is no whole archive of a network ({error})") from error
    if Network.objects.filter(Q(id=manifest["network"]) | Q(slug=manifest["slug"])).exists():
        raise CannotMove(f"the network {manifest['slug']} is here already")
    moved = Moved()
    try:
        with transaction.atomic():
            put_in(rows, moved)
            record("move_in", "network", manifest["network"], counts=moved.counts)
            for label, kind in INDEXED.items():
                record_many("add", kind, [UUID(one["pk"]) for one in rows[label]])
    except (IntegrityError, DeserializationError, ValueError) as error:
        raise CannotMove(f"something of it is here already, or does not hold together: {error}") from error
    return moved


def read(archive: zipfile.ZipFile) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """The manifest and the rows by model, checked against their sums. Raises ValueError."""
    if sum(one.file_size for one in archive.infolist()) > MOST_BYTES:
        raise ValueError("it unpacks to too much")
    manifest = json.loads(archive.read("manifest.json"))
    if manifest["format"] != FORMAT:
        raise ValueError(f"it is of format {manifest['format']}, and this version reads {FORMAT}")
    rows = {}
    for label in MOVES:
        text = archive.read(f"{label}.jsonl")
        if hashlib.sha256(text).hexdigest() != manifest["sha256"][label]:
            raise ValueError(f"{label} has changed since it was written")
        rows[label] = [json.loads(line) for line in text.decode().splitlines()]
    return manifest, rows


def put_in(rows: dict[str, list[dict[str, Any]]], moved: Moved) -> None:
    """Save every row that is not here; one who signs in by an address that is known here is that person."""
    same = known_here(rows)
    for label, told in rows.items():
        model = apps.get_model(label)
        key: Any = model._meta.pk
        counted_up = isinstance(key, models.AutoField)
        here = set() if counted_up else {
            str(pk) for pk in model.objects.filter(pk__in=[one["pk"] for one in told]).values_list("pk", flat=True)
        }  # fmt: skip
        fresh = []
        for one in told:
            if one["pk"] in same.get(label, {}) or str(one["pk"]) in here:
                moved.known[label] = moved.known.get(label, 0) + 1
                continue
            fields = dict(one["fields"])
            for relation in relations(model):
                fields[relation.name] = replaced(fields.get(relation.name), same, relation)
            fresh.append({"model": label, "pk": None if counted_up else one["pk"], "fields": fields})
        for made in serializers.deserialize("python", fresh):
            if label == "network.Person":
                made.object.set_unusable_password()  # type: ignore[attr-defined]
            made.save()
        moved.counts[label] = len(fresh)


def known_here(rows: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, str]]:
    """By model, those of the rows that are here under another id: people by their address, programmes by their name."""
    found: dict[str, dict[str, str]] = {}
    for label, name in (("network.Person", "email"), ("network.Programme", "slug")):
        model = apps.get_model(label)
        values = {one["fields"][name]: one["pk"] for one in rows[label]}
        here = model.objects.filter(**{f"{name}__in": list(values)}).values_list(name, "pk")
        found[label] = {values[value]: str(pk) for value, pk in here}
    return found


def replaced(value: Any, same: dict[str, dict[str, str]], relation: Any) -> Any:
    return same.get(relation.related_model._meta.label, {}).get(value, value)
