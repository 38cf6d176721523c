"""Serving: the web server, and beside it the worker that sends mail. Both end together."""

import os
import signal
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Serve the site, with its worker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--workers", type=int, default=int(os.environ.get("OPINOVI_WORKERS", "1")))
        parser.add_argument("--no-worker", action="store_true", help="leave the task worker to another process")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        environment = {**os.environ, "OPINOVI_URL": os.environ.get("OPINOVI_URL") or f"http://{host}:{port}"}
        granian = ["-m", "granian", "--interface", "wsgi", "--blocking-threads", "2", "--log-level", "error"]
        at = ["--host", host, "--port", str(port), "--workers", str(options["workers"])]
        server = [sys.executable, *granian, *at, "opinovi.wsgi:application"]
        worker = [sys.executable, "-m", "opinovi", "db_worker", "--interval", "2"]
        commands = [server] if options["no_worker"] else [server, worker]
        processes = [subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR) for command in commands]

        def stop(*_: Any) -> None:
            for process in processes:
                process.terminate()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        self.stdout.write(self.style.SUCCESS(f"\nOpin ovi: {environment['OPINOVI_URL']}  (Ctrl+C lopettaa, ends)\n"))
        self.stdout.flush()
        code = processes[0].wait()
        stop()
        for process in processes[1:]:
            process.wait()
        # Ended by us is no failure.
        if code not in (0, -signal.SIGTERM, -signal.SIGINT):
            raise SystemExit(code)
