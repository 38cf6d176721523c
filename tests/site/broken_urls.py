from django.http import HttpRequest, HttpResponse
from django.urls import path


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault")


urlpatterns = [path("broken", broken)]
handler500 = "opinovi.site.errors.server_error"
