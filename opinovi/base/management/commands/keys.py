"""Wrap every data key anew under the first master key, so that an old master key can be taken away."""

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from django.core.management.base import BaseCommand
from django.db import transaction

from opinovi.base.models import DataKey, Letter, Unsent
from opinovi.base.secret import WRAPPED_FOR, seal, unseal


def seal_anew(value: Any) -> Any:
    """A sealed secret of an authenticator under the first key; anything else as it is."""
    try:
        return seal(unseal(value, "second factor"), "second factor")
    except (InvalidTag, ValueError, TypeError):
        return value


class Command(BaseCommand):
    help = "Wrap all that the master keys seal anew under the first of OPINOVI_MASTER_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        with transaction.atomic():
            for key in DataKey.objects.iterator(chunk_size=500):
                key.wrapped = seal(unseal(key.wrapped, WRAPPED_FOR), WRAPPED_FOR)
                key.save(update_fields=["wrapped"])
                count += 1
            for letter in Letter.objects.exclude(sealed="").iterator(chunk_size=500):
                letter.sealed = seal(unseal(letter.sealed, "letter"), "letter")
                letter.save(update_fields=["sealed"])
            for factor in Authenticator.objects.iterator():
                told = {name: seal_anew(value) for name, value in factor.data.items()}
                if told != factor.data:
                    factor.data = told
                    factor.save(update_fields=["data"])
            Unsent.objects.all().delete()
        self.stdout.write(f"{count} keys wrapped anew.")
