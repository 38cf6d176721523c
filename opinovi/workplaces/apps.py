from django.apps import AppConfig


class WorkplacesConfig(AppConfig):
    name = "opinovi.workplaces"

    def ready(self) -> None:
        from opinovi.workplaces import tasks  # noqa: F401
