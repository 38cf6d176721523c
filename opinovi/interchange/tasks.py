"""What the worker does for other systems: asks sources whose time has come, takes up what another worker has lost,
looks for what is told twice, and tells of changes."""

from django_tasks import task

from opinovi.base.rounds import every
from opinovi.interchange.actions import feeds, hooks, runs, same
from opinovi.interchange.models import RunState


@task()
def run_source(run_id: str) -> str:
    run = feeds.take_up(run_id)
    if run is None:
        return ""
    run = runs.go(run)
    if run.state == RunState.APPLIED:
        look_for_same.enqueue()
    return str(run.state)


@task()
def look_for_same() -> str:
    return str(same.look())


@every(seconds=24 * 3600)
def look_for_same_nightly() -> None:
    look_for_same.enqueue()


@every(seconds=30)
def ask_sources() -> None:
    feeds.ask_those_due()
    for run_id in feeds.lost_runs():
        run_source.enqueue(str(run_id))


@every(seconds=10)
def tell_others() -> None:
    hooks.gather()
    hooks.send_due()


@every(seconds=24 * 3600)
def forget_runs() -> None:
    feeds.forget_old()
    hooks.forget_old()
