"""What a form or an address was sent with."""

from django.http import HttpRequest, QueryDict


def posted_or_none(request: HttpRequest) -> QueryDict | None:
    """The fields of a sent form, be they none; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def whole_number(text: str, most: int) -> int | None:
    """A whole number from 0 to `most` written in plain figures; None for anything else, however long."""
    plain = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    return int(text) if plain and int(text) <= most else None
