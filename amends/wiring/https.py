"""What follows when customers and staff come over HTTPS."""

from amends.wiring.settings import Settings

STRICT_TRANSPORT = "max-age=31536000"
"""A year without HTTP; the company's other sites are not our business (no `includeSubDomains`)."""


def is_public_https(settings: Settings) -> bool:
    """Whether customers' browsers reach the gateway over HTTPS, as behind a proxy that ends it."""
    return settings.public_url.startswith("https://")
