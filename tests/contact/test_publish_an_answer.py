"""A guide turns a conversation into a public answer; the program points at what may tell of somebody, another approves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from opinovi.contact.ask import fitting_answers
from opinovi.contact.findings import findings, marked
from opinovi.contact.models import Enquiry
from opinovi.directory.models import Answer, Service
from opinovi.doors.need import understand
from opinovi.network.models import MemberRole, Person
from tests.contact.asking import ask, form

AsPerson = Callable[[str], Client]
ASKED = "Moi, olen Aino Virtanen Lahdesta, synt. 12.3.1985. Saako varttikurssin käydä työn ohella?"
ANSWER = "Hei Aino! Varttikurssin saa käydä työn ohella. Soita minulle, 040 123 4567, t. Oona"


@pytest.fixture
def answered(visitor: Client, career_guidance: Service, as_person: AsPerson) -> Enquiry:
    enquiry = ask(visitor, ASKED, service=str(career_guidance.id))
    as_person("oona").post(f"/desk/enquiries/{enquiry.id}", {"then": "reply", "text": ANSWER})
    return enquiry


@pytest.fixture
def draft(answered: Enquiry, as_person: AsPerson) -> Answer:
    response = as_person("oona").post(f"/desk/enquiries/{answered.id}/answer")
    assert response.status_code == 302
    return Answer.objects.get(id=response["Location"].split("/")[3])


def clean(**more: str) -> dict[str, str]:
    return {
        "name_fi": "Saako varttikurssin käydä työn ohella?", "summary_fi": "Saa. Varttikurssi pidetään iltaisin.",
        "then": "propose",
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ASKED, ["name Aino", "name Virtanen", "place Lahdesta", "date 12.3.1985"]),
        (ANSWER, ["name Aino", "number 040 123 4567", "name Oona"]),
        ("Asun Mannerheimintie 4 B 12, 00100 Helsinki", ["place Mannerheimintie", "number 4", "number 12", "number 00100", "place Helsinki"]),
        ("nimeni on maija meikäläinen", ["name maija"]),
        ("Mohammed Ali ohjasi minut Kelaan", ["name Mohammed", "name Ali"]),
        ("tule 3. maaliskuuta tai kirjoita aino@esimerkki.fi", ["date 3. maaliskuuta", "mail aino@esimerkki.fi"]),
        ("Olin työssä Nokialla vuoteen 2019. Sitten Zhangin ravintolassa.", ["place Nokialla", "number 2019", "name Zhangin"]),
        ("Jag heter Kerstin och bor i Borgå.", ["name Kerstin", "name Borgå"]),
        ("Toivon saavani toivoa. Kuusi kaatui. Kiitos, Toivo!", ["name Toivo"]),
        ("Ammattiin voi opiskella. Hae nyt! Kysy Kelasta tai TE-palveluista.", []),
        ("", []),
    ],
)  # fmt: skip
def test_the_program_points_at_what_may_tell_of_somebody(text: str, expected: list[str]) -> None:
    assert [f"{one.kind} {one.text}" for one in findings(text)] == expected


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_what_is_marked_is_the_text_itself(text: str) -> None:
    assert "".join(piece for piece, _kind in marked(text)) == text


def test_a_draft_has_the_question_and_the_answer_and_lies_sealed(draft: Answer, as_person: AsPerson) -> None:
    page = as_person("oona").get(f"/desk/answers/{draft.id}").content.decode()
    assert "<mark>Virtanen</mark>" in page and "<mark>040 123 4567</mark>" in page and "Tarkista nämä" in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM directory_answer")
        assert "Virtanen" not in str(cursor.fetchall())


def test_one_cannot_make_an_answer_before_answering(
    visitor: Client, career_guidance: Service, as_person: AsPerson
) -> None:
    enquiry = ask(visitor, ASKED, service=str(career_guidance.id))
    response = as_person("oona").post(f"/desk/enquiries/{enquiry.id}/answer")
    assert response.status_code == 422 and "Vastaa ensin" in response.content.decode()
    assert as_person("nelli").post(f"/desk/enquiries/{enquiry.id}/answer").status_code == 404


def test_what_still_tells_of_somebody_must_be_looked_at_and_is_not_lost(draft: Answer, as_person: AsPerson) -> None:
    told = clean(summary_fi="Saa, sanoo Oona. Kurssi alkaa 4.5.")
    response = as_person("oona").post(f"/desk/answers/{draft.id}", told)
    page = response.content.decode()
    assert response.status_code == 422 and "Katso vielä merkityt kohdat" in page and "<mark>Oona</mark>" in page
    draft.refresh_from_db()
    assert draft.proposed_at is None and "sanoo Oona" in draft.proposal()["summary"]["fi"]
    # A number may well belong there: a person decides.
    assert as_person("oona").post(f"/desk/answers/{draft.id}", told | {"clean_of_people": "on"}).status_code == 302


def test_another_approves_and_then_it_is_found_by_search(
    draft: Answer, as_person: AsPerson, visitor: Client, own_index: object
) -> None:
    oona, page = as_person("oona"), f"/desk/answers/{draft.id}"
    assert visitor.get(f"/answers/{draft.id}").status_code == 404
    assert oona.post(page, clean()).status_code == 302
    own = oona.post(page, {"then": "approve"})
    assert own.status_code == 422 and "Toinen hyväksyy" in own.content.decode()
    paivi = as_person("paivi")
    assert "Hyväksy julkinen vastaus" in paivi.get("/desk").content.decode()
    assert "Hyväksy julkinen vastaus" not in oona.get("/desk").content.decode()
    assert as_person("nelli").post(page, {"then": "approve"}).status_code == 404
    assert paivi.post(page, {"then": "approve"}).status_code == 302
    shown = visitor.get(f"/answers/{draft.id}").content.decode()
    assert "Varttikurssi pidetään iltaisin." in shown and "Virtanen" not in shown
    assert "varttikurssin" in visitor.get("/answers").content.decode()
    own_index().checked_at = float("-inf")  # type: ignore[operator]
    assert draft.id in [hit.id for hit in fitting_answers(understand("saako varttikurssin käydä työn ohella", "fi"))]
    # Who asks the same is shown it before the question goes on its way.
    asked = visitor.post("/ask", form("Saako varttikurssin käydä työn ohella?", sure=""))
    assert asked.status_code == 200 and "Tähän on jo vastattu" in asked.content.decode()


def test_it_is_sent_back_with_a_reason(draft: Answer, as_person: AsPerson) -> None:
    page = f"/desk/answers/{draft.id}"
    as_person("oona").post(page, clean())
    as_person("paivi").post(page, {"then": "send-back", "remark": "Tarkista hinta."})
    assert "Tarkista hinta." in as_person("oona").get(page).content.decode()
    assert as_person("paivi").post(page, {"then": "approve"}).status_code == 422


def test_what_is_published_stays_while_a_change_waits(draft: Answer, as_person: AsPerson, visitor: Client) -> None:
    page = f"/desk/answers/{draft.id}"
    as_person("oona").post(page, clean())
    as_person("paivi").post(page, {"then": "approve"})
    as_person("paivi").post(page, clean(summary_fi="Ei saa enää."))
    assert "pidetään iltaisin" in visitor.get(f"/answers/{draft.id}").content.decode()
    as_person("oona").post(page, {"then": "approve"})
    draft.refresh_from_db()
    assert draft.version == 2 and str(draft.approved_by) == "Oona Ohjaaja"
    assert "Ei saa enää." in visitor.get(f"/answers/{draft.id}").content.decode()
    as_person("oona").post(page, {"then": "withdraw"})
    assert visitor.get(f"/answers/{draft.id}").status_code == 410


def test_its_owner_is_asked_by_the_review_date(
    draft: Answer, as_person: AsPerson, person: Callable[[str], Person], still: time_machine.Traveller
) -> None:
    page = f"/desk/answers/{draft.id}"
    as_person("oona").post(page, clean())
    as_person("paivi").post(page, {"then": "approve"})
    draft.refresh_from_db()
    assert draft.confirm_by is not None and draft.owner == person("oona").places.get()
    still.shift(timedelta(days=160))
    desk = as_person("oona").get("/desk").content.decode()
    assert "Onko totta: Saako varttikurssin" in desk and page in desk
    assert as_person("oona").post(f"/desk/records/answer/{draft.id}/confirm").status_code == 302
    draft.refresh_from_db()
    assert draft.overdue_days() == 0 and draft.verified_on is not None


def test_an_editor_writes_one_anew(as_person: AsPerson, person: Callable[[str], Person]) -> None:
    house = person("eetu").places.get().organisation_id
    eetu = as_person("eetu")
    response = eetu.post(f"/desk/organisations/{house}/answers")
    page = response["Location"]
    assert eetu.post(page, {"then": "propose"}).status_code == 422
    assert eetu.post(page, clean(then="save")).status_code == 302
    assert "Saako varttikurssin" in eetu.get("/desk/answers").content.decode()
    assert as_person("nelli").post(f"/desk/organisations/{house}/answers").status_code == 404
    assert as_person("tarja").get("/desk/answers").status_code == 403
    MemberRole.objects.filter(member__person=person("eetu")).delete()
    assert as_person("eetu").get(page).status_code == 404
