"""Whatever is typed gets a clear answer, and never an error of ours."""

import gzip

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opinovi.doors.models import NeedCount


def test_an_empty_need_says_so_next_to_the_field(visitor: Client) -> None:
    for query in ("?q=", "?q=%20%20"):
        done = visitor.get("/doors" + query)
        page = done.content.decode()
        assert done.status_code == 422 and 'aria-describedby="q-error"' in page and "Kirjoita ensin" in page


def test_no_need_at_all_is_the_question(visitor: Client) -> None:
    assert visitor.get("/doors").status_code == 200


def test_a_very_long_need_is_read_from_its_beginning(visitor: Client) -> None:
    done = visitor.get("/doors", {"q": "haluan vaihtaa alaa " * 500})
    assert (
        done.status_code == 200
        and "tuhat merkkiä" in done.content.decode()
        and len(gzip.compress(done.content)) < 40_000
    )


@pytest.mark.parametrize(
    "need",
    [
        "😀😀",
        "Хочу учиться",
        "أريد أن أتعلم",
        "<script>alert(1)</script>",
        "' OR 1=1; DROP TABLE directory_service; --",
        "%00",
        "\x00",
        "\u202e",
        "a" * 5000,
        "?" * 50,
    ],
)
def test_odd_needs_get_an_answer_and_a_person(visitor: Client, need: str) -> None:
    done = visitor.get("/doors", {"q": need})
    page = done.content.decode()
    assert done.status_code in (200, 422) and "Kysy ihmiseltä" in page and "<script>alert" not in page


def test_a_need_that_nobody_serves_leads_to_a_person_and_is_counted(visitor: Client) -> None:
    from opinovi.doors.counting import counter

    page = visitor.get("/doors", {"q": "avaruusraketin huolto xyzzy"}).content.decode()
    assert "Kysy ihmiseltä" in page and ("Tähän emme löytäneet ovea" in page or "Emme ole varmoja" in page)
    assert counter.counts[0].served is False


def test_a_personal_code_is_gone_from_the_address_and_the_page_says_so(visitor: Client) -> None:
    moved = visitor.get("/doors", {"q": "olen 010190-123A ja haen lukioon", "where": "Lahti"})
    assert moved.status_code == 302 and "123A" not in moved["Location"] and "where=Lahti" in moved["Location"]
    page = visitor.get(moved["Location"]).content.decode()
    assert "Peitimme henkilötunnuksen" in page and "123A" not in page


def test_a_personal_code_in_the_place_is_gone_too(visitor: Client) -> None:
    moved = visitor.get("/doors", {"q": "lukio", "where": "010190-123A"})
    assert moved.status_code == 302 and "123A" not in moved["Location"]


def test_a_place_that_does_not_exist_says_so_and_still_shows_doors(visitor: Client) -> None:
    done = visitor.get("/doors", {"q": "lukio", "where": "Atlantis"})
    page = done.content.decode()
    assert (
        done.status_code == 422
        and 'value="Atlantis"' in page
        and "Emme tunne tätä paikkaa" in page
        and done.context["doors"]
    )


def test_a_page_that_is_not_there_says_how_many_there_are(visitor: Client) -> None:
    done = visitor.get("/doors?q=lukio&page=9999")
    assert done.status_code == 404 and "Näin pitkälle ovia ei ole" in done.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "page=abc",
        "page=-1",
        "page=0",
        "page=99999999999999999999",
        "kind=x&how=y",
        "t=none&not=none",
        "n=1",
        "where=" + "x" * 9000,
    ],
)
def test_a_query_made_up_by_hand_is_read_as_well_as_it_can_be(visitor: Client, query: str) -> None:
    assert visitor.get(f"/doors?q=lukio&{query}").status_code in (200, 404, 422)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(q=st.text(max_size=80), where=st.text(max_size=20), page=st.text(max_size=5))
def test_nothing_that_is_typed_is_an_error_of_ours(visitor: Client, q: str, where: str, page: str) -> None:
    assert visitor.get("/doors", {"q": q, "where": where, "page": page}).status_code < 500


def test_nothing_that_was_typed_is_kept(visitor: Client) -> None:
    from opinovi.doors.counting import counter

    visitor.get("/doors", {"q": "salainen asiani on lukio", "where": "Lahti"})
    counter.flush()
    [count] = NeedCount.objects.all()
    kept = {field.name: getattr(count, field.name) for field in NeedCount._meta.fields}
    assert set(kept) == {"id", "network", "day", "language", "municipality", "topics", "doors", "served", "opened"}
    assert "salainen" not in str(kept) and count.municipality == "398" and "upper-secondary" in count.topics
