from django.apps import AppConfig


class ImpactConfig(AppConfig):
    name = "opinovi.impact"

    def ready(self) -> None:
        from opinovi.impact.hooks import put_up

        put_up()
