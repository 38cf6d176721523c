import pytest
from django.db import DatabaseError, transaction

from opinovi.base.events import record
from opinovi.base.ids import new_id
from opinovi.base.models import Event


@pytest.mark.django_db
def test_an_event_tells_what_was_done_to_what() -> None:
    subject = new_id()
    record("confirm", "service", subject, actor="editor", field="phone")
    event = Event.objects.get(subject_id=str(subject))
    assert (event.verb, event.subject_type, event.actor, event.data) == (
        "confirm",
        "service",
        "editor",
        {"field": "phone"},
    )


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_itself_refuses_to_change_the_log(change: str) -> None:
    record("confirm", "service", new_id())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        if change == "update":
            Event.objects.update(verb="nothing")
        else:
            Event.objects.all().delete()


@pytest.mark.django_db(transaction=False)
def test_an_event_outside_a_transaction_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(AssertionError):
        record("confirm", "service", new_id())
    monkeypatch.undo()


def test_ids_made_later_sort_later() -> None:
    ids = [new_id() for _ in range(100)]
    assert ids == sorted(ids) and len(set(ids)) == 100
