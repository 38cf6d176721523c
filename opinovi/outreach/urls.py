from django.urls import path

from opinovi.outreach import desk

urlpatterns = [
    path("o/<str:code>", desk.open_code, name="open-code"),
    path("desk/outreach", desk.outreach, name="outreach"),
    path("desk/outreach/worker.js", desk.field_worker, name="field-worker"),
    path("desk/outreach/plans/new", desk.new_plan, name="new-outreach-plan"),
    path("desk/outreach/plans/<uuid:plan_id>", desk.plan, name="outreach-plan"),
    path("desk/outreach/plans/<uuid:plan_id>/edit", desk.edit_plan, name="edit-outreach-plan"),
    path("desk/outreach/plans/<uuid:plan_id>/new", desk.new_outing, name="new-outing"),
    path("desk/outreach/<uuid:outing_id>", desk.outing, name="outing"),
    path("desk/outreach/<uuid:outing_id>/edit", desk.edit_outing, name="edit-outing"),
    path("desk/outreach/<uuid:outing_id>/poster", desk.outing_poster, name="outing-poster"),
    path("desk/outreach/<uuid:outing_id>/cards", desk.outing_cards, name="outing-cards"),
    path("desk/outreach/<uuid:outing_id>/field", desk.field, name="field"),
    path("desk/outreach/<uuid:outing_id>/token", desk.field_token, name="field-token"),
    path("desk/outreach/<uuid:outing_id>/notes", desk.field_notes, name="field-notes"),
]
