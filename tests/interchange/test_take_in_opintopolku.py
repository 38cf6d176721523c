"""What can be applied to at Opintopolku comes in as offerings with their times to apply."""

import json
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opinovi.directory.models import Charge, Offering, State
from opinovi.interchange import kouta
from opinovi.interchange.actions import runs
from opinovi.interchange.models import Feed, Run, RunState
from opinovi.interchange.reading import BadRecord
from opinovi.interchange.sources.shape import Raw
from opinovi.network.models import Network, Organisation
from tests.interchange.serving import DATA, send, served

FILES = {path.name: path.read_text(encoding="utf-8") for path in (DATA / "opintopolku").glob("*.jsonl")}


@pytest.fixture
def files() -> dict[str, str]:
    return dict(FILES)


@pytest.fixture
def feed(region: Network, settings: Any, tmp_path: Path, files: dict[str, str]) -> Iterator[Feed]:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        text = files.get(handler.path.rsplit("/", 1)[1])
        send(handler, (text or "").encode(), 200 if text is not None else 404)

    settings.OPINOVI_HOME = tmp_path
    with served(respond) as where:
        settings.FETCH_ALLOWED = [where]
        yield Feed.objects.create(network=region, name="Opintopolku", format="kouta", address=f"http://{where}/kouta")


def run(feed: Feed) -> Run:
    return runs.go(runs.begin(feed))


def changed(text: str, oid: str, **told: Any) -> str:
    """A file in which one record tells something else."""
    lines = [json.loads(line) for line in text.splitlines()]
    for one in lines:
        if one["_source"]["oid"] == oid:
            one["_source"] |= told
    return "\n".join(json.dumps(one) for one in lines)


def test_what_can_be_applied_to_becomes_offerings(feed: Feed) -> None:
    one = run(feed)
    assert (one.state, one.problems) == (RunState.APPLIED, [])
    rows = {row.external_id: row for row in Offering.objects.filter(source="kouta")}
    # Four that can be applied to, and those given without; what is not published is not there.
    assert {key for key in rows if ".20." in key} == {
        row["_source"]["oid"] for row in map(json.loads, FILES["hakukohde-kouta.jsonl"].splitlines())
        if row["_source"]["tila"] == "julkaistu"
    }  # fmt: skip
    assert "1.2.246.562.17.000003" in rows and "1.2.246.562.17.000005" not in rows
    target = rows["1.2.246.562.20.0000001"]
    assert str(target.organisation) and target.organisation.source == "kouta" and target.municipality == "297"
    assert (target.apply_from, target.apply_until) == (date(2023, 10, 11), date(2023, 10, 11))
    assert target.starts_on == date(2042, 3, 24) and target.ends_on == date(2042, 3, 29)
    assert target.languages and target.charge == Charge.CHARGEABLE and target.price_cents == 20050
    assert all(row.state == State.PUBLISHED and row.name and row.link.startswith("https://") for row in rows.values())
    assert Organisation.objects.filter(source="kouta", description__fi="Esittely").exists()
    assert run(feed).state == RunState.UNCHANGED


def test_a_round_whose_time_changes_changes_what_follows_it(feed: Feed, files: dict[str, str]) -> None:
    oid, which = "1.2.246.562.29.0000001", "1.2.246.562.20.0000001"
    files["hakukohde-kouta.jsonl"] = changed(files["hakukohde-kouta.jsonl"], which, kaytetaanHaunAikataulua=True)
    run(feed)
    times = [{"alkaa": "2027-02-20T08:00", "paattyy": "2027-03-20T15:00"},
             {"alkaa": "2026-02-20T08:00", "paattyy": "2026-03-20T15:00"}]  # fmt: skip
    files["haku-kouta.jsonl"] = changed(files["haku-kouta.jsonl"], oid, hakuajat=times)
    assert run(feed).state == RunState.APPLIED
    one = Offering.objects.get(external_id=which)
    assert (one.apply_from, one.apply_until) == (date(2027, 2, 20), date(2027, 3, 20)) and not one.over()


def test_what_is_published_no_more_is_withdrawn(feed: Feed, files: dict[str, str]) -> None:
    run(feed)
    files["toteutus-kouta.jsonl"] = changed(files["toteutus-kouta.jsonl"], "1.2.246.562.17.000003", tila="arkistoitu")
    one = run(feed)
    assert one.state == RunState.APPLIED and one.counts["offering"]["withdrawn"] == 1
    assert Offering.objects.get(external_id="1.2.246.562.17.000003").state == State.WITHDRAWN


def test_a_file_that_is_missing_holds_what_it_gave(feed: Feed, files: dict[str, str]) -> None:
    run(feed)
    del files["hakukohde-kouta.jsonl"], files["oppilaitos-kouta.jsonl"]
    one = run(feed)
    assert one.state in (RunState.HELD, RunState.APPLIED) and one.problem_count == 0
    del files["toteutus-kouta.jsonl"]
    assert run(feed).why in ("status", "vanish")


def test_what_is_nobodys_stops_no_other(feed: Feed, files: dict[str, str]) -> None:
    del files["oppilaitos-kouta.jsonl"]
    which = "1.2.246.562.20.0000001"
    files["hakukohde-kouta.jsonl"] = changed(files["hakukohde-kouta.jsonl"], which, organisaatio={"oid": "9.9"})
    one = run(feed)
    assert one.state == RunState.APPLIED
    assert [(told["field"], told["reason"]) for told in one.problems] == [("organisation", f"{which}: is not known")]
    assert Offering.objects.filter(source="kouta").exists() and not Offering.objects.filter(external_id=which).exists()


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6), lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(["fi", "nimi", "koodiUri", "alkaa", "lukumaara"]), inner, max_size=2), max_leaves=4,
)  # fmt: skip


@given(kind=st.sampled_from(["organisation", "offering", "programme", "round"]),
       row=st.dictionaries(st.sampled_from(["nimi", "metadata", "toteutus", "hakuajat", "tarjoajat", "jarjestyspaikka",
                                            "organisaatio", "hakutiedot", "koulutusOid", "opetuskieliKoodiUrit",
                                            "hakulomakeLinkki", "oppilaitos", "kotipaikka"]), ANY, max_size=6))  # fmt: skip
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_stands_in_a_record_it_is_read_or_told_of(kind: str, row: dict[str, Any]) -> None:
    raw = Raw(kind, "1.2.3", row | {"oid": "1.2.3"}, "x.jsonl", 1)
    feed = Feed(organisation=Organisation(name={"fi": "T"}))
    try:
        kouta.KOUTA.links(raw)
        if kind in kouta.KOUTA.kept:
            kouta.KOUTA.keep(feed, raw)
        else:
            kouta.KOUTA.record(feed, raw, {})
    except BadRecord as bad:
        assert bad.reason
