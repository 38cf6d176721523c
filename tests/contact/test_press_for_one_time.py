"""No two bookings of one time, ever: fifty real processes press for ten times at once, on each database."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytestmark = pytest.mark.both
ROOT = Path(__file__).parents[2]


def test_fifty_press_for_ten_times_and_ten_have_one(tmp_path: Path) -> None:
    environment = {**os.environ, "OPINOVI_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.contact.pressing"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert Counter(tuple(one) for one in told["answers"]) == {(302, "/times/"): 10, (409, "taken"): 40}
    # An hour is twelve cells of five minutes.
    assert (told["booked"], told["different"], told["cells"]) == (10, 10, 120)
