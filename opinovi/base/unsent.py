"""What was written in a form is never lost to an ended session: it waits for its writer to sign in again."""

import json
import secrets
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from opinovi.base.limits import allowed, machine_of
from opinovi.base.models import Unsent
from opinovi.base.secret import seal, unseal

COOKIE = "unsent"
MOST_CHARACTERS = 40_000


def keep(request: HttpRequest, response: HttpResponse) -> bool:
    """Keep a form's fields for the browser that sent them; False where there is nothing to keep, or too much."""
    told = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken" and value}
    text = json.dumps(told, ensure_ascii=False)
    if not told or len(text) > MOST_CHARACTERS or not allowed("unsent", machine_of(request), 30):
        return False
    token = secrets.token_urlsafe(24)
    Unsent.objects.create(
        token_hash=sha256(token.encode()).hexdigest(), path=request.path[:300], sealed=seal(text, "unsent")
    )
    response.set_cookie(
        COOKIE, token, max_age=86_400, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return True


def kept(request: HttpRequest, path: str = "") -> dict[str, str]:
    """What this browser's form at the path held when it could not be sent; nothing where there was none."""
    token = request.COOKIES.get(COOKIE, "")
    if not token:
        return {}
    row = Unsent.objects.filter(token_hash=sha256(token.encode()).hexdigest(), path=path or request.path).first()
    found: dict[str, str] = json.loads(unseal(row.sealed, "unsent")) if row else {}
    return found


def forget(request: HttpRequest) -> None:
    """It was sent, or thrown away."""
    if token := request.COOKIES.get(COOKIE, ""):
        Unsent.objects.filter(token_hash=sha256(token.encode()).hexdigest()).delete()
