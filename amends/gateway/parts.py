"""What the gateway is built from; `amends.wiring.app.build` provides it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from amends.compensation.issuing import Recorded
from amends.compensation.model import Report
from amends.conversations.ports import Engine
from amends.conversations.turn_steps import AskPerson, CheckHandoff
from amends.handoff.help_desk import Heard
from amends.handoff.thresholds import Thresholds
from amends.satisfaction.ports import UnitOfWork
from amends.satisfaction.surveys.model import Answers
from amends.storage.database import Database
from amends.values import Clock
from amends.wiring.pulse import Pulse
from amends.wiring.settings import Settings
from amends.wiring.shared import Shared
from amends.wiring.tracing import Tracing


class RecordSurvey(Protocol):
    """Stores what a customer answers: of one asking, or of the latest in the chat."""

    def __call__(
        self,
        uow: UnitOfWork,
        conversation_id: str,
        answers: Answers,
        at: datetime,
        ask_id: str | None = None,
        /,
    ) -> Any: ...


class Parts(Protocol):
    """The assembled application, as far as this door uses it."""

    @property
    def settings(self) -> Settings: ...
    @property
    def db(self) -> Database: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def pulse(self) -> Pulse: ...
    @property
    def tracing(self) -> Tracing: ...
    @property
    def shared(self) -> Shared | None: ...
    @property
    def thresholds(self) -> Thresholds: ...
    @property
    def check_handoff(self) -> CheckHandoff[UnitOfWork]: ...
    @property
    def ask_person(self) -> AskPerson[UnitOfWork]: ...
    @property
    def record_survey(self) -> RecordSurvey: ...
    @property
    def hear_help_desk(self) -> Callable[[UnitOfWork, Heard, datetime], bool]: ...
    @property
    def hear_payment(self) -> Callable[[UnitOfWork, str, Report, datetime], Recorded]: ...
