"""How every form's fields are told to who hears them."""

from typing import Any

from django.forms import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import Widget


class Heard(BoundField):
    """A field that is asked for is not yet wrong when it is empty: browsers would say so of dates and choices."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        told = super().build_widget_attrs(attrs, widget)
        if told.get("required"):
            told.setdefault("aria-invalid", "false")
        return told


class Renderer(DjangoTemplates):
    bound_field_class = Heard
