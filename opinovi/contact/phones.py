"""Phone numbers as people write them, kept as they are dialled."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def read_phone(text: str) -> str:
    """The number in the international form (E.164). Raises ValidationError for what is no number."""
    try:
        parsed = phonenumbers.parse(text, "FI")
    except phonenumbers.NumberParseException as error:
        raise ValidationError(_("Numerossa on jotain vikaa. Se on muotoa 040 123 4567.")) from error
    if not phonenumbers.is_possible_number(parsed):
        raise ValidationError(_("Numerossa on jotain vikaa. Se on muotoa 040 123 4567."))
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
