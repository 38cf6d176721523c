from django.urls import path

from opinovi.impact import annual_pages, dashboards, funnel, own_queries, public, voice_pages

urlpatterns = [
    # For everybody
    path("results", public.results, name="impact-results"),
    path("results/<int:year>.pdf", public.annual_report, name="annual-report"),
    path("results/data", public.open_data, name="open-data"),
    path("results/data.zip", public.data_package, name="data-package"),
    path("feedback/thanks", voice_pages.feedback_thanks, name="feedback-thanks"),
    path("feedback/more/<str:token>", voice_pages.more_feedback, name="more-feedback"),
    path("feedback/<str:token>", voice_pages.give_feedback, name="feedback"),
    path("complaints/new", voice_pages.new_complaint, name="new-complaint"),
    path("complaints/<str:token>", voice_pages.own_complaint, name="own-complaint"),
    path("my/background", voice_pages.my_background, name="my-background"),
    # Figures for those who do the work
    path("desk/networks/<uuid:network_id>/impact", dashboards.network_impact, name="network-impact"),
    path("desk/networks/<uuid:network_id>/impact/<slug:indicator>", dashboards.one_indicator, name="indicator"),
    path("desk/networks/<uuid:network_id>/path", funnel.funnel, name="impact-funnel"),
    path("desk/networks/<uuid:network_id>/questions", own_queries.query, name="impact-query"),
    path("desk/questions/<uuid:query_id>", own_queries.saved_query, name="saved-query"),
    path("desk/networks/<uuid:network_id>/annual", annual_pages.network_annual, name="network-annual"),
    path("desk/impact", dashboards.own_impact, name="own-impact"),
    path("desk/organisations/<uuid:organisation_id>/impact", dashboards.house_impact, name="house-impact"),
    path("desk/organisations/<uuid:organisation_id>/annual", annual_pages.house_annual, name="house-annual"),
    path("desk/teams/<uuid:team_id>/month", dashboards.team_month, name="team-month"),
    path("desk/teams/<uuid:team_id>/feedback", voice_pages.team_feedback, name="team-feedback"),
    path("desk/complaints/<uuid:complaint_id>", voice_pages.complaint, name="complaint"),
]
