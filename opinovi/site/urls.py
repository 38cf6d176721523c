from django.urls import path

from opinovi.site import reading, views

urlpatterns = [
    path("about", views.about, name="about"),
    path("reading", reading.reading, name="reading"),
    path("accessibility", views.accessibility, name="accessibility"),
    path("tyyli", views.style, name="style"),
    path("-/posti", views.mail, name="mail"),
]
