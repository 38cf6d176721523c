import os
import subprocess
import sys
from pathlib import Path

SAFE = {
    "OPINOVI_PRODUCTION": "1",
    "OPINOVI_SECRET_KEY": "x" * 50,
    "OPINOVI_MASTER_KEYS": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=",
    "OPINOVI_HOSTS": "ovi.example",
    "OPINOVI_URL": "https://ovi.example",
}


def start(home: Path, asked: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **SAFE, **changes, "OPINOVI_HOME": str(home)}
    command = [sys.executable, "-m", "opinovi", *(["shell", "-v0", "-c", asked] if asked else ["check"])]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_production_starts_with_safe_settings(tmp_path: Path) -> None:
    assert start(tmp_path).returncode == 0


def test_production_names_every_unsafe_setting(tmp_path: Path) -> None:
    done = start(
        tmp_path,
        OPINOVI_SECRET_KEY="short",
        OPINOVI_MASTER_KEYS="c2hvcnQ=",
        OPINOVI_HOSTS="*",
        OPINOVI_DEBUG="1",
        OPINOVI_URL="http://ovi.example",
    )
    assert done.returncode != 0
    for name in ("OPINOVI_SECRET_KEY", "OPINOVI_MASTER_KEYS", "OPINOVI_HOSTS", "OPINOVI_DEBUG", "OPINOVI_URL"):
        assert name in done.stderr


def test_production_keeps_cookies_to_its_own_host_by_tls(tmp_path: Path) -> None:
    asked = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, "
        "s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, "
        "s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS)"
    )
    told = start(tmp_path, asked).stdout.split()
    assert told == ["__Host-session", "__Host-csrf", *["True"] * 4, "Lax", "31536000", "True"]
