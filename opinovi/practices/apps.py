from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "opinovi.practices"

    def ready(self) -> None:
        from opinovi.doors import hooks
        from opinovi.practices.hooks import practices_of

        hooks.beside_service.append(practices_of)
