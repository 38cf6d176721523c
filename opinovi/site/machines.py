"""Pages for machines: robots, the icon, the sitemap's rule."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from opinovi.base.access import allow


@require_safe
@allow("site.read")
def robots(request: HttpRequest) -> HttpResponse:
    """Services may be found by search engines; searches, with people's words in their addresses, may not."""
    lines = ["User-agent: *"]
    for prefix in ("", "/sv", "/en"):
        lines += [f"Disallow: {prefix}/doors", f"Disallow: {prefix}/my-doors", f"Disallow: {prefix}/choose?"]
        # Free times are other ones every day, and what a person booked or asked is theirs.
        own = ("book/", "times/", "offers/", "registrations/", "conversations/")
        lines += [f"Disallow: {prefix}/{one}" for one in own]
    lines += ["Disallow: /-/", f"Sitemap: {settings.BASE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@allow("site.read")
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponsePermanentRedirect(static("site/door.svg"))


def open_to_all(view: Any) -> Any:
    """A view of Django's own, with its rule named."""
    return allow("site.read")(require_safe(view))
