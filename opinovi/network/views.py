"""People of an organisation, how they come and go, and what the network's own administrators see to."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opinovi.base.access import allow
from opinovi.base.limits import allowed, machine_of
from opinovi.base.posted import posted_or_none
from opinovi.network import actions
from opinovi.network.account import come_in, role_name
from opinovi.network.forms import (
    AbsenceForm,
    AcceptForm,
    AgreementForm,
    InviteForm,
    NetworkForm,
    NewOrganisationForm,
    RolesForm,
    TeamForm,
    read_roles,
)
from opinovi.network.models import (
    Absence,
    Agreement,
    Invitation,
    Member,
    Membership,
    Network,
    Organisation,
    Person,
    Role,
    Signature,
    Team,
)
from opinovi.network.queries import agreement_states, networks, open_invitations, staff_of
from opinovi.network.standing import standing

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def organisation_by_id(organisation_id: UUID) -> Organisation | None:
    return Organisation.objects.filter(id=organisation_id).first()


def member_by_id(member_id: UUID) -> Member | None:
    rows = Member.objects.filter(ended_at=None, person__is_active=True).select_related("person", "organisation")
    return rows.filter(id=member_id).first()


def team_by_id(team_id: UUID) -> Team | None:
    return Team.objects.select_related("organisation").filter(id=team_id).first()


def invitation_by_id(invitation_id: UUID) -> Invitation | None:
    return Invitation.objects.filter(id=invitation_id, accepted_at=None, withdrawn_at=None).first()


def absence_by_id(absence_id: UUID) -> Absence | None:
    return Absence.objects.select_related("member").filter(id=absence_id).first()


def network_by_id(network_id: UUID) -> Network | None:
    return Network.objects.filter(id=network_id).first()


def membership_by_id(membership_id: int) -> Membership | None:
    return Membership.objects.select_related("network", "organisation").filter(id=membership_id).first()


def invitation_link(request: HttpRequest) -> str:
    """The address of an invitation, with its token still to come."""
    return request.build_absolute_uri(reverse("invitation", args=["TOKEN"])).replace("TOKEN", "{token}")


def me(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def tell(form: Form, error: ValidationError) -> None:
    """Put what an action refused on the form, by its field where it names one."""
    if hasattr(error, "error_dict"):
        for name, why in error.message_dict.items():
            form.add_error(name if name in form.fields else None, why)
    else:
        form.add_error(None, error.messages)


def answer(request: HttpRequest, template: str, form: Form, **context: Any) -> HttpResponse:
    """The page of a form; 422 where something in it is wrong."""
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound and form.errors else 200)


def networks_i_administer(request: HttpRequest, organisation: Organisation) -> list[Network]:
    mine = standing(request.user).networks(Role.NETWORK_ADMINISTRATOR)
    theirs = set(Membership.objects.filter(organisation=organisation).values_list("network_id", flat=True))
    return [one for one in networks() if one.id in mine & theirs]


@require_safe
@allow("network.manage_people", of=organisation_by_id)
def people(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Everyone of an organisation, its teams, and who has been invited."""
    staff, teams = staff_of(organisation)
    names = {one.member.id: one.member.person.name for one in staff}
    context = {
        "organisation": organisation,
        "staff": staff,
        "teams": [(one, [names[member.id] for member in one.members.all() if member.id in names]) for one in teams],
        "invitations": open_invitations(organisation),
        "role_name": role_name,
        "waiting": waiting_agreements(organisation),
    }
    return render(request, "network/people.html", context)


def waiting_agreements(organisation: Organisation) -> list[Agreement]:
    """The newest agreements that the organisation has not signed: one query."""
    own = Exists(Signature.objects.filter(agreement=OuterRef("pk"), organisation=organisation))
    rows = Agreement.objects.filter(network__members=organisation).select_related("network").annotate(signed=own)
    newest = {one.network_id: one for one in rows.order_by("version")}
    return [one for one in newest.values() if not one.signed]


def agreements_of(organisation: Organisation) -> list[Any]:
    """The newest agreement of each of its networks, with whether it has signed."""
    agreements = Agreement.objects.filter(network__members=organisation).select_related("network")
    newest = {one.network_id: one for one in agreements.order_by("version")}
    signed = Signature.objects.filter(agreement__in=list(newest.values()), organisation=organisation)
    by_agreement = {one.agreement_id: one for one in signed.select_related("person")}
    return [
        {"agreement": one, "network": one.network, "signature": by_agreement.get(one.id)} for one in newest.values()
    ]


@form_methods
@allow("network.invite", of=organisation_by_id)
def invite(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    mine = networks_i_administer(request, organisation)
    first = {"roles": [Role.GUIDE]}
    form = InviteForm(posted_or_none(request), organisation=organisation, networks=mine, initial=first)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        link = invitation_link(request)
        try:
            if not allowed("invite", str(me(request).id), 60):
                raise ValidationError(_("Kutsuja on lähtenyt tunnissa paljon. Odota hetki."))
            actions.invite(
                me(request), organisation, told["email"], told["name"], read_roles(told["roles"]), told["team"],
                link, get_language() or "fi",
            )  # fmt: skip
        except ValidationError as error:
            tell(form, error)
        else:
            return HttpResponseRedirect(reverse("people", args=[organisation.id]) + "?invited=1")
    return answer(request, "network/invite.html", form, organisation=organisation)


@require_POST
@allow("network.invite", of=invitation_by_id)
def withdraw_invitation(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    actions.withdraw_invitation(me(request), invitation)
    return HttpResponseRedirect(reverse("people", args=[invitation.organisation_id]))


@form_methods
@allow("network.sign_in")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Behind an invitation's link: who invites, and one button. Opening the link changes nothing."""
    if not allowed("invitation", machine_of(request), 100):
        return render(request, "network/invitation_over.html", {"busy": True}, status=429)
    found = actions.invitation_of(token)
    if found is None:
        return render(request, "network/invitation_over.html", status=410)
    person = request.user if isinstance(request.user, Person) else None
    known = person is None and Person.objects.filter(email__iexact=found.email).exists()
    form = AcceptForm(posted_or_none(request), initial={"name": found.name})
    if person is not None:
        del form.fields["name"]
    if request.method == "POST" and form.is_valid():
        try:
            name = form.cleaned_data.get("name", "")
            member = actions.accept_invitation(token, person, name, get_language() or "fi")
        except ValidationError as error:
            tell(form, error)
        else:
            return welcome(request, member, new=person is None)
    context = {
        "invitation": found,
        "roles": [role_name(role) for role, _network in found.roles],
        "known": known,
        "other": person is not None and person.email.lower() != found.email.lower(),
    }
    return answer(request, "network/invitation.html", form, **context)


def welcome(request: HttpRequest, member: Member, new: bool) -> HttpResponse:
    """In, and on to what comes first: a second factor where the roles want one, else the desk."""
    address = reverse("desk")
    return come_in(request, member.person, address) if new else HttpResponseRedirect(address)


@form_methods
@allow("network.manage_member", of=member_by_id)
def member(request: HttpRequest, member: Member) -> HttpResponse:
    """A member's roles, and their leaving."""
    mine = networks_i_administer(request, member.organisation)
    has = [f"{one.role}:{one.network_id}" if one.network_id else one.role for one in member.roles.all()]
    form = RolesForm(posted_or_none(request), networks=mine, initial={"roles": has})
    if request.method == "POST" and form.is_valid():
        kept = [
            (one.role, one.network_id)
            for one in member.roles.all()
            if one.network_id not in {None, *(n.id for n in mine)}
        ]
        try:
            actions.set_roles(me(request), member, [*read_roles(form.cleaned_data["roles"]), *kept])
        except ValidationError as error:
            tell(form, error)
        else:
            return HttpResponseRedirect(reverse("people", args=[member.organisation_id]))
    return answer(request, "network/member.html", form, member=member)


@form_methods
@allow("network.set_absence", of=member_by_id)
def absence(request: HttpRequest, member: Member) -> HttpResponse:
    """When a member is away and who stands in."""
    form = AbsenceForm(posted_or_none(request), member=member)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_absence(me(request), member, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            return HttpResponseRedirect(reverse("absence", args=[member.id]))
    return answer(request, "network/absence.html", form, member=member)


@require_POST
@allow("network.end_absence", of=absence_by_id)
def end_absence(request: HttpRequest, absence: Absence) -> HttpResponse:
    actions.end_absence(me(request), absence)
    return HttpResponseRedirect(reverse("absence", args=[absence.member_id]))


@form_methods
@allow("network.set_absence", of=member_by_id)
def leave(request: HttpRequest, member: Member) -> HttpResponse:
    """The end of a member's place: one page that says what stays and what ends, and one button."""
    form = Form()
    own = member.person_id == me(request).id
    if request.method == "POST":
        form = Form({})
        try:
            actions.end_place(me(request), member)
        except ValidationError as error:
            form.is_valid()
            tell(form, error)
        else:
            return HttpResponseRedirect(reverse("account") if own else reverse("people", args=[member.organisation_id]))
    return answer(request, "network/leave.html", form, member=member, own=own)


@form_methods
@allow("network.manage_people", of=organisation_by_id)
def new_team(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    return save_team(request, organisation, None)


@form_methods
@allow("network.manage_people", of=team_by_id)
def team(request: HttpRequest, team: Team) -> HttpResponse:
    return save_team(request, team.organisation, team)


def save_team(request: HttpRequest, organisation: Organisation, team: Team | None) -> HttpResponse:
    initial = {"name": team.name, "people": team.members.all()} if team else {}
    form = TeamForm(posted_or_none(request), organisation=organisation, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.save_team(me(request), organisation, team, told["name"], told["people"])
        except ValidationError as error:
            tell(form, error)
        else:
            return HttpResponseRedirect(reverse("people", args=[organisation.id]))
    return answer(request, "network/team.html", form, organisation=organisation, team=team)


@form_methods
@allow("network.sign_agreement", of=organisation_by_id)
def agreement(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The agreements of the organisation's networks: read, and signed by its administrator."""
    found = agreements_of(organisation)
    if request.method == "POST":
        chosen = next((one for one in found if str(one["agreement"].id) == request.POST.get("agreement")), None)
        if chosen is not None:
            actions.sign_agreement(me(request), chosen["agreement"], organisation)
        return HttpResponseRedirect(reverse("agreement", args=[organisation.id]))
    return render(request, "network/agreement.html", {"organisation": organisation, "agreements": found})


@require_safe
@allow("network.run", of=network_by_id)
def network(request: HttpRequest, network: Network) -> HttpResponse:
    """The network's organisations and what each has signed."""
    context = {
        "network": network,
        "rows": agreement_states(network),
        "newest": network.agreements.first(),
        "may_set_up": network.id in standing(request.user).networks(Role.NETWORK_ADMINISTRATOR),
    }
    return render(request, "network/network.html", context)


@form_methods
@allow("network.set_up", of=network_by_id)
def new_organisation(request: HttpRequest, network: Network) -> HttpResponse:
    """A new organisation joins; its first administrator is invited."""
    form = NewOrganisationForm(posted_or_none(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        name = {code: told[f"name_{code}"] for code in ("fi", "sv", "en") if told[f"name_{code}"]}
        try:
            actions.add_organisation(
                me(request), network, name, told["email"], invitation_link(request), get_language() or "fi"
            )
        except ValidationError as error:
            tell(form, error)
        else:
            return HttpResponseRedirect(reverse("network", args=[network.id]) + "?joined=1")
    return answer(request, "network/new_organisation.html", form, network=network)


@form_methods
@allow("network.end_membership", of=membership_by_id)
def end_membership(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The end of an organisation's place in a network: what stays and what ends, and one button."""
    form = Form()
    if request.method == "POST":
        form = Form({})
        try:
            actions.end_membership(me(request), membership)
        except ValidationError as error:
            form.is_valid()
            tell(form, error)
        else:
            return HttpResponseRedirect(reverse("network", args=[membership.network_id]))
    return answer(request, "network/end_membership.html", form, membership=membership)


@form_methods
@allow("network.set_up", of=network_by_id)
def set_up(request: HttpRequest, network: Network) -> HttpResponse:
    """The network's name, look, languages and front desk."""
    desk = network.front_desk
    initial = {f"name_{code}": text for code, text in network.name.items()} | {
        "look": network.look,
        "languages": network.languages,
        "phone": desk.get("phone", ""),
        "email": desk.get("email", ""),
        "front_desk_team": network.front_desk_team_id,
    }
    form = NetworkForm(posted_or_none(request), initial=initial, network=network)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        name = {key.removeprefix("name_"): text for key, text in told.items() if key.startswith("name_") and text}
        front_desk = desk | {"phone": told["phone"], "email": told["email"]}
        same = {key: told[key] for key in ("look", "languages", "front_desk_team")}
        actions.set_up_network(me(request), network, name=name, front_desk=front_desk, **same)
        return HttpResponseRedirect(reverse("network", args=[network.id]))
    return answer(request, "network/set_up.html", form, network=network)


@form_methods
@allow("network.set_up", of=network_by_id)
def new_agreement(request: HttpRequest, network: Network) -> HttpResponse:
    """A new version of the agreement; every organisation is asked to sign it."""
    newest = network.agreements.first()
    initial = {f"text_{code}": text for code, text in (newest.text if newest else {}).items()}
    form = AgreementForm(posted_or_none(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        text = {key.removeprefix("text_"): value for key, value in form.cleaned_data.items() if value}
        actions.publish_agreement(me(request), network, text)
        return HttpResponseRedirect(reverse("network", args=[network.id]))
    return answer(request, "network/new_agreement.html", form, network=network, newest=newest)
