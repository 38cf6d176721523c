"""The rows of the workplaces room."""

from opinovi.workplaces.models.cases import Case, CaseMessage, Offer, OfferPart, WorkplaceTeamPlace
from opinovi.workplaces.models.guidance import Change, ChangeStep, LearningBuddy, VisitDay, WorkplaceSession
from opinovi.workplaces.models.places import Placement, PlacementReferral
from opinovi.workplaces.models.surveys import (
    CompetenceSurvey,
    KeptResult,
    PlanGoal,
    PlanState,
    SurveyAnswer,
    SurveyItem,
    SurveySheet,
    SurveyState,
    SurveyWords,
    WordState,
)
from opinovi.workplaces.models.workplaces import Unit, Workplace

__all__ = [
    "Case", "CaseMessage", "Change", "ChangeStep", "CompetenceSurvey", "KeptResult", "LearningBuddy", "Offer",
    "OfferPart", "Placement", "PlacementReferral", "PlanGoal", "PlanState", "SurveyAnswer", "SurveyItem",
    "SurveySheet", "SurveyState", "SurveyWords", "Unit", "VisitDay", "WordState", "Workplace", "WorkplaceSession",
    "WorkplaceTeamPlace",
]  # fmt: skip
