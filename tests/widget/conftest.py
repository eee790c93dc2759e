"""A real browser before a fake gateway."""

import os
import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from .fake_gateway import FakeGateway
from .site import Site, until

FIRST_PORT = 5510
PORTS = 5
DESKTOP = {"width": 1280, "height": 800}
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong

OpenSite = Callable[..., Site]


def own_port() -> int:
    """Return a port of this test worker's own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return FIRST_PORT + int(worker) % PORTS


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    fake = FakeGateway()
    quiet = {"log_level": "critical", "lifespan": "off", "ws": "none"}
    config = uvicorn.Config(fake.app, port=own_port(), timeout_graceful_shutdown=0, **quiet)  # type: ignore[arg-type]
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
        address = f"http://127.0.0.1:{own_port()}"
        context = browser.new_context(base_url=address, **(usual | features))  # type: ignore[arg-type]
        contexts.append(context)
        return Site.open(context, path)

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def site(open_site: OpenSite) -> Site:
    return open_site()
