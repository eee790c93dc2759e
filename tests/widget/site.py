"""A visitor's view of a page with the widget on it."""

import time
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, expect

from .fake_gateway import FakeGateway


def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait for a condition of ours that the browser cannot be asked about."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it did not happen in time")
        time.sleep(0.02)


class Site:
    """One tab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self._note(line.text))

    @classmethod
    def open(cls, context: BrowserContext, path: str) -> "Site":
        site = cls(context.new_page())
        site.page.goto(path)
        site.launcher.wait_for(state="attached")
        return site

    def another_tab(self, path: str = "/plain?name=Fernhill") -> "Site":
        return Site.open(self.page.context, path)

    @property
    def launcher(self) -> Locator:
        return self.page.locator("amends-widget .launcher")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Your message")

    @property
    def choices(self) -> Locator:
        return self.page.locator("amends-widget .choice")

    @property
    def notice(self) -> Locator:
        return self.page.locator("amends-widget .notice")

    @property
    def status(self) -> Locator:
        return self.page.locator("amends-widget .status-text")

    @property
    def bubbles(self) -> Locator:
        return self.page.locator("amends-widget .bubble")

    def open_chat(self) -> "Site":
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def write(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    def shows(self, *texts: str) -> None:
        """Check that the transcript holds exactly these messages, in this order."""
        expect(self.bubbles).to_have_text(list(texts))

    def choose_menu(self, name: str) -> None:
        self.page.get_by_role("button", name="More options").click()
        self.page.get_by_role("button", name=name).click()

    def focus_name(self) -> str:
        """Return the accessible label or text of what has the focus, inside the widget or not."""
        return str(
            self.page.evaluate(
                """() => {
                    let node = document.activeElement;
                    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
                    return node?.getAttribute("aria-label") || node?.textContent || node?.tagName;
                }"""
            )
        )

    def _note(self, text: str) -> None:
        if "Content Security Policy" in text or "Uncaught" in text:
            self.problems.append(text)


def begin(site: Site, gateway: FakeGateway, text: str = "Hello") -> None:
    """Open the chat and say something, until the gateway has it."""
    site.open_chat().write(text)
    until(lambda: len(gateway.heard) > 0)
    site.shows(text)
