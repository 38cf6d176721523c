"""What this room adds to the pages of those below."""

from typing import Any
from uuid import UUID

from django.db.models import CharField, F, JSONField, UUIDField, Value
from django.db.models.functions import Cast, JSONObject, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from opinovi.directory import desk_items
from opinovi.directory.desk_items import Item, as_texts
from opinovi.interchange.models import Run, RunState
from opinovi.network.models import Network, Role
from opinovi.network.standing import Standing
from opinovi.strategy import together


def put_up() -> None:
    together.more_doors.append(doors)
    desk_items.more_rows.append(runs_that_wait)
    desk_items.shown_as["feed_run"] = run_item


def runs_that_wait(place: Standing, mine: set[UUID]) -> Any:
    """Runs of the sources of one's networks that wait for a decision."""
    theirs = place.networks(Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR)
    rows = Run.objects.filter(feed__network__in=theirs, feed__ended_at=None)
    rows = rows.filter(state__in=[RunState.READY, RunState.HELD])
    return rows.order_by().values(
        type=Value("feed_run"),
        named=Cast(JSONObject(name=F("feed__name")), JSONField()),
        row_id=F("pk"),
        due=TruncDate("began_at"),
        keeper=Cast(Value(None), UUIDField()),
        whose=Cast(F("feed__network__name"), CharField()),
    )


def run_item(one: dict[str, Any], mine: set[UUID]) -> Item:
    return Item(
        due=one["due"],
        what=_("Lähde odottaa päätöstä: %(name)s") % {"name": as_texts(one["named"])["name"]},
        note=_("Katso, mitä muuttuisi, ja päätä."),
        source=_("Lähteet"),
        whose=_("Sinä"),
        href=reverse("source-run", args=[one["row_id"]]),
        mine=True,
    )


def doors(network: Network) -> tuple[str, list[dict[str, str]]]:
    door = together.door
    return (
        _("Muut järjestelmät"),
        [
            door(
                reverse("sources", args=[network.id]),
                _("Lähteet"),
                _("Mitä muualla tiedetään, tulee hakemistoon itsestään."),
            ),
            door(
                reverse("same", args=[network.id]),
                _("Sama asia kahdesti"),
                _("Kun kaksi lähdettä kertoo samasta, ihmiselle näytetään yksi."),
            ),
            door(
                reverse("api-keys"),
                _("Avaimet muille järjestelmille"),
                _("Talosi sivut ja järjestelmät varaavat aikoja."),
            ),
            door(
                reverse("hooks"),
                _("Kerro muutoksista muille järjestelmille"),
                _("Talosi sivut saavat tiedon heti, kun jokin muuttuu."),
            ),
            door(reverse("api-page"), _("Mitä muut järjestelmät voivat kysyä"), _("Hakemisto avoimena tietona.")),
        ],
    )  # fmt: skip
