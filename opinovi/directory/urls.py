from django.urls import path

from opinovi.directory import views

urlpatterns = [
    path("places", views.places, name="places"),
    path("places/<uuid:point_id>", views.place, name="place"),
    path("organisations", views.organisations, name="organisations"),
    path("organisations/<uuid:organisation_id>", views.organisation, name="organisation"),
]
