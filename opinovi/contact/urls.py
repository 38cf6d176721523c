from django.urls import path

from opinovi.contact import ask, conversations, desk, enquiry_page, teams

urlpatterns = [
    path("ask", ask.ask, name="ask"),
    path("return", conversations.come_back, name="come-back"),
    path("conversations/erased", conversations.erased, name="erased"),
    path("conversations/open/<str:token>", conversations.open_conversation, name="open-conversation"),
    path("conversations/<uuid:enquiry_id>", conversations.conversation, name="conversation"),
    path("conversations/<uuid:enquiry_id>/take-out", conversations.take_out, name="take-out"),
    path(
        "conversations/<uuid:enquiry_id>/files/<uuid:file_id>",
        conversations.conversation_file,
        name="conversation-file",
    ),
    path("desk", desk.desk, name="desk"),
    path("desk/enquiries/<uuid:enquiry_id>", enquiry_page.enquiry, name="enquiry"),
    path("desk/files/<uuid:file_id>", enquiry_page.enquiry_file, name="enquiry-file"),
    path("desk/call", teams.write_down, name="write-down"),
    path("desk/teams/<uuid:team_id>/duty", teams.duty, name="duty"),
    path("desk/teams/<uuid:team_id>/figures", teams.team_figures, name="team-figures"),
    path("desk/organisations/<uuid:organisation_id>/templates", teams.templates, name="answer-templates"),
    path("desk/templates/<uuid:template_id>", teams.template, name="answer-template"),
    path("desk/organisations/<uuid:organisation_id>/letters", teams.failed_letters, name="failed-letters"),
    path(
        "desk/organisations/<uuid:organisation_id>/letters/<uuid:letter_id>/again",
        teams.send_again,
        name="send-again",
    ),
]
