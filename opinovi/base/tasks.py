from datetime import timedelta

from opinovi.base import mail
from opinovi.base.clock import now
from opinovi.base.models import Unsent
from opinovi.base.rounds import every

# A task that a killed worker left behind is begun again after this.
LOST_MINUTES = 15


@every(seconds=10)
def send_what_waits() -> None:
    """Reminders whose hour has come, second tries, and what a killed worker left."""
    mail.send_waiting()


@every(seconds=60)
def begin_lost_tasks_again() -> None:
    from django_tasks_db.models import DBTaskResult

    lost = DBTaskResult.objects.filter(status="RUNNING", started_at__lt=now() - timedelta(minutes=LOST_MINUTES))
    lost.update(status="READY", started_at=None)


@every(seconds=3600)
def forget_unsent() -> None:
    Unsent.objects.filter(at__lt=now() - timedelta(days=1)).delete()
