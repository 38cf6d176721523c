"""What only the holder of a code opens: its key is made of the code and the installation's secret, and kept nowhere."""

import base64
import hmac
import json
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from opinovi.base.secret import open_bytes, seal_bytes

PURPOSE = "own result"


def key_of(code: str) -> AESGCM:
    return AESGCM(hmac.new(settings.SECRET_KEY.encode(), f"{PURPOSE} {code}".encode(), "sha256").digest())


def lock(code: str, told: Any) -> str:
    content = json.dumps(told, ensure_ascii=False).encode()
    return base64.b64encode(seal_bytes(key_of(code), content, PURPOSE)).decode()


def unlock(code: str, locked: str) -> Any:
    """What was locked; None where the installation's secret has changed since."""
    try:
        return json.loads(open_bytes(key_of(code), base64.b64decode(locked), PURPOSE))
    except InvalidTag:
        return None
