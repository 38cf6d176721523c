"""Figures as files: CSV and XLSX, the same as they are seen on the page."""

import csv
import io
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from opinovi.base.text import printable
from opinovi.impact.cards import Card

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows_of(cards: Sequence[Card]) -> list[list[str]]:
    """A heading, and a row for each figure."""
    head = [_("mittari"), _("mistä"), _("luku"), _("väli"), _("takana ihmisiä tai tapahtumia"), _("vertailu")]
    found = [head]
    for card in cards:
        found += [[card.name, row.name, row.value, row.between, row.base, row.against] for row in card.lines]
    return [[safe(cell) for cell in row] for row in found]


def safe(text: str) -> str:
    """What opens as text in a spreadsheet, whatever it begins with."""
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """With the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return ("\ufeff" + out.getvalue()).encode()


def as_csv(cards: Sequence[Card], name: str) -> HttpResponse:
    return as_file(csv_bytes(rows_of(cards)), "text/csv; charset=utf-8", f"{name}.csv")


def xlsx_bytes(title: str, rows: Sequence[Sequence[str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = printable(title)[:31] or "1"
    for row in rows:
        sheet.append(printable(list(row)))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in (("A", 44), ("B", 30), ("C", 20), ("D", 14), ("E", 20), ("F", 20)):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_xlsx(cards: Sequence[Card], title: str, name: str) -> HttpResponse:
    return as_file(
        xlsx_bytes("".join(one for one in title if one not in r"[]:*?/\\"), rows_of(cards)), XLSX, f"{name}.xlsx"
    )


def as_file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
