from django.apps import AppConfig

from opinovi.base.storage import DATA_KEY_OF


class ContactConfig(AppConfig):
    name = "opinovi.contact"

    def ready(self) -> None:
        DATA_KEY_OF["contact.Attachment"] = "enquiry__key"
