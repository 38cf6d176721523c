#!/usr/bin/env python3
"""A stand-in for systemctl in a root folder without systemd: reads the units and starts what they say, as whom they say."""

import configparser
import grp
import os
import pwd
import shlex
import subprocess
import sys
from pathlib import Path

UNITS = [Path("/etc/systemd/system")]
RUNNING = Path("/run/opinovi-units")


def unit(name: str) -> dict[str, list[tuple[str, str]]] | None:
    """The unit's sections, with the instance in the place of %i."""
    name = name if "." in name else f"{name}.service"
    stem, _, instance = name.rsplit(".", 1)[0].partition("@")
    file = f"{stem}@.{name.rsplit('.', 1)[1]}" if instance else name
    path = next((one / file for one in UNITS if (one / file).exists()), None)
    if path is None:
        return None
    found = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read_string(path.read_text().replace("%i", instance))
    return {section: list(found[section].items()) for section in found.sections()}


def start(name: str) -> None:
    told = unit(name)
    RUNNING.mkdir(exist_ok=True)
    if told is None:
        # One of Debian's own, which has a script.
        subprocess.run(["service", name.removesuffix(".service"), "restart"], check=True)
        return
    if name.endswith(".timer"):
        service = unit(name.replace(".timer", ".service"))
        assert service and dict(told["Timer"])["OnCalendar"]
        (RUNNING / name).touch()
        return
    said = dict(told["Service"])
    user = pwd.getpwnam(said["User"])
    environment = {"PATH": os.environ["PATH"], "HOME": user.pw_dir, "LANG": "C.UTF-8"}
    for line in Path(said["EnvironmentFile"]).read_text().splitlines():
        if line and not line.startswith("#"):
            key, _, value = line.partition("=")
            environment[key] = value
    if "Environment" in said:
        key, _, value = said["Environment"].partition("=")
        environment[key] = value
    if "PIP_CERT" in os.environ:
        environment["SSL_CERT_FILE"] = os.environ["PIP_CERT"]
    with Path(f"/var/log/{name}.log").open("ab") as log:
        process = subprocess.Popen(
            shlex.split(said["ExecStart"]), cwd=said["WorkingDirectory"], env=environment, user=user.pw_uid,
            group=grp.getgrnam(said["Group"]).gr_gid, extra_groups=[], umask=int(said["UMask"], 8), stdout=log,
            stderr=log, start_new_session=True,
        )  # fmt: skip
    if said.get("Type") == "oneshot":
        sys.exit(process.wait())
    (RUNNING / f"{name}.pid").write_text(str(process.pid))


def main() -> None:
    command, *names = [one for one in sys.argv[1:] if not one.startswith("--")]
    if command in ("start", "restart") or (command == "enable" and "--now" in sys.argv):
        for name in names:
            start(name)
    elif command not in ("enable", "daemon-reload"):
        sys.exit(f"not known here: {command}")


if __name__ == "__main__":
    main()
