from django.apps import AppConfig


class WorkplacesConfig(AppConfig):
    name = "opinovi.workplaces"

    def ready(self) -> None:
        from opinovi.workplaces import hooks, tasks  # noqa: F401

        hooks.put_up()
