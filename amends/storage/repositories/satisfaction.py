"""Surveys, what was asked of whom, and scores."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from amends.cases.model import CaseStatus, PromiseState
from amends.records.retention import Kind
from amends.satisfaction.model import Score, Survey
from amends.satisfaction.ports import Place
from amends.satisfaction.surveys.model import Channel, SurveyAsk, merged
from amends.storage.repositories.base import Repository, table_of
from amends.storage.repositories.rows import to_score, to_survey, to_survey_ask
from amends.storage.tables.cases import CaseRow, PromiseRow
from amends.storage.tables.conversations import NEEDS_SCORE, ConversationRow
from amends.storage.tables.privacy import ErasureRow
from amends.storage.tables.satisfaction import ScoreRow, SurveyAskRow, SurveyRow

_SCORES = table_of(ScoreRow)
_SCORED = ("satisfaction", "confidence", "dimensions", "drivers", "model", "at")


class SqlSurveys(Repository):
    def add(self, survey: Survey) -> Survey:
        """Store answers about a case beside those given before, and return them all; a later one
        to the same question replaces."""
        before = self._of_case(survey.conversation_id, survey.case_id)
        whole = survey if before is None else merged(before, survey)
        values = {
            "conversation_id": whole.conversation_id,
            "about": whole.case_id or "",
            "case_id": whole.case_id,
            "csat": whole.csat,
            "comment": whole.comment,
            "reason": whole.reason,
            "ces": whole.ces,
            "nps": whole.nps,
            "expectation": whole.expectation,
            "servqual": dict(whole.servqual),
            "at": whole.at,
        }
        self._put(SurveyRow, ["conversation_id", "about"], values)
        return whole

    def _of_case(self, conversation_id: str, case_id: str | None) -> Survey | None:
        row = self._first(
            select(SurveyRow).where(
                SurveyRow.conversation_id == conversation_id, SurveyRow.about == (case_id or "")
            )
        )
        return None if row is None else to_survey(row)

    def of_conversation(self, conversation_id: str) -> Survey | None:
        """Return what was answered of the case that the customer answered about last."""
        row = self._first(
            select(SurveyRow)
            .where(SurveyRow.conversation_id == conversation_id)
            .order_by(SurveyRow.at.desc())
            .limit(1)
        )
        return None if row is None else to_survey(row)

    def of_case(self, case_id: str) -> Survey | None:
        row = self._first(select(SurveyRow).where(SurveyRow.case_id == case_id))
        return None if row is None else to_survey(row)

    def latest(self, limit: int = 10_000) -> Sequence[Survey]:
        """Return the surveys answered last, the latest first."""
        newest = select(SurveyRow).order_by(SurveyRow.at.desc()).limit(limit)
        return [to_survey(row) for row in self._all(newest)]


class SqlSurveyAsks(Repository):
    def add(self, ask: SurveyAsk) -> None:
        self._insert(SurveyAskRow, {"id": ask.id, **_values(ask)})

    def get(self, ask_id: str) -> SurveyAsk | None:
        row = self._first(select(SurveyAskRow).where(SurveyAskRow.id == ask_id))
        return None if row is None else to_survey_ask(row)

    def save(self, ask: SurveyAsk) -> None:
        self._change(update(SurveyAskRow).where(SurveyAskRow.id == ask.id).values(_values(ask)))

    def of_conversation(self, conversation_id: str) -> Sequence[SurveyAsk]:
        """All asks of a conversation, oldest first."""
        rows = self._all(
            select(SurveyAskRow)
            .where(SurveyAskRow.conversation_id == conversation_id)
            .order_by(SurveyAskRow.asked_at)
        )
        return [to_survey_ask(row) for row in rows]

    def asked_since(self, since: datetime, limit: int = 100_000) -> Sequence[SurveyAsk]:
        """Asks that are not older, the latest first: for response rates."""
        newest = select(SurveyAskRow).where(SurveyAskRow.asked_at >= since)
        rows = self._all(newest.order_by(SurveyAskRow.asked_at.desc()).limit(limit))
        return [to_survey_ask(row) for row in rows]

    def to_check_in(
        self, start: datetime, end: datetime, after: Place | None = None, limit: int = 200
    ) -> Sequence[Place]:
        """Resolved cases that closed in [start, end), whose promises have ended and whose customer
        was not asked by mail since, oldest first; behind a place."""
        asked = exists().where(
            SurveyAskRow.case_id == CaseRow.id,
            SurveyAskRow.channel == Channel.MAIL,
            SurveyAskRow.asked_at >= CaseRow.closed_at,
        )
        promised = exists().where(
            PromiseRow.case_id == CaseRow.id, PromiseRow.state == PromiseState.OPEN
        )
        place = tuple_(CaseRow.closed_at, CaseRow.id)
        query = select(CaseRow.closed_at, CaseRow.id).where(
            CaseRow.status == CaseStatus.RESOLVED,
            CaseRow.closed_at >= start,
            CaseRow.closed_at < end,
            ~asked,
            ~promised,
        )
        query = query if after is None else query.where(place > after)
        found = self._session.execute(query.order_by(CaseRow.closed_at, CaseRow.id).limit(limit))
        return [(closed_at, case_id) for closed_at, case_id in found if closed_at is not None]


def _values(ask: SurveyAsk) -> dict[str, Any]:
    return {
        "conversation_id": ask.conversation_id,
        "case_id": ask.case_id,
        "channel": ask.channel,
        "asked_at": ask.asked_at,
        "questions": [one.value for one in ask.questions],
        "answered": [one.value for one in ask.answered],
        "answered_at": ask.answered_at,
    }


class SqlScores(Repository):
    def save(self, conversation_id: str, score: Score, at: datetime) -> None:
        """Store the score of the conversation as it was at `at`, in place of an earlier one."""
        self.save_all({conversation_id: score}, at)

    def save_all(self, scores: Mapping[str, Score], at: datetime) -> None:
        """Store the scores of conversations as they were at `at`, in place of earlier ones."""
        if not scores:
            return
        make = postgres_insert if self._is_postgres else sqlite_insert
        statement = make(_SCORES)
        changed = {name: statement.excluded[name] for name in _SCORED}
        upsert = statement.on_conflict_do_update(index_elements=["conversation_id"], set_=changed)
        rows = [_score_values(key, score, at) for key, score in scores.items()]
        self._refusing(_SCORES, upsert, rows)
        self._change(
            update(ConversationRow)
            .where(ConversationRow.id.in_(sorted(scores)))
            .values(scored_at=at)
        )

    def outdate(self, conversation_id: str, at: datetime) -> None:
        """Let a conversation be scored again, although nothing was said in it."""
        self._change(
            update(ConversationRow)
            .where(ConversationRow.id == conversation_id)
            .values(outdated_at=at)
        )

    def outdate_others(self, model: str, at: datetime) -> int:
        """Let all conversations be scored again that were scored by other weights.

        Where the words are erased the figures stay: without the words they would only get worse.
        """
        others = select(ScoreRow.conversation_id).where(ScoreRow.model != model)
        erased = select(ErasureRow.subject).where(ErasureRow.kind == Kind.CHAT)
        return self._change(
            update(ConversationRow)
            .where(ConversationRow.id.in_(others), ConversationRow.id.not_in(erased))
            .values(outdated_at=at)
        )

    def of_conversation(self, conversation_id: str) -> Score | None:
        row = self._first(select(ScoreRow).where(ScoreRow.conversation_id == conversation_id))
        return None if row is None else to_score(row)

    def scored_at(self, conversation_id: str) -> datetime | None:
        return self._session.scalar(
            select(ScoreRow.at).where(ScoreRow.conversation_id == conversation_id)
        )

    def unscored(
        self, idle_before: datetime, settled_before: datetime, limit: int = 200
    ) -> Sequence[str]:
        """Conversations with a customer's message, idle since, whose score is missing or older.

        Those that were outdated a moment ago, after `settled_before`, are left for the next time.
        """
        settled = or_(
            ConversationRow.outdated_at.is_(None), ConversationRow.outdated_at < settled_before
        )
        return self._session.scalars(
            select(ConversationRow.id)
            .where(NEEDS_SCORE, ConversationRow.changed_at < idle_before, settled)
            .order_by(ConversationRow.changed_at)
            .limit(limit)
        ).all()


def _score_values(conversation_id: str, score: Score, at: datetime) -> dict[str, Any]:
    return {
        "conversation_id": conversation_id,
        "satisfaction": score.satisfaction,
        "confidence": score.confidence,
        "dimensions": score.dimensions,
        "drivers": list(score.drivers),
        "model": score.model,
        "at": at,
    }
