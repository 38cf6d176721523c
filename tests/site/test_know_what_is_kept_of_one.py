"""The privacy page and the documents of data protection tell what the code really stores, and how long it really is kept."""

from django.apps import apps
from django.conf import settings
from django.test import Client

from opinovi.base.models import DataKey
from opinovi.site.data_protection import ACTIVITIES, LOCKED, NOBODY, OTHERWISE
from opinovi.site.management.commands.data_protection import documents, texts


def test_every_model_is_said_to_hold_something_of_people_or_nothing() -> None:
    told = [label for one in ACTIVITIES for label in one.models.split()]
    told += [label for labels in NOBODY.values() for label in labels.split()]
    ours = sorted(one._meta.label for one in apps.get_models() if one.__module__.startswith("opinovi"))
    assert sorted(told) == ours and set(OTHERWISE) <= set(told)


def test_what_is_said_to_hold_nothing_of_people_holds_no_key_of_theirs() -> None:
    """What people tell in confidence is locked with a key: a model with one is never among the others."""
    for label in (label for labels in NOBODY.values() for label in labels.split()):
        fields = {one.name: one for one in apps.get_model(label)._meta.get_fields()}
        keys = [name for name, one in fields.items() if getattr(one, "related_model", None) is DataKey]
        assert keys == [] and not set(fields) & {"email", "phone", "mail_hash"}, label
        # What is sealed there is no person's: a room's secret, a hook's, a spreadsheet of services.
        sealed = {"contact.VideoProvider", "interchange.Hook", "directory.BulkLoad"}
        assert label in sealed or not set(fields) & set(LOCKED), label


def test_the_documents_are_true_and_name_tests_that_exist() -> None:
    assert (settings.BASE_DIR / "docs" / "tietosuoja.md").read_text(encoding="utf-8") == documents()
    for risk in texts()["risks"]:
        for one in risk["shown"]:
            assert (settings.BASE_DIR / one).exists(), one


def test_the_page_tells_it_in_ones_own_language(visitor: Client) -> None:
    page = visitor.get("/privacy")
    assert page.status_code == 200 and page.content.count(b"<h1>") == 1
    told = page.content.decode()
    for one in ACTIVITIES:
        assert f'id="{one.key}"' in told and one.kept in told
    assert "2 vuotta viimeisestä yhteydestä." in told and "90 päivää" in told
    assert "2 år efter den senaste kontakten." in visitor.get("/sv/privacy").content.decode()
    assert "2 years after the last contact." in visitor.get("/en/privacy").content.decode()
    assert 'href="/privacy"' in visitor.get("/").content.decode()
