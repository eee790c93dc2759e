"""Assembly: settings in, a running application out. Importing this module opens nothing."""

from dataclasses import dataclass, field, replace
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
from amends.satisfaction.model import Weights
from amends.satisfaction.ports import UnitOfWork
from amends.satisfaction.scoring import BELIEVED
from amends.satisfaction.surveys import use_cases as surveys
from amends.satisfaction.surveys.model import Answers
from amends.storage.database import Database
from amends.values import Clock, Json, utc_now
from amends.wiring import settlement
from amends.wiring.chatwoot import build_help_desk
from amends.wiring.database import open_database
from amends.wiring.engines import build_engine
from amends.wiring.lanes import Lanes
from amends.wiring.payments import build_payments
from amends.wiring.pulse import Pulse
from amends.wiring.rules import Rules, StoredRules, load_files
from amends.wiring.settings import Settings, load_settings
from amends.wiring.shared import Shared, share
from amends.wiring.tracing import OFF, Tracing, build_tracing
from amends.wiring.weights import load_weights


@dataclass(frozen=True, slots=True)
class App:
    """The parts that the doors use."""

    settings: Settings
    db: Database
    clock: Clock
    engine: Engine
    policy: Policy
    rules: Rules
    payments: Payments
    weights: Weights = BELIEVED
    help_desk: HelpDesk | None = None
    lanes: Lanes = field(default_factory=Lanes)
    pulse: Pulse = field(default_factory=Pulse)
    tracing: Tracing = OFF
    shared: Shared | None = None

    @property
    def thresholds(self) -> Thresholds:
        """What holds now; ask once in each piece of work, so that it keeps to one version."""
        return self.rules.now()

    def for_turn(self, conversation_id: str, seq: int) -> "App":
        """Return the application as it is for one turn: with the rules that it began with."""
        return replace(self, rules=self.rules.of_turn(conversation_id, seq))

    def check_handoff(
        self,
        uow: UnitOfWork,
        conversation: Conversation,
        seq: Seq,
        found: Understanding,
        now: datetime,
    ) -> tuple[Draft, ...]:
        """Ask for a person when a threshold is crossed; returns what the customer is told."""
        rules = self.rules.of_turn(conversation.id, seq)
        return check(uow, rules.now(), conversation, seq, found, now)

    def ask_person(
        self, uow: UnitOfWork, conversation: Conversation, reason: str, now: datetime
    ) -> tuple[Draft, ...]:
        """Ask for a person because the assistant cannot go on."""
        thresholds = self.thresholds
        handoff.request(uow, thresholds, conversation.id, (reason,), now)
        wait = waits.wait_of(uow, thresholds, conversation.id, now)
        return (notices.joining(wait, conversation.language, None),)

    def ask_survey(self, uow: UnitOfWork, conversation_id: str, now: datetime) -> Json | None:
        """Return the card that asks the customer to rate; None when they are not to be asked."""
        share = self.settings.servqual_share
        return surveys.ask_in_chat(uow, conversation_id, share, now)

    def record_survey(
        self,
        uow: UnitOfWork,
        conversation_id: str,
        answers: Answers,
        at: datetime,
        ask_id: str | None = None,
    ) -> None:
        satisfaction.record_survey(uow, self.weights, conversation_id, answers, at, ask_id)

    def hear_payment(
        self, uow: UnitOfWork, remedy_id: str, report: Report, now: datetime
    ) -> Recorded:
        """Record what the company's refund system says of a remedy, and tell whom it concerns."""
        return settlement.hear(uow, self.thresholds, remedy_id, report, now)

    def hear_help_desk(self, uow: UnitOfWork, heard: Heard, now: datetime) -> bool:
        """Let what a person did in the company's help desk reach the customer."""
        return bridge_heard.hear(uow, self.thresholds, heard, now, self.ask_survey)


def build(settings: Settings, process: str = "app") -> App:
    """Put the application together.

    Args:
        settings: What an operator chose.
        process: Names this process in traces.

    Raises:
        PolicyError, HandoffError: a policy file cannot be used; the sentence says where.
    """
    db = open_database(settings)
    tracing = build_tracing(settings, process)
    return App(
        settings=settings,
        db=db,
        clock=utc_now,
        engine=build_engine(settings, tracing),
        policy=load_policy(settings.policy_path),
        rules=StoredRules(db, load_files(settings)),
        payments=build_payments(settings, utc_now),
        weights=load_weights(settings),
        help_desk=build_help_desk(settings, utc_now),
        tracing=tracing,
        shared=share(settings, db),
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
