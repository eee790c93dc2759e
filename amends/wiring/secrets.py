"""The installation's own secret: made once, kept in a file only its owner can read."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

SECRET_BYTES = 32


def load_or_create_secret(path: Path) -> str:
    """Return the secret kept at `path`; when there is none, make it first.

    Several processes may start at once: whichever links its file first wins, all read that one.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def derive_secret(secret: str, purpose: str) -> str:
    """Return a secret for one purpose, from which neither the first nor any other follows."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()
