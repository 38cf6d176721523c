from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "opinovi.staff"

    def ready(self) -> None:
        from opinovi.contact import hooks
        from opinovi.staff import tasks  # noqa: F401
        from opinovi.staff.actions.training import look_at_attendance

        hooks.marked.append(look_at_attendance)
