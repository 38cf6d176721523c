"""What a form was sent with."""

from django.http import HttpRequest, QueryDict


def posted_or_none(request: HttpRequest) -> QueryDict | None:
    """The fields of a sent form, be they none; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None
