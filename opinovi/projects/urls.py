from django.urls import path

from opinovi.projects import desk, entries, esf_pages

urlpatterns = [
    path("desk/projects", desk.projects, name="projects"),
    path("desk/networks/<uuid:network_id>/projects/new", desk.new_project, name="new-project"),
    path("desk/projects/<uuid:project_id>", desk.project, name="project"),
    path("desk/projects/<uuid:project_id>/edit", desk.edit_project, name="edit-project"),
    path("desk/projects/<uuid:project_id>/budget", desk.budget, name="budget"),
    path("desk/budget-changes/<uuid:change_id>", desk.change, name="budget-change"),
    path("desk/projects/<uuid:project_id>/entries", entries.entries, name="entries"),
    path("desk/projects/<uuid:project_id>/entries/new", entries.new_entry, name="new-entry"),
    path("desk/entries/<uuid:entry_id>", entries.entry, name="entry"),
    path("desk/periods/<uuid:period_id>/claim", desk.file_claim, name="file-claim"),
    path("desk/claims/<uuid:claim_id>", desk.claim, name="claim"),
    path("desk/claims/<uuid:claim_id>.xlsx", desk.claim_sheet, name="claim-sheet"),
    path("desk/claims/<uuid:claim_id>.pdf", desk.claim_paper, name="claim-paper"),
    path("desk/projects/<uuid:project_id>/participants", entries.participants, name="participants"),
    path("desk/participants/<uuid:participant_id>", entries.participant, name="participant"),
    path("desk/projects/<uuid:project_id>/esf", esf_pages.esf_page, name="esf"),
    path("desk/esf-reports/<uuid:esf_report_id>", esf_pages.esf_report, name="esf-report"),
]
