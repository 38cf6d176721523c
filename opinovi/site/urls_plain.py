"""Addresses without a language: for machines."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import path

from opinovi.contact import sms_in
from opinovi.site import machines, metrics, offline, views
from opinovi.site.sitemaps import SITEMAPS

urlpatterns = [
    path("-/health", views.health, name="health"),
    path("-/sms", sms_in.sms_in, name="sms-in"),
    path("-/metrics", metrics.metrics, name="metrics"),
    path("worker.js", offline.worker, name="worker"),
    path("robots.txt", machines.robots, name="robots"),
    path("favicon.ico", machines.favicon, name="favicon"),
    path(
        "sitemap.xml",
        machines.open_to_all(sitemaps.index),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"},
        name="sitemaps",
    ),
    path(
        "sitemap-<section>.xml",
        machines.open_to_all(sitemaps.sitemap),
        {"sitemaps": SITEMAPS},
        name="sitemap",
    ),
]
