"""What the tests of workplaces share: a bakery with units, a survey, and people who answer."""

from datetime import timedelta
from typing import Any

from opinovi.base.clock import today
from opinovi.network.models import Network, Organisation, Person
from opinovi.workplaces.actions import answering, surveys
from opinovi.workplaces.models import CompetenceSurvey, Workplace

WORDS = "Haluaisin oppia tekemään taikinat"


def a_workplace(by: Person, network: Network, *units: str) -> Workplace:
    """A bakery, represented by the example's employer."""
    one = surveys.save_workplace(by, network, None, name="Leipomo", municipality="398", people=12, units=list(units))
    one.organisation = Organisation.objects.get(source="example", external_id="esimerkki-oy")
    one.save()
    return one


def a_survey(by: Person, workplace: Workplace, **told: Any) -> CompetenceSurvey:
    """One that can be answered, of the bakery's ready competences."""
    one = surveys.make_survey(
        by, workplace, {"fi": "Mitä osaamme"}, told.pop("field", "bakery"), told.pop("before", None)
    )
    surveys.open_survey(by, one, today() + timedelta(days=14), **told)
    one.refresh_from_db()
    return one


def answered(one: CompetenceSurvey, level: int, unit: str = "", words: str = "", secret: str = "") -> None:
    """Somebody answers everything on one level."""
    sheet = answering.sheet_of(one, secret or answering.begin(one))
    assert sheet is not None
    found = one.units.filter(name=unit).first()
    levels = {str(item): level for item in one.items.values_list("id", flat=True)}
    answering.save_sheet(one, sheet, str(found.id) if found else None, levels)
    answering.send(one, sheet, words)


def counted(by: Person, one: CompetenceSurvey) -> CompetenceSurvey:
    surveys.close_survey(by, one)
    surveys.count(one)
    one.refresh_from_db()
    return one
