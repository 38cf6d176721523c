"""What this room adds to the pages of those below: rows of the desk, ways on from an enquiry or a booked time, and how
clients are found when they sign in."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from opinovi.base.clock import now
from opinovi.base.when import soon
from opinovi.contact import hooks
from opinovi.contact.access import my_members, my_teams
from opinovi.contact.desk import PER_PAGE, Row
from opinovi.journeys.actions.clients import NO_ADDRESS, begin_own
from opinovi.journeys.models import Client, Referral
from opinovi.journeys.models.clients import ClientState
from opinovi.journeys.models.referrals import ReferralState
from opinovi.journeys.rows import referral_row, with_all
from opinovi.network import sign_in
from opinovi.network.models import Person
from opinovi.network.queries import current_network

S = ReferralState


def put_up() -> None:
    hooks.desk_rows.append(desk_rows)
    hooks.from_enquiry.append(from_enquiry)
    hooks.from_appointment.append(from_appointment)
    hooks.hides_person.append(hides_person)
    sign_in.BEGIN_OWN.append(begin_by_provider)
    sign_in.ADDRESS_OF.append(address_of)


def begin_by_provider(name: str, mail: str) -> Person:
    """One whom a provider knows begins by themselves; who comes with an address that is known here comes back to it."""
    network = current_network()
    assert network is not None
    language = get_language() or settings.LANGUAGE_CODE
    client = begin_own(network, mail, language, name)
    assert client.person is not None
    return client.person


def address_of(email: str) -> str:
    """The address that a client gave, behind that of their account; of anybody else the same."""
    if not email.endswith(f"@{NO_ADDRESS}"):
        return email
    client = Client.objects.select_related("key").filter(person__email=email, state=ClientState.ACTIVE).first()
    return str(client.told().get("mail", "")) if client else ""


def desk_rows(user: Any, show: str) -> list[Row]:
    """The referrals where the next step is a guide's or their team's. No names. One query."""
    teams, members = my_teams(user), my_members(user)
    if not teams:
        return []
    came = Q(to_team__in=teams, state__in=[S.SENT, S.SEEN])
    mine = Q(receiver__in=members, state__in=[S.ACCEPTED]) | Q(sender__in=members, state=S.QUESTION)
    rows = with_all(Referral.objects.filter(mine if show == "mine" else came | mine)).order_by("due_at")
    return [desk_row(one, members) for one in rows[:PER_PAGE]]


def desk_row(one: Referral, members: set[Any]) -> Row:
    row = referral_row(one)
    due = one.due_at or now()
    late = due < now()
    note = ", ".join(str(part) for part in (row["from"], row["words"], row["urgency"], row["meeting"]) if part)
    asks = one.state == S.QUESTION
    return Row(
        due=due,
        promise=row["due"] if late else soon(due, now()),
        tone="alert" if late or row["urgent"] else "ajar",
        title=_("Vastaa kysymykseen ohjauksesta %(number)s") % {"number": one.number}
        if asks
        else _("Ohjattu asiakas %(number)s: %(to)s") % {"number": one.number, "to": row["to"].split(",")[0]},
        note=note,
        source=_("Ohjaaminen"),
        whose=_("Sinä") if one.receiver_id in members or (asks and one.sender_id in members) else row["who"],
        href=reverse("referral", args=[one.id]),
        kind="referral",
    )


def hides_person(appointment: Any) -> bool:
    """A first meeting tells of the client for as long as their consent is in force. One query."""
    one = Referral.objects.select_related("consent").filter(appointment_id=appointment.id).first()
    return one is not None and (one.consent is None or not one.consent.in_force())


def from_enquiry(user: Any, enquiry: Any) -> list[tuple[str, str]]:
    """Guidance begins from it, or goes on where it began already: the page behind the link knows which."""
    return [(_("Aloita tai avaa ohjaus"), reverse("new-client") + f"?enquiry={enquiry.id}")]


def from_appointment(user: Any, appointment: Any) -> list[tuple[str, str]]:
    return [(_("Aloita tai avaa ohjaus"), reverse("new-client") + f"?appointment={appointment.id}")]
