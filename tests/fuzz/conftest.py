"""The demo shop behind a gateway with an engine that does as it is told."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from schemathesis.config import SchemathesisConfig

from amends.conversations.use_cases import Started, start_conversation
from amends.gateway.app import create_app
from amends.wiring.settings import Settings
from tests.message_life.engine import FakeEngine
from tests.support import chatwoot_server, payment_server
from tests.support.shop import Shop, open_shop

LONG_RUN = "AMENDS_TEST_FUZZ_EXAMPLES"
EXAMPLES = int(os.environ.get(LONG_RUN, "25"))
"""Tried per operation, or dialogues played. Without the variable the same ones each time."""
IS_USUAL_RUN = LONG_RUN not in os.environ
SITE_SECRET = "a-secret-of-forty-characters-for-tests-x"


@dataclass
class Door:
    shop: Shop
    engine: FakeEngine
    api: FastAPI

    def start(self) -> Started:
        """Open a conversation; returns it with its token."""
        with self.shop.write() as uow:
            return start_conversation(uow, language="en", company="Fernhill", now=self.shop.clock())

    def close(self) -> None:
        self.shop.db.close()


def open_door(folder: Path, **chosen: Any) -> Door:
    """Return a gateway that is not yet served; the caller closes it."""
    values: dict[str, Any] = {
        "site_secret": SITE_SECRET,
        "payments_secret": payment_server.SECRET,
        "chatwoot_webhook_secret": chatwoot_server.SECRET,
        "messages_per_minute": 1_000_000,
        "conversations_per_minute": 1_000_000,
        "database_url": f"sqlite:///{folder / 'shop.db'}",
    }
    shop, engine = open_shop(folder), FakeEngine()
    settings = Settings(_env_file=None, var_dir=folder, **(values | chosen))
    shop.app = replace(shop.app, settings=settings, engine=engine)
    return Door(shop, engine, create_app(shop.app))


def document_of(api: FastAPI, **project: Any) -> Any:
    """Return the document that an application serves, ready to be held against its answers."""
    values = {
        "generation": {"max-examples": EXAMPLES, "deterministic": IS_USUAL_RUN},
        "suppress-health-check": ["all"],
        "max-stream-events": 1,  # a live stream goes on for ever
        **project,
    }
    config = SchemathesisConfig.from_dict(values)
    return schemathesis.openapi.from_asgi("/openapi.json", api, config=config)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    opened = open_door(tmp_path)
    yield opened
    opened.close()
