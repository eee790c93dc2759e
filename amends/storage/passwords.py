"""Staff passwords: kept as Argon2id hashes, never as they are."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()  # RFC 9106, low-memory profile: 64 MiB, 3 passes

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are read as another


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def verify_password(password_hash: str, password: str) -> bool:
    """Tell whether this is the password; a damaged hash opens for nobody."""
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def one_time_password() -> str:
    """Return a password of about 79 bits that can be read from a screen and typed."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)
