"""What this room adds to the pages of those below."""

from django.urls import reverse
from django.utils.translation import gettext as _

from opinovi.network.models import Network
from opinovi.strategy import together


def put_up() -> None:
    together.more_doors.append(doors)


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
                reverse("api-keys"),
                _("Avaimet muille järjestelmille"),
                _("Talosi sivut ja järjestelmät varaavat aikoja."),
            ),
            door(reverse("api-page"), _("Mitä muut järjestelmät voivat kysyä"), _("Hakemisto avoimena tietona.")),
        ],
    )  # fmt: skip
