"""Taking in what a source gives: read, check, and then all or nothing."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from opinovi.directory.actions import take_in_points, take_in_services
from opinovi.directory.models import Source
from opinovi.interchange import ptv, ptv_list
from opinovi.interchange.reading import Problem, Reading, Report

FORMATS = {"ptv-list": (ptv_list.read, "list"), "ptv": (ptv.read, "full")}


def import_file(format_name: str, path: Path, skip_bad: bool = False, complete: bool | None = None) -> Report:
    """Take in a file. A broken one loads nothing, unless told to skip its bad records.

    `complete` says whether what is not in the file has vanished from the source; None lets the file's form tell.
    A file of which records are skipped is never taken as complete: a record that can't be read has not vanished.
    """
    read, form = FORMATS[format_name]
    reading = read(path)
    if reading.problems and not (skip_bad and (reading.services or reading.points)):
        return Report(reading.problems)
    whole = (reading.complete if complete is None else complete) and not reading.problems
    return apply(reading, form, whole, path.name)


def apply(reading: Reading, form: str, whole: bool, name: str) -> Report:
    report = Report(reading.problems)
    try:
        with transaction.atomic():
            if reading.points or form == "full":
                report.points = take_in_points(Source.PTV, reading.points, whole and bool(reading.points))
            report.services = take_in_services(Source.PTV, form, reading.services, whole and bool(reading.services))
            if reading.points:
                # Services that came in the same file exist only now: link them.
                take_in_points(Source.PTV, reading.points, False)
    except ValidationError as error:
        wrong = [Problem(name, 0, field, " ".join(why)) for field, why in error.message_dict.items()]
        return Report([*reading.problems, *wrong])
    report.loaded = True
    return report
