"""What a worker does again and again: each on its time, and one that is started anew goes on where it was."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from opinovi.base import rounds
from opinovi.base.rounds import LAST, Round, go_on, run_due

DAY = 24 * 3600.0


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[list[str]]:
    """A daily round and a short one; what they did."""
    done: list[str] = []

    def daily() -> None:
        done.append("daily")

    def often() -> None:
        done.append("often")

    settings.OPINOVI_HOME = tmp_path
    monkeypatch.setattr(rounds, "ROUNDS", [Round(daily, DAY), Round(often, 10.0)])
    yield done


def started_anew(at: float, clock: float) -> None:
    for one in rounds.ROUNDS:
        one.next_at = 0.0
    go_on(at, clock)


def test_each_is_made_on_its_time(two: list[str]) -> None:
    for at in (100.0, 105.0, 111.0):
        run_due(at)
    assert two == ["daily", "often", "often"]


def test_a_worker_that_is_started_anew_does_not_make_the_days_work_again(two: list[str], settings: Any) -> None:
    started_anew(5.0, 1_000_000.0)
    run_due(5.0)
    told = json.loads((settings.OPINOVI_HOME / LAST).read_text())
    assert two == ["daily", "often"] and len(told) == 1
    [made] = told.values()
    # An hour later, another process.
    started_anew(7.0, made + 3600)
    run_due(7.0)
    assert two == ["daily", "often", "often"]
    run_due(7.0 + DAY - 3599)
    assert two.count("daily") == 2
    # Two days after the last one, at once.
    started_anew(9.0, made + 3 * DAY)
    run_due(9.0)
    assert two.count("daily") == 3


def test_a_clock_that_went_back_delays_nothing_longer_than_a_day(two: list[str]) -> None:
    started_anew(1.0, 0.0)
    run_due(1.0)
    started_anew(1.0, 5.0)
    run_due(1.0 + DAY)
    assert two.count("daily") == 2


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": "b"}', "null"])
def test_what_nobody_can_read_is_as_if_nothing_was_known(two: list[str], settings: Any, text: str) -> None:
    (settings.OPINOVI_HOME / LAST).write_text(text)
    started_anew(1.0, 5.0)
    run_due(1.0)
    assert two == ["daily", "often"]


def test_one_that_fails_keeps_no_other_and_is_not_called_made(
    two: list[str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise ValueError("no")

    monkeypatch.setattr(rounds, "ROUNDS", [Round(fails, DAY), *rounds.ROUNDS])
    run_due(1.0)
    assert two == ["daily", "often"]
    assert [name for name in json.loads((settings.OPINOVI_HOME / LAST).read_text()) if "fails" in name] == []
