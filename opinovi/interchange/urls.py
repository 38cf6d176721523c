from django.urls import path

from opinovi.interchange import embeds, hook_pages, same_pages, source_pages, views

urlpatterns = [
    path("developers", views.api_page, name="api-page"),
    path("developers/try", views.try_it, name="api-try"),
    path("developers/embed", embeds.embed_page, name="embed-page"),
    path("embed/search", embeds.embed_search, name="embed-search"),
    path("embed/organisations/<uuid:organisation_id>", embeds.embed_organisation, name="embed-organisation"),
    path("embed/services/<uuid:service_id>", embeds.embed_times, name="embed-times"),
    path("desk/keys", views.keys, name="api-keys"),
    path("desk/keys/<uuid:key_id>/end", views.end_key, name="end-api-key"),
    path("desk/networks/<uuid:network_id>/sources", source_pages.sources, name="sources"),
    path("desk/sources/<uuid:feed_id>", source_pages.source, name="source"),
    path("desk/sources/<uuid:feed_id>/columns", source_pages.source_columns, name="source-columns"),
    path("desk/sources/runs/<uuid:run_id>", source_pages.source_run, name="source-run"),
    path("desk/hooks", hook_pages.hooks, name="hooks"),
    path("desk/hooks/<uuid:hook_id>", hook_pages.hook, name="hook"),
    path("desk/hooks/tellings/<uuid:telling_id>/again", hook_pages.tell_again, name="tell-again"),
    path("desk/networks/<uuid:network_id>/same", same_pages.same, name="same"),
    path("desk/same/<uuid:pair_id>", same_pages.pair, name="same-pair"),
]
