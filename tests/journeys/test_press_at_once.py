"""Nothing is accepted twice, nor after withdrawal, whoever presses at the same moment: real processes, each database."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytestmark = pytest.mark.both
ROOT = Path(__file__).parents[2]
OVER = ("accept_referral", "decline_referral", "withdraw_referral")


def test_whoever_presses_at_once_a_referral_goes_one_way(tmp_path: Path) -> None:
    environment = {**os.environ, "OPINOVI_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.pressing"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert not [one for one in told["answers"] if one[2].startswith("failed")]
    for referral, found in told["referrals"].items():
        verbs, counts = found["verbs"], Counter(found["verbs"])
        assert all(counts[verb] <= 1 for verb in OVER), (referral, verbs)
        ways = {deed: [how for one, name, how in told["answers"] if one == referral and name == deed] for deed in
                ("accept", "decline", "withdraw")}  # fmt: skip
        assert ways["accept"].count("done") == counts["accept_referral"] <= 1, verbs
        # The client's withdrawal always holds, unless it was declined first.
        assert found["state"] in ("withdrawn", "declined"), found
        assert found["consent"] in ("withdrawn", "ended"), found
        if "withdraw_referral" in verbs and "accept_referral" in verbs:
            assert verbs.index("accept_referral") < verbs.index("withdraw_referral")
        assert verbs[-1] in ("withdraw_referral", "decline_referral"), verbs
