import logging
from datetime import timedelta

from opinovi.base import audit, mail
from opinovi.base.clock import now
from opinovi.base.models import Unsent
from opinovi.base.rounds import every

log = logging.getLogger("opinovi.audit")
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


@every(seconds=600)
def chain_the_log() -> None:
    # A log that grew before there was a chain is chained little by little: those who use the site go first.
    audit.chain_up(most=20)


@every(seconds=24 * 3600)
def write_down_the_head() -> None:
    """To the log, which goes elsewhere: so that a chain that was made anew is found."""
    if (last := audit.head()) is not None:
        log.info("audit head %s", last)
