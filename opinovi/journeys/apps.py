from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "opinovi.journeys"

    def ready(self) -> None:
        from opinovi.journeys import hooks

        hooks.put_up()
