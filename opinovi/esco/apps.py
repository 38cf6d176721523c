from django.apps import AppConfig


class EscoConfig(AppConfig):
    name = "opinovi.esco"
