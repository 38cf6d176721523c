# Two commands do everything: `make run` and `make test`. See README.md.
PYTHON ?= python3
PORT ?= 8000
export OPINOVI_HOME ?= $(CURDIR)/var
OPINOVI := .venv/bin/opinovi

.PHONY: run setup install test check audit bench reach schema pictures clean

run: setup
	@$(OPINOVI) serve --port $(PORT)

setup: .venv/base.stamp
	@$(OPINOVI) setup

# The libraries and the texts, for an installation whose settings stand elsewhere (docs/operations.md).
install: .venv/base.stamp
	@OPINOVI_HOME=$$(mktemp -d) $(OPINOVI) translations compile

test: .venv/test.stamp
	@sh scripts/browser.sh
	@sh scripts/test.sh

check: .venv/test.stamp
	@sh scripts/check.sh

# What it is made of (build/sbom.json), and what is known of it.
audit: .venv/test.stamp
	@.venv/bin/python scripts/audit.py

bench: .venv/test.stamp
	@$(OPINOVI) translations compile
	.venv/bin/python -m bench

.venv/bin/python:
	@sh scripts/venv.sh $(PYTHON)

.venv/base.stamp: .venv/bin/python requirements/base.txt pyproject.toml
	@echo "Asennetaan kirjastot (Installing libraries) ..."
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/base.txt
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/test.stamp: .venv/base.stamp requirements/test.txt
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/test.txt
	@touch $@

# The stories by keys alone, small, at 400 per cent, without JavaScript, on a slow line.
reach: .venv/test.stamp
	@sh scripts/browser.sh
	@WAYS="$(WAYS)" sh scripts/reach.sh

schema: .venv/test.stamp
	@OPINOVI_HOME=$$(mktemp -d) $(OPINOVI) schema
	@OPINOVI_HOME=$$(mktemp -d) .venv/bin/python scripts/on_postgres.py $(OPINOVI) schema

pictures: .venv/test.stamp
	@sh scripts/browser.sh
	@.venv/bin/python scripts/pictures.py $(ONLY)

clean:
	rm -rf .venv var build *.egg-info
