from django.urls import path

from opinovi.interchange import source_pages, views

urlpatterns = [
    path("developers", views.api_page, name="api-page"),
    path("developers/try", views.try_it, name="api-try"),
    path("desk/keys", views.keys, name="api-keys"),
    path("desk/keys/<uuid:key_id>/end", views.end_key, name="end-api-key"),
    path("desk/networks/<uuid:network_id>/sources", source_pages.sources, name="sources"),
    path("desk/sources/<uuid:feed_id>", source_pages.source, name="source"),
    path("desk/sources/runs/<uuid:run_id>", source_pages.source_run, name="source-run"),
]
