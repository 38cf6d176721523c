from django.urls import path

from opinovi.doors import kept, service_page, views

urlpatterns = [
    path("", views.home, name="home"),
    path("doors", views.results, name="results"),
    path("services/<uuid:service_id>", service_page.service, name="service"),
    path("choose", views.choose, name="choose"),
    path("my-doors", kept.my_doors, name="my-doors"),
    path("my-doors/keep", kept.keep, name="keep-door"),
    path("my-doors/drop", kept.drop, name="drop-door"),
    path("my-doors/mail", kept.mail, name="mail-doors"),
]
