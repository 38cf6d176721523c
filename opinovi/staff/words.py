"""How states and kinds of the staff room are said."""

from typing import Any

from django.utils.translation import gettext_lazy

from opinovi.staff.models import CircleKind, Rhythm, ShadowState

RHYTHMS: dict[str, Any] = {
    Rhythm.WEEKLY: gettext_lazy("kerran viikossa"),
    Rhythm.DAILY: gettext_lazy("kerran päivässä"),
    Rhythm.NEVER: gettext_lazy("ei koskaan"),
}
CIRCLES: dict[str, Any] = {
    CircleKind.ASK: gettext_lazy("kysymys"),
    CircleKind.MENTORING: gettext_lazy("mentoripari"),
    CircleKind.PEERS: gettext_lazy("vertaisryhmä"),
}
# The word and its tone.
SHADOW_DAYS: dict[str, tuple[Any, str]] = {
    ShadowState.ASKED: (gettext_lazy("odottaa vastausta"), "ajar"),
    ShadowState.AGREED: (gettext_lazy("sovittu"), "open"),
    ShadowState.DECLINED: (gettext_lazy("ei onnistu"), "alert"),
    ShadowState.CANCELLED: (gettext_lazy("peruttu"), "alert"),
    ShadowState.HELD: (gettext_lazy("pidetty"), ""),
}
