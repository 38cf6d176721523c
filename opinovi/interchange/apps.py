from django.apps import AppConfig


class InterchangeConfig(AppConfig):
    name = "opinovi.interchange"

    def ready(self) -> None:
        from opinovi.interchange import events, kouta, ptv_api, sheets  # noqa: F401
        from opinovi.interchange.hooks import put_up
        from opinovi.interchange.hsds import source  # noqa: F401

        put_up()
