"""Words of acute danger put the helplines first; other words do not."""

import pytest
from django.test import Client

from opinovi.doors.need import understand

SUICIDE, VIOLENCE = {"112", "09 2525 0111"}, {"112", "080 005 005"}


def numbers(text: str, language: str = "fi") -> set[str]:
    return {line.number for line in understand(text, language).danger.lines}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "itsemurha", "haluun kuolla", "en jaksa enää elää", "mä en haluu enää elää", "haluun tappaa itteni", "viiltelen itseäni",
        "itemurha", "jag vill dö", "jag orkar inte leva längre", "tänker ta mitt liv", "självmord", "i want to die",
        "i am going to kill myself", "suicidal", "i don't want to live anymore", "kuolisin mieluummin kuin menisin sinne",
    ],
)  # fmt: skip
def test_one_who_thinks_of_dying_sees_the_crisis_line(text: str) -> None:
    assert numbers(text) == SUICIDE


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "mies hakkaa mua", "mieheni lyö minua", "pelkään mennä kotiin kun mies on väkivaltainen", "perheväkivalta",
        "mulle tulee turpaan kotona", "vaimo lyö", "min man slår mig", "våld i hemmet", "jag är rädd för min partner",
        "my husband hits me", "domestic violence", "i am afraid of my husband", "he beats me at home",
    ],
)  # fmt: skip
def test_one_who_is_hurt_at_home_sees_the_violence_line(text: str) -> None:
    assert numbers(text) == VIOLENCE


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "haluan vaihtaa alaa", "tappaa aikaa", "en jaksa enää töissä", "velat tappaa yrityksen", "elämäntilanne solmussa",
        "lyödä itsensä läpi yrittäjänä", "kuolinpesän asiat", "mies etsii töitä", "kill two birds", "heart of the matter",
        "lapsi aloittaa koulun", "byta liv och jobb", "avioero", "haluan elää terveellisesti", "työt loppuu",
    ],
)  # fmt: skip
def test_other_needs_see_none(text: str) -> None:
    assert numbers(text) == set()


def test_the_lines_stand_above_every_door(visitor: Client) -> None:
    page = visitor.get("/doors?q=mies hakkaa mua").content.decode()
    assert 0 < page.index("tel:080005005") < page.index('class="result"')
    assert page.index("tel:112") < page.index("<h1>")
