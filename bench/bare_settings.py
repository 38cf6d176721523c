"""The site's own settings with the bare view beside its pages."""

from opinovi.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare_urls"
