from django.urls import path

from opinovi.directory import public, upkeep, views

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
    path("desk", upkeep.desk, name="desk"),
    path("desk/records/<str:record_type>", upkeep.records, name="records"),
    path("desk/records/<str:record_type>/<uuid:record_id>", upkeep.record, name="record"),
    path("desk/records/<str:record_type>/<uuid:record_id>/edit", upkeep.edit, name="edit"),
    path("desk/records/<str:record_type>/<uuid:record_id>/confirm", upkeep.confirm, name="confirm"),
    path("desk/records/<str:record_type>/<uuid:record_id>/withdraw", upkeep.withdraw, name="withdraw"),
    path("desk/organisations/<uuid:organisation_id>/new", upkeep.new_record, name="new-record"),
    path("desk/organisations/<uuid:organisation_id>/sheets", upkeep.sheets, name="sheets"),
    path("desk/organisations/<uuid:organisation_id>/sheet.xlsx", upkeep.sheet_xlsx, name="sheet-xlsx"),
    path("desk/organisations/<uuid:organisation_id>/sheet.csv", upkeep.sheet_csv, name="sheet-csv"),
    path("desk/loads/<uuid:load_id>", upkeep.load, name="load"),
    path("desk/drafts/<uuid:draft_id>", upkeep.draft, name="draft"),
    path("desk/drafts/<uuid:draft_id>/settle", upkeep.settle, name="settle"),
    path("desk/drafts/<uuid:draft_id>/publish", upkeep.publish, name="publish"),
    path("desk/drafts/<uuid:draft_id>/discard", upkeep.discard, name="discard"),
    path("desk/versions/<uuid:version_id>", upkeep.version, name="version"),
    path("desk/reports/<uuid:report_id>", upkeep.close_report, name="close-report"),
    path("desk/networks/<uuid:network_id>/freshness", upkeep.freshness_page, name="freshness"),
]
