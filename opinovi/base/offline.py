"""What a person's own browser may keep to be read without a connection (`static/site/worker.js`)."""

from typing import Literal

from django.http import HttpResponse


def kept(response: HttpResponse, whose: Literal["open", "own"] = "open") -> HttpResponse:
    """`open` is kept as it is read; `own`, what is one person's, once they have said so, until they sign out."""
    if response.status_code == 200:
        response.headers["X-Keep"] = whose
    return response
