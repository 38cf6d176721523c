"""The samples of the rooms that stand on guidance: outreach, staff, workplaces."""

from datetime import time, timedelta
from typing import Any
from uuid import UUID

from opinovi.base.clock import now, today
from opinovi.base.ids import new_id, spoken_number
from opinovi.base.models import DataKey
from opinovi.base.secret import seal
from opinovi.contact.models import TimeRule
from opinovi.directory.models import GivenAt, GroupSession, Pair, Service, ServicePoint
from opinovi.impact.models import Annual, Complaint, SavedQuery
from opinovi.interchange.hsds.terms import TAXONOMIES, term_id
from opinovi.interchange.models import ApiKey, Feed, Hook, Run, Telling
from opinovi.network.models import Member, Network, Organisation, Team
from opinovi.outreach.models import OutreachAction, OutreachPlan
from opinovi.staff.models import (
    Certificate,
    Circle,
    CirclePlace,
    CompetenceProfile,
    PeerOffer,
    ShadowOffer,
    Thread,
    Training,
)
from opinovi.workplaces.models import (
    Case,
    Change,
    ChangeStep,
    CompetenceSurvey,
    LearningBuddy,
    Offer,
    OfferPart,
    Placement,
    PlanGoal,
    VisitDay,
    Workplace,
    WorkplaceSession,
)


def outreach_of(organisation: Organisation, network: Network) -> dict[str, Any]:
    plan = OutreachPlan.objects.create(
        network=network, organisation=organisation, name="H", group="older", place="shop", where="K"
    )
    code = f"m{organisation.id.hex[-8:]}"
    one = OutreachAction.objects.create(plan=plan, day=today(), begins=time(10), ends=time(11), code=code)
    return {"plan_id": plan.id, "outing_id": one.id, "code": code}


def impact_of(organisation: Organisation, network: Network, by: Any) -> dict[str, Any]:
    """A complaint, a question that is kept, an indicator, and the year of a report that is out."""
    key = DataKey.objects.create()
    complaint = Complaint.objects.create(
        network=network, organisation=organisation, number=spoken_number(Complaint.objects), key=key,
        locked=key.lock({"words": "W", "token": "no-such"}), answer_by=now() + timedelta(days=14),
    )  # fmt: skip
    query = SavedQuery.objects.create(network=network, person=by, name=organisation.id.hex, indicator="guided")
    Annual.objects.get_or_create(network=network, organisation=None, year=2020, defaults={"published_at": now()})
    return {"complaint_id": complaint.id, "query_id": query.id, "indicator": "guided", "year": 2020}


def staff_of(organisation: Organisation, network: Network, member: Member) -> dict[str, UUID]:
    """A competence profile, a training with a certificate, an offer of help, a pair, an open door and a thread."""
    team, begins = Team.objects.get(organisation=organisation), now() + timedelta(days=2)
    key, circle_key, thread_key = (DataKey.objects.create() for _number in range(3))
    profile = CompetenceProfile.objects.create(member=member, key=key, locked=key.lock({"levels": {"client": 2}}))
    session = GroupSession.objects.create(
        organisation=organisation, team=team, name={"fi": "K"}, starts_at=begins, ends_at=begins + timedelta(hours=1),
        for_staff=True, plan={},
    )  # fmt: skip
    training = Training.objects.create(network=network, session=session, areas=["client"])
    paper = Certificate.objects.create(
        network=network, member=member, training=training, who="K", name={"fi": "K"}, house={"fi": "T"},
        days=["2027-02-09"], minutes=60,
    )  # fmt: skip
    circle = Circle.objects.create(
        network=network, kind="peers", by=member, key=circle_key, locked=circle_key.lock({"name": "R"})
    )
    CirclePlace.objects.create(circle=circle, member=member, state="in")
    shadow = ShadowOffer.objects.create(
        network=network, organisation=organisation, host=member, text="P", begins=today(), ends=begins.date()
    )
    thread = Thread.objects.create(network=network, by=member, key=thread_key, locked=thread_key.lock({"title": "O"}))
    return {
        "profile_id": profile.id,
        "training_id": training.id,
        "certificate_id": paper.id,
        "offer_id": PeerOffer.objects.create(network=network, member=member, area="client").id,
        "circle_id": circle.id,
        "shadow_id": shadow.id,
        "thread_id": thread.id,
    }


def workplace_of(organisation: Organisation, network: Network, member: Member) -> dict[str, Any]:
    """A workplace that the house represents, a survey whose results are there, and a goal of its plan."""
    workplace = Workplace.objects.create(
        network=network, organisation=organisation, name="T", by=member, code=f"w{organisation.id.hex[-8:]}"
    )
    key = DataKey.objects.create()
    survey = CompetenceSurvey.objects.create(
        workplace=workplace, name={"fi": "K"}, code=f"m{organisation.id.hex[-8:]}", by=member, key=key, state="counted",
        closes_on=today(), result={"people": None, "units": {}, "items": {}},
    )  # fmt: skip
    return {
        "workplace_id": workplace.id,
        "survey_id": survey.id,
        "survey_code": survey.code,
        "goal_id": PlanGoal.objects.create(survey=survey, text="G").id,
        "step": 1,
        **guidance_at(
            workplace,
            member,
            GroupSession.objects.get(organisation=organisation, for_staff=False),
            Service.objects.get(organisation=organisation),
        ),
    }


def guidance_at(workplace: Workplace, member: Member, session: GroupSession, service: Service) -> dict[str, Any]:
    """What the network does there: a request and its offer, a guide's day, a group, a buddy and more."""
    key = DataKey.objects.create()
    case = Case.objects.create(
        number=100_000 + workplace.id.int % 900_000, network=workplace.network, workplace=workplace, key=key,
        locked=key.lock({"house": "T", "need": "N", "token": "no-such"}), due_at=now(), responsible=member,
        state="open",
    )  # fmt: skip
    offer = Offer.objects.create(case=case, by=member)
    rule = TimeRule.objects.create(
        team=session.team, service=service, member=None, by_code=True, at="T", modes=["visit"], languages=["fi"],
        hours="Mo-Su 09:00-12:00", begins=today(), ends=today(),
    )  # fmt: skip
    visit = VisitDay.objects.create(
        workplace=workplace, rule=rule, day=today(), begins=time(9), ends=time(12), by=member
    )
    WorkplaceSession.objects.create(workplace=workplace, session=session)
    change = Change.objects.create(workplace=workplace, name="M", begins=today(), by=member)
    placement = Placement.objects.create(
        workplace=workplace, kind="tryout", title="P", until=today(), state="open", by=member, service=service
    )
    return {
        "case_id": case.id,
        "part_id": OfferPart.objects.create(offer=offer, organisation=member.organisation).id,
        "visit_id": visit.id,
        "buddy_id": LearningBuddy.objects.create(workplace=workplace, name="L").id,
        "workplace_change_id": change.id,
        "change_step_id": ChangeStep.objects.create(change=change, text="A", by_day=today()).id,
        "placement_id": placement.id,
        "door_code": workplace.code,
    }


def interchange_of(
    organisation: Organisation, network: Network, service: Service, point: ServicePoint
) -> dict[str, Any]:
    """A key, a source and its run, and what the open API tells of: a service at a place, a taxonomy and a term."""
    key = ApiKey.objects.create(
        organisation=organisation, name="K", begins="oo_", hash=str(new_id()), scopes=["book"], ends_on=today()
    )
    feed = Feed.objects.create(network=network, name="L", format="ptv", address="https://source.example/api")
    given = GivenAt.objects.create(service=service, point=point)
    taxonomy = TAXONOMIES[0]
    hook = Hook.objects.create(organisation=organisation, address="https://hears.example/", sealed=seal("s", "hook"))
    twin = Service.objects.create(source="hsds", external_id=str(new_id()), name={"fi": "P"}, organisation=organisation)
    pair = Pair.objects.create(network=network, kind="service", first=service.id, second=twin.id, score=0.9)
    return {
        "pair_id": pair.id,
        "hook_id": hook.id,
        "telling_id": Telling.objects.create(hook=hook, body={"type": "trial"}, state="failed").id,
        "key_id": key.id,
        "feed_id": feed.id,
        "run_id": Run.objects.create(feed=feed, state="held", why="vanish").id,
        "link_id": given.uid,
        "taxonomy_id": UUID(taxonomy.id),
        "term_id": UUID(term_id(taxonomy.field, next(iter(taxonomy.codes())))),
    }
