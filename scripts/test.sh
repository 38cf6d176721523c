#!/bin/sh
# Everything on SQLite, the browser stories included; and meanwhile on a real PostgreSQL all that asks a database, but for
# the browser and the longest walks of rules (marked once). What PostgreSQL said is shown after.
set -eu
which=""
command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || which="not browser"
OPINOVI_HOME=$(mktemp -d)
other=$(mktemp -d)
export OPINOVI_HOME
trap 'rm -rf "$OPINOVI_HOME" "$other"' EXIT
.venv/bin/opinovi translations compile
.venv/bin/opinovi collectstatic --noinput --verbosity 0
cp -r "$OPINOVI_HOME/." "$other"
OPINOVI_HOME=$other .venv/bin/python scripts/on_postgres.py .venv/bin/python -m pytest -q \
  -m "not browser and not sqlite and not once" tests >"$other/said" 2>&1 &
postgres=$!
echo "== SQLite =="
failed=0
.venv/bin/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "$which" tests || failed=1
wait "$postgres" || failed=1
echo "== PostgreSQL =="
cat "$other/said"
exit "$failed"
