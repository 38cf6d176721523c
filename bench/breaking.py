"""What goes wrong with machines: a process is killed, the disk is full, the clock jumps, the database starts anew or is
held by another, connections break. Used by bench/faults.py, as root."""

import os
import random
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

BIN = Path("/usr/lib/postgresql/15/bin")
JUMPS = (86_400, -86_400, 3_600, -3_600, 10, -10, 0, 0)


@dataclass
class Part:
    """A program that is killed and started again: the web server or the worker, each in a process group of its own."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    kills: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.kills += 1

    def watch(self) -> None:
        """Started again where it ended by itself, as the units in deploy/ say."""
        with self.lock:
            if self.process is not None and self.process.poll() is not None:
                self.start()


class Disk:
    """A disk of its own, of so many megabytes, that can be filled to the last byte."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)], check=True)

    def full(self, seconds: float) -> None:
        """Whatever is freed meanwhile is taken at once."""
        until, filler = time.monotonic() + seconds, self.folder / "filler"
        with filler.open("wb", buffering=0) as file:
            while time.monotonic() < until:
                try:
                    file.write(b"\0" * 65_536)
                except OSError:
                    try:
                        file.write(b"\0" * 512)
                    except OSError:
                        time.sleep(0.01)
        filler.unlink()

    def gone(self) -> None:
        subprocess.run(["umount", "-l", str(self.folder)], check=False)


class Clock:
    """The clock of the programs that are begun with its environment; that of the machine stays."""

    def __init__(self, folder: Path) -> None:
        self.file, self.shim = folder / "clock", folder / "clock.so"
        self.file.write_bytes(bytes(8))
        source = Path(__file__).with_name("clock.c")
        subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", str(self.shim), str(source)], check=True)

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.shim), "BENCH_CLOCK": str(self.file)}

    def jump(self, seconds: int) -> None:
        """Set it so many seconds off, for all at once."""
        with self.file.open("r+b", buffering=0) as file:
            file.write(struct.pack("q", seconds))


class Postgres:
    """A server of its own, on the disk that can be filled."""

    def __init__(self, folder: Path, port: int) -> None:
        self.data, self.port = folder / "database", port

    def begin(self) -> None:
        self.data.mkdir()
        shutil.chown(self.data, "postgres", "postgres")
        self.run("initdb", "-D", self.data, "-U", "opinovi", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(
                f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_wal_size = 256MB\n"
            )
            file.write("max_connections = 50\n")
        self.up()
        self.ask("CREATE DATABASE opinovi", "postgres")

    @property
    def url(self) -> str:
        return f"postgres://opinovi@127.0.0.1:{self.port}/opinovi"

    def run(self, program: str, *told: object, check: bool = True) -> None:
        as_whom = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        subprocess.run(
            [*as_whom, str(BIN / program), *map(str, told)], check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
        )  # fmt: skip

    def up(self) -> None:
        """Until it answers: after a crash it may have to be started more than once."""
        for _ in range(30):
            self.run("pg_ctl", "-D", self.data, "-w", "-t", "20", "-l", self.data / "log", "start", check=False)
            if self.answers():
                return
            time.sleep(0.5)
        raise RuntimeError("the database does not start")

    def answers(self) -> bool:
        try:
            self.ask("SELECT 1", "postgres")
        except Exception:
            return False
        return True

    def ask(self, what: str, database: str = "opinovi") -> None:
        import psycopg

        with psycopg.connect(host="127.0.0.1", port=self.port, user="opinovi", dbname=database, autocommit=True, connect_timeout=3) as link:  # fmt: skip
            link.execute(what)

    def restart(self, _seconds: float) -> None:
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop", check=False)
        self.up()

    def cut(self) -> None:
        self.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'opinovi' AND pid <> pg_backend_pid()"
        )

    def ensure(self) -> None:
        if not self.answers():
            self.up()

    def gone(self) -> None:
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop", check=False)


class Sqlite:
    """A file cannot be restarted: another program holds it instead, as a copy that is being made does."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def restart(self, seconds: float) -> None:
        link = sqlite3.connect(self.path, timeout=10, isolation_level=None)
        try:
            link.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            link.execute("ROLLBACK")
        except sqlite3.OperationalError:
            pass
        finally:
            link.close()

    def cut(self) -> None:
        """There are no connections to it."""

    def ensure(self) -> None: ...

    def gone(self) -> None: ...


class Proxy:
    """Between people and the site: connections that can be cut. Each comes from where it came."""

    def __init__(self, port: int, to: int) -> None:
        self.to, self.pairs, self.lock = to, set[tuple[socket.socket, socket.socket]](), threading.Lock()
        self.door = socket.create_server(("127.0.0.1", port), backlog=128)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                one, address = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self.join, args=(one, address[0]), daemon=True).start()

    def join(self, one: socket.socket, source: str) -> None:
        try:
            other = socket.create_connection(("127.0.0.1", self.to), 5, (source, 0))
            other.settimeout(None)
        except OSError:
            one.close()
            return
        with self.lock:
            self.pairs.add((one, other))
        back = threading.Thread(target=self.pump, args=(other, one), daemon=True)
        back.start()
        self.pump(one, other)
        back.join()
        with self.lock:
            self.pairs.discard((one, other))
        one.close()
        other.close()

    def pump(self, since: socket.socket, to: socket.socket) -> None:
        try:
            while content := since.recv(65_536):
                to.sendall(content)
            to.shutdown(socket.SHUT_WR)
        except OSError:
            for one in (since, to):
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue

    def cut(self) -> None:
        with self.lock:
            pairs = list(self.pairs)
        for pair in pairs:
            for one in pair:
                try:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue


def plan_of(count: int, seed: int) -> list[str]:
    """So many faults of the five kinds, as many of each, in any order."""
    kinds = ["kill web", "kill worker", "disk", "clock", "database", "links"]
    plan = [kinds[at % len(kinds)] for at in range(count)]
    random.Random(seed).shuffle(plan)
    return plan


def break_things(plan: list[str], parts: dict[str, Part], disk: Disk, clock: Clock, database: Postgres | Sqlite,
                 cuts: list[Callable[[], None]], seed: int) -> None:  # fmt: skip
    """One fault after another, with a moment between; what ended by itself is started again, as a system does."""
    chance = random.Random(seed)
    for number, kind in enumerate(plan, start=1):
        time.sleep(chance.uniform(0.5, 3.0))
        if kind.startswith("kill"):
            part = parts[kind.removeprefix("kill ")]
            with part.lock:
                part.kill()
                part.start()
        elif kind == "disk":
            disk.full(chance.uniform(1.0, 4.0))
        elif kind == "clock":
            clock.jump(chance.choice(JUMPS))
        elif kind == "database":
            database.restart(chance.uniform(2.0, 8.0))
        else:
            for cut in cuts:
                cut()
        database.ensure()
        for part in parts.values():
            part.watch()
        if number % 25 == 0:
            print(f"{number} faults", flush=True)
    clock.jump(0)
