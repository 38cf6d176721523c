"""What the tests of booking do again and again: find a free time and book it as a visitor would."""

import re
from typing import Any

from django.test import Client

from opinovi.contact.models import Appointment
from opinovi.directory.models import Service

TIME = re.compile(r'href="(/book/[0-9a-f-]{36}/\d+)(?:\?[^"]*)?" rel')


def times(client: Client, service: Service, **told: str) -> list[str]:
    """The addresses of a service's free times, the first one first."""
    return TIME.findall(client.get(f"/book/services/{service.id}", told).content.decode())


def form(**told: Any) -> dict[str, Any]:
    return {"mode": "visit", "phone": "040 123 4567", "language": "fi"} | told


def book(client: Client, address: str, **told: Any) -> tuple[Appointment, str]:
    """Book a time; returns it and the path of its secret page."""
    response = client.post(address, form(**told))
    assert response.status_code == 302, re.findall(r'class="error"[^>]*>([^<]+)', response.content.decode())
    path = response["Location"].split("?")[0]
    return Appointment.objects.select_related("key").latest("booked_at", "id"), path
