from django.urls import path

from opinovi.workplaces import answer_pages, desk, public

urlpatterns = [
    path("workplaces", public.for_workplaces, name="for-workplaces"),
    path("s/own", answer_pages.kept_result, name="kept-result"),
    path("s/<slug:survey_code>", answer_pages.survey_door, name="survey-door"),
    path("s/<slug:survey_code>/send", answer_pages.survey_send, name="survey-send"),
    path("s/<slug:survey_code>/own", answer_pages.survey_own, name="survey-own"),
    path("s/<slug:survey_code>/<int:step>", answer_pages.survey_step, name="survey-step"),
    path("desk/workplaces", desk.workplaces, name="workplaces"),
    path("desk/workplaces/new", desk.new_workplace, name="new-workplace"),
    path("desk/workplaces/<uuid:workplace_id>", desk.workplace, name="workplace"),
    path("desk/workplaces/<uuid:workplace_id>/edit", desk.edit_workplace, name="edit-workplace"),
    path("desk/surveys/<uuid:survey_id>", desk.survey, name="survey"),
    path("desk/surveys/<uuid:survey_id>/items", desk.survey_items, name="survey-items"),
    path("desk/surveys/<uuid:survey_id>/poster", desk.survey_poster, name="survey-poster"),
    path("desk/surveys/<uuid:survey_id>/words", desk.survey_words, name="survey-words"),
    path("desk/surveys/<uuid:survey_id>/goals/new", desk.new_goal, name="new-goal"),
    path("desk/goals/<uuid:goal_id>/edit", desk.edit_goal, name="edit-goal"),
]
