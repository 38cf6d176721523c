"""Newer lists of municipalities, regions and postcodes are taken into use, as they are published."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from opinovi.directory import codes
from opinovi.interchange.code_lists import BadList, take_codes


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.CODES_DIR = tmp_path / "codes"
    codes.forget()
    yield tmp_path
    settings.CODES_DIR = tmp_path / "gone"
    codes.forget()


def registry(rows: dict[str, dict[str, str]]) -> str:
    """As the Finnish code registry publishes a list."""
    told = [{"codeValue": code, "prefLabel": names, "status": "VALID"} for code, names in rows.items()]
    return json.dumps(
        {"meta": {}, "results": [*told, {"codeValue": "999", "prefLabel": {"fi": "Vanha"}, "status": "SUPERSEDED"}]}
    )


def classification(rows: dict[str, dict[str, str]]) -> str:
    """As Statistics Finland publishes one."""
    return json.dumps([
        {"code": code, "classificationItemNames": [{"lang": lang, "name": name} for lang, name in names.items()]}
        for code, names in rows.items()
    ])  # fmt: skip


def table(rows: dict[str, dict[str, str]]) -> str:
    return "koodi;nimi;namn\n" + "".join(
        f"{code};{names['fi']};{names.get('sv', '')}\n" for code, names in rows.items()
    )


@pytest.mark.parametrize("publish", [registry, classification, table])
def test_a_newer_list_of_municipalities_is_taken_whoever_publishes_it(folder: Path, db: None, publish: Any) -> None:
    rows = {code: dict(names) for code, names in codes.municipalities().items()}
    rows["801"] = {"fi": "Uusikunta", "sv": "Nykommun"}
    del rows["005"]
    rows["398"]["fi"] = "Suur-Lahti"
    (folder / "list").write_text(publish(rows), encoding="utf-8")
    changes = take_codes("municipalities", folder / "list", anyway=True)
    assert (changes["added"], changes["gone"]) == (["801"], ["005"]) and "398" in changes["changed"]
    assert codes.municipality_of("uusikunta") == "801" and codes.municipality_name("398", "fi") == "Suur-Lahti"
    assert codes.municipality_name("801", "sv") == "Nykommun" and codes.municipality_of("999") is None


def test_a_list_without_codes_that_records_use_is_not_taken(folder: Path, db: None) -> None:
    rows = {code: names for code, names in codes.municipalities().items() if code != "398"}
    (folder / "list").write_text(registry(rows), encoding="utf-8")
    with pytest.raises(BadList, match=r"398 \(\d+\)"):
        take_codes("municipalities", folder / "list")
    assert codes.municipality_name("398", "fi") == "Lahti"


@pytest.mark.parametrize(
    ("text", "why"),
    [("{", "not whole JSON"), ("[]", "there are 0 codes"), ('[{"code": "5", "name": {"fi": "X"}}]', "no code of"),
     ('[{"code": "005", "name": {"sv": "X"}}]', "no Finnish name")],
)  # fmt: skip
def test_a_list_that_does_not_hold_together_changes_nothing(folder: Path, db: None, text: str, why: str) -> None:
    (folder / "list").write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=why):
        call_command("codes", "municipalities", str(folder / "list"))
    assert not (folder / "codes" / "municipalities.json").exists()


def posti(rows: dict[str, str]) -> bytes:
    """As Posti publishes its postcodes: fixed columns, Latin-1."""
    lines = []
    for code, place in rows.items():
        line = f"PONOT20270101{code}".ljust(179) + place.ljust(20)
        lines.append(line.ljust(220))
    return "\n".join(lines).encode("latin-1")


def test_postis_postcodes_are_taken_and_those_of_an_unknown_municipality_are_not(folder: Path, db: None) -> None:
    rows = {code: codes.municipalities()[told]["fi"].upper() for code, told in codes.postcodes().items()}
    rows["15999"] = "LAHTI"
    (folder / "PCF").write_bytes(posti(rows))
    assert take_codes("postcodes", folder / "PCF")["added"] == ["15999"]
    assert codes.municipality_of("15999") == "398" and codes.municipality_of("15110") == "398"
    rows["15998"] = "Atlantis"
    (folder / "PCF").write_bytes(posti(rows))
    with pytest.raises(BadList, match="atlantis"):
        take_codes("postcodes", folder / "PCF")
    assert codes.municipality_of("15998") is None
