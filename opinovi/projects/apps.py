from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "opinovi.projects"
