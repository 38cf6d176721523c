from django.urls import path

from opinovi.doors import kept, leaflet, people, review, service_page, views

urlpatterns = [
    path("", views.home, name="home"),
    path("doors", views.results, name="results"),
    path("services/<uuid:service_id>", service_page.service, name="service"),
    path("leaflet", leaflet.leaflet, name="leaflet"),
    path("leaflet.pdf", leaflet.leaflet_pdf, name="leaflet-pdf"),
    path("choose", views.choose, name="choose"),
    path("my-doors", kept.my_doors, name="my-doors"),
    path("my-doors/keep", kept.keep, name="keep-door"),
    path("my-doors/drop", kept.drop, name="drop-door"),
    path("my-doors/mail", kept.mail, name="mail-doors"),
    path("desk/drafts/<uuid:draft_id>/review", review.review, name="review"),
    path("desk/who", people.who, name="who"),
    path("desk/members/<uuid:member_id>/profile", people.profile, name="profile"),
    path("desk/members/<uuid:member_id>/card", people.card, name="card"),
    path("desk/cards/<uuid:card_id>/drop", people.drop_card, name="drop-card"),
]
