"""docs/operations.md followed to the letter in an empty Debian 12: does it serve over TLS, with backups on, and how soon?

`python -m bench.install [--bind PATH ...]`, as root, with debootstrap; prints a row. A root folder has no systemd to talk
to: its place takes a stand-in that reads the same unit files and starts what they say, as whom they say. The machine's own
certificate authorities are trusted inside; `--bind` shows a folder of it, to read (packages that are kept there).
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAME, FOLDER = "ovi.example", "/opt/opinovi-0.10"
SYSTEMCTL = Path(__file__).parent / "systemctl.py"
STEPS = re.compile(r"## On Debian 12, step by step\n(.*?)\n## ", re.S)
BLOCK = re.compile(r"```sh\n(.*?)```", re.S)


def steps() -> str:
    """Every command of the page, in its order."""
    found = STEPS.search((ROOT / "docs" / "operations.md").read_text())
    assert found
    return "set -eux\n" + "".join(BLOCK.findall(found[1]))


def inside(base: Path, *command: str, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "DEBIAN_FRONTEND": "noninteractive",
        "LANG": "C.UTF-8",
    } | {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "http", "SSL_"))}
    return subprocess.run(["chroot", str(base), *command], env=environment, text=True, check=False, **options)  # type: ignore[call-overload]


def mount(base: Path, binds: list[str]) -> None:
    for kind in ("proc", "sys", "dev"):
        subprocess.run(["mount", "--rbind", "--make-rslave", f"/{kind}", str(base / kind)], check=True)
    for one in binds:
        target = base / one.lstrip("/")
        if Path(one).is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
        subprocess.run(["mount", "--bind", one, str(target)], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", str(target)], check=True)


def unmount(base: Path, binds: list[str]) -> None:
    for one in [*reversed(binds), "dev", "sys", "proc"]:
        subprocess.run(["umount", "-l", str(base / one.lstrip("/"))], check=False, stderr=subprocess.DEVNULL)


def end_all(base: Path) -> None:
    """Whatever was started inside."""
    for one in Path("/proc").glob("[0-9]*"):
        try:
            if (one / "root").readlink() == base:
                os.kill(int(one.name), signal.SIGKILL)
        except OSError:
            continue


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bind", action="append", default=[])
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="debian-") as folder:
        base = Path(folder) / "root"
        subprocess.run(
            ["debootstrap", "--variant=minbase", "bookworm", str(base)], check=True, stdout=subprocess.DEVNULL
        )
        copied = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
        (base / FOLDER.lstrip("/")).mkdir(parents=True)
        subprocess.run(["tar", "x", "-C", str(base / FOLDER.lstrip("/"))], input=copied, check=True)
        shutil.copy("/etc/resolv.conf", base / "etc/resolv.conf")
        shutil.copy("/etc/hosts", base / "etc/hosts")
        for source in ("sources.list", "sources.list.d"):
            if (Path("/etc/apt") / source).exists():
                subprocess.run(["cp", "-r", f"/etc/apt/{source}", str(base / "etc/apt")], check=True)
        own = Path("/usr/local/share/ca-certificates")
        if own.exists():
            shutil.copytree(own, base / str(own).lstrip("/"), dirs_exist_ok=True)
        try:
            mount(base, told.bind)
            follow(base)
        finally:
            end_all(base)
            unmount(base, told.bind)


def follow(base: Path) -> None:
    """Follow the steps and ask from outside; prints the row."""
    target = base / "usr/local/bin/systemctl"
    target.parent.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    # The stand-in is written in Python, which the steps install: until then nothing asks for it.
    target.write_text(SYSTEMCTL.read_text())
    target.chmod(0o755)
    done = inside(base, "sh", "-c", steps(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    seconds = time.monotonic() - begin
    (Path(tempfile.gettempdir()) / "install.log").write_text(done.stdout)
    assert done.returncode == 0, done.stdout[-4000:]
    curl = ["curl", "-sS", "--cacert", str(base / "etc/opinovi/tls.crt"), "--resolve", f"{NAME}:443:127.0.0.1"]
    page = subprocess.run(
        [*curl, "-D", "-", f"https://{NAME}/about"], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    style = re.search(r'href="(/static/site/site\.[0-9a-f]+\.css)"', page)
    assert page.startswith("HTTP/2 200") and "strict-transport-security" in page.lower() and style, page[:500]
    sheet = subprocess.run([*curl, "-o", os.devnull, "-w", "%{http_code}", f"https://{NAME}{style[1]}"], capture_output=True, text=True, check=True)  # fmt: skip
    plain = subprocess.run(["curl", "-sS", "-o", os.devnull, "-w", "%{http_code} %{redirect_url}", "-H", f"Host: {NAME}", "http://127.0.0.1/"], capture_output=True, text=True, check=True)  # fmt: skip
    backups = sorted((base / "var/backups/opinovi").glob("*/told.json"))
    whole = re.findall(r"^Whole: .*", done.stdout, re.M)
    assert sheet.stdout == "200" and plain.stdout == f"301 https://{NAME}/" and backups and whole
    assert (base / "run/opinovi-units/opinovi-backup.timer").exists()
    print(f"| {seconds:.0f} s | 200 over TLS, its files by nginx | {whole[0]} |", flush=True)


if __name__ == "__main__":
    main()
