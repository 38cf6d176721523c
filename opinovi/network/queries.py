"""Reads of the network that more than one caller needs."""

from django.conf import settings

from opinovi.base.fresh import fresh
from opinovi.network.models import Network


def current_network() -> Network | None:
    """The network whose door this is; None on an installation that has none yet."""
    return fresh.get("network", lambda: Network.objects.filter(slug=settings.DEFAULT_NETWORK).first())
