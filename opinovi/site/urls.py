from django.urls import path

from opinovi.site import views

urlpatterns = [
    path("ask", views.ask, name="ask"),
    path("about", views.about, name="about"),
    path("tyyli", views.style, name="style"),
    path("-/mail", views.mail, name="mail"),
]
