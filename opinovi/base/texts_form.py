"""Forms with texts in every language: asked in Finnish, and in Swedish and English under a fold."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.languages import WHOLE

LANGUAGES = tuple(WHOLE)
IN_LANGUAGE = {"sv": gettext_lazy("%(label)s ruotsiksi"), "en": gettext_lazy("%(label)s englanniksi")}


class TextsForm(forms.Form):
    """A form with texts in every language: `name` becomes name_fi, name_sv and name_en."""

    # (name, label, rows, longest, asked for in Finnish)
    texts: tuple[tuple[str, Any, int, int, bool], ...] = ()
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = dict(self.fields)
        self.fields.clear()
        for language in LANGUAGES:
            for name, label, rows, longest, required in self.texts:
                widget: Any = forms.TextInput if rows == 1 else forms.Textarea({"rows": rows})
                if isinstance(widget, forms.Textarea):
                    widget.attrs["lang"] = language
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=label if language == "fi" else IN_LANGUAGE[language] % {"label": label},
                    help_text=self.hints.get(name, "") if language == "fi" else "",
                    max_length=longest, required=required and language == "fi", widget=widget,
                )  # fmt: skip
        self.fields.update(own)

    def text(self, name: str) -> dict[str, str]:
        return {code: self.cleaned_data[f"{name}_{code}"] for code in LANGUAGES if self.cleaned_data[f"{name}_{code}"]}

    @property
    def main(self) -> list[forms.BoundField]:
        """What stands open: the Finnish texts and all that is no text."""
        return [one for one in self if not one.is_hidden and not self.folds(one.name)]

    @property
    def folded(self) -> list[forms.BoundField]:
        return [one for one in self if self.folds(one.name)]

    def folds(self, field: str) -> bool:
        name, _bar, language = field.rpartition("_")
        return language in IN_LANGUAGE and any(name == text[0] for text in self.texts)

    @property
    def fold_open(self) -> bool:
        return any(one.errors for one in self.folded)


def initial_of(one: Any, *names: str) -> dict[str, str]:
    """The texts of a row as the fields of a TextsForm."""
    return {f"{name}_{code}": getattr(one, name).get(code, "") for name in names for code in LANGUAGES}


class Changed(ValidationError):
    """Another has saved the same texts meanwhile. Nothing was saved."""

    def __init__(self) -> None:
        super().__init__(_("Joku muu on tallentanut tämän kohdan sillä välin. Katso alta, mitä siinä nyt on."))


def show_changed(form: TextsForm, row: Any, *names: str) -> list[tuple[str, str]]:
    """What stands there now, for one whose own words were not saved; the form sent again saves over it, seen."""
    told = QueryDict(mutable=True)
    told.update(form.data)
    told["revision"] = str(row.revision)
    form.data = told
    return [
        (str(form.fields[f"{name}_{code}"].label), getattr(row, name)[code])
        for name in names
        for code in LANGUAGES
        if getattr(row, name).get(code)
    ]
