"""What the kinds and states of this room are called."""

from typing import Any

from django.utils.translation import gettext_lazy

from opinovi.projects.models import ChangeState, CostModel, CostType, EntryState, Rounding

TYPES: dict[str, Any] = {
    CostType.STAFF: gettext_lazy("palkat"),
    CostType.SERVICES: gettext_lazy("ostopalvelut"),
    CostType.TRAVEL: gettext_lazy("matkat"),
    CostType.ROOMS: gettext_lazy("tilat"),
    CostType.MATERIALS: gettext_lazy("aineistot ja laitteet"),
    CostType.OTHER: gettext_lazy("muut"),
    CostType.FLAT: gettext_lazy("prosenttikorvaus"),
}
ENTRIES: dict[str, tuple[Any, str]] = {
    EntryState.ENTERED: (gettext_lazy("odottaa vahvistusta"), "ajar"),
    EntryState.CONFIRMED: (gettext_lazy("vahvistettu"), "open"),
    EntryState.RETURNED: (gettext_lazy("palautettu"), "alert"),
}
CHANGES: dict[str, tuple[Any, str]] = {
    ChangeState.ASKED: (gettext_lazy("odottaa päätöstä"), "ajar"),
    ChangeState.DECIDED: (gettext_lazy("hyväksytty"), "open"),
    ChangeState.REFUSED: (gettext_lazy("hylätty"), "alert"),
}
MODELS: dict[str, Any] = {
    CostModel.REAL: gettext_lazy("todelliset kulut"),
    CostModel.FLAT: gettext_lazy("palkat todellisina, muut kulut prosenttina palkoista"),
}
ROUNDINGS: dict[str, Any] = {
    Rounding.CENT: gettext_lazy("lähimpään senttiin"),
    Rounding.CENT_DOWN: gettext_lazy("alaspäin senttiin"),
    Rounding.EURO_DOWN: gettext_lazy("alaspäin euroon"),
}
