"""The region's strategy and its action plan, meetings that decide, gaps between need and supply, and quality."""

from opinovi.strategy.models.gaps import Gap, GapFigure
from opinovi.strategy.models.meetings import Decision, Meeting
from opinovi.strategy.models.plan import Action, ActionState, Measure, Objective, Reading, Review, Theme
from opinovi.strategy.models.quality import Assessment, Criterion, Element, Verdict
from opinovi.strategy.models.strategies import Comment, Strategy, StrategyState, StrategyVersion

__all__ = [
    "Action",
    "ActionState",
    "Assessment",
    "Comment",
    "Criterion",
    "Decision",
    "Element",
    "Gap",
    "GapFigure",
    "Measure",
    "Meeting",
    "Objective",
    "Reading",
    "Review",
    "Strategy",
    "StrategyState",
    "StrategyVersion",
    "Theme",
    "Verdict",
]
