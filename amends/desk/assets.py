"""Style sheets and scripts of the desk; their version is in the address, so caches never lie."""

import hashlib
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"


@cache
def version() -> str:
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def head() -> str:
    """Return what the desk's page loads, from this server alone."""
    sheets = ("base.css", "desk.css", "chats.css", "card.css", "help.css")
    links = "".join(
        f'<link rel="stylesheet" href="/desk-static/{name}?v={version()}">' for name in sheets
    )
    scripts = "".join(
        f'<script src="/desk-static/{name}?v={version()}"></script>'
        for name in ("theme.js", "desk.js", "news.js", "help.js")
    )
    return links + scripts
