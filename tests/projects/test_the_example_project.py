"""The example's project is the real one's size, to the cent, with all its partners."""

import pytest

from opinovi.network.models import Network
from opinovi.projects.example import make_projects
from opinovi.projects.models import Claim, Project
from opinovi.projects.queries import planned_cells


@pytest.mark.django_db
def test_its_total_is_exact_and_its_partners_are_all_there(region: Network) -> None:
    make_projects()
    make_projects()
    one = Project.objects.get(network=region)
    cells = planned_cells(one)
    assert sum(cells.values()) == 85_693_000
    assert {key[0] for key in cells} == {row.organisation_id for row in one.partners.all()}
    assert one.partners.count() == region.members.count()
    assert (one.begins.isoformat(), one.ends.isoformat()) == ("2008-09-01", "2012-03-31")
    assert any(key[3] for key in cells) and Claim.objects.filter(period__project=one).count() == 2
    for claim in Claim.objects.all():
        assert sum(cents for _id, _name, cents in claim.sums["funders"]) == claim.sums["total"]
        assert sum(claim.sums["partners"].values()) == sum(claim.sums["types"].values()) == claim.sums["total"]
