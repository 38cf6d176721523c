"""The sitemap: every page worth finding, in every language, with its alternates."""

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from opinovi.base.clock import now
from opinovi.directory.models import Answer, GroupSession, Service, ServicePoint, State
from opinovi.directory.queries import in_force
from opinovi.network.models import Organisation


class Alternating(Sitemap[Any]):
    i18n = True
    alternates = True
    x_default = True
    limit = 5000


class Pages(Alternating):
    def items(self) -> list[str]:
        return [
            "home",
            "choose",
            "ask",
            "bookable",
            "groups",
            "answers",
            "offerings",
            "places",
            "organisations",
            "about",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class Services(Alternating):
    def items(self) -> QuerySet[Service]:
        return Service.objects.filter(in_force()).only("id", "changed_at").order_by("id")

    def lastmod(self, item: Service) -> Any:
        return item.changed_at

    def location(self, item: Service) -> str:
        return reverse("service", args=[item.id])


class Places(Alternating):
    def items(self) -> QuerySet[ServicePoint]:
        return ServicePoint.objects.filter(state=State.PUBLISHED).only("id").order_by("id")

    def location(self, item: ServicePoint) -> str:
        return reverse("place", args=[item.id])


class Organisations(Alternating):
    def items(self) -> QuerySet[Organisation]:
        return Organisation.objects.only("id").order_by("id")

    def location(self, item: Organisation) -> str:
        return reverse("organisation", args=[item.id])


class Groups(Alternating):
    def items(self) -> QuerySet[GroupSession]:
        rows = GroupSession.objects.filter(state=State.PUBLISHED, ends_at__gt=now(), for_staff=False, by_code=False)
        return rows.only("id").order_by("id")

    def location(self, item: GroupSession) -> str:
        return reverse("group", args=[item.id])


class Answers(Alternating):
    def items(self) -> QuerySet[Answer]:
        return Answer.objects.filter(state=State.PUBLISHED).only("id", "approved_at").order_by("id")

    def lastmod(self, item: Answer) -> Any:
        return item.approved_at

    def location(self, item: Answer) -> str:
        return reverse("answer", args=[item.id])


SITEMAPS = {
    "pages": Pages,
    "services": Services,
    "places": Places,
    "organisations": Organisations,
    "groups": Groups,
    "answers": Answers,
}
