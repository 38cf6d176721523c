"""What is broken in an installation is said in words, with what to do, and nothing is changed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def opinovi(home: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    told = {**os.environ, "OPINOVI_HOME": str(home), **environment}
    if "DATABASE_URL" not in environment:
        told.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "opinovi", *command], cwd=ROOT, env=told, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgres://nobody:x@127.0.0.1:1/none", "The database does not answer"),
        ("nonsense://x", "DATABASE_URL is not understood"),
    ],
)
def test_a_database_that_is_not_there(tmp_path: Path, address: str, words: str) -> None:
    done = opinovi(tmp_path, "find", "lukio", DATABASE_URL=address)
    assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr


def test_a_database_without_tables_and_one_that_is_broken(tmp_path: Path) -> None:
    done = opinovi(tmp_path, "find", "lukio")
    assert done.returncode == 1 and "Run: opinovi setup" in done.stderr and "Traceback" not in done.stderr
    (tmp_path / "opinovi.sqlite3").write_bytes(b"not a database at all" * 200)
    done = opinovi(tmp_path, "find", "lukio")
    assert done.returncode == 1 and "Bring back a backup" in done.stderr and "Traceback" not in done.stderr


def test_a_home_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = opinovi(tmp_path / "file", "find", "lukio")
    assert done.returncode == 1 and "must be a folder" in done.stderr and "Traceback" not in done.stderr


def test_another_master_key_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    opinovi(tmp_path, "migrate", "--verbosity", "0")
    opinovi(
        tmp_path, "shell", "--no-imports", "-c", "from opinovi.base.models import DataKey; DataKey.objects.create()"
    )
    (tmp_path / "master-key").unlink()
    for command in ("setup", "serve"):
        done = opinovi(tmp_path, command, "--port", "1") if command == "serve" else opinovi(tmp_path, command)
        assert done.returncode == 1 and "Put the right one back" in done.stderr and "Traceback" not in done.stderr
