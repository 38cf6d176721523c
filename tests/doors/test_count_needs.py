from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from opinovi.base.models import Event
from opinovi.doors import counting
from opinovi.doors.counting import counter
from opinovi.doors.models import NeedCount


def test_a_need_is_counted_once_however_it_is_narrowed(visitor: Client) -> None:
    page = visitor.get("/doors?q=lukio&where=Lahti")
    asked = page.context["asked"]
    visitor.get(f"/doors?{asked.query(chosen={'kind': ['education']})}")
    visitor.get(f"/doors?{asked.query(page=2)}")
    counter.flush()
    [count] = NeedCount.objects.all()
    assert (count.served, count.municipality, count.language, count.opened) == (True, "398", "fi", False)
    assert Event.objects.filter(verb="count").count() == 1


def test_a_door_opened_later_marks_a_need_counted_earlier(visitor: Client) -> None:
    asked = visitor.get("/doors?q=lukio").context["asked"]
    counter.flush()
    counter.door_opened(asked.counted)
    counter.flush()
    assert NeedCount.objects.get().opened


def test_counts_wait_while_the_database_can_not_take_them(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: Any) -> None:
        raise DatabaseError("locked")

    visitor.get("/doors?q=lukio")
    monkeypatch.setattr(counting, "count_needs", locked)
    counter.flush()
    monkeypatch.undo()
    counter.wake = lambda: None  # type: ignore[method-assign]
    counter.flush()
    assert NeedCount.objects.count() == 1
