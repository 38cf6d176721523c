"""What the worker does for clients' guidance, again and again."""

from opinovi.base.rounds import every
from opinovi.journeys.actions import consultations, erasing, outcomes, watching


@every(seconds=60)
def limits() -> None:
    """Meetings that were held, and steps that were not taken in time."""
    watching.notice_meetings()
    watching.watch()


@every(seconds=600)
def outcome_questions() -> None:
    """Ask what came of it, when its time has come."""
    outcomes.ask_due()


@every(seconds=3600)
def client_retention() -> None:
    """Forget what has been kept long enough."""
    erasing.erase_old()
    consultations.forget_old()
