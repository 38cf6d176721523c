"""Real rows for the access matrix: two houses with one of everything, and a person of every role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from opinovi.base.clock import now, today
from opinovi.base.ids import new_id
from opinovi.base.models import DataKey, Letter
from opinovi.base.secret import seal
from opinovi.contact.models import AnswerTemplate, Appointment, Attachment, Enquiry, Message, TimeRule
from opinovi.directory.models import (
    Answer,
    BulkLoad,
    ContactCard,
    Draft,
    ErrorReport,
    GroupSession,
    Offering,
    Service,
    ServicePoint,
    Version,
)
from opinovi.journeys.actions.clients import Told, make_client
from opinovi.journeys.consent_texts import text_in_force
from opinovi.journeys.models import Client as Guided
from opinovi.journeys.models import Consent, Consultation, Goal, Journey, Referral, Step
from opinovi.journeys.models.consents import Piece
from opinovi.network.actions import make_person, place
from opinovi.network.models import Absence, Invitation, Member, Membership, Network, Organisation, Person, Role, Team
from opinovi.network.models.people import NETWORK_ROLES
from opinovi.network.sign_in import PURPOSE
from opinovi.practices.models import Practice
from opinovi.projects.models import Change, Claim, Entry, EsfReport, Participant, Partner, Period, Project
from opinovi.site.samples_rooms import impact_of, interchange_of, outreach_of, staff_of, workplace_of
from opinovi.strategy.models import (
    Action,
    Criterion,
    Gap,
    Measure,
    Meeting,
    Objective,
    Review,
    Strategy,
    StrategyVersion,
    Theme,
)

VISITOR, CLIENT = "visitor", "client"
ROLES = (VISITOR, CLIENT, *Role.values)


@dataclass
class House:
    """An organisation with one of everything in it, by the name that an address gives its id."""

    organisation: Organisation
    network: Network
    ids: dict[str, Any] = field(default_factory=dict)


@dataclass
class Samples:
    """People of every role in one house, another house beside it, and ids that are of nothing."""

    own: House
    other: House
    people: dict[str, Any]
    missing: dict[str, Any]


@contextmanager
def samples() -> Iterator[Samples]:
    """Two houses and a person of every role, gone again afterwards."""
    with transaction.atomic():
        yield make_samples()
        transaction.set_rollback(True)


def make_samples() -> Samples:
    own, other = make_house("own"), make_house("other")
    client = Guided.objects.select_related("person").get(id=own.ids["client_id"])
    people: dict[str, Any] = {VISITOR: AnonymousUser(), CLIENT: client.person}
    for role in Role.values:
        person = make_person(f"{role}@matrix.example", role)
        member = place(person, own.organisation, [(role, own.network.id if role in NETWORK_ROLES else None)])
        Authenticator.objects.create(
            user=person, type=Authenticator.Type.TOTP, data={"secret": seal("A" * 32, PURPOSE)}
        )
        if role == Role.GUIDE:
            Team.objects.get(organisation=own.organisation).members.add(member)
        people[role] = person
    missing = {name: new_id() if isinstance(value, UUID) else value for name, value in own.ids.items()}
    missing["membership_id"] = 0
    return Samples(own, other, people, missing)


def make_house(name: str) -> House:
    organisation = Organisation.objects.create(name={"fi": f"Talo {name}"}, source="own", external_id=f"matrix {name}")
    network = Network.objects.create(
        slug=f"matrix-{name}", path=f"matrix-{name}", name={"fi": name}, region="07", coordinator=organisation
    )
    network.members.add(organisation)
    keeper = make_person(f"keeper-{name}@matrix.example", "Keeper")
    member = place(keeper, organisation, [(Role.EDITOR, None)])
    service = Service.objects.create(
        organisation=organisation, source="own", external_id=f"m {name}", name={"fi": "P"}, version=1
    )
    point = ServicePoint.objects.create(
        organisation=organisation, source="own", external_id=f"m {name}", name={"fi": "P"}
    )
    offering = Offering.objects.create(organisation=organisation, external_id=f"m {name}", name={"fi": "K"})
    ids = {
        "membership_id": Membership.objects.get(network=network, organisation=organisation).id,
        "organisation_id": organisation.id,
        "network_id": network.id,
        "network_prefix": network.prefix,
        "member_id": member.id,
        "team_id": Team.objects.create(organisation=organisation, name="Tiimi").id,
        "invitation_id": make_invitation(organisation, keeper, name).id,
        "absence_id": Absence.objects.create(member=member, begins=today(), ends=today()).id,
        "record_type": "service",
        "record_id": service.id,
        "service_id": service.id,
        "point_id": point.id,
        "offering_id": offering.id,
        **upkeep_of(organisation, member, service, keeper),
        **contact_of(organisation, network),
        **strategy_of(organisation, network, member),
        **project_of(organisation, network, member),
        **outreach_of(organisation, network),
        **impact_of(organisation, network, member.person),
        **staff_of(organisation, network, member),
        **workplace_of(organisation, network, member),
        **interchange_of(organisation, network, service, point),
        "practice_id": Practice.objects.create(
            network=network,
            organisation=organisation,
            name={"fi": "K"},
            contact=member,
            state="published",
            published_at=now(),
        ).id,
        **OTHERS,
    }
    return House(organisation, network, ids)


# What stands in an address and is no object of an organisation's.
OTHERS = {
    "token": "no-such-token",
    "section": "pages",
    "provider_id": "no-such",
    "organization_slug": "no-such",
    "pk": 0,
}


def make_invitation(organisation: Organisation, by: Person, name: str) -> Invitation:
    return Invitation.objects.create(
        organisation=organisation,
        email=f"new-{name}@matrix.example",
        token_hash=f"matrix {name}",
        invited_by=by,
        expires_at=now() + timedelta(days=1),
    )


def upkeep_of(organisation: Organisation, member: Member, service: Service, by: Person) -> dict[str, UUID]:
    report = ErrorReport.objects.create(
        record_type="service", record_id=service.id, organisation=organisation, what="phone"
    )
    version = Version.objects.create(
        record_type="service", record_id=service.id, organisation=organisation, number=1, data={}, how="published"
    )
    draft = Draft.objects.create(record_type="service", organisation=organisation, data={}, edited_by=by)
    load = BulkLoad.objects.create(organisation=organisation, by=by, file_name="", content=b"")
    card = ContactCard.objects.create(member=member, organisation=organisation)
    return {
        "report_id": report.id,
        "version_id": version.id,
        "draft_id": draft.id,
        "load_id": load.id,
        "card_id": card.id,
    }


def contact_of(organisation: Organisation, network: Network) -> dict[str, UUID]:
    """An enquiry of the house's team with a file in it, a ready answer, and a letter that failed."""
    team = Team.objects.get(organisation=organisation)
    key = DataKey.objects.create()
    enquiry = Enquiry.objects.create(network=network, team=team, answer_by=now() + timedelta(days=1), key=key)
    message = Message.objects.create(enquiry=enquiry, author="person", locked=key.lock("Hei"))
    file = Attachment.objects.create(
        enquiry=enquiry,
        message=message,
        kind="application/pdf",
        size=1,
        locked_name=key.lock("a.pdf"),
        content=key.lock_bytes(b"a"),
    )
    template = AnswerTemplate.objects.create(organisation=organisation, name="Pohja", text={"fi": "Hei"})
    letter = Letter.objects.create(key=f"matrix {organisation.id}", state="failed", about=str(organisation.id))
    found = {"enquiry_id": enquiry.id, "file_id": file.id, "template_id": template.id, "letter_id": letter.id}
    return found | times_of(organisation, network, team) | guidance_of(organisation, network, team, enquiry)


def guidance_of(organisation: Organisation, network: Network, team: Team, enquiry: Enquiry) -> dict[str, Any]:
    """A client of the house's team with a consent in force and one that is asked, a plan, a referral that came to the
    team and one that goes out, and a question to colleagues."""
    member = Member.objects.get(organisation=organisation, person__name="Keeper")
    client = make_client(network, Told(name="Asiakas", mail=f"client-{organisation.id.hex}@matrix.example"))
    journey = Journey.objects.create(
        client=client, team=team, organisation=organisation, began_from="enquiry", enquiry_id=enquiry.id,
        locked=client.lock({"need": "Apua"}),
    )  # fmt: skip
    given = {"client": client, "journey": journey, "organisation": organisation, "team": team,
             "pieces": Piece.values, "until": today() + timedelta(days=30), "text": text_in_force()}  # fmt: skip
    Consent.objects.create(**given, state="given", answered_at=now(), how="paper")
    asked = Consent.objects.create(**given, asked_by=member)
    goal = Goal.objects.create(client=client, locked=client.lock("Tavoite"))
    step = Step.objects.create(goal=goal, locked=client.lock({"text": "Askel"}))
    shared = Consent.objects.create(**given, state="given", answered_at=now(), how="paper")
    number = 100_000 + organisation.id.int % 900_000
    referral = Referral.objects.create(
        number=number, network=network, client=client, journey=journey, to_team=team, consent=shared, state="sent",
        sent_at=now(), locked=client.lock({"why": "Syy"}), due_at=now() + timedelta(days=2),
    )  # fmt: skip
    key = DataKey.objects.create()
    consultation = Consultation.objects.create(
        network=network, member=member, key=key, locked=key.lock({"title": "O", "text": "T"})
    )
    return {"client_id": client.id, "consent_id": asked.id, "step_id": step.id, "referral_id": referral.id,
            "consultation_id": consultation.id, "name": "interests"}  # fmt: skip


def strategy_of(organisation: Organisation, network: Network, member: Member) -> dict[str, UUID]:
    """A strategy with one of everything under it, a meeting, a gap and a criterion."""
    day = today()
    strategy = Strategy.objects.create(
        network=network, name={"fi": "S"}, vision={"fi": "V"}, begins=day, ends=day + timedelta(days=365)
    )
    theme = Theme.objects.create(strategy=strategy, name={"fi": "T"})
    objective = Objective.objects.create(theme=theme, name={"fi": "O"})
    action = Action.objects.create(
        objective=objective, name={"fi": "A"}, organisation=organisation, begins=day, ends=day
    )
    data = {"name": {}, "vision": {}, "begins": day.isoformat(), "ends": day.isoformat(), "themes": []}
    version = StrategyVersion.objects.create(strategy=strategy, number=1, data=data, by=member)
    gap = Gap.objects.create(network=network, topic="digital-skills", needs_then=5, by=member)
    return {
        "strategy_id": strategy.id,
        "theme_id": theme.id,
        "objective_id": objective.id,
        "measure_id": Measure.objects.create(objective=objective, name={"fi": "M"}).id,
        "action_id": action.id,
        "strategy_version_id": version.id,
        "review_id": Review.objects.create(strategy=strategy, due=day).id,
        "meeting_id": Meeting.objects.create(network=network, name="K", held_at=now()).id,
        "gap_id": gap.id,
        "criterion_id": Criterion.objects.create(network=network, element="citizens", text={"fi": "K"}).id,
    }


def project_of(organisation: Organisation, network: Network, member: Member) -> dict[str, UUID]:
    """A project of the house with a change, an open period, an entry, a filed claim and a participant."""
    day = today()
    project = Project.objects.create(
        network=network, name={"fi": "H"}, coordinator=organisation, begins=day - timedelta(days=60), ends=day
    )
    Partner.objects.create(project=project, organisation=organisation)
    period = Period.objects.create(project=project, begins=day - timedelta(days=30), ends=day)
    before = Period.objects.create(project=project, begins=project.begins, ends=day - timedelta(days=31))
    sums = {"total": 0, "money": 0, "in_kind": 0, "funders": [], "types": {}, "partners": {}, "entries": 0}
    key = DataKey.objects.create()
    entry = Entry.objects.create(
        period=period, organisation=organisation, day=day, cost_type="travel", text="M", cents=100, entered_by=member
    )
    participant = Participant.objects.create(
        project=project, organisation=organisation, key=key, locked=key.lock({"name": "N"}), began_on=day,
        consent="L", by=member,
    )  # fmt: skip
    return {
        "project_id": project.id,
        "period_id": period.id,
        "entry_id": entry.id,
        "participant_id": participant.id,
        "esf_report_id": EsfReport.objects.create(
            project=project, begins=before.begins, ends=before.ends, by=member, figures={"rows": {}}
        ).id,
        "change_id": Change.objects.create(project=project, number=0, why="M", by=member).id,
        "claim_id": Claim.objects.create(period=before, number=1, by=member, sums=sums, sheet=b"s", paper=b"p").id,
    }


def times_of(organisation: Organisation, network: Network, team: Team) -> dict[str, Any]:
    """A rule of times of the house's team, and a time that is booked."""
    service = Service.objects.get(organisation=organisation)
    rule = TimeRule.objects.create(
        team=team, service=service, modes=["phone"], languages=["fi"], hours="Mo 09:00-12:00"
    )
    begins = now() + timedelta(days=1)
    key = DataKey.objects.create()
    appointment = Appointment.objects.create(
        network=network, team=team, service=service, mode="phone", begins_at=begins,
        ends_at=begins + timedelta(hours=1), key=key, locked=key.lock({"name": "A"}),
    )  # fmt: skip
    session = GroupSession.objects.create(
        organisation=organisation, team=team, name={"fi": "R"}, starts_at=begins, ends_at=begins + timedelta(hours=1)
    )
    answer = Answer.objects.create(
        organisation=organisation, name={"fi": "K"}, summary={"fi": "V"}, state="published", approved_at=now()
    )
    return {"session_id": session.id, "answer_id": answer.id} | {
        "rule_id": rule.id, "appointment_id": appointment.id, "minute": int(begins.timestamp()) // 60,
    }  # fmt: skip
