"""The scoring's own arithmetic, worked out by hand."""

import math
from pathlib import Path

import pytest

from opinovi.doors.evaluate import NeedsFileError, ndcg, read_needs


def test_ndcg_counts_by_rank_and_against_the_best_that_could_be() -> None:
    relevant = frozenset({"a", "b"})
    best = 1 + 1 / math.log2(3)
    assert ndcg(["a", "b", "c"], relevant) == pytest.approx(1.0)
    assert ndcg(["c", "a"], relevant) == pytest.approx((1 / math.log2(3)) / best)
    assert ndcg(["c"] * 10 + ["a"], relevant) == 0.0
    assert ndcg([], relevant) == 0.0


def test_a_broken_needs_file_says_its_line(tmp_path: Path) -> None:
    path = tmp_path / "needs.jsonl"
    path.write_text('{"id": "1", "lang": "fi", "text": "a", "relevant": []}\n{"id": "2"}\n')
    with pytest.raises(NeedsFileError, match=r"needs.jsonl:2"):
        read_needs(path)
