"""The rows of the workplaces room."""

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
    "CompetenceSurvey", "KeptResult", "PlanGoal", "PlanState", "SurveyAnswer", "SurveyItem", "SurveySheet",
    "SurveyState", "SurveyWords", "Unit", "WordState", "Workplace",
]  # fmt: skip
