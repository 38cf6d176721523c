"""Reads that more than one page needs."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from opinovi.journeys.models import Client, Consent, Journey, NoteRequest, Referral
from opinovi.journeys.models.clients import ClientState


def client_by_id(client_id: UUID) -> Client | None:
    """A client that was not erased, with its newest journey's need, whether notes are asked for and whether others have
    the same address, number or card: one query."""
    rows = Client.objects.select_related("key", "person", "network")
    rows = rows.annotate(
        need_locked=newest_need("id"),
        asks_notes=Exists(NoteRequest.objects.filter(client=OuterRef("id"), answered_at=None)),
        has_kin=kin(),
    )
    return rows.filter(id=client_id, state=ClientState.ACTIVE).first()


def kin() -> ExpressionWrapper[Q]:
    """Whether there is another card with the same address or number, or one that is joined. Each way is a question of
    its own: in one, with or between them, every client would be looked at."""
    ways = (
        ~Q(mail_hash="") & Q(mail_hash=OuterRef("mail_hash")),
        ~Q(phone_hash="") & Q(phone_hash=OuterRef("phone_hash")),
        Q(joined_to=OuterRef("id")),
        Q(id=OuterRef("joined_to")),
    )
    rows = Client.objects.filter(state=ClientState.ACTIVE).exclude(id=OuterRef("id"))
    found = Q()
    for way in ways:
        found |= Q(Exists(rows.filter(way)))
    return ExpressionWrapper(found, output_field=BooleanField())


def newest_need(client: str) -> Subquery:
    """What the client's newest journey is about, locked."""
    rows = Journey.objects.filter(client=OuterRef(client)).order_by("-began_at", "-id")
    return Subquery(rows.values("locked")[:1])


def consents_of(clients: Iterable[UUID]) -> list[Consent]:
    """Every consent of some clients, the newest first, with whom it is to: one query."""
    rows = Consent.objects.filter(client__in=list(clients)).select_related(
        "organisation", "service", "team", "client__key", "asked_by__person", "recorded_by__person", "referral"
    )
    return list(rows.defer("service__source_record").order_by("-asked_at", "-id"))


def with_all(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """Referrals with whom they are from and to: one query."""
    return rows.select_related(
        "service", "to_team__organisation", "from_team__organisation", "sender__person", "receiver__person",
        "contact__person", "appointment__key", "better_door", "consent", "offering", "session",
    ).defer("service__source_record", "better_door__source_record")  # fmt: skip
