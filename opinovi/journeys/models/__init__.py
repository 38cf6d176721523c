"""Clients and their guidance: everything that tells of a client is locked with the client's own key."""

from opinovi.journeys.models.clients import Client, Journey, SignInCode
from opinovi.journeys.models.consents import Consent, ConsentText
from opinovi.journeys.models.consultations import Consultation, ConsultationReply
from opinovi.journeys.models.notes import Note, NoteRequest
from opinovi.journeys.models.outcomes import Confidence, Outcome
from opinovi.journeys.models.plans import Exercise, Goal, PlanLine, Step
from opinovi.journeys.models.referrals import Referral

__all__ = [
    "Client",
    "Confidence",
    "Consent",
    "ConsentText",
    "Consultation",
    "ConsultationReply",
    "Exercise",
    "Goal",
    "Journey",
    "Note",
    "NoteRequest",
    "Outcome",
    "PlanLine",
    "Referral",
    "SignInCode",
    "Step",
]
