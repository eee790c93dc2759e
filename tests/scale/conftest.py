"""What the tests of several machines at once are built on."""

from tests.storage.conftest import empty_postgres_url, postgres_url  # noqa: F401 (fixtures)
