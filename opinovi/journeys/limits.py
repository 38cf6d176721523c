"""By when the next step of a referral is to be taken: in working days, Finnish holidays out."""

from datetime import datetime

from opinovi.contact.promises import deadline
from opinovi.journeys.models.referrals import ReferralState, Urgency

WORKING = "Mo-Fr 09:00-16:00; PH off"
HOURS_A_DAY = 7
# Working days at each state; half of them, at least one, where it is urgent.
DAYS = {
    ReferralState.DRAFTED: 10,
    ReferralState.ASKED: 10,
    ReferralState.SENT: 2,
    ReferralState.SEEN: 3,
    ReferralState.QUESTION: 3,
    ReferralState.ACCEPTED: 15,
    ReferralState.MET: 60,
}
# After the limit: a reminder, then to the substitute, then to the coordinator, each so many working days on.
PAUSES = (2, 2, 5)


def working_days_on(at: datetime, days: int) -> datetime:
    """The moment so many working days later."""
    return deadline(at, WORKING, days * HOURS_A_DAY)


def limit(state: str, urgency: str, at: datetime) -> datetime:
    """By when a referral that came into a state at a moment should leave it."""
    days = DAYS[ReferralState(state)]
    if urgency == Urgency.URGENT and state in (ReferralState.SENT, ReferralState.SEEN, ReferralState.QUESTION):
        days = max(1, days // 2)
    return working_days_on(at, days)
