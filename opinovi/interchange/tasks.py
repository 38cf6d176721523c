"""What the worker does for sources: asks those whose time has come, and takes up what another has lost."""

from django_tasks import task

from opinovi.base.rounds import every
from opinovi.interchange.actions import feeds, runs


@task()
def run_source(run_id: str) -> str:
    run = feeds.take_up(run_id)
    return str(runs.go(run).state) if run is not None else ""


@every(seconds=30)
def ask_sources() -> None:
    feeds.ask_those_due()
    for run_id in feeds.lost_runs():
        run_source.enqueue(str(run_id))


@every(seconds=24 * 3600)
def forget_runs() -> None:
    feeds.forget_old()
