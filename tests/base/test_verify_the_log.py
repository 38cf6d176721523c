"""The log of Events stands in a chain of hashes: whoever changes a line of it is found."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from opinovi.base import audit
from opinovi.base.audit import BEGINNING, chain_up, hash_of, head, verify
from opinovi.base.events import record
from opinovi.base.ids import new_id
from opinovi.base.models import AuditBlock, Event


@pytest.fixture
def chained(db: None, still: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(audit, "MOST", 500)
    still.shift(timedelta(hours=1))  # type: ignore[attr-defined]
    assert chain_up() > 1
    yield


def around_the_database(statement: str) -> None:
    """As one would who holds the database itself: past what refuses to change the log."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if sqlite:
            cursor.execute("DROP TRIGGER base_event_no_UPDATE")
            cursor.execute("DROP TRIGGER base_event_no_DELETE")
        else:
            cursor.execute("ALTER TABLE base_event DISABLE TRIGGER base_event_append_only")
        cursor.execute(statement)
        if not sqlite:
            cursor.execute("ALTER TABLE base_event ENABLE TRIGGER base_event_append_only")


def test_a_long_log_is_chained_little_by_little_and_no_younger_line_with_it(
    db: None, still: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "MOST", 100)
    still.shift(timedelta(hours=1))  # type: ignore[attr-defined]
    with transaction.atomic():
        record("try", "thing", new_id())
    assert chain_up(most=2) == 2 and verify().events == 200 and verify().waiting > 0
    assert chain_up(most=1) == 1
    chain_up()
    assert verify().waiting == 1 and verify().whole


def test_a_whole_log_is_told_to_be_whole_and_new_events_wait_for_their_block(chained: None, still: object) -> None:
    before = verify()
    assert before.whole and before.waiting == 0 and before.events == Event.objects.count()
    with transaction.atomic():
        record("try", "thing", new_id(), data={"ä": 1.5, "b": [None, True]})
    assert chain_up() == 0 and verify().waiting == 1
    still.shift(timedelta(hours=1))  # type: ignore[attr-defined]
    assert chain_up() == 1 and verify().events == before.events + 1
    assert AuditBlock.objects.count() == verify().blocks


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE base_event SET verb = 'praise' WHERE seq = {seq}", "has changed since"),
        ("UPDATE base_event SET actor = 'somebody else' WHERE seq = {seq}", "has changed since"),
        ("DELETE FROM base_event WHERE seq = {seq}", "had 500 Events and has 499"),
    ],
)
def test_an_event_that_was_changed_or_taken_away_is_found(chained: None, statement: str, why: str) -> None:
    first = AuditBlock.objects.order_by("number").first()
    assert first is not None
    around_the_database(statement.format(seq=first.first + 3))
    told = verify()
    assert not told.whole and why in told.wrong
    with pytest.raises(CommandError, match="not what it was"):
        call_command("audit", "verify")


def test_one_who_writes_the_whole_chain_anew_is_found_by_the_head_that_was_written_down(chained: None) -> None:
    known = str(head())
    assert verify(known).whole
    first = AuditBlock.objects.order_by("number").first()
    assert first is not None
    around_the_database(f"UPDATE base_event SET verb = 'praise' WHERE seq = {first.first}")
    AuditBlock.objects.all().delete()
    chain_up()
    assert verify().whole
    told = verify(known)
    assert not told.whole and "not on the chain" in told.wrong


def test_a_block_that_does_not_follow_is_found(chained: None) -> None:
    last = head()
    assert last is not None
    AuditBlock.objects.filter(number=last.number).update(before="f" * 64)
    assert "does not follow" in verify().wrong


def test_no_block_goes_past_one_that_may_still_be_written(db: None, still: object) -> None:
    still.shift(timedelta(hours=1))  # type: ignore[attr-defined]
    chain_up()
    with transaction.atomic():
        young = record("try", "thing", new_id())
    still.shift(timedelta(minutes=-30))  # type: ignore[attr-defined]
    with transaction.atomic():
        # A clock that went back: an older moment under a higher number.
        record("try", "thing", new_id())
    still.shift(timedelta(minutes=40))  # type: ignore[attr-defined]
    chain_up()
    last = head()
    assert last is not None and last.last < young.seq and verify().waiting == 2


@given(
    st.lists(st.tuples(st.integers(1, 9), st.text(max_size=9)), min_size=2, max_size=6, unique_by=lambda row: row[0])
)
def test_any_other_order_or_word_makes_another_hash(rows: list[tuple[int, str]]) -> None:
    from opinovi.base.clock import now

    told = [(seq, "id", now(), text, "t", "s", "", {}) for seq, text in rows]
    whole = hash_of(BEGINNING, told)
    assert whole == hash_of(BEGINNING, list(told)) != hash_of(BEGINNING, told[::-1])
    changed = [(*told[0][:3], f"{told[0][3]}!", *told[0][4:]), *told[1:]]
    assert hash_of(BEGINNING, changed) != whole != hash_of("1" * 64, told)


def test_the_command_tells_the_head(chained: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("audit", "head")
    told = capsys.readouterr().out.strip()
    assert told == str(head())
    call_command("audit", "verify", "--head", told)
    assert "are as they were; 0 wait" in capsys.readouterr().out
