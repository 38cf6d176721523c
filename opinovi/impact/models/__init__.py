from opinovi.impact.models.figures import Counted, Figure, Population
from opinovi.impact.models.reports import Annual, SavedQuery
from opinovi.impact.models.voices import Background, Complaint, Feedback, Given

__all__ = [
    "Annual",
    "Background",
    "Complaint",
    "Counted",
    "Feedback",
    "Figure",
    "Given",
    "Population",
    "SavedQuery",
]
