"""The directory's work in the background: reading spreadsheets, and the daily round of reminders."""

from datetime import timedelta
from uuid import UUID

from django_tasks import task

from opinovi.base.clock import now
from opinovi.directory.actions import bulk, freshness, reports


@task()
def read_load(load_id: str) -> None:
    """Read a spreadsheet that was sent in and compare it with what is stored."""
    bulk.read(UUID(load_id))


@task()
def apply_load(load_id: str) -> None:
    """Make a spreadsheet's changes real, all or none."""
    bulk.apply(UUID(load_id))


@task()
def daily_round() -> int:
    """Send what is due to be confirmed, and forget what is over. Comes again tomorrow, whatever becomes of today."""
    try:
        sent = freshness.send_reminders()
        reports.forget_old_reports()
        bulk.forget_old_loads()
    finally:
        tomorrow = (now() + timedelta(days=1)).replace(hour=4, minute=0, second=0, microsecond=0)
        daily_round.using(run_after=tomorrow).enqueue()
    return sent


def begin_daily_rounds() -> None:
    """See that a round is waiting; called where the site is set up and served."""
    from django_tasks_db.models import DBTaskResult

    waiting = DBTaskResult.objects.filter(task_path=daily_round.module_path, status="READY")
    if not waiting.exists():
        daily_round.enqueue()
