from django.urls import path

from opinovi.interchange import views

urlpatterns = [
    path("developers", views.api_page, name="api-page"),
    path("desk/keys", views.keys, name="api-keys"),
    path("desk/keys/<uuid:key_id>/end", views.end_key, name="end-api-key"),
]
