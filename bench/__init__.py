"""Figures: each part runs by itself, `python -m bench.NAME`, and all of them by `make bench`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinovi.settings")
