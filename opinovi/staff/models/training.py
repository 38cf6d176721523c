"""Training for the network's own people: a group session, who of them comes, and what they have to show for it."""

from django.db import models

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.text import TextField, choose
from opinovi.contact.models import Registration
from opinovi.directory.models import GroupSession
from opinovi.network.models import Member, Network
from opinovi.practices.models import Practice


class Training(models.Model):
    """What a training strengthens; its times and places are those of its group session."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="trainings")
    session = models.OneToOneField(GroupSession, models.CASCADE, related_name="training")
    areas = models.JSONField(default=list)
    practices = models.ManyToManyField(Practice, related_name="trainings", blank=True)
    # How many meetings one comes to for a certificate; without a number, all.
    needed = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["session__starts_at"]

    def __str__(self) -> str:
        return str(self.session)


class TrainingPlace(models.Model):
    """Who of the network's people registered. The registration is forgotten in its time; that one had a place stays."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="training_places")
    member = models.ForeignKey(Member, models.CASCADE, related_name="training_places")
    registration = models.OneToOneField(
        Registration, models.SET_NULL, related_name="training_place", null=True, blank=True
    )
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["training", "member"], name="one_place_in_a_training")]

    def __str__(self) -> str:
        return str(self.member_id)


class Certificate(models.Model):
    """That somebody took part: what, when, how long. It stands by itself, whatever becomes of the training."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.CASCADE, related_name="certificates")
    training = models.ForeignKey(Training, models.SET_NULL, related_name="certificates", null=True, blank=True)
    who = models.CharField(max_length=120)
    name = TextField()
    house = TextField()
    areas = models.JSONField(default=list)
    # The days on which they came: ["2027-02-09", ...]
    days = models.JSONField()
    minutes = models.PositiveIntegerField()
    issued_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-issued_at"]
        constraints = [models.UniqueConstraint(fields=["member", "training"], name="one_certificate_of_a_training")]

    def __str__(self) -> str:
        return choose(self.name).text
