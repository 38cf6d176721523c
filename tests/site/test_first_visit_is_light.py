"""A first visit is under 40 kB over the wire, everything included."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.test import Client

from opinovi.directory.models import Service

MOST = 40_000


def weight(client: Client, path: str) -> int:
    """The bytes of a page and of all that it asks for: the page gzipped, the files as they lie compressed."""
    page = client.get(path).content.decode()
    found = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    files = [Path(settings.BASE_DIR, "opinovi/site", one.split("?")[0].lstrip("/")) for one in found]
    plain = [re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", str(one)) for one in files]
    assert len(plain) >= 3
    return len(gzip.compress(page.encode())) + sum(len(brotli.compress(Path(one).read_bytes())) for one in plain)


@pytest.mark.parametrize("path", ["/", "/doors?q=oon 45 ja haluun vaihtaa alaa&where=Lahti", "/services/{}"])
def test_home_results_and_service(visitor: Client, career_guidance: Service, path: str) -> None:
    assert weight(visitor, path.format(career_guidance.id)) < MOST
