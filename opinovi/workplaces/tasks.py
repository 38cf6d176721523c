"""What the worker does for workplaces: surveys whose day is over are closed and counted; kept results are forgotten."""

from opinovi.base.clock import today
from opinovi.base.rounds import every
from opinovi.workplaces.actions import cases, changes, offers, placements
from opinovi.workplaces.actions.surveys import close_survey, count, remind_of_plans
from opinovi.workplaces.models import CompetenceSurvey, KeptResult, SurveyState


@every(seconds=3600)
def close_due() -> None:
    for one in CompetenceSurvey.objects.filter(state=SurveyState.OPEN, closes_on__lt=today()):
        close_survey(None, one)
    # Whatever a task did not come to.
    for one in CompetenceSurvey.objects.filter(state=SurveyState.CLOSED):
        count(one)


@every(seconds=24 * 3600)
def forget_kept() -> None:
    KeptResult.objects.filter(until__lt=today()).delete()


@every(seconds=3600)
def follow_cases() -> None:
    """Offers and places whose last day went by, then steps that were not taken in time."""
    offers.expire_offers()
    cases.remind_late()
    changes.remind_steps()
    placements.close_old()


@every(seconds=24 * 3600)
def follow_plans() -> None:
    remind_of_plans()


@every(seconds=24 * 3600)
def forget_cases() -> None:
    cases.erase_old()
