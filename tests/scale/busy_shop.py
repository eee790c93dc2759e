"""The demo shop on PostgreSQL at a moment when every job has something to do."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import func, select

from amends.compensation import use_cases as compensation
from amends.conversations.model import Draft, Role
from amends.handoff import use_cases as handoff
from amends.records import access
from amends.storage import Database, demo
from amends.storage.tables import METADATA
from amends.webhooks import use_cases as webhooks
from amends.wiring import chatwoot as adapter
from amends.wiring import jobs
from amends.wiring.app import App
from amends.wiring.handoff import load_handoff
from amends.wiring.lanes import Lanes
from amends.wiring.pulse import Pulse
from amends.wiring.rules import FixedRules
from amends.wiring.settings import Settings
from tests.satisfaction.surveys.steps import closed
from tests.storage.conftest import empty_tables
from tests.support.chatwoot_server import ACCOUNT, INBOX, TOKEN, Chatwoot, chatwoot_server
from tests.support.orders import copy_order
from tests.support.shop import ANA, BEN, LATE, NOW, PROJECT, Chat, Clock, Shop, Till, _policy
from tests.support.smtp_server import SmtpServer, smtp_server
from tests.support.webhook_server import WebhookServer, webhook_server
from tests.wiring.steps import accepted

YEARS = timedelta(days=1200)
"""After which the first of the chats are to be erased."""


@dataclass
class Busy:
    """The shop, and the systems around it that remember what they were asked."""

    shop: Shop
    url: str
    post: SmtpServer
    hooks: WebhookServer
    chatwoot: Chatwoot

    def rows(self) -> Counter[str]:
        """Return how many rows each table has, and how often each system did something."""
        with self.shop.db.read() as uow:
            connection = uow.conversations._session.connection()
            counts = Counter(
                {
                    name: connection.scalar(select(func.count()).select_from(table)) or 0
                    for name, table in METADATA.tables.items()
                }
            )
        counts["mails that arrived"] = len(self.post.mails)
        counts["events that arrived"] = len(self.hooks.heard)
        counts["remedies carried out"] = len(self.shop.till.done)
        counts["chats at the help desk"] = len(self.chatwoot.chats)
        counts["messages at the help desk"] = sum(map(len, self.chatwoot.messages.values()))
        return counts


@contextmanager
def busy_shop(url: str, folder: Path) -> Iterator[Busy]:
    empty_tables(url)
    demo.fill(url, NOW + YEARS)
    with smtp_server() as post, webhook_server() as hooks, chatwoot_server() as chatwoot:
        shop = _open(url, folder, post)
        try:
            _fill(shop, hooks)
            desk = adapter.Chatwoot(chatwoot.url, TOKEN, ACCOUNT, INBOX, shop.clock, 5.0)
            shop.app = replace(shop.app, help_desk=desk)
            yield Busy(shop, url, post, hooks, chatwoot)
            desk.stop()
        finally:
            shop.db.close()
        assert chatwoot.complaints == []


def gateway_beside(busy: Busy, db: Database) -> App:
    """Return the application as another gateway has it: all its own but what lies outside."""
    return replace(busy.shop.app, db=db, lanes=Lanes(), pulse=Pulse())


def _open(url: str, folder: Path, post: SmtpServer) -> Shop:
    clock, till = Clock(), Till()
    settings = Settings(
        project_dir=PROJECT,
        var_dir=folder,
        database_url=url,
        tracker_url=f"sqlite:///{folder}/tracker.db",
        engine_url="http://127.0.0.1:9",
        take_back_seconds=0,
        smtp_url=SecretStr(post.url),
        mail_from="help@fernhill.example",
        webhooks_allow_private=True,
        site_secret=SecretStr("a secret of more than thirty-two characters"),
    )
    app = App(
        settings=settings,
        db=Database(url, settings.site_secret.get_secret_value()),
        clock=clock,
        engine=None,  # type: ignore[arg-type]  # nothing here asks the engine
        policy=_policy(),
        rules=FixedRules(load_handoff(settings)),
        payments=till,
    )
    return Shop(app, clock, till)


def _fill(shop: Shop, hooks: WebhookServer) -> None:
    with shop.write() as uow:
        for member in (ANA, BEN):
            uow.staff.add(member, "no password opens this")
    for _ in range(3):
        closed(shop)  # to be erased, years later
    shop.clock.forward(days=YEARS.days)
    for _ in range(3):
        _offered(shop)  # what will have lapsed
    shop.clock.forward(days=4)
    for _ in range(3):
        closed(shop)  # to be asked about
        _asked_something(shop)  # to be closed
    shop.clock.forward(days=3.05)
    with shop.write() as uow:
        made = webhooks.add_endpoint(uow, f"{hooks.url}/crm", (), "", shop.clock())
    hooks.secrets["/crm"] = made.secret
    failing = accepted(shop, order=copy_order(shop.db, LATE))
    shop.till.faults = ["before"] * 10
    jobs.issue_remedies(shop.app)  # to be asked about, for it fails for long
    shop.till.faults = []
    shop.clock.forward(hours=3)
    for _ in range(3):
        _waiting(shop)  # to be told that it is late
        _claimed(shop)  # to be taken away
    shop.clock.forward(minutes=20)
    for _ in range(3):
        _asked_something(shop)  # to be reminded
    shop.clock.forward(minutes=16)
    accepted(shop, order=copy_order(shop.db, LATE))  # to be carried out
    _asks_for_access(shop, failing)


def _offered(shop: Shop) -> None:
    case = shop.chat().complains(order=copy_order(shop.db, LATE))
    with shop.write() as uow:
        made = compensation.decide_case(uow, shop.policy, case.id, shop.clock())
    assert made.offer is not None


def _asked_something(shop: Shop) -> None:
    chat = shop.chat()
    chat.complains(order=None)
    with shop.write() as uow:
        uow.conversations.append(chat.id, Draft(Role.BOT, "What would help?"), shop.clock())


def _waiting(shop: Shop) -> str:
    chat = shop.chat()
    chat.complains(order=None)
    with shop.write() as uow:
        reasons = ("customer_asked",)
        return handoff.request(uow, shop.thresholds, chat.id, reasons, shop.clock()).id


def _claimed(shop: Shop) -> None:
    waiting = _waiting(shop)
    with shop.write() as uow:
        uow.staff.seen(ANA.id, shop.clock())
        handoff.claim(uow, waiting, ANA, shop.clock())


def _asks_for_access(shop: Shop, chat: Chat) -> None:
    with shop.write() as uow:
        address = f"{chat.case.order_number}@example.com"
        access.ask(uow, chat.case.number, address, "en", shop.clock())
