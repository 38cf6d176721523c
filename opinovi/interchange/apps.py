from django.apps import AppConfig


class InterchangeConfig(AppConfig):
    name = "opinovi.interchange"

    def ready(self) -> None:
        from opinovi.interchange.hooks import put_up

        put_up()
