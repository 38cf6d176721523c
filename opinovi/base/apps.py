from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class BaseConfig(AppConfig):
    name = "opinovi.base"

    def ready(self) -> None:
        """Every room's access.py says who may do what, and its tasks.py what a worker does: read them all."""
        autodiscover_modules("access", "tasks")
