from django_tasks import task

from opinovi.base import mail


@task()
def send_letters() -> int:
    """Send the mail that waits."""
    return mail.send_waiting()
