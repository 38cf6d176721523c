"""The directory's daily round: what is due to be confirmed, and what is forgotten."""

from datetime import timedelta

from django_tasks import task

from opinovi.base.clock import now
from opinovi.directory.actions import bulk, freshness, reports


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
