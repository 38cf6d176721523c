"""Spreadsheets: rows of cells out of an XLSX or a CSV file, and into one. A cell holds text, never a formula."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from opinovi.base.text import printable

LARGEST = 10_000_000
# An XLSX is a zip: what it holds may be no larger than this, and no more than this many times the file.
LARGEST_UNPACKED = 150_000_000
MOST_PARTS = 2_000
MOST_ROWS = 20_000
MOST_COLUMNS = 100
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class SheetError(ValueError):
    """A file that can't be read; the message is for the person who sent it."""


Row = list[str]


def rows_of(content: bytes) -> Iterator[tuple[int, Row]]:
    """Each row with its number from 1, by what the file is and not by what it is called. Raises SheetError."""
    if len(content) > LARGEST:
        raise SheetError(_("Tiedosto on liian suuri. Suurin on 10 megatavua."))
    read = read_xlsx if content.startswith(b"PK\x03\x04") else read_csv
    for number, row in enumerate(read(content), start=1):
        if number > MOST_ROWS + 1:
            raise SheetError(_("Rivejä on liikaa. Enimmäismäärä on %(count)d.") % {"count": MOST_ROWS})
        if any(row):
            yield number, row


def read_xlsx(content: bytes) -> Iterator[Row]:
    import openpyxl

    refuse_bomb(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for cells in sheet.iter_rows(max_col=MOST_COLUMNS):
            yield [cell_text(one) for one in cells]
    except SheetError:
        raise
    except Exception as error:
        # The library raises whatever its parsers do; for the person it is one thing.
        raise SheetError(_("Tiedosto ei ole ehjä Excel-taulukko.")) from error


def refuse_bomb(content: bytes) -> None:
    """Refuse a zip that is no spreadsheet, or would unpack to far more than it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise SheetError(_("Tiedosto ei ole ehjä Excel-taulukko.")) from error
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise SheetError(_("Tiedosto ei ole Excel-taulukko."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise SheetError(_("Tiedosto on liian suuri avattavaksi."))


def cell_text(cell: Any) -> str:
    """A cell as text; a formula keeps its sign, so that it is refused by row and column."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    if cell.data_type == "f":
        return text if text.startswith("=") else f"={text}"
    return unguarded(text)


def read_csv(content: bytes) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetError(_("Tiedosto ei ole Excel-taulukko eikä UTF-8-tekstiä.")) from error
    if "\x00" in text:
        raise SheetError(_("Tiedosto ei ole Excel-taulukko eikä UTF-8-tekstiä."))
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True):
            yield [unguarded(one.strip()) for one in row[:MOST_COLUMNS]]
    except csv.Error as error:
        raise SheetError(_("Tiedostossa on rivi, jota ei voi lukea. Tarkista lainausmerkit.")) from error


def guarded(text: str) -> str:
    """Text that a spreadsheet program would take for a formula, with an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def write_csv(rows: Iterable[Row]) -> bytes:
    """Semicolons and a byte order mark, as spreadsheet programs in Finland expect."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([[guarded(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def write_xlsx(rows: Iterable[Row]) -> bytes:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Opin ovi")
    sheet.freeze_panes = "B2"
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet)
            # Text, whatever it begins with.
            cell._value, cell.data_type = printable(text), "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
