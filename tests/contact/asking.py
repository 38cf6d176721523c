"""What the contact room's tests do again and again: ask as a visitor would, and look at what came of it."""

import re
from typing import Any

from django.core import signing
from django.test import Client

from opinovi.base.clock import now
from opinovi.contact.models import Enquiry

TEXT = "Haluaisin vaihtaa alaa, mutta en tiedä mihin. Mistä kannattaa aloittaa?"


def form(text: str = TEXT, **told: Any) -> dict[str, Any]:
    """A form as a person sends it, who took their time."""
    begun = signing.dumps(str(now().timestamp() - 60), salt="contact.begun")
    return {"text": text, "wish": "here", "language": "fi", "begun": begun, "sure": "1"} | told


def ask(client: Client, text: str = TEXT, **told: Any) -> Enquiry:
    """Ask, and be led to the conversation."""
    response = client.post("/ask", form(text, **told))
    assert response.status_code == 302, re.findall(r'class="error"[^>]*>([^<]+)', response.content.decode())
    return Enquiry.objects.get(id=response["Location"].split("/")[2].split("?")[0])


def words(enquiry: Enquiry) -> list[str]:
    """What was said, in order."""
    enquiry = Enquiry.objects.select_related("key").get(id=enquiry.id)
    return [enquiry.key.unlock(one.locked) for one in enquiry.messages.all()] if enquiry.key else []
