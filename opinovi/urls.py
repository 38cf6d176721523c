"""Every address. Finnish stands at the root, the other languages behind their code."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("", include("opinovi.site.urls_plain")),
    path("", include("opinovi.interchange.api.urls")),
    *i18n_patterns(
        path("", include("opinovi.doors.urls")),
        path("", include("opinovi.directory.urls")),
        path("", include("opinovi.contact.urls")),
        path("", include("opinovi.journeys.urls")),
        path("", include("opinovi.practices.urls")),
        path("", include("opinovi.staff.urls")),
        path("", include("opinovi.workplaces.urls")),
        path("", include("opinovi.outreach.urls")),
        path("", include("opinovi.projects.urls")),
        path("", include("opinovi.strategy.urls")),
        path("", include("opinovi.impact.urls")),
        path("", include("opinovi.interchange.urls")),
        path("", include("opinovi.network.urls_sign_in")),
        path("", include("opinovi.network.urls")),
        path("", include("opinovi.site.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "opinovi.site.errors.bad_request"
handler403 = "opinovi.site.errors.forbidden"
handler404 = "opinovi.site.errors.not_found"
handler500 = "opinovi.site.errors.server_error"
