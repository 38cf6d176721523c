from django.urls import path

from opinovi.site import views

urlpatterns = [
    path("about", views.about, name="about"),
    path("tyyli", views.style, name="style"),
    path("-/posti", views.mail, name="mail"),
]
