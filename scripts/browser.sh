#!/bin/sh
# Chromium for the browser stories: Debian's without windows, which takes half the work of the whole one, else the whole
# one. Installed where we may, else said to be missing.
set -eu
command -v chromium-headless-shell >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser stories ..."
    apt-get update -qq >/dev/null || true
    get() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" fonts-dejavu-core >/dev/null; }
    get chromium-headless-shell 2>/dev/null || command -v chromium >/dev/null || get chromium
elif ! command -v chromium >/dev/null; then
    echo "Chromium is missing: the browser stories (tests/stories, tests marked browser) are left out." >&2
    echo "To run them: sudo apt-get install chromium-headless-shell (or chromium)" >&2
fi
