from django.apps import AppConfig


class InterchangeConfig(AppConfig):
    name = "opinovi.interchange"
