"""A real browser before a fake gateway."""

import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext

from tests.support.browser import chromium, free_port

from .fake_gateway import FakeGateway
from .site import Site, until

DESKTOP = {"width": 1280, "height": 800}

OpenSite = Callable[..., Site]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    fake = FakeGateway()
    port = free_port()
    fake.address = f"http://127.0.0.1:{port}"
    quiet = {"log_level": "critical", "lifespan": "off", "ws": "none"}
    config = uvicorn.Config(fake.app, port=port, timeout_graceful_shutdown=0, **quiet)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    yield fake
    server.force_exit = True
    server.should_exit = True
    thread.join(5)


@pytest.fixture
def open_site(browser: Browser, gateway: FakeGateway) -> Iterator[OpenSite]:
    """Return a function that opens a site as a fresh visitor, in a browser with given features."""
    contexts: list[BrowserContext] = []

    def open_(path: str = "/plain?name=Fernhill", **features: object) -> Site:
        usual: dict[str, object] = {"viewport": DESKTOP, "locale": "en-GB"}
        context = browser.new_context(base_url=gateway.address, **(usual | features))  # type: ignore[arg-type]
        contexts.append(context)
        return Site.open(context, path)

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def site(open_site: OpenSite) -> Site:
    return open_site()
