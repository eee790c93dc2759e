"""Every question that is asked all the time is answered from an index, however long the log is."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text

from amends.cases.model import CaseStatus
from amends.cases.search import CaseQuery, Sort
from amends.compensation.model import Step
from amends.handoff.rule_model import RuleKind
from amends.records.log.ports import Place, Wanted
from amends.storage import Database, SqlUnitOfWork
from amends.training.review.model import Mark, Query, Reason
from amends.training.review.model import Place as ReviewPlace
from amends.training.review.similarity import signature
from tests.storage.samples import NOW, handoff
from tests.support.database import fresh_database

Ask = Callable[[SqlUnitOfWork], object]

QUESTIONS: dict[str, tuple[Ask, str]] = {
    "oldest pending": (lambda uow: uow.conversations.next_pending("c1"), "ix_messages_pending"),
    "retry sweep": (lambda uow: uow.conversations.pending_ids(NOW), "ix_messages_due"),
    "after a seq": (lambda uow: uow.conversations.after("c1", 5), "sqlite_autoindex_messages_1"),
    "replies": (
        lambda uow: uow.conversations.replies_to("c1", 5),
        "ix_messages_conversation_id_in_reply_to_seq",
    ),
    "last choices": (
        lambda uow: uow.conversations.last_choices_seq("c1"),
        "sqlite_autoindex_choices_",
    ),
    "wake subscribers": (
        lambda uow: uow.conversations.changed_since(NOW),
        "ix_conversations_changed_at",
    ),
    "log of beginnings": (
        lambda uow: uow.log.page(Wanted(since=NOW), Place(NOW, "c1")),
        "ix_conversations_created_at_id",
    ),
    "waiting chats": (lambda uow: uow.handoffs.waiting(), "ix_handoffs_waiting"),
    "place in the queue": (lambda uow: uow.handoffs.ahead(handoff()), "ix_handoffs_waiting"),
    "late answers": (lambda uow: uow.handoffs.untold(NOW), "ix_handoffs_waiting"),
    "claimed chats": (lambda uow: uow.handoffs.claimed(), "ix_handoffs_claimed"),
    "latest claims": (lambda uow: uow.handoffs.claimed_since(NOW), "ix_handoffs_claimed_at"),
    "returned chats": (lambda uow: uow.handoffs.returned_since(NOW), "ix_handoffs_returned"),
    "notes of a chat": (
        lambda uow: uow.notes.of_conversation("c1"),
        "ix_handoff_notes_conversation_id_id",
    ),
    "new notes": (lambda uow: uow.notes.since(NOW), "ix_handoff_notes_at"),
    "listeners": (lambda uow: uow.listeners.all(NOW), "ix_handoff_listeners_until"),
    "my chats": (lambda uow: uow.handoffs.claimed_by("s1"), "ix_handoffs_claimed"),
    "open handoff": (lambda uow: uow.handoffs.open_of("c1"), "uq_handoffs_one_not_ended"),
    "promises due": (lambda uow: uow.promises.open_due_before(NOW), "ix_promises_due"),
    "remedies by state": (
        lambda uow: uow.ledger.in_state(Step.ACCEPTED),
        "ix_remedies_state_made_at",
    ),
    "remedies to carry out": (
        lambda uow: uow.ledger.to_carry_out(NOW),
        "ix_remedies_state_made_at",
    ),
    "given for an order": (
        lambda uow: uow.ledger.cases_given_for_order("10045"),
        "ix_remedies_order_number",
    ),
    "offers expiring": (
        lambda uow: uow.ledger.offers_expiring_before(NOW),
        "ix_remedies_state_expires_at",
    ),
    "customer's goodwill": (
        lambda uow: uow.ledger.goodwill_to_customer("cus-1", NOW),
        "ix_remedies_goodwill_of_customer",
    ),
    "day's goodwill": (lambda uow: uow.ledger.goodwill_since(NOW), "ix_remedies_state_made_at"),
    "first decisions": (
        lambda uow: list(uow.ledger.first_decisions_since(NOW)),
        "ix_decisions_at",
    ),
    "customer's cases": (
        lambda uow: uow.cases.of_customer_since("cus-1", NOW),
        "ix_cases_customer_id_opened_at",
    ),
    "cases by status": (
        lambda uow: uow.cases.with_status(CaseStatus.OPEN),
        "ix_cases_status_opened_at",
    ),
    "timeline": (lambda uow: uow.cases.entries("k1"), "ix_case_entries_case_id_id"),
    "endpoints to send to": (
        lambda uow: uow.webhooks.endpoints_due(NOW),
        "ix_webhook_deliveries_pending",
    ),
    "delivery to take": (
        lambda uow: uow.webhooks.take("e1", NOW, NOW),
        "ix_webhook_deliveries_pending",
    ),
    "a person's history": (
        lambda uow: uow.staff_changes.of("s1"),
        "ix_staff_changes_staff_id_id",
    ),
    "recovery codes": (
        lambda uow: uow.second_factors.recovery_codes_left("s1"),
        "sqlite_autoindex_staff_recovery_codes_",
    ),
    "cases by deadline": (lambda uow: uow.case_search.find(CaseQuery(), NOW), "ix_cases_due"),
    "newest cases": (
        lambda uow: uow.case_search.find(CaseQuery(sort=Sort.NEWEST), NOW),
        "ix_cases_opened_at_id",
    ),
    "cases by word": (
        lambda uow: uow.case_search.find(CaseQuery(terms=("lamp",), sort=Sort.NEWEST), NOW),
        "PRIMARY KEY (term=?)",
    ),
    "overdue cases": (
        lambda uow: uow.case_search.count(CaseQuery(overdue=True), NOW),
        "ix_cases_due",
    ),
    "cases without terms": (
        lambda uow: uow.case_search.due(NOW),
        "ix_cases_not_indexed",
    ),
    "asked in a chat": (
        lambda uow: uow.survey_asks.of_conversation("c1"),
        "ix_survey_asks_conversation_id_asked_at",
    ),
    "asked since": (lambda uow: uow.survey_asks.asked_since(NOW), "ix_survey_asks_asked_at"),
    "answers about a case": (lambda uow: uow.surveys.of_case("k1"), "ix_surveys_case_id"),
    "cases to check in about": (
        lambda uow: uow.survey_asks.to_check_in(NOW, NOW, (NOW, "k1")),
        "ix_cases_status_closed_at_id",
    ),
    "mail to send": (lambda uow: uow.mails.take(NOW, NOW), "ix_mails_pending"),
    "requests for a code": (
        lambda uow: uow.access_requests.unhandled(),
        "ix_access_requests_unhandled",
    ),
    "codes for a case": (
        lambda uow: uow.access_requests.sent_for_case("k1", NOW),
        "ix_access_requests_case_id_asked_at",
    ),
    "latest deliveries": (
        lambda uow: uow.webhooks.latest("e1"),
        "ix_webhook_deliveries_endpoint_id_outbox_id",
    ),
    "requests that wait": (lambda uow: uow.approvals.pending(), "ix_approvals_pending"),
    "requests decided on": (
        lambda uow: uow.approvals.decided_since(NOW),
        "ix_approvals_decided_at",
    ),
    "requests of a case": (
        lambda uow: uow.approvals.of_case("k1"),
        "ix_approvals_case_id_asked_at",
    ),
    "newest rules": (lambda uow: uow.rules.newest(), "sqlite_autoindex_rule_versions_1"),
    "versions of a rule": (
        lambda uow: uow.rules.latest(RuleKind.HOURS, 20),
        "sqlite_autoindex_rule_versions_1",
    ),
    "latest conversations": (
        lambda uow: uow.conversations.latest(500),
        "ix_conversations_changed_at",
    ),
    "open rows to review": (
        lambda uow: uow.reviews.groups(Query(), ReviewPlace(300, 7), 20),
        "ix_review_groups_open",
    ),
    "open rows for a reason": (
        lambda uow: uow.reviews.groups(Query(reason=Reason.CORRECTED, since=NOW), None, 20),
        "ix_review_groups_open",
    ),
    "decisions counted": (lambda uow: uow.reviews.decided_count(), "ix_review_decisions_held"),
    "messages of a row": (
        lambda uow: uow.reviews.members(1),
        "ix_reviews_group_id_decision_id_rank_id",
    ),
    "messages of a decision": (lambda uow: uow.reviews.decided_items(1), "ix_reviews_decision_id"),
    "decision on a row": (
        lambda uow: uow.reviews.decision_on(1),
        "ix_reviews_group_id_decision_id_rank_id",
    ),
    "my last decision": (
        lambda uow: uow.reviews.last_decision("s1"),
        "ix_review_decisions_held",
    ),
    "talks to look at": (
        lambda uow: uow.reviews.changed(Mark(NOW, "c1"), NOW, 50),
        "ix_conversations_changed_at",
    ),
    "marks to look at": (
        lambda uow: uow.reviews.outdated(Mark(NOW, "c1"), NOW, 50),
        "ix_conversations_outdated",
    ),
    "talks gathered": (
        lambda uow: uow.reviews.gather(["c1", "c2"]),
        "sqlite_autoindex_messages_1",
    ),
    "alike rows": (
        lambda uow: uow.reviews._near([signature("my lamp has not come")]),
        "PRIMARY KEY (key=?)",
    ),
    "to be scored": (lambda uow: uow.scores.unscored(NOW, NOW), "ix_conversations_needs_score"),
}

SORTED_AFTERWARDS = {
    "my chats",
    "claimed chats",
    "late answers",
    "latest claims",
    "offers expiring",
    "messages of a decision",
}
"""Few rows, found by one order and shown in another."""


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = fresh_database(tmp_path)
    yield database
    database.close()


@pytest.mark.parametrize("question", QUESTIONS)
def test_given_a_hot_question_when_asked_then_its_index_answers(
    db: Database, question: str
) -> None:
    ask, index = QUESTIONS[question]

    plan = plan_of(db, ask)

    assert index in plan, plan
    assert "SCAN messages" not in plan.replace(f"SCAN messages USING INDEX {index}", ""), plan
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan or question in SORTED_AFTERWARDS, plan


def plan_of(db: Database, ask: Ask) -> str:
    """Return SQLite's plan of the first statement that the question sends."""
    asked: list[tuple[str, object]] = []
    with db.read() as uow:
        connection: Connection = uow._session.connection()

        def note(*seen: object) -> None:
            asked.append((str(seen[2]), seen[3]))

        event.listen(connection, "before_cursor_execute", note)
        ask(uow)
        event.remove(connection, "before_cursor_execute", note)
        statement, values = asked[0]
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
        return "; ".join(str(row[3]) for row in rows)


def test_given_the_check_when_a_query_has_no_index_then_the_plan_says_scan(db: Database) -> None:
    plan = plan_of(db, lambda uow: uow._session.execute(text("SELECT * FROM messages")))

    assert "SCAN messages" in plan
