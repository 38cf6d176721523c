#!/bin/sh
# Style, types, layers, migrations, words and translations. Types take one core for as long as all the rest takes another.
set -eu
.venv/bin/mypy &
types=$!
trap 'kill "$types" 2>/dev/null || true' EXIT
set -x
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/djlint opinovi --lint --quiet
.venv/bin/lint-imports
.venv/bin/opinovi makemigrations --check --dry-run
.venv/bin/opinovi vocabulary check
.venv/bin/opinovi translations check
set +x
wait "$types"
