"""Two web hosts, two workers, nginx, PostgreSQL and a standby, each a machine of its own by network namespaces; then each is
killed under load, and the standby is promoted.

`python -m bench.failover [--services 50000]`, as root, with nginx, postgresql-15 and iproute2; prints the rows. The proxy
is that of deploy/nginx with this network's addresses.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from bench.faults import Mailbox

ROOT = Path(__file__).parent.parent
BIN = Path("/usr/lib/postgresql/15/bin")
NAME = "ovi.example"
HOSTS = {"lb": 10, "web1": 11, "web2": 12, "web3": 13, "work1": 14, "work2": 15, "db1": 21, "db2": 22, "people": 30}
OPINOVI = [sys.executable, "-m", "opinovi"]
CALM = 12.0


def sh(*command: object, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(one) for one in command], check=True, text=True, capture_output=True, **options)


def at(host: str) -> str:
    return f"10.77.0.{HOSTS[host]}"


def inside(host: str) -> list[str]:
    return ["ip", "netns", "exec", f"ov-{host}"]


def lay_network() -> None:
    """A bridge, and a machine at each of its ports; people come from a whole net of addresses."""
    sh("ip", "link", "add", "ov-br", "type", "bridge")
    sh("ip", "addr", "add", "10.77.0.1/24", "dev", "ov-br")
    sh("ip", "link", "set", "ov-br", "up")
    for host in HOSTS:
        sh("ip", "netns", "add", f"ov-{host}")
        sh("ip", "link", "add", f"ov{host}", "type", "veth", "peer", "name", "eth0", "netns", f"ov-{host}")
        sh("ip", "link", "set", f"ov{host}", "master", "ov-br", "up")
        for line in (f"addr add {at(host)}/24 dev eth0", "link set eth0 up", "link set lo up"):
            sh("ip", "-n", f"ov-{host}", *line.split())
    sh("ip", "-n", "ov-people", "addr", "add", "local", "10.78.0.0/16", "dev", "lo")
    sh("ip", "-n", "ov-lb", "route", "add", "10.78.0.0/16", "via", at("people"))


def take_away() -> None:
    for host in HOSTS:
        subprocess.run(["ip", "netns", "del", f"ov-{host}"], check=False, capture_output=True)
    subprocess.run(["ip", "link", "del", "ov-br"], check=False, capture_output=True)


@dataclass
class Program:
    """A process of a machine, in a group of its own, that is killed and started again."""

    host: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*inside(self.host), *self.command], env=self.environment, cwd=ROOT, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Database:
    """PostgreSQL on a machine, as the user that Debian gives it."""

    def __init__(self, host: str, folder: Path) -> None:
        self.host, self.data = host, folder / host

    def run(self, program: str, *arguments: object) -> str:
        as_whom = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        return sh(*inside(self.host), *as_whom, BIN / program, *arguments, cwd="/").stdout

    def make(self) -> None:
        self.run("initdb", "-D", self.data, "-U", "opinovi", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        self.allow()
        self.start()
        self.ask("CREATE DATABASE opinovi", "postgres")

    def allow(self) -> None:
        with (self.data / "pg_hba.conf").open("a") as file:
            file.write("host all all 10.77.0.0/24 trust\nhost replication all 10.77.0.0/24 trust\n")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("listen_addresses='*'\nmax_connections=60\nshared_buffers=256MB\n")
            file.write("unix_socket_directories=''\n")

    def follow(self, primary: "Database") -> None:
        """A copy that follows, and that the primary waits for from then on."""
        source = f"host={at(primary.host)} user=opinovi application_name={self.host}"
        self.run("pg_basebackup", "-D", self.data, "-d", source, "-R", "-X", "stream", "-c", "fast")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("unix_socket_directories=''\n")
        self.start()
        primary.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{self.host}'", "postgres")
        primary.ask("SELECT pg_reload_conf()", "postgres")

    def start(self) -> None:
        self.run("pg_ctl", "-D", self.data, "-w", "-l", self.data / "log", "start")

    def kill(self) -> None:
        """The machine is gone: the postmaster and all of its processes at once."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        for one in [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]:
            os.kill(one, signal.SIGKILL)

    def answers(self) -> bool:
        done = subprocess.run(
            [str(BIN / "pg_isready"), "-h", at(self.host), "-t", "1"], capture_output=True, check=False
        )
        return done.returncode == 0

    def ask(self, question: str, database: str = "opinovi") -> str:
        return sh(BIN / "psql", "-h", at(self.host), "-U", "opinovi", "-Atc", question, database).stdout.strip()

    def promote(self) -> None:
        self.run("pg_ctl", "-D", self.data, "-w", "promote")


class Network:
    """All of it, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("OPINOVI_")} | {
            "OPINOVI_PRODUCTION": "1", "OPINOVI_EXAMPLE": "1", "OPINOVI_HOSTS": NAME, "OPINOVI_URL": f"https://{NAME}",
            "OPINOVI_SECRET_KEY": "s" * 50, "OPINOVI_MASTER_KEYS": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=",
            "OPINOVI_SMTP_HOST": "10.77.0.1", "OPINOVI_SMTP_PORT": "8768", "OPINOVI_SMTP_TLS": "0",
            "OPINOVI_STATIC": str(folder / "static"),
            "DATABASE_URL": f"postgres://opinovi@{at('db1')},{at('db2')}:5432/opinovi"
            "?target_session_attrs=read-write&connect_timeout=2",
            "OPINOVI_STANDBY_URL": f"postgres://opinovi@{at('db2')}:5432/opinovi",
        }  # fmt: skip
        self.db1, self.db2 = Database("db1", folder), Database("db2", folder)
        self.programs = {
            name: self.program(name, [*OPINOVI, "serve", "--no-worker", "--host", at(name), "--port", "8001"])
            for name in ("web1", "web2", "web3")
        } | {name: self.program(name, [*OPINOVI, "worker"]) for name in ("work1", "work2")}

    def of(self, host: str) -> dict[str, str]:
        home = self.folder / f"home-{host}"
        home.mkdir(exist_ok=True)
        return self.environment | {"OPINOVI_HOME": str(home)}

    def program(self, host: str, command: list[str]) -> Program:
        return Program(host, command, self.of(host), self.folder / f"{host}.log")

    def build(self, services: int) -> None:
        for one in (self.db1.data, self.db2.data):
            one.mkdir()
            shutil.chown(one, "postgres", "postgres")
            one.chmod(0o700)
        self.db1.make()
        print("setting up ...", file=sys.stderr, flush=True)
        # The example's people have no second factor, which an installation in production asks of them.
        subprocess.run([*inside("web1"), *OPINOVI, "setup"], env=self.of("web1") | {"OPINOVI_PRODUCTION": "0"}, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # fmt: skip
        if services:
            code = f"from bench.made import add; add({services})"
            subprocess.run([*inside("web1"), *OPINOVI, "shell", "--no-imports", "-c", code], env=self.of("web1") | {"PYTHONPATH": str(ROOT)}, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # fmt: skip
            subprocess.run([*inside("web1"), *OPINOVI, "index"], env=self.of("web1"), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # fmt: skip
        shutil.copytree(self.folder / "home-web1" / "index", self.folder / "home-web2" / "index", dirs_exist_ok=True)
        self.db2.follow(self.db1)
        for name in ("web1", "web2", "work1", "work2"):
            self.programs[name].start()
        for name in ("web1", "web2"):
            self.wait_for(name)
        self.proxy()

    def proxy(self) -> None:
        certificate = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
        sh("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *certificate,
           "-keyout", self.folder / "tls.key", "-out", self.folder / "tls.crt")  # fmt: skip
        upstream = (ROOT / "deploy/nginx/upstream.conf").read_text()
        site = (ROOT / "deploy/nginx/opinovi.conf").read_text().replace("/etc/opinovi/", f"{self.folder}/")
        upstream = upstream.replace("127.0.0.1:8001", f"{at('web1')}:8001").replace(
            "127.0.0.1:8002", f"{at('web2')}:8001"
        )
        site = site.replace("/var/www/opinovi/", f"{self.folder}/static/").replace("/var/log/nginx", str(self.folder))
        (self.folder / "nginx.conf").write_text(
            f"worker_processes 1;\npid {self.folder}/nginx.pid;\nerror_log {self.folder}/nginx-error.log;\nuser root;\n"
            f"events {{ worker_connections 512; }}\nhttp {{\ninclude /etc/nginx/mime.types;\n{upstream}\n{site}\n}}\n"
        )
        sh(*inside("lb"), "nginx", "-c", self.folder / "nginx.conf")

    def wait_for(self, name: str, seconds: float = 120) -> float:
        """How long it took until it can answer."""
        begin = time.monotonic()
        while time.monotonic() < begin + seconds:
            try:
                with urllib.request.urlopen(f"http://{at(name)}:8001/-/health", timeout=5) as answer:
                    if answer.status == 200:
                        return time.monotonic() - begin
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"{name} does not answer")


def drill(network: Network) -> list[tuple[str, float]]:
    """Kill each in turn; gives what and when."""
    done: list[tuple[str, float]] = []

    def kill(name: str) -> None:
        done.append((name, time.time()))
        network.programs[name].kill()
        time.sleep(CALM)
        network.programs[name].start()
        if name.startswith("web"):
            network.wait_for(name)
        time.sleep(3)

    time.sleep(CALM)
    for name in ("web1", "web2", "work1", "work2"):
        print(f"{name} is killed ...", file=sys.stderr, flush=True)
        kill(name)
    print("the standby is killed ...", file=sys.stderr, flush=True)
    done.append(("standby", time.time()))
    network.db2.kill()
    time.sleep(2)
    network.db2.start()
    time.sleep(CALM)
    print("the primary is killed ...", file=sys.stderr, flush=True)
    done.append(("primary", time.time()))
    network.db1.kill()
    missed = 0
    # As an operator's watch does: three times without an answer is gone.
    while missed < 3:
        missed = 0 if network.db1.answers() else missed + 1
        time.sleep(0.5)
    network.db2.promote()
    time.sleep(CALM * 2)
    return done


def told(lines: list[dict[str, Any]], events: list[tuple[str, float]]) -> None:
    """A row of each that was killed: failed requests, and how long after the kill the last of them began."""
    asked = [one for one in lines if "status" in one]
    good = {200, 302, 303, 409, 422}
    ends = [when for _, when in events[1:]] + [float("inf")]
    for (name, when), end in zip(events, ends, strict=True):
        # What the next kill cut off is told there.
        during = [one for one in asked if when <= one["at"] and one["at"] + one["took"] < end]
        failed = [one for one in during if one["status"] not in good]
        hanging = [one for one in asked if one["at"] < when <= one["at"] + one["took"] and one["status"] not in good]
        last = max((one["at"] - when for one in failed), default=0.0)
        writes = [one["at"] + one["took"] - when for one in during if one["what"] == "POST" and one["status"] == 302]
        slowest = max((one["took"] for one in during if one["status"] in good), default=0.0)
        print(f"| {name} | {len(during)} | {len(failed) + len(hanging)} | {last:.1f} s | {min(writes, default=-1):.1f} s | {slowest:.1f} s |", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--services", type=int, default=0)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="failover-"))
    folder.chmod(0o755)
    mailbox, network = Mailbox(), None
    take_away()
    lay_network()
    post = Controller(mailbox, hostname="10.77.0.1", port=8768)
    post.start()
    try:
        network = Network(folder)
        network.build(asked.services)
        log, stop = folder / "asked.jsonl", folder / "stop"
        people = Program("people", [sys.executable, "-m", "bench.asking", NAME, at("lb"), str(folder / "tls.crt"), str(log), str(stop)], dict(os.environ), folder / "people.log")  # fmt: skip
        people.start()
        events = drill(network)
        stop.touch()
        assert people.process is not None
        people.process.wait()
        lines = [json.loads(one) for one in log.read_text().splitlines()]
        told(lines, events)
        count(network, lines, mailbox)
        begin = time.monotonic()
        network.programs["web3"].start()
        network.wait_for("web3")
        print(f"a new host with an empty folder, {1800 + asked.services} services: ready in {time.monotonic() - begin:.0f} s", flush=True)  # fmt: skip
    finally:
        post.stop()
        if network is not None:
            end(network)
        take_away()


def count(network: Network, lines: list[dict[str, Any]], mailbox: Mailbox) -> None:
    """What was acknowledged and is not on the new primary, what is there twice, and letters that never came."""
    acknowledged = {one["told"]: one["words"] for one in lines if "told" in one}
    code = (
        "import json; from opinovi.contact.models import Enquiry; from opinovi.base.models import Letter; "
        "print(json.dumps({'there': {str(one.id): one.told().get('subject') for one in Enquiry.objects.exclude(once=None)}, "
        "'waiting': Letter.objects.filter(kind='mail', state__in=['waiting', 'sending']).count(), "
        "'sent': [str(one) for one in Letter.objects.filter(kind='mail', state='sent').values_list('id', flat=True)]}))"
    )
    for _ in range(120):
        said = subprocess.run([*inside("web1"), *OPINOVI, "shell", "--no-imports", "-c", code], env=network.of("web1"), cwd=ROOT, check=True, capture_output=True, text=True).stdout  # fmt: skip
        found = json.loads(said.splitlines()[-1])
        if not found["waiting"]:
            break
        threading.Event().wait(2)
    lost = [key for key, words in acknowledged.items() if found["there"].get(key) != words]
    words = list(found["there"].values())
    missing = [one for one in found["sent"] if not mailbox.taken[f"<{one}@opinovi>"]]
    print(f"acknowledged {len(acknowledged)}, lost {len(lost)}, twice {len(words) - len(set(words))}, "
          f"letters sent {len(found['sent'])}, never came {len(missing)}, still waiting {found['waiting']}", flush=True)  # fmt: skip


def end(network: Network) -> None:
    for one in network.programs.values():
        if one.process is not None and one.process.poll() is None:
            one.kill()
    for database in (network.db1, network.db2):
        if (database.data / "postmaster.pid").exists():
            subprocess.run([*inside(database.host), "setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", str(BIN / "pg_ctl"), "-D", str(database.data), "-m", "immediate", "stop"], check=False, capture_output=True, cwd="/")  # fmt: skip
    pid = network.folder / "nginx.pid"
    if pid.exists():
        os.kill(int(pid.read_text()), signal.SIGTERM)


if __name__ == "__main__":
    main()
