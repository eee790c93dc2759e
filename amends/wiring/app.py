"""Assembly: settings in, a running application out. Importing this module opens nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from amends.compensation.issuing import Recorded
from amends.compensation.load import load_policy
from amends.compensation.model import Report
from amends.compensation.policy import Policy
from amends.compensation.ports import Payments
from amends.conversations.model import Conversation, Draft, Seq, Understanding
from amends.conversations.ports import Engine
from amends.handoff import bridge_heard, notices, waits
from amends.handoff import use_cases as handoff
from amends.handoff.check import check
from amends.handoff.help_desk import Heard
from amends.handoff.ports import HelpDesk
from amends.handoff.thresholds import Thresholds
from amends.satisfaction import use_cases as satisfaction
from amends.satisfaction.ports import UnitOfWork
from amends.storage.database import Database
from amends.values import Clock, utc_now
from amends.wiring import settlement
from amends.wiring.chatwoot import build_help_desk
from amends.wiring.engine_client import HttpEngine
from amends.wiring.handoff import load_handoff
from amends.wiring.lanes import Lanes
from amends.wiring.payments import build_payments
from amends.wiring.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class App:
    """The parts that the doors use."""

    settings: Settings
    db: Database
    clock: Clock
    engine: Engine
    policy: Policy
    thresholds: Thresholds
    payments: Payments
    help_desk: HelpDesk | None = None
    lanes: Lanes = field(default_factory=Lanes)

    def check_handoff(
        self,
        uow: UnitOfWork,
        conversation: Conversation,
        seq: Seq,
        found: Understanding,
        now: datetime,
    ) -> tuple[Draft, ...]:
        """Ask for a person when a threshold is crossed; returns what the customer is told."""
        return check(uow, self.thresholds, conversation, seq, found, now)

    def ask_person(
        self, uow: UnitOfWork, conversation: Conversation, reason: str, now: datetime
    ) -> tuple[Draft, ...]:
        """Ask for a person because the assistant cannot go on."""
        handoff.request(uow, self.thresholds, conversation.id, (reason,), now)
        wait = waits.wait_of(uow, self.thresholds, conversation.id, now)
        return (notices.joining(wait, conversation.language, None),)

    def record_survey(
        self, uow: UnitOfWork, conversation_id: str, csat: int, comment: str, at: datetime
    ) -> None:
        satisfaction.record_survey(uow, conversation_id, csat, comment, at)

    def hear_payment(
        self, uow: UnitOfWork, remedy_id: str, report: Report, now: datetime
    ) -> Recorded:
        """Record what the company's refund system says of a remedy, and tell whom it concerns."""
        return settlement.hear(uow, self.thresholds, remedy_id, report, now)

    def hear_help_desk(self, uow: UnitOfWork, heard: Heard, now: datetime) -> bool:
        """Let what a person did in the company's help desk reach the customer."""
        return bridge_heard.hear(uow, self.thresholds, heard, now)


def build(settings: Settings) -> App:
    """Put the application together.

    Raises:
        PolicyError, HandoffError: a policy file cannot be used; the sentence says where.
    """
    return App(
        settings=settings,
        db=Database(settings.database_url),
        clock=utc_now,
        engine=HttpEngine(settings.engine_url, settings.engine_timeout_seconds),
        policy=load_policy(settings.policy_path),
        thresholds=load_handoff(settings),
        payments=build_payments(settings, utc_now),
        help_desk=build_help_desk(settings, utc_now),
    )


_chosen: list[App] = []


def use_app(app: App) -> None:
    """Let this process's custom actions use an application that is already built."""
    _chosen[:] = [app]


def get_app() -> App:
    """Return this process's application; Rasa makes actions without arguments, so they ask here."""
    return _chosen[0] if _chosen else _build_once()


@cache
def _build_once() -> App:
    return build(load_settings())
