"""Reads of the network that more than one caller needs."""

from django.conf import settings
from django.http import HttpRequest

from opinovi.network.models import Network


def current_network() -> Network | None:
    """The network whose door this is; None on an installation that has none yet."""
    return Network.objects.filter(slug=settings.DEFAULT_NETWORK).first()


def network_of(request: HttpRequest) -> Network | None:
    """The network of a request, read once for it."""
    if not hasattr(request, "_network"):
        request._network = current_network()  # type: ignore[attr-defined]
    return request._network  # type: ignore[attr-defined]
