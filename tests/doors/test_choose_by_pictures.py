"""The guided choice: at most five questions, each can be skipped, back works, the same ranking behind it."""

import re

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opinovi.doors import guided
from opinovi.doors.topics import topics


def test_one_who_only_taps_gets_to_the_right_doors(visitor: Client) -> None:
    first = visitor.get("/choose").content.decode()
    assert "Kysymys 1/5" in first and "Opin suomea tai muutin Suomeen" in first
    done = visitor.get("/choose?about=language&closer=finnish&for=adult&how=visit&where=Lahti", follow=True)
    names = [str(one.name) for one in done.context["doors"]]
    assert "Suomen kielen kurssit" in names[:5] and "Koska valitsit: suomen kielen kurssi" in done.content.decode()


def test_five_questions_at_most(visitor: Client) -> None:
    query, asked = "", 0
    while True:
        page = visitor.get(f"/choose?{query}")
        if page.status_code == 302:
            break
        asked += 1
        query = "&".join(
            filter(None, [query, f"{page.context['step']}={'study' if page.context['step'] == 'about' else ''}"])
        )
    assert asked == 5


def test_all_skipped_leads_to_guidance(visitor: Client) -> None:
    done = visitor.get("/choose?about=&closer=&for=&how=&where=", follow=True)
    assert done.context["doors"]


def test_back_takes_to_the_question_before(visitor: Client) -> None:
    page = visitor.get("/choose?about=study&closer=upper").content.decode()
    [back] = re.findall(r'class="back" href="([^"]+)"', page)
    assert back == "/choose?about=study"


@pytest.mark.parametrize("about", list(guided.CLOSER))
def test_every_answer_is_of_the_vocabulary_and_finds_doors(visitor: Client, about: str) -> None:
    for one in guided.CLOSER[about]:
        assert set(one.topics) <= set(topics())
        done = visitor.get(f"/choose?about={about}&closer={one.value}&for=&how=&where=", follow=True)
        assert done.context["doors"], (about, one.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(guided.QUESTIONS), st.text(max_size=12) | st.sampled_from(["study", "upper", "adult"])
    )
)
def test_no_answers_whatever_they_are_break_it(visitor: Client, answers: dict[str, str]) -> None:
    assert visitor.get("/choose", answers, follow=True).status_code in (200, 422)
