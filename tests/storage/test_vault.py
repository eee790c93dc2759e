"""Secrets in the database are of no use to whoever has the database alone."""

import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from amends.cli.database import prepare_database
from amends.cli.errors import UsageError
from amends.handoff.staff_model import SecondFactor
from amends.storage import Database
from amends.storage.errors import SecretUnreadable
from amends.storage.sealing import seal_all
from amends.storage.vault import PREFIX, Vault
from amends.webhooks.model import Endpoint, EventType
from amends.wiring.settings import load_settings
from tests.storage.samples import NOW, staff
from tests.support.database import fresh_url

SITE, OTHER = "s" * 32, "o" * 32
TOTP, HOOK = "JBSWY3DPEHPK3PXP", "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0"
ENDPOINT = Endpoint("w1", "https://crm.example.com", HOOK, (EventType.CASE_OPENED,), NOW)


def fill(db: Database) -> None:
    with db.write() as uow:
        uow.staff.add(staff(), "hash")
        uow.second_factors.put("s-ana", SecondFactor(TOTP, NOW, 1))
        uow.webhooks.add(ENDPOINT)
        uow.commit()
    db.close()


def kept(url: str) -> tuple[str, str]:
    """What a thief of the database finds: a phone's secret, and a webhook's."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = (
            str(connection.execute(text("SELECT totp_secret FROM staff")).scalar()),
            str(connection.execute(text("SELECT secret FROM webhook_endpoints")).scalar()),
        )
    engine.dispose()
    return found


def opened(url: str, secret: str) -> tuple[str | None, str]:
    with closing(Database(url, secret)) as db, db.read() as uow:
        endpoint = uow.webhooks.get("w1")
        assert endpoint is not None
        return uow.second_factors.get("s-ana").secret, endpoint.secret


class TestVault:
    def test_given_a_secret_when_sealed_twice_then_each_differs_and_both_open(self) -> None:
        vault = Vault(SITE)
        first, second = vault.seal(HOOK, "a"), vault.seal(HOOK, "a")

        assert first != second
        assert vault.open(first, "a") == vault.open(second, "a") == HOOK

    def test_given_a_secret_of_one_row_when_put_into_another_then_it_does_not_open(self) -> None:
        vault = Vault(SITE)

        with pytest.raises(SecretUnreadable, match="b"):
            vault.open(vault.seal(HOOK, "a"), "b")

    @pytest.mark.parametrize(
        "broken", [PREFIX, f"{PREFIX}!", f"{PREFIX}AAAA", f"{PREFIX}" + "A" * 80]
    )
    def test_given_a_damaged_secret_when_opened_then_it_is_refused(self, broken: str) -> None:
        with pytest.raises(SecretUnreadable):
            Vault(SITE).open(broken, "a")


class TestAtRest:
    def test_given_secrets_when_kept_then_the_database_does_not_show_them(self, url: str) -> None:
        fill(Database(url, SITE))

        assert all(one.startswith(PREFIX) for one in kept(url))
        assert opened(url, SITE) == (TOTP, HOOK)

    def test_given_another_site_secret_when_read_then_the_error_says_what_to_do(
        self, url: str
    ) -> None:
        fill(Database(url, SITE))

        with pytest.raises(SecretUnreadable, match="AMENDS_SITE_SECRET_BEFORE"):
            opened(url, OTHER)

    def test_given_secrets_in_clear_from_before_when_started_then_they_are_sealed_once(
        self, url: str
    ) -> None:
        fill(Database(url))
        assert kept(url) == (TOTP, HOOK)

        assert seal_all(url, SITE) == 2
        assert seal_all(url, SITE) == 0

        assert all(one.startswith(PREFIX) for one in kept(url))
        assert opened(url, SITE) == (TOTP, HOOK)

    def test_given_a_changed_site_secret_when_started_with_the_one_before_then_it_opens_all(
        self, url: str
    ) -> None:
        fill(Database(url, SITE))

        assert seal_all(url, OTHER, SITE) == 2

        assert opened(url, OTHER) == (TOTP, HOOK)
        with pytest.raises(SecretUnreadable):
            opened(url, SITE)

    def test_given_an_endpoint_when_its_secret_is_changed_then_it_is_sealed_too(
        self, url: str
    ) -> None:
        fill(Database(url, SITE))
        with closing(Database(url, SITE)) as db, db.write() as uow:
            uow.webhooks.set_secret("w1", replace(ENDPOINT, secret="whsec_new").secret)
            uow.commit()

        assert kept(url)[1].startswith(PREFIX)
        assert opened(url, SITE)[1] == "whsec_new"


class TestStart:
    def test_given_secrets_of_another_site_secret_when_started_then_one_sentence_stops_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = fresh_url(tmp_path)
        fill(Database(url, SITE))
        monkeypatch.setenv("AMENDS_SITE_SECRET", OTHER)
        settings = load_settings(var_dir=tmp_path, database_url=url, demo=False)

        with pytest.raises(UsageError, match=re.escape("another AMENDS_SITE_SECRET")):
            prepare_database(settings)
