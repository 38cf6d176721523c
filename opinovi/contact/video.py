"""Video: a room at the organisation's own provider, for those invited and at its time (Jitsi with signed tokens)."""

from datetime import timedelta

import jwt

from opinovi.base.clock import now
from opinovi.base.secret import unseal
from opinovi.contact.models import Appointment, VideoProvider
from opinovi.contact.models.appointments import AppointmentState, Mode

OPENS, CLOSES = timedelta(minutes=15), timedelta(minutes=30)


def open_now(appointment: Appointment) -> bool:
    """Whether the room can be entered: from a quarter before until half an hour after."""
    within = appointment.begins_at - OPENS <= now() <= appointment.ends_at + CLOSES
    return appointment.mode == Mode.VIDEO and appointment.state == AppointmentState.BOOKED and within


def room_link(appointment: Appointment, guide: bool) -> str:
    """The address of the room with a token that is good for this room until it closes; empty without a provider."""
    provider = VideoProvider.objects.filter(organisation=appointment.team.organisation_id).first()
    if provider is None or not appointment.room:
        return ""
    told = {
        "aud": provider.app_id,
        "iss": provider.app_id,
        "sub": "*",
        "room": appointment.room,
        "nbf": int((appointment.begins_at - OPENS).timestamp()),
        "exp": int((appointment.ends_at + CLOSES).timestamp()),
        # Nobody's name goes to the provider.
        "context": {"user": {"name": "", "moderator": guide}},
    }
    token = jwt.encode(told, unseal(provider.sealed, "video"), algorithm="HS256")
    return f"{provider.address.rstrip('/')}/{appointment.room}?jwt={token}"
