"""One transaction over all repositories."""

from typing import Self

from sqlalchemy.orm import Session, sessionmaker

from amends.storage.repositories.audit import SqlAudit
from amends.storage.repositories.case_search import SqlCaseSearch
from amends.storage.repositories.cases import SqlCases, SqlPromises
from amends.storage.repositories.cause_actions import SqlCauseActions
from amends.storage.repositories.chat_work import SqlListeners, SqlNotes
from amends.storage.repositories.compensation import SqlLedger
from amends.storage.repositories.conversations import SqlConversations
from amends.storage.repositories.desk_work import SqlApprovals, SqlCannedReplies
from amends.storage.repositories.figures import SqlFigures
from amends.storage.repositories.handoff import SqlHandoffs
from amends.storage.repositories.help_desk import SqlHelpDeskChats
from amends.storage.repositories.insights import SqlFacts
from amends.storage.repositories.log import SqlLog
from amends.storage.repositories.mail import SqlAccessRequests, SqlMails
from amends.storage.repositories.models import SqlModels, SqlModelServing, SqlModelWork
from amends.storage.repositories.orders import SqlOrders
from amends.storage.repositories.outbox import SqlOutbox
from amends.storage.repositories.privacy import SqlPrivacy
from amends.storage.repositories.reviews import SqlReviews
from amends.storage.repositories.rules import SqlRules
from amends.storage.repositories.satisfaction import SqlScores, SqlSurveyAsks, SqlSurveys
from amends.storage.repositories.shadows import SqlRecentMessages, SqlShadows
from amends.storage.repositories.staff import SqlSecondFactors, SqlStaff, SqlStaffChanges
from amends.storage.repositories.training_changes import SqlTrainingChanges
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
    audit: SqlAudit
    case_search: SqlCaseSearch
    access_requests: SqlAccessRequests
    mails: SqlMails
    ledger: SqlLedger
    handoffs: SqlHandoffs
    staff: SqlStaff
    second_factors: SqlSecondFactors
    staff_changes: SqlStaffChanges
    surveys: SqlSurveys
    survey_asks: SqlSurveyAsks
    scores: SqlScores
    facts: SqlFacts
    log: SqlLog
    cause_actions: SqlCauseActions
    training_changes: SqlTrainingChanges
    notes: SqlNotes
    listeners: SqlListeners
    help_desk: SqlHelpDeskChats
    webhooks: SqlWebhooks
    canned: SqlCannedReplies
    approvals: SqlApprovals
    reviews: SqlReviews
    rules: SqlRules
    models: SqlModels
    model_work: SqlModelWork
    model_serving: SqlModelServing
    shadows: SqlShadows
    recent_messages: SqlRecentMessages
    figures: SqlFigures
    privacy: SqlPrivacy

    def __init__(self, sessions: sessionmaker[Session], reads_only: bool = False) -> None:
        self._sessions = sessions
        self._reads_only = reads_only

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
        self.audit = SqlAudit(session)
        self.case_search = SqlCaseSearch(session)
        self.access_requests = SqlAccessRequests(session)
        self.mails = SqlMails(session)
        self.ledger = SqlLedger(session)
        self.handoffs = SqlHandoffs(session)
        self.staff = SqlStaff(session)
        self.second_factors = SqlSecondFactors(session)
        self.staff_changes = SqlStaffChanges(session)
        self.surveys = SqlSurveys(session)
        self.survey_asks = SqlSurveyAsks(session)
        self.scores = SqlScores(session)
        self.facts = SqlFacts(session)
        self.log = SqlLog(session)
        self.cause_actions = SqlCauseActions(session)
        self.training_changes = SqlTrainingChanges(session)
        self.notes = SqlNotes(session)
        self.listeners = SqlListeners(session)
        self.help_desk = SqlHelpDeskChats(session)
        self.webhooks = SqlWebhooks(session)
        self.canned = SqlCannedReplies(session)
        self.approvals = SqlApprovals(session)
        self.reviews = SqlReviews(session)
        self.rules = SqlRules(session)
        self.models = SqlModels(session)
        self.model_work = SqlModelWork(session)
        self.model_serving = SqlModelServing(session)
        self.shadows = SqlShadows(session)
        self.recent_messages = SqlRecentMessages(session)
        self.figures = SqlFigures(session)
        self.privacy = SqlPrivacy(session)
        return self

    def __exit__(self, *error: object) -> None:
        try:
            # Where nothing is to be taken back: at a rollback the driver forgets every statement
            # that its connection has prepared.
            if self._reads_only and not any(error):
                self._session.commit()
        finally:
            self._session.close()  # rolls back what was not committed

    def commit(self) -> None:
        """Make everything done in this block permanent."""
        self._session.commit()
