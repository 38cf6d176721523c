"""The groups that adult education reaches least, by which one may say, or not, that one belongs to them."""

from django.utils.translation import gettext_lazy as _

GROUPS = {
    "low_schooling": _("vain peruskoulu"),
    "over_55": _("55 vuotta tai enemmän"),
    "immigrant": _("muuttanut Suomeen"),
    "unemployed": _("työtön"),
    "outside_work": _("työelämän ulkopuolella"),
    "disabled": _("vamma tai pitkä sairaus"),
    "rural": _("asuu maaseudulla"),
}
