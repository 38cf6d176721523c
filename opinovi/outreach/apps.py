from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "opinovi.outreach"

    def ready(self) -> None:
        from opinovi.contact import hooks
        from opinovi.outreach.arrivals import note_arrival

        hooks.came.append(note_arrival)
