from django.urls import path

from opinovi.directory import desk, drafts, loads, public, views

urlpatterns = [
    path("places", views.places, name="places"),
    path("places/<uuid:point_id>", views.place, name="place"),
    path("places/<uuid:point_id>/poster", public.poster, name="poster"),
    path("organisations", views.organisations, name="organisations"),
    path("organisations/<uuid:organisation_id>", views.organisation, name="organisation"),
    path("offerings", public.offerings, name="offerings"),
    path("offerings/<uuid:offering_id>", public.offering, name="offering"),
    path("report/<str:record_type>/<uuid:record_id>", public.report, name="report"),
    path("still-true/<str:token>", public.still_true, name="still-true"),
    path("desk/records/<str:record_type>", desk.records, name="records"),
    path("desk/records/<str:record_type>/<uuid:record_id>", desk.record, name="record"),
    path("desk/records/<str:record_type>/<uuid:record_id>/edit", drafts.edit, name="edit"),
    path("desk/records/<str:record_type>/<uuid:record_id>/confirm", desk.confirm, name="confirm"),
    path("desk/records/<str:record_type>/<uuid:record_id>/withdraw", desk.withdraw, name="withdraw"),
    path("desk/organisations/<uuid:organisation_id>/new", drafts.new_record, name="new-record"),
    path("desk/organisations/<uuid:organisation_id>/sheets", loads.sheets, name="sheets"),
    path("desk/organisations/<uuid:organisation_id>/sheet.xlsx", loads.sheet_xlsx, name="sheet-xlsx"),
    path("desk/organisations/<uuid:organisation_id>/sheet.csv", loads.sheet_csv, name="sheet-csv"),
    path("desk/loads/<uuid:load_id>", loads.load, name="load"),
    path("desk/drafts/<uuid:draft_id>", drafts.draft, name="draft"),
    path("desk/drafts/<uuid:draft_id>/settle", drafts.settle, name="settle"),
    path("desk/drafts/<uuid:draft_id>/publish", drafts.publish, name="publish"),
    path("desk/drafts/<uuid:draft_id>/discard", drafts.discard, name="discard"),
    path("desk/versions/<uuid:version_id>", desk.version, name="version"),
    path("desk/reports/<uuid:report_id>", desk.close_report, name="close-report"),
    path("desk/networks/<uuid:network_id>/freshness", desk.freshness_page, name="freshness"),
]
