"""The rows of the staff room."""

from opinovi.staff.models.circles import Circle, CircleKind, CircleMeeting, CircleNote, CirclePlace, PlaceState
from opinovi.staff.models.discussion import Following, Post, Rhythm, Thread
from opinovi.staff.models.profiles import CompetenceCount, CompetenceProfile, PeerOffer
from opinovi.staff.models.shadowing import ShadowDay, ShadowOffer, ShadowState
from opinovi.staff.models.training import Certificate, Training, TrainingPlace

__all__ = [
    "Certificate", "Circle", "CircleKind", "CircleMeeting", "CircleNote", "CirclePlace", "CompetenceCount",
    "CompetenceProfile", "Following", "PeerOffer", "PlaceState", "Post", "Rhythm", "ShadowDay", "ShadowOffer",
    "ShadowState", "Thread", "Training", "TrainingPlace",
]  # fmt: skip
