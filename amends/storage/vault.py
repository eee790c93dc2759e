"""Secrets in the database: unreadable without the installation's own secret, which is not in it.

AES-256-GCM, under a key derived from the site secret. What a secret belongs to is authenticated
with it, so that one row's secret cannot be put into another's.

    SecretUnreadable
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from amends.storage.errors import SecretUnreadable

PREFIX = "sealed:1:"
_NONCE_BYTES = 12
_PURPOSE = b"amends secrets in the database"


class Vault:
    """Seals and opens; without a secret it leaves what it is given in clear, and opens nothing."""

    def __init__(self, secret: str = "", before: str = "") -> None:
        """Take the site's secret, and the one of before when it was changed."""
        self._key = _key(secret) if secret else None
        self._old = [_key(before)] if before else []

    def seal(self, clear: str, of: str) -> str:
        """Return what is stored of a secret.

        Args:
            clear: The secret.
            of: What it belongs to, such as `webhook 4f2a`; needed to open it.
        """
        if self._key is None:
            return clear
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._key.encrypt(nonce, clear.encode(), of.encode())
        return PREFIX + base64.b64encode(sealed).decode("ascii")

    def open(self, kept: str, of: str) -> str:
        """Return a secret in clear; one from before secrets were sealed is in clear already.

        Raises:
            SecretUnreadable: it was sealed with another site secret, or for another row.
        """
        if not kept.startswith(PREFIX):
            return kept
        for key in (self._key, *self._old):
            opened = None if key is None else _opened(key, kept, of)
            if opened is not None:
                return opened
        raise SecretUnreadable(of)

    def is_fresh(self, kept: str, of: str) -> bool:
        """Whether this is sealed with the present secret."""
        if self._key is None or not kept.startswith(PREFIX):
            return False
        return _opened(self._key, kept, of) is not None


def _opened(key: AESGCM, kept: str, of: str) -> str | None:
    try:
        sealed = base64.b64decode(kept.removeprefix(PREFIX), validate=True)
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        return key.decrypt(nonce, rest, of.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError):
        return None


def _key(secret: str) -> AESGCM:
    derived = HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return AESGCM(derived)
