"""Every address names its rule, and answers a visitor as the rule says. docs/access.md is made from the same walk."""

from pathlib import Path
from typing import Any

import pytest
import rules
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from opinovi.site.management.commands.access import addresses, table


def test_every_address_names_a_rule_that_exists() -> None:
    without = [one.route for one in addresses() if not one.rule or not rules.rule_exists(one.rule)]
    assert without == []


def test_no_address_is_left_out_of_the_walk() -> None:
    def count(patterns: list[Any]) -> int:
        return sum(1 if isinstance(one, URLPattern) else count(one.url_patterns) for one in patterns)

    assert all(isinstance(one, (URLPattern, URLResolver)) for one in get_resolver().url_patterns)
    assert len(addresses()) == count(get_resolver().url_patterns)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_a_visitor_never_sees_an_error_of_ours(visitor: Client, career_guidance: Any, method: str) -> None:
    point, organisation = career_guidance.points.first(), career_guidance.organisation
    ids = {
        "service_id": career_guidance.id,
        "point_id": point.id,
        "organisation_id": organisation.id,
        "section": "pages",
    }
    for one in addresses():
        status = getattr(visitor, method)(one.path(ids)).status_code
        assert status < 500, one.route
        if method in ("put", "delete"):
            assert status in (302, 405), one.route


@pytest.mark.django_db
def test_the_mail_of_an_installation_that_is_no_example_is_closed(visitor: Client, settings: Any) -> None:
    settings.EXAMPLE = False
    assert visitor.get("/-/mail").status_code == 403


def test_the_access_page_of_the_docs_is_true() -> None:
    assert (Path(settings.BASE_DIR) / "docs" / "access.md").read_text() == table()
