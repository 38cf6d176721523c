from django.urls import path

from opinovi.practices import pages

urlpatterns = [
    path("practices", pages.practices, name="practices"),
    path("practices/<uuid:practice_id>", pages.practice, name="practice"),
    path("desk/practices", pages.practices_desk, name="practices-desk"),
    path("desk/practices/new", pages.new_practice, name="new-practice"),
    path("desk/practices/<uuid:practice_id>", pages.practice_desk, name="practice-desk"),
    path("desk/practices/<uuid:practice_id>/edit", pages.edit_practice, name="edit-practice"),
]
