"""Reads that more than one of this room needs."""

from django.db.models import QuerySet

from opinovi.network.models import Member, Organisation, Role


def administrators_of(house: Organisation) -> QuerySet[Member]:
    """Who administers an organisation now, with the person."""
    rows = Member.objects.filter(organisation=house, roles__role=Role.ADMINISTRATOR, ended_at=None)
    return rows.select_related("person").distinct()
