"""A claim's files: a workbook with every entry and the sums of them, and a report on paper."""

import io
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from opinovi.base.euros import euros
from opinovi.base.pdf import pdf
from opinovi.base.text import choose, printable
from opinovi.network.models import Organisation
from opinovi.projects.models import Claim, Entry, EntryState
from opinovi.projects.money import hours
from opinovi.projects.words import TYPES

MONEY = "#,##0.00"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BATCH = 5000

PAPER = """
#text(size: 20pt, weight: "bold", fill: rgb("#083a4a"))[#told.title]
#v(0.2em)
#told.under
#for section in told.tables [
  == #section.name
  #table(columns: (1fr, auto), stroke: 0.5pt + rgb("#bbb"), inset: 6pt, align: (left, right),
    table.header(..section.head.map(one => strong(one))), ..section.rows.flatten())
]
#v(2em)
#told.sign
"""


def safe(text: str) -> str:
    """A cell holds text, never a formula."""
    text = printable(text)
    return f"'{text}" if text.startswith(FORMULA) else text


def make_sheet(claim: Claim, language: str) -> bytes:
    """An XLSX with the sums first and every confirmed entry after, written row by row."""
    with translation.override(language):
        book = Workbook(write_only=True)
        sums = book.create_sheet(_("Yhteenveto"))
        for section in tables(claim):
            sums.append([bold(sums, section["name"])])
            for name, cents in section["sums"]:
                sums.append([safe(name), money(sums, cents)])
            sums.append([])
        sheet = book.create_sheet(_("Kirjaukset"))
        head = [_("Päivä"), _("Osapuoli"), _("Kululaji"), _("Omaa työtä"), _("Selite"), _("Kuka"), _("Tunnit"),
                _("Tunnin hinta"), _("Tosite"), _("Summa")]  # fmt: skip
        sheet.append([bold(sheet, one) for one in head])
        names = {one.id: choose(one.name).text for one in Organisation.objects.filter(id__in=partner_ids(claim))}
        kinds = {kind: str(name) for kind, name in TYPES.items()}
        yes = _("kyllä")
        for row in entries(claim):
            day, house, kind, in_kind, text, who, minutes, price, voucher, cents = row
            sheet.append(
                [day, safe(names.get(house, "")), kinds[kind], yes if in_kind else "", safe(text), safe(who or ""),
                 hours(minutes) if minutes else "", money(sheet, price) if price else "", safe(voucher),
                 money(sheet, cents)]
            )  # fmt: skip
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


def entries(claim: Claim) -> Any:
    rows = Entry.objects.filter(period=claim.period_id, state=EntryState.CONFIRMED).order_by("day", "id")
    return rows.values_list(
        "day", "organisation", "cost_type", "in_kind", "text", "member__person__name", "minutes", "hour_cents",
        "voucher", "cents",
    ).iterator(BATCH)  # fmt: skip


def partner_ids(claim: Claim) -> list[str]:
    return list(claim.sums["partners"])


def bold(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def money(sheet: Any, cents: int) -> WriteOnlyCell:
    """Euros as a number of the sheet; two decimals of cents below 2^53 are exact to the cent."""
    cell = WriteOnlyCell(sheet, value=cents / 100)
    cell.number_format = MONEY
    return cell


def tables(claim: Claim) -> list[dict[str, Any]]:
    """The claim's sums in words: whole, funders, partners, cost types."""
    sums = claim.sums
    names = {str(one.id): choose(one.name).text for one in Organisation.objects.filter(id__in=partner_ids(claim))}
    return [
        {
            "name": _("Kustannukset"),
            "sums": [
                (_("Rahana"), sums["money"]),
                (_("Omana työnä"), sums["in_kind"]),
                (_("Yhteensä"), sums["total"]),
            ],
        },
        {"name": _("Rahoittajat"), "sums": [(choose(name).text, cents) for _id, name, cents in sums["funders"]]},
        {
            "name": _("Osapuolet"),
            "sums": [
                (names.get(one, ""), cents)
                for one, cents in sorted(sums["partners"].items(), key=lambda pair: -pair[1])
            ],
        },
        {"name": _("Kululajit"), "sums": [(str(TYPES[one]), cents) for one, cents in sums["types"].items()]},
    ]  # fmt: skip


def make_paper(claim: Claim, language: str) -> bytes:
    """The report on paper: sums, no entries, no names of people."""
    with translation.override(language):
        project = claim.period.project
        told = {
            "title": _("Maksatushakemus %(number)d") % {"number": claim.number},
            "lang": language,
            "under": f"{project}. {project.code} {claim.period}",
            "tables": [
                {
                    "name": one["name"],
                    "head": [one["name"], _("Summa")],
                    "rows": [[name, euros(cents)] for name, cents in one["sums"]],
                }
                for one in tables(claim)
            ],
            "sign": _("Päiväys ja allekirjoitus"),
        }
        return pdf(PAPER, told)
