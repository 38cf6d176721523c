"""Notes of guides: written, asked for, given."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.journeys.access import sight
from opinovi.journeys.actions.clients import hold, moved
from opinovi.journeys.actions.letters import tell_client, tell_members
from opinovi.journeys.models import Client, Journey, Note, NoteRequest
from opinovi.journeys.models.notes import NoteKind
from opinovi.network.models import Member, Organisation, Person, Role


@transaction.atomic
def write_note(by: Person, client: Client, kind: str, text: str, once: UUID | None = None) -> Note:
    """For the journey (the client sees it), or for the own organisation (the client sees that it exists)."""
    if once and (same := Note.objects.filter(once=once).first()):
        return same
    client = hold(client)
    require("journeys.see_client", by, client)
    if not text.strip():
        raise ValidationError({"text": _("Kirjoita muistiinpano.")})
    member = place_of(by, client)
    note = Note.objects.create(
        client=client,
        journey=current_journey(client),
        kind=kind if kind in NoteKind.values else NoteKind.JOURNEY,
        organisation=member.organisation,
        member=member,
        locked=client.lock(mask(text)[0]),
        once=once,
    )
    moved(client)
    record("write_note", "client", client.id, str(by.id), note=str(note.id), kind=note.kind)
    return note


def place_of(by: Person, client: Client) -> Member:
    """The place by which a guide sees a client."""
    organisations = sight(by, client).organisations
    rows = Member.objects.filter(person=by, ended_at=None, organisation__in=organisations)
    member = rows.select_related("organisation").first()
    if member is None:
        raise ValidationError(_("Asiakkaan lupa ei ole enää voimassa."))
    return member


def current_journey(client: Client) -> Journey:
    """The newest that has not ended, else the newest."""
    rows = list(client.journeys.order_by("-began_at"))
    return next((one for one in rows if one.ended_at is None), rows[0])


@transaction.atomic
def ask_for_notes(client: Client, organisation: Organisation) -> NoteRequest:
    """The client asks an organisation for its own notes of them."""
    client = hold(client)
    found, new = NoteRequest.objects.get_or_create(client=client, organisation=organisation, answered_at=None)
    if new:
        writers = Member.objects.filter(
            id__in=Note.objects.filter(client=client, organisation=organisation).values("member"),
            ended_at=None,
            roles__role=Role.GUIDE,
        ).select_related("person")
        tell_members(writers.distinct(), f"note-request {found.id}", "client", [client.id])
        record("ask_for_notes", "client", client.id, str(client.person_id), organisation=str(organisation.id))
    return found


@transaction.atomic
def answer_request(by: Person, request: NoteRequest, give: bool, why: str = "") -> None:
    """A guide of the organisation gives its own notes to the client, or tells why not."""
    client = hold(request.client_id)
    require("journeys.see_client", by, client)
    if request.organisation_id not in sight(by, client).organisations:
        raise ValidationError(_("Asiakkaan lupa ei ole enää voimassa."))
    request = NoteRequest.objects.select_for_update().get(id=request.id)
    if request.answered_at is not None:
        return
    if not give and not why.strip():
        raise ValidationError({"why": _("Kerro asiakkaalle, miksi et anna muistiinpanoja.")})
    request.answered_at = now()
    if give:
        Note.objects.filter(
            client=client, organisation=request.organisation_id, kind=NoteKind.OWN, given_at=None
        ).update(given_at=now())
    else:
        request.locked = client.lock(mask(why)[0])
    request.save()
    tell_client(client, f"notes {request.id}", "my", [], request.organisation_id)
    record("give_notes" if give else "refuse_notes", "client", client.id, str(by.id))
