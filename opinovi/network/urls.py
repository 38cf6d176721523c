from django.urls import path

from opinovi.network import views

urlpatterns = [
    path("invitation/<str:token>", views.invitation, name="invitation"),
    path("desk/organisations/<uuid:organisation_id>/people", views.people, name="people"),
    path("desk/organisations/<uuid:organisation_id>/invite", views.invite, name="invite"),
    path("desk/organisations/<uuid:organisation_id>/teams", views.new_team, name="new-team"),
    path("desk/organisations/<uuid:organisation_id>/agreement", views.agreement, name="agreement"),
    path("desk/invitations/<uuid:invitation_id>/withdraw", views.withdraw_invitation, name="withdraw-invitation"),
    path("desk/members/<uuid:member_id>", views.member, name="member"),
    path("desk/members/<uuid:member_id>/absence", views.absence, name="absence"),
    path("desk/members/<uuid:member_id>/leave", views.leave, name="leave"),
    path("desk/absences/<uuid:absence_id>/end", views.end_absence, name="end-absence"),
    path("desk/teams/<uuid:team_id>", views.team, name="team"),
    path("desk/networks/<uuid:network_id>", views.network, name="network"),
    path("desk/networks/<uuid:network_id>/set-up", views.set_up, name="set-up-network"),
    path("desk/networks/<uuid:network_id>/organisations", views.new_organisation, name="new-organisation"),
    path("desk/memberships/<int:membership_id>/end", views.end_membership, name="end-membership"),
    path("desk/networks/<uuid:network_id>/agreement", views.new_agreement, name="new-agreement"),
]
