"""What the worker does for clients' guidance, again and again."""

from opinovi.base.backup import FORGET_LOST
from opinovi.base.rounds import every
from opinovi.journeys.actions import consultations, erasing, outcomes, watching
from opinovi.journeys.models import Client
from opinovi.journeys.models.clients import ClientState


@every(seconds=60)
def limits() -> None:
    """Meetings that were held, and steps that were not taken in time."""
    watching.notice_meetings()
    watching.watch()


def forget_lost() -> int:
    """After a backup was brought back: a client whose key is gone was erased meanwhile, and is erased here too."""
    clients = list(Client.objects.filter(key=None, state=ClientState.ACTIVE))
    for one in clients:
        erasing.erase(one, why="restored")
    return len(clients) + consultations.forget_lost()


FORGET_LOST.append(forget_lost)


@every(seconds=600)
def outcome_questions() -> None:
    """Ask what came of it, when its time has come."""
    outcomes.ask_due()


@every(seconds=3600)
def client_retention() -> None:
    """Forget what has been kept long enough."""
    erasing.erase_old()
    consultations.forget_old()
