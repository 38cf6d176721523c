#!/bin/sh
# Everything on SQLite, the browser stories included; then on a real PostgreSQL all that asks a database, but for the
# browser and the longest walks of rules (marked once).
set -eu
which=""
command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || which="not browser"
OPINOVI_HOME=$(mktemp -d)
export OPINOVI_HOME
trap 'rm -rf "$OPINOVI_HOME"' EXIT
.venv/bin/opinovi translations compile
.venv/bin/opinovi collectstatic --noinput --verbosity 0
echo "== SQLite =="
.venv/bin/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "$which" tests
echo "== PostgreSQL =="
.venv/bin/python scripts/on_postgres.py .venv/bin/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder \
  -m "not browser and not sqlite and not once" tests
