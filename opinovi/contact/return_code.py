"""The code by which a nameless person comes back: twelve signs that can be read aloud, the last a check on the others.

The alphabet has 31 signs, none of which is taken for another; 31 is a prime, so that the weighted sum finds every
wrong sign and every two that changed places (as ISO 7064 does with its primes).
"""

import hmac
import re
import secrets

from django.conf import settings

ALPHABET = "023456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
# Signs that people write for those that look or sound like them.
ALIKE = str.maketrans({"O": "0"})


def new_code() -> str:
    signs = [secrets.choice(ALPHABET) for _ in range(LENGTH - 1)]
    return grouped("".join(signs) + check_sign("".join(signs)))


def check_sign(signs: str) -> str:
    total = sum((place + 2) * ALPHABET.index(sign) for place, sign in enumerate(signs))
    return ALPHABET[-total % len(ALPHABET)]


def grouped(signs: str) -> str:
    return "-".join(signs[begin : begin + 4] for begin in range(0, len(signs), 4))


def read_code(text: str) -> str | None:
    """The code as it is kept, from how a person wrote it; None where there is a typing error in it."""
    signs = re.sub(r"[\s\-–—.]", "", text.upper()).translate(ALIKE)
    if len(signs) != LENGTH or any(sign not in ALPHABET for sign in signs):
        return None
    return grouped(signs) if check_sign(signs[:-1]) == signs[-1] else None


def hash_of(code: str) -> str:
    """What is kept of a code in the open: useless without the installation's own secret."""
    return hmac.new(settings.SECRET_KEY.encode(), code.encode(), "sha256").hexdigest()
