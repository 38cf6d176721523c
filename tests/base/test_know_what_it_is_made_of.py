"""The bill of materials holds every library with its hash, and a library that is known to be unsafe stops CI."""

import json
import re
import subprocess
from typing import Any

import pytest

from scripts import audit


def answer(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    """What the advisories say, without asking them."""
    real = subprocess.run

    def run(command: list[str], **options: Any) -> Any:
        if "pip-audit" in command[0]:
            return subprocess.CompletedProcess(command, 0, stdout=told, stderr="")
        return real(command, **options)

    monkeypatch.setattr(audit.subprocess, "run", run)


def test_every_library_that_is_locked_is_told_with_its_hash(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, json.dumps({"dependencies": [{"name": "django", "version": "1", "vulns": []}]}))
    audit.main()
    assert len(audit.locked()) > 80 and "No advisory tells of any of them" in capsys.readouterr().out
    told = json.loads(audit.TOLD.read_text())
    assert told["bomFormat"] == "CycloneDX" and {"django", "cryptography"} <= {
        one["name"] for one in told["components"]
    }


def test_a_library_that_is_known_to_be_unsafe_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = {"name": "django", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
    answer(monkeypatch, json.dumps({"dependencies": [bad]}))
    with pytest.raises(SystemExit, match=re.escape("django 1.0: PYSEC-1, mended in 1.1")):
        audit.main()


def test_advisories_that_are_out_of_reach_are_told_as_such(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    skipped = {"name": "django", "skip_reason": "could not be audited"}
    for told, count in ((json.dumps({"dependencies": [skipped]}), 1), ("", len(audit.locked()))):
        answer(monkeypatch, told)
        audit.main()
        assert f"could not be reached for {count} of" in capsys.readouterr().out
