"""Translated text: a piece of text in any number of languages, read with a fallback chain.

A language is a BCP 47 tag; plain Finnish is `fi-simple`.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language

from opinovi.base.languages import PLAIN_FINNISH, WHOLE

FALLBACK = tuple(WHOLE)
# Who reads in none of these is likelier to read English, or plain Finnish, than Finnish.
FROM_ELSEWHERE = ("en", PLAIN_FINNISH)
# What stands in no text, and breaks feeds and workbooks that it comes to: XML has no sign for it.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class Piece:
    """One text in one language, chosen for a reader."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text


def choose(texts: dict[str, Any] | None, language: str | None = None, fallback: tuple[str, ...] = FALLBACK) -> Piece:
    """The text for a reader of `language` (default: the page's), or the next best one; empty if there is none."""
    wanted = language or get_language() or FALLBACK[0]
    texts = texts or {}
    first = wanted.split("-")[0]
    if first not in WHOLE and fallback is FALLBACK:
        fallback = (*FROM_ELSEWHERE, *FALLBACK)
    for lang in (wanted, first, *fallback, *sorted(texts)):
        if value := texts.get(lang):
            return Piece(value if isinstance(value, str) else ", ".join(value), lang)
    return Piece("", wanted)


def page_language() -> str:
    """The language of who reads the page, without how it is written: plain Finnish is Finnish."""
    return (get_language() or FALLBACK[0]).split("-")[0]


def printable(told: Any) -> Any:
    """A text without signs that cannot be written, and all texts within lists and mappings alike."""
    if isinstance(told, str):
        return CONTROL.sub("", told)
    if isinstance(told, dict):
        return {key: printable(value) for key, value in told.items()}
    return [printable(one) for one in told] if isinstance(told, list) else told


def check_texts(value: Any) -> None:
    """Raise ValidationError unless `value` maps language tags to text, or to lists of texts."""
    if not isinstance(value, dict):
        raise ValidationError("A translated text is a mapping from language to text.")
    for lang, text in value.items():
        if not isinstance(lang, str) or not 2 <= len(lang) <= 20:
            raise ValidationError(f"Not a language: {lang!r}")
        parts = text if isinstance(text, list) else [text]
        if not all(isinstance(part, str) for part in parts):
            raise ValidationError(f"Not a text in {lang}: {text!r}")


class TextField(models.JSONField):
    """Holds {language: text} (or lists of texts, for alternative names)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        kwargs.setdefault("blank", True)
        super().__init__(**kwargs)
        self.validators = [*self.validators, check_texts]

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(printable(value))
