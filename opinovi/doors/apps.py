from django.apps import AppConfig


class DoorsConfig(AppConfig):
    name = "opinovi.doors"

    def ready(self) -> None:
        """Tell the directory, which does not know us, which topics there are."""
        from opinovi.directory.actions import bulk
        from opinovi.doors.topic_files import topics

        bulk.known_topics.append(lambda: set(topics()))
