"""One transaction over all repositories."""

from typing import Self

from sqlalchemy.orm import Session, sessionmaker

from amends.storage.repositories.cases import SqlCases, SqlPromises
from amends.storage.repositories.compensation import SqlLedger
from amends.storage.repositories.conversations import SqlConversations
from amends.storage.repositories.handoff import SqlHandoffs, SqlStaff
from amends.storage.repositories.help_desk import SqlHelpDeskChats
from amends.storage.repositories.orders import SqlOrders
from amends.storage.repositories.outbox import SqlOutbox
from amends.storage.repositories.satisfaction import SqlScores, SqlSurveys
from amends.storage.repositories.understandings import SqlActionRuns, SqlUnderstandings
from amends.storage.repositories.webhooks import SqlWebhooks


class SqlUnitOfWork:
    """Implements the UnitOfWork of every room; see `amends.satisfaction.ports.UnitOfWork`."""

    conversations: SqlConversations
    understandings: SqlUnderstandings
    action_runs: SqlActionRuns
    cases: SqlCases
    promises: SqlPromises
    orders: SqlOrders
    outbox: SqlOutbox
    ledger: SqlLedger
    handoffs: SqlHandoffs
    staff: SqlStaff
    surveys: SqlSurveys
    scores: SqlScores
    help_desk: SqlHelpDeskChats
    webhooks: SqlWebhooks

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def __enter__(self) -> Self:
        self._session = session = self._sessions()
        try:
            # Begin now: on SQLite this takes the write lock, so what is read stays true.
            session.connection()
        except BaseException:
            session.close()
            raise
        self.conversations = SqlConversations(session)
        self.understandings = SqlUnderstandings(session)
        self.action_runs = SqlActionRuns(session)
        self.cases = SqlCases(session)
        self.promises = SqlPromises(session)
        self.orders = SqlOrders(session)
        self.outbox = SqlOutbox(session)
        self.ledger = SqlLedger(session)
        self.handoffs = SqlHandoffs(session)
        self.staff = SqlStaff(session)
        self.surveys = SqlSurveys(session)
        self.scores = SqlScores(session)
        self.help_desk = SqlHelpDeskChats(session)
        self.webhooks = SqlWebhooks(session)
        return self

    def __exit__(self, *error: object) -> None:
        self._session.close()  # rolls back what was not committed

    def commit(self) -> None:
        """Make everything done in this block permanent."""
        self._session.commit()
