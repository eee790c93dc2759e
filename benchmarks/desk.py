"""The desk under load, in real browsers. Prints one JSON document.

    python -m benchmarks.desk [--staff 20] [--conversations 500] [--open 200] [--probes 40]

First: how long from a message that crosses a threshold until its chat stands on an open page of
the desk, with `--open` others waiting. Then `--staff` people, each in a browser page of their own,
answer `--conversations` chats; afterwards every log is read again: was anything lost, doubled, out
of order, or answered by two people? Uses the project's trained model.
"""

import argparse
import asyncio
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page, async_playwright

from amends.handoff.model import StaffMember, StaffRole
from amends.storage import Database
from amends.storage.passwords import hash_password
from amends.values import new_id, utc_now
from amends.wiring.model import current_model
from amends.wiring.settings import load_settings
from benchmarks.installation import Installation
from benchmarks.processes import Json, cpu_seconds

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
PASSWORD = "correct horse battery staple"
ROUNDS = 2
AT_ONCE = 10
PATIENCE_SECONDS = 60
WATCH = """() => {
  window.firstSeen = {};
  const look = () => {
    const now = Date.now();
    for (const found of document.querySelector('.left').textContent.matchAll(/probe-\\d+/g)) {
      window.firstSeen[found[0]] ??= now;
    }
  };
  new MutationObserver(look).observe(document.querySelector('.left'),
    {childList: true, subtree: true, characterData: true});
}"""


@dataclass
class Customer:
    """One conversation, over the customers' API."""

    client: httpx.AsyncClient
    id: str
    token: str
    said: list[str] = field(default_factory=list)
    handoff_id: str = ""

    @classmethod
    async def new(cls, client: httpx.AsyncClient) -> "Customer":
        opened = (await client.post("/api/conversations", json={"language": "en"})).json()
        return cls(client, opened["conversation_id"], opened["token"])

    async def say(self, text: str, wait_seconds: int = 0) -> None:
        self.said.append(text)
        content = {"client_message_id": f"m{len(self.said)}", "text": text}
        path = f"/api/conversations/{self.id}/messages?wait={wait_seconds}"
        (await self.client.post(path, json=content, headers=self._headers)).raise_for_status()

    async def log(self) -> list[Json]:
        path = f"/api/conversations/{self.id}/messages?after=0"
        answer = await self.client.get(path, headers=self._headers)
        return list(answer.raise_for_status().json()["messages"])

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class Answered:
    """What the people at the desk did, and what went wrong on their pages."""

    texts: dict[str, list[str]] = field(default_factory=dict)  # by conversation
    seconds: list[float] = field(default_factory=list)  # from a customer's message to the page
    faults: list[str] = field(default_factory=list)


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="amends-desk-bench-") as name:
        folder = Path(name)
        model = current_model(load_settings())
        if not model.is_file():
            sys.exit("There is no trained model for these files; run `amends train` first.")
        (folder / "models").mkdir()
        shutil.copy(model, folder / "models")
        installation = Installation(folder, options.port)
        with installation.up() as running:
            before = {name: cpu_seconds(pid) for name, pid in running.pids.items()}
            found = asyncio.run(_measure(installation, options))
            found["cpu_seconds"] = {
                name: round(cpu_seconds(pid) - before[name], 1)
                for name, pid in running.pids.items()
            }
            found["resident_mb"] = running.resident_mb()
    print(json.dumps(found, indent=2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--staff", type=int, default=20)
    parser.add_argument("--conversations", type=int, default=500)
    parser.add_argument("--open", type=int, default=200)
    parser.add_argument("--probes", type=int, default=40)
    parser.add_argument("--port", type=int, default=5590)
    return parser.parse_args()


async def _measure(installation: Installation, options: argparse.Namespace) -> Json:
    logins = _add_staff(installation.database_url, options.staff)
    desk = f"http://127.0.0.1:{installation.first_port + 1}"
    async with httpx.AsyncClient(base_url=installation.url, timeout=PATIENCE_SECONDS) as client:
        waiting = await _open_chats(client, options.open)
        async with _browser() as browser:
            page = await _signed_in(browser, desk, logins[0])
            visible = await _visible(client, page, options.probes)
            await page.context.close()
            waiting += await _open_chats(client, options.conversations - options.open)
            _note_handoffs(installation.database_url, waiting)
            began = time.perf_counter()
            answered = await _answer_all(browser, desk, logins, waiting)
            seconds = time.perf_counter() - began
        return {
            "threshold_to_desk_ms": visible,
            "work": {
                "staff": options.staff,
                "conversations": len(waiting),
                "answers": sum(map(len, answered.texts.values())),
                "seconds": round(seconds, 1),
                "message_to_page_ms": _spread([one * 1000 for one in answered.seconds]),
                "faults": len(answered.faults),
                "first_faults": answered.faults[:10],
                **await _compare(waiting, answered),
            },
        }


def _add_staff(database_url: str, count: int) -> list[str]:
    logins = [f"staff{number}" for number in range(count)]
    database, hashed = Database(database_url), hash_password(PASSWORD)
    with database.write() as uow:
        for login in logins:
            # Seen before: the first sign-in would ask for a password of one's own.
            member = StaffMember(new_id(), login, login.title(), StaffRole.AGENT, seen_at=utc_now())
            uow.staff.add(member, hashed)
        uow.commit()
    database.close()
    return logins


async def _open_chats(client: httpx.AsyncClient, count: int) -> list[Customer]:
    """Open conversations that wait for a person."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> Customer:
        async with gate:
            customer = await Customer.new(client)
            await customer.say("I want to speak to a real person, please", wait_seconds=30)
            return customer

    return list(await asyncio.gather(*(one() for _ in range(count))))


def _note_handoffs(database_url: str, customers: list[Customer]) -> None:
    database = Database(database_url)
    with database.read() as uow:
        found = {one.conversation_id: one.id for one in uow.handoffs.waiting(limit=10_000)}
    database.close()
    for customer in customers:
        customer.handoff_id = found[customer.id]


@asynccontextmanager
async def _browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        await browser.close()


async def _signed_in(browser: Browser, desk: str, login: str) -> Page:
    context = await browser.new_context(base_url=desk, viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    await page.goto("/sign-in")
    await page.get_by_label("Name").fill(login)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.locator(".left .row").first.wait_for()
    return page


async def _visible(client: httpx.AsyncClient, page: Page, probes: int) -> Json:
    """Let customers write what crosses a threshold; watch the open page for each."""
    await page.evaluate(WATCH)
    chance, taken = random.Random(7), []
    for number in range(probes):
        customer, name = await Customer.new(client), f"probe-{number}"
        await asyncio.sleep(chance.uniform(0.2, 0.7))  # at any moment of the desk's own beat
        began = time.time() * 1000
        await customer.say(f"The kettle caught fire and burnt my hand, {name}")
        seen = await page.wait_for_function("name => window.firstSeen[name]", arg=name)
        taken.append(float(await seen.json_value()) - began)
    return _spread(taken)


async def _answer_all(
    browser: Browser, desk: str, logins: list[str], customers: list[Customer]
) -> Answered:
    """Let everybody take chats until none of these waits."""
    answered = Answered()
    pages = [await _signed_in(browser, desk, login) for login in logins]
    left = asyncio.Queue[Customer]()
    for customer in customers:
        left.put_nowait(customer)
    work = (_work(page, login, left, answered) for page, login in zip(pages, logins, strict=True))
    await asyncio.gather(*work)
    return answered


async def _work(page: Page, login: str, left: asyncio.Queue[Customer], answered: Answered) -> None:
    while not left.empty():
        customer = left.get_nowait()
        try:
            await _serve(page, login, customer, answered)
        except Exception as fault:  # a page that fails is a finding, not the end of the benchmark
            answered.faults.append(f"{login}: {type(fault).__name__}: {str(fault)[:200]}")


async def _serve(page: Page, login: str, customer: Customer, answered: Answered) -> None:
    """Claim one chat, talk in it, and resolve it."""
    await page.goto(f"/?chat={customer.handoff_id}")
    await page.get_by_role("button", name="Claim").click()
    box = page.get_by_label("Message to the customer")
    texts = answered.texts.setdefault(customer.id, [])
    for number in range(ROUNDS):
        question = f"question {number} of {customer.id[:8]}"
        began = time.perf_counter()
        await customer.say(question)
        await page.locator(".msg-customer", has_text=question).wait_for()
        answered.seconds.append(time.perf_counter() - began)
        answer = f"answer {number} by {login} to {customer.id[:8]}"
        await box.fill(answer)
        await box.press("Enter")
        texts.append(answer)
        await page.locator(".msg-staff", has_text=answer).wait_for()
    shown = await page.locator(".transcript [data-seq]").evaluate_all(
        "all => all.map((one) => Number(one.dataset.seq))"
    )
    if shown != sorted(set(shown)):
        answered.faults.append(f"{login}: the page shows {shown}")


async def _compare(customers: list[Customer], answered: Answered) -> Json:
    """Read all logs again and hold them against what was said."""
    lost = doubled = disordered = shared = 0
    for customer in customers:
        log = await customer.log()
        for role, said in (("customer", customer.said), ("staff", answered.texts[customer.id])):
            found = [one["text"] for one in log if one["role"] == role]
            lost += len(set(said) - set(found))
            doubled += len(found) - len(set(found))
            disordered += found != said
        shared += len({one["author"] for one in log if one["role"] == "staff"}) > 1
    return {
        "messages_lost": lost,
        "messages_doubled": doubled,
        "logs_out_of_order": disordered,
        "answered_by_two": shared,
    }


def _spread(milliseconds: list[float]) -> Json:
    taken = sorted(milliseconds)
    if not taken:
        return {"count": 0}
    return {
        "count": len(taken),
        "p50": round(statistics.median(taken)),
        "p95": round(taken[int(len(taken) * 0.95)]),
        "most": round(taken[-1]),
    }


if __name__ == "__main__":
    main()
