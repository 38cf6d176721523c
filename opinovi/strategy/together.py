"""All that the network does together, each behind its door; nobody is shown a door that does not open to them."""

from collections.abc import Callable
from typing import Any

import rules
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.network.models import Network
from opinovi.network.queries import current_network

# Groups of doors that higher rooms add.
more_doors: list[Callable[[Network], tuple[str, list[dict[str, str]]]]] = []


@require_safe
@allow("strategy.see", of=current_network)
def together(request: HttpRequest, network: Network) -> HttpResponse:
    asked: dict[str, bool] = {}
    groups = [
        {"title": title, "rows": [row for row in rows if opens(request.user, network, row["href"], asked)]}
        for title, rows in [*doors_together(network), *(add(network) for add in more_doors)]
    ]
    return render(request, "strategy/together.html", {"groups": [group for group in groups if group["rows"]]})


def opens(user: Any, network: Network, href: str, asked: dict[str, bool]) -> bool:
    """Whether the page's own rule lets somebody in; each rule is asked once."""
    view: Any = resolve("/" + href.removeprefix(get_script_prefix())).func
    rule = view.access_rule
    if rule not in asked:
        about = (network,) if view.access_of is not None else ()
        asked[rule] = bool(rules.test_rule(rule, user, *about))
    return asked[rule]


def doors_together(network: Network) -> list[tuple[str, list[dict[str, str]]]]:
    here = [network.id]
    return [
        (_("Mihin pyrimme"), [
            door(reverse("strategies"), _("Strategia ja toimenpiteet"),
                 _("Mitä alueella tavoitellaan, kuka tekee mitä ja kuinka pitkällä ollaan.")),
            door(reverse("gaps", args=here), _("Tarpeet, joihin ei löydy ovea"),
                 _("Mitä ihmiset etsivät ja mitä alueelta puuttuu.")),
            door(reverse("quality", args=here), _("Ohjauksen laatu"),
                 _("Jokainen arvioi omaa ohjaustaan, ja yhdessä päätetään, mitä vahvistetaan.")),
            door(reverse("meetings", args=here), _("Kokoukset"), _("Esityslistat, pöytäkirjat ja päätökset.")),
        ]),
        (_("Osaavat ihmiset"), [
            door(reverse("competence"), _("Osaamiseni"),
                 _("Missä olet hyvä, mitä haluat oppia ja mistä pääset eteenpäin. Vain sinun nähtävissäsi.")),
            door(reverse("trainings"), _("Koulutukset"), _("Verkoston omat koulutukset ja todistukset.")),
            door(reverse("peers"), _("Kysy minulta"), _("Kollegat, jotka auttavat, mentoriparit ja vertaisryhmät.")),
            door(reverse("shadowing"), _("Tutustumispäivät"), _("Päivä toisen organisaation kollegan rinnalla.")),
            door(reverse("discussion"), _("Keskustelu"), _("Verkoston väen kesken, aiheittain.")),
        ]),
        (_("Millä voimin"), [
            door(reverse("practices-desk"), _("Hyvät käytännöt"), _("Mikä toimii yhdessä talossa, toiseenkin.")),
            door(reverse("outreach"), _("Hakeva toiminta"), _("Ohjaus sinne, missä ihmiset ovat.")),
            door(reverse("workplaces"), _("Työpaikat"), _("Mitä väki osaa, ja mitä työpaikka tarvitsee.")),
            door(reverse("workplace-team", args=here), _("Kuka vastaa työpaikoille"),
                 _("Tiimi, joka vastaa työpaikoille monesta organisaatiosta.")),
            door(reverse("projects"), _("Hankkeet"), _("Rahoitus, talousarvio, tunnit ja maksatus.")),
        ]),
    ]  # fmt: skip


def door(href: str, name: str, text: str) -> dict[str, str]:
    return {"href": href, "name": name, "text": text}
