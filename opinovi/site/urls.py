from django.urls import path

from opinovi.site import kiosk, offline, reading, views

urlpatterns = [
    path("about", views.about, name="about"),
    path("reading", reading.reading, name="reading"),
    path("accessibility", views.accessibility, name="accessibility"),
    path("privacy", views.privacy, name="privacy"),
    path("offline", offline.offline, name="offline"),
    path("app.webmanifest", offline.manifest, name="app-manifest"),
    path("kiosk", kiosk.kiosk, name="kiosk"),
    path("kiosk/over", kiosk.over, name="kiosk-over"),
    path("without-a-phone", views.without_a_phone, name="without-a-phone"),
    path("tyyli", views.style, name="style"),
    path("-/posti", views.mail, name="mail"),
]
