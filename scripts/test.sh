#!/bin/sh
# Everything on SQLite, the browser stories included; then all but the browser on a real PostgreSQL.
set -eu
leave_out=""
command -v chromium >/dev/null || leave_out="not browser"
OPINOVI_HOME=$(mktemp -d)
export OPINOVI_HOME
trap 'rm -rf "$OPINOVI_HOME"' EXIT
.venv/bin/opinovi translations compile
echo "== SQLite =="
.venv/bin/python -m pytest -q -n 2 --dist loadfile -m "$leave_out" tests
echo "== PostgreSQL =="
TEST_ON=postgres .venv/bin/python -m pytest -q -m "not browser and not sqlite" tests
