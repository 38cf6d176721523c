from django.urls import path

from opinovi.staff import circle_pages, discussion_pages, profile_pages, shadow_pages, training_pages

urlpatterns = [
    path("desk/competence", profile_pages.competence, name="competence"),
    path("desk/competence/assess", profile_pages.assess_competence, name="assess-competence"),
    path("desk/competence/share", profile_pages.share_competence, name="share-competence"),
    path("desk/competence/together", profile_pages.competences_together, name="competences-together"),
    path("desk/competence/<uuid:profile_id>", profile_pages.competence_of, name="competence-of"),
    path("desk/certificates/<uuid:certificate_id>.pdf", profile_pages.certificate, name="certificate"),
    path("desk/trainings", training_pages.trainings, name="trainings"),
    path("desk/trainings/<uuid:training_id>", training_pages.training, name="training"),
    path("desk/trainings/<uuid:training_id>/edit", training_pages.edit_training, name="edit-training"),
    path("desk/teams/<uuid:team_id>/trainings/new", training_pages.new_training, name="new-training"),
    path("desk/peers", circle_pages.peers, name="peers"),
    path("desk/peers/<uuid:offer_id>/ask", circle_pages.ask_peer, name="ask-peer"),
    path("desk/circles/new", circle_pages.new_circle, name="new-circle"),
    path("desk/circles/pair", circle_pages.new_pair, name="new-pair"),
    path("desk/circles/<uuid:circle_id>", circle_pages.circle, name="circle"),
    path("desk/shadowing", shadow_pages.shadowing, name="shadowing"),
    path("desk/shadowing/new", shadow_pages.new_shadow, name="new-shadow"),
    path("desk/shadowing/<uuid:shadow_id>", shadow_pages.shadow, name="shadow"),
    path("desk/shadowing/<uuid:shadow_id>/edit", shadow_pages.edit_shadow, name="edit-shadow"),
    path("desk/discussion", discussion_pages.discussion, name="discussion"),
    path("desk/discussion/new", discussion_pages.new_thread, name="new-thread"),
    path("desk/discussion/<uuid:thread_id>", discussion_pages.thread, name="thread"),
]
