#!/bin/sh
# The stories by other ways of using a page (tests/stories/ways.py), each way in turn: by keys alone, small, at 400 per cent,
# without JavaScript, on a slow line, by a screen reader's tree. One way alone: make reach WAYS=keyboard
set -eu
failed=""
for way in ${WAYS:-keyboard small zoom plain slow reader}; do
  OPINOVI_HOME=$(mktemp -d)
  export OPINOVI_HOME
  .venv/bin/opinovi translations compile >/dev/null
  .venv/bin/opinovi collectstatic --noinput --verbosity 0
  echo "== $way =="
  OPINOVI_WAY=$way .venv/bin/python -m pytest -q -n 2 --dist loadfile -m browser tests/stories \
    --ignore tests/stories/test_everyone_can_use_it.py --ignore tests/stories/test_everyone_can_use_the_desk.py \
    || failed="$failed $way"
  rm -rf "$OPINOVI_HOME"
done
[ -z "$failed" ] || { echo "Not by:$failed"; exit 1; }
