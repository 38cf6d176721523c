from django.urls import path

from opinovi.strategy import action_pages, desk, gap_pages, meeting_pages, public, quality_pages, together

urlpatterns = [
    # For everybody
    path("strategy", public.strategy, name="strategy"),
    path("strategy.pdf", public.strategy_paper, name="strategy-paper"),
    # Written together
    path("desk/together", together.together, name="together"),
    path("desk/strategies", desk.strategies, name="strategies"),
    path("desk/strategies/<uuid:strategy_id>", desk.strategy_plan, name="strategy-plan"),
    path("desk/strategies/<uuid:strategy_id>/versions", desk.strategy_versions, name="strategy-versions"),
    path("desk/strategies/<uuid:strategy_id>/edit", desk.edit_strategy, name="edit-strategy"),
    path("desk/strategies/<uuid:strategy_id>/themes/new", desk.new_theme, name="new-theme"),
    path("desk/themes/<uuid:theme_id>", desk.edit_theme, name="edit-theme"),
    path("desk/themes/<uuid:theme_id>/objectives/new", desk.new_objective, name="new-objective"),
    path("desk/objectives/<uuid:objective_id>", desk.edit_objective, name="edit-objective"),
    path("desk/strategy-versions/<uuid:strategy_version_id>", desk.version, name="strategy-version"),
    path("desk/strategy-versions/<uuid:strategy_version_id>/publish", desk.publish, name="publish-strategy"),
    path("desk/reviews/<uuid:review_id>", desk.review, name="strategy-review"),
    path("desk/networks/<uuid:network_id>/strategies/new", desk.new_strategy, name="new-strategy"),
    # What is done, and how it is measured
    path("desk/strategies/<uuid:strategy_id>/actions", action_pages.actions, name="strategy-actions"),
    path("desk/strategies/<uuid:strategy_id>/actions/new", action_pages.new_action, name="new-action"),
    path("desk/actions/<uuid:action_id>", action_pages.action, name="action"),
    path("desk/actions/<uuid:action_id>/edit", action_pages.edit_action, name="edit-action"),
    path("desk/objectives/<uuid:objective_id>/measures/new", action_pages.new_measure, name="new-measure"),
    path("desk/measures/<uuid:measure_id>", action_pages.measure, name="measure"),
    path("desk/measures/<uuid:measure_id>/edit", action_pages.edit_measure, name="edit-measure"),
    # Decided
    path("desk/networks/<uuid:network_id>/meetings", meeting_pages.meetings, name="meetings"),
    path("desk/networks/<uuid:network_id>/meetings/new", meeting_pages.new_meeting, name="new-meeting"),
    path("desk/meetings/<uuid:meeting_id>", meeting_pages.meeting, name="meeting"),
    path("desk/meetings/<uuid:meeting_id>/edit", meeting_pages.edit_meeting, name="edit-meeting"),
    # Gaps, and quality
    path("desk/networks/<uuid:network_id>/gaps", gap_pages.gaps, name="gaps"),
    path("desk/gaps/<uuid:gap_id>", gap_pages.gap, name="gap"),
    path("desk/networks/<uuid:network_id>/quality", quality_pages.quality, name="quality"),
    path("desk/networks/<uuid:network_id>/quality/assess", quality_pages.assess, name="assess"),
    path("desk/networks/<uuid:network_id>/criteria/new", quality_pages.new_criterion, name="new-criterion"),
    path("desk/criteria/<uuid:criterion_id>", quality_pages.edit_criterion, name="edit-criterion"),
]
