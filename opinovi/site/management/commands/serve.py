"""Serving: the web server, and beside it the worker that sends mail. Both end together."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.base.models import DataKey
from opinovi.base.secret import require_the_key
from opinovi.directory.tasks import begin_daily_rounds


def refuse_taken(host: str, port: int) -> None:
    """Say so at once where another program holds the port."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} is taken ({error.strerror}). Try another: PORT={port + 1} make run"
            ) from error


def refuse_wrong_key() -> None:
    """Say so before anything is written, where what is confidential can't be opened."""
    wrapped = DataKey.objects.values_list("wrapped", flat=True).first()
    if wrapped is not None:
        require_the_key(wrapped)


class Command(BaseCommand):
    help = "Serve the site, with its worker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--workers", type=int, default=int(os.environ.get("OPINOVI_WORKERS", "1")))
        parser.add_argument("--no-worker", action="store_true", help="leave the task worker to another process")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        refuse_taken(host, port)
        refuse_wrong_key()
        # A round that was killed halfway does not plan the next one.
        begin_daily_rounds()
        # What processes counted that are gone is not counted on.
        if settings.METRICS_TOKEN:
            shutil.rmtree(settings.METRICS_DIR, ignore_errors=True)
            settings.METRICS_DIR.mkdir()
        environment = {**os.environ, "OPINOVI_URL": os.environ.get("OPINOVI_URL") or f"http://{host}:{port}"}
        granian = ["-m", "granian", "--interface", "wsgi", "--blocking-threads", "2", "--log-level", "error"]
        at = ["--host", host, "--port", str(port), "--workers", str(options["workers"])]
        server = [sys.executable, *granian, *at, "opinovi.wsgi:application"]
        worker = [sys.executable, "-m", "opinovi", "worker"]
        commands = [server] if options["no_worker"] else [server, worker]
        processes = [subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR) for command in commands]

        def stop(*_: Any) -> None:
            for process in processes:
                process.terminate()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        self.wait_until_open(processes[0], f"http://{host}:{port}/-/health")
        self.stdout.write(self.style.SUCCESS(f"\nOpin ovi: {environment['OPINOVI_URL']}  (Ctrl+C lopettaa, ends)\n"))
        self.stdout.flush()
        code = processes[0].wait()
        stop()
        for process in processes[1:]:
            process.wait()
        # Ended by us is no failure.
        if code not in (0, -signal.SIGTERM, -signal.SIGINT):
            raise SystemExit(code)

    def wait_until_open(self, server: subprocess.Popen[bytes], address: str) -> None:
        """Until the door is open, or the server has ended; the address is told only when it answers."""
        while server.poll() is None:
            try:
                with urllib.request.urlopen(address, timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.2)
