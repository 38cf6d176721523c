#!/bin/sh
# Chromium for the browser stories: installed from Debian where we may, else said to be missing.
set -eu
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser stories ..."
    apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
else
    echo "Chromium is missing: the browser stories (tests/stories, tests marked browser) are left out." >&2
    echo "To run them: sudo apt-get install chromium" >&2
fi
