"""Many services at once, by a spreadsheet: read and compared by a task, looked at by a person, then all or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from opinovi.base import storage
from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record as tell
from opinovi.base.events import record_many
from opinovi.base.ids import new_id
from opinovi.directory.actions.freshness import next_date
from opinovi.directory.columns import CellError, Column, columns
from opinovi.directory.models import OWN_SOURCES, BulkLoad, Channel, Draft, GivenAt, Service, Source, State, Version
from opinovi.directory.records import FIELDS, data_of, differences, set_fields
from opinovi.directory.sheet import SheetError, rows_of
from opinovi.network.models import Organisation, Person

BATCH = 500
KEPT_DAYS = 2
MOST_ERRORS = 500
# What every change of a service writes.
KEPT_COLUMNS = ("state", "version", "changed_at", "verified_on", "confirm_by")
ID, VERSION, REMOVE = "id", "version", "remove"
# The topics that there are; the room above, which knows them, says so.
known_topics: list[Callable[[], set[str]]] = [set]


def all_columns() -> list[Column]:
    return columns(known_topics[-1])


def own_services(organisation: Organisation) -> list[Service]:
    """The services that the organisation itself owns, published, with their ways in and places: three queries."""
    rows = organisation.services.filter(state=State.PUBLISHED).filter(source__in=OWN_SOURCES).defer("source_record")
    return list(
        rows.prefetch_related(
            Prefetch("channels", Channel.objects.order_by("position", "id")),
            Prefetch("givenat_set", GivenAt.objects.order_by("id"), to_attr="given_rows"),
        ).order_by("id")
    )


def sheet_of(organisation: Organisation) -> Iterator[list[str]]:
    """The organisation's services as rows, the names of the columns first."""
    known = all_columns()
    yield [ID, VERSION, *(one.name for one in known), REMOVE]
    for service in own_services(organisation):
        data = data_of(service)
        yield [str(service.id), str(service.version), *(one.of(data) for one in known), ""]


def send_in(by: Person, organisation: Organisation, file_name: str, content: bytes) -> BulkLoad:
    """Take in a file, to be read by a task."""
    require("directory.bulk", by, organisation)
    kept = storage.keep(content)
    with transaction.atomic():
        load = BulkLoad.objects.create(organisation=organisation, by=by, file_name=file_name[:200], content=kept)
        tell("send_in", "load", load.id, str(by.id), organisation=str(organisation.id))
        read_load.enqueue(str(load.id))
    return load


@dataclass
class Compared:
    """What a file would change: the errors, the changes with the new data, and how many rows change nothing."""

    errors: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    unchanged: int = 0


def read(load_id: UUID) -> None:
    """Read a load's file and keep what it would change."""
    load = BulkLoad.objects.select_related("organisation", "by").get(id=load_id)
    if load.state != BulkLoad.State.WAITING:
        return
    BulkLoad.objects.filter(id=load_id).update(state=BulkLoad.State.READING)

    def progress(done: int, total: int) -> None:
        BulkLoad.objects.filter(id=load_id).update(done=done, total=total)

    with override(load.by.language if load.by and load.by.language else "fi"):
        compared = compare(load.organisation, storage.fetch(load.content), progress)
    load.errors, load.changes, load.unchanged = compared.errors[:MOST_ERRORS], compared.changes, compared.unchanged
    load.state = BulkLoad.State.BROKEN if compared.errors else BulkLoad.State.READY
    with transaction.atomic():
        load.save()
        tell("compare", "load", load.id, changes=len(load.changes), errors=len(load.errors))


def compare(organisation: Organisation, content: bytes, progress: Callable[[int, int], None]) -> Compared:
    """Every row against what is stored. Nothing is changed."""
    compared = Compared()
    try:
        rows = list(rows_of(content))
    except SheetError as error:
        compared.errors.append({"row": 0, "column": "", "reason": str(error)})
        return compared
    header = rows[0][1] if rows else []
    known = {one.name: one for one in all_columns()}
    compared.errors += header_errors(header, known)
    if compared.errors:
        return compared
    stored = {str(one.id): one for one in own_services(organisation)}
    drafts = {str(one) for one in Draft.objects.filter(organisation=organisation).values_list("id", flat=True)}
    seen: set[str] = set()
    regions = sorted({one.region for one in organisation.networks.all()})
    for done, (number, cells) in enumerate(rows[1:], start=1):
        row = dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=False))
        compare_row(number, row, known, stored, drafts, seen, regions, compared)
        if done % BATCH == 0:
            progress(done, len(rows) - 1)
    progress(len(rows) - 1, len(rows) - 1)
    return compared


def header_errors(header: list[str], known: dict[str, Column]) -> list[dict[str, Any]]:
    found = []
    for name in header:
        if name and name not in {*known, ID, VERSION, REMOVE}:
            found.append({"row": 1, "column": name, "reason": _("Tällaista saraketta ei ole.")})
        elif name and header.count(name) > 1:
            found.append({"row": 1, "column": name, "reason": _("Sarake on kahdesti.")})
    if "name_fi" not in header:
        found.append({"row": 1, "column": "name_fi", "reason": _("Sarake puuttuu. Lataa pohja tästä palvelusta.")})
    return found


def compare_row(
    number: int,
    row: dict[str, str],
    known: dict[str, Column],
    stored: dict[str, Service],
    drafts: set[str],
    seen: set[str],
    regions: list[str],
    compared: Compared,
) -> None:
    """One row: its errors by column, or what it would change."""
    key = row.get(ID, "")
    service = stored.get(key)
    errors = identity_errors(row, service, drafts, seen)
    before = data_of(service) if service else {}
    after = dict(before) if service else empty_data(regions)
    for name, cell in row.items():
        if name not in known:
            continue
        if cell.startswith("="):
            errors.append((name, _("Solussa on kaava. Kirjoita arvo.")))
            continue
        if service and known[name].of(before) == cell:
            continue
        try:
            known[name].put(after, cell)
        except CellError as error:
            errors.append((name, str(error)))
    if after.get("valid_from") and after.get("valid_until") and after["valid_until"] < after["valid_from"]:
        errors.append(("valid_until", _("Viimeinen päivä on ennen ensimmäistä.")))
    compared.errors += [{"row": number, "column": name, "reason": why} for name, why in errors]
    if errors:
        return
    if service and row.get(REMOVE):
        compared.changes.append({"row": number, "id": key, "name": str(service), "how": "remove", "fields": {}})
    elif not service or differences(before, after):
        after["regions"] = [] if after["nationwide"] or after["municipalities"] else after["regions"] or regions
        fields = {
            name: [one.of(before) if service else "", one.of(after)]
            for name, one in known.items()
            if (one.of(before) if service else "") != one.of(after)
        }
        change = {"row": number, "id": key, "name": after["name"].get("fi", ""), "how": "change" if service else "add"}
        compared.changes.append(
            change | {"fields": fields, "data": after, "version": service.version if service else 0}
        )
    else:
        compared.unchanged += 1


def identity_errors(
    row: dict[str, str], service: Service | None, drafts: set[str], seen: set[str]
) -> list[tuple[str, str]]:
    """Whether the row is of a service of ours, once, as it stood when the sheet was made."""
    key = row.get(ID, "")
    if not key:
        return []
    found = []
    if service is None:
        found.append((ID, _("Organisaatiollasi ei ole tällaista palvelua. Uuden palvelun rivillä tämä on tyhjä.")))
    if key in seen:
        found.append((ID, _("Sama palvelu on kahdella rivillä.")))
    if key in drafts:
        found.append((ID, _("Palvelusta on luonnos. Julkaise tai hylkää se ensin.")))
    if service and row.get(VERSION, str(service.version)) != str(service.version):
        found.append((VERSION, _("Palvelua on muutettu sen jälkeen, kun taulukko ladattiin. Lataa uusi.")))
    seen.add(key)
    return found


def empty_data(regions: list[str]) -> dict[str, Any]:
    """What a new service has before its row is put on it."""
    texts = ("name", "alternative_names", "summary", "description", "instructions", "requirements", "charge_info")
    lists = ("topics", "target_groups", "municipalities", "languages", "channels", "given")
    return {
        **{name: {} for name in texts},
        **{name: [] for name in lists},
        "kind": "guidance",
        "charge": "unknown",
        "nationwide": False,
        "regions": regions,
        "valid_from": "",
        "valid_until": "",
        "confirm_months": 6,
        "owner": "",
        "team": "",
    }


@transaction.atomic
def start_loading(by: Person, load: BulkLoad) -> None:
    """A person has looked at the changes and wants them: a task makes them real."""
    require("directory.bulk", by, load)
    locked = BulkLoad.objects.select_for_update().get(id=load.id)
    if locked.state != BulkLoad.State.READY:
        raise ValidationError(_("Tämä taulukko ei odota lataamista."))
    locked.state = BulkLoad.State.LOADING
    locked.save(update_fields=["state"])
    tell("start_loading", "load", load.id, str(by.id))
    apply_load.enqueue(str(load.id))


def apply(load_id: UUID) -> None:
    """Make a load's changes real, all or none: none where anything of it was changed meanwhile."""
    load = BulkLoad.objects.select_related("organisation", "by").get(id=load_id)
    if load.state != BulkLoad.State.LOADING:
        return
    with override(load.by.language if load.by and load.by.language else "fi"), transaction.atomic():
        stored = {str(one.id): one for one in own_services(load.organisation)}
        refused = refusals(load, stored)
        if refused:
            load.errors, load.state = refused[:MOST_ERRORS], BulkLoad.State.REFUSED
        else:
            make_real(load, stored)
            load.state, load.changes = BulkLoad.State.LOADED, [without_data(one) for one in load.changes]
        load.content = b""
        load.save()
        tell("load", "load", load.id, str(load.by_id or ""), changes=len(load.changes), refused=len(refused))


def without_data(change: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in change.items() if key != "data"}


def refusals(load: BulkLoad, stored: dict[str, Service]) -> list[dict[str, Any]]:
    drafts = {str(one) for one in Draft.objects.filter(organisation=load.organisation).values_list("id", flat=True)}
    found = []
    for one in load.changes:
        if not one["id"]:
            continue
        service = stored.get(one["id"])
        if service is None or one["id"] in drafts or one.get("version", service.version) != service.version:
            reason = _("Palvelua on muutettu sen jälkeen, kun taulukko luettiin. Mitään ei ladattu.")
            found.append({"row": one["row"], "column": ID, "reason": reason})
    return found


def make_real(load: BulkLoad, stored: dict[str, Service]) -> None:
    added: list[Service] = []
    changed: list[Service] = []
    removed: list[Service] = []
    versions: list[Version] = []
    channels: list[Channel] = []
    touched: list[UUID] = []
    differ: set[str] = set()
    versioned = set(
        Version.objects.filter(record_type="service", record_id__in=[UUID(key) for key in stored]).values_list(
            "record_id", "number"
        )
    )
    for one in load.changes:
        service = stored.get(one["id"]) or Service(id=new_id(), organisation=load.organisation, source=Source.OWN)
        new = not one["id"]
        before = {} if new else data_of(service)
        if not new and (service.id, service.version) not in versioned:
            versions.append(version(service, before, [], "before", load))
        service.version, service.changed_at = service.version + 1, now()
        if one["how"] == "remove":
            service.state = State.WITHDRAWN
            removed.append(service)
            versions.append(version(service, before, [], "withdrawn", load))
            continue
        data = one["data"]
        set_fields(service, data)
        service.state, service.verified_on = State.PUBLISHED, today()
        service.confirm_by = next_date(service.confirm_months)
        service.external_id = service.external_id or str(service.id)
        service.clean_fields(exclude=["organisation", "owner", "team"])
        if new or data["channels"] != before["channels"]:
            touched.append(service.id)
            channels += [
                Channel(service=service, position=position, **row) for position, row in enumerate(data["channels"])
            ]
        (added if new else changed).append(service)
        what = differences(before, data)
        differ |= set() if new else {one.split(".")[0] for one in what}
        versions.append(version(service, data, what, "loaded", load))
    Service.objects.bulk_create(added, batch_size=BATCH)
    if changed or removed:
        # Only what some row changes is written, since a wide update is slow.
        written = [*KEPT_COLUMNS, *sorted(differ & set(FIELDS["service"]))]
        Service.objects.bulk_update([*changed, *removed], written, batch_size=100)
    for begin in range(0, len(touched), BATCH):
        Channel.objects.filter(service__in=touched[begin : begin + BATCH]).delete()
    Channel.objects.bulk_create(channels, batch_size=BATCH)
    Version.objects.bulk_create(versions, batch_size=BATCH)
    actor = str(load.by_id or "")
    for verb, services in (("publish", [*added, *changed]), ("withdraw", removed)):
        record_many(verb, "service", [one.id for one in services], actor, load=str(load.id))


def version(service: Service, data: dict[str, Any], changed: list[str], how: str, load: BulkLoad) -> Version:
    return Version(
        record_type="service",
        record_id=service.id,
        organisation_id=load.organisation_id,
        number=service.version,
        data=data,
        changed=changed,
        how=how,
        by=load.by if how != "before" else None,
    )


@transaction.atomic
def drop_load(by: Person, load: BulkLoad) -> None:
    """Nothing of the file is wanted."""
    require("directory.bulk", by, load)
    tell("drop", "load", load.id, str(by.id))
    load.delete()


@transaction.atomic
def forget_old_loads() -> int:
    old = BulkLoad.objects.filter(at__lt=now() - timedelta(days=KEPT_DAYS))
    count = old.count()
    if count:
        old.delete()
        tell("forget", "loads", "", count=count)
    return count


@task()
def read_load(load_id: str) -> None:
    """Read a spreadsheet that was sent in and compare it with what is stored, in the background."""
    read(UUID(load_id))


@task()
def apply_load(load_id: str) -> None:
    """Make a spreadsheet's changes real, all or none, in the background."""
    apply(UUID(load_id))
