"""Surveys and scores."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from amends.satisfaction.model import Score, Survey
from amends.storage.repositories.base import Repository
from amends.storage.repositories.rows import to_score, to_survey
from amends.storage.tables.conversations import NEEDS_SCORE, ConversationRow
from amends.storage.tables.satisfaction import ScoreRow, SurveyRow


class SqlSurveys(Repository):
    def add(self, survey: Survey) -> None:
        """Store the answer; a second answer for the same conversation replaces the first."""
        values = {
            "conversation_id": survey.conversation_id,
            "case_id": survey.case_id,
            "csat": survey.csat,
            "comment": survey.comment,
            "at": survey.at,
        }
        self._put(SurveyRow, ["conversation_id"], values)

    def of_conversation(self, conversation_id: str) -> Survey | None:
        row = self._first(select(SurveyRow).where(SurveyRow.conversation_id == conversation_id))
        return None if row is None else to_survey(row)

    def latest(self, limit: int = 10_000) -> Sequence[Survey]:
        """Return the surveys answered last, the latest first."""
        newest = select(SurveyRow).order_by(SurveyRow.at.desc()).limit(limit)
        return [to_survey(row) for row in self._all(newest)]


class SqlScores(Repository):
    def save(self, conversation_id: str, score: Score, at: datetime) -> None:
        """Store the score of the conversation as it was at `at`, in place of an earlier one."""
        values = {
            "conversation_id": conversation_id,
            "satisfaction": score.satisfaction,
            "confidence": score.confidence,
            "dimensions": score.dimensions,
            "drivers": list(score.drivers),
            "model": score.model,
            "at": at,
        }
        self._put(ScoreRow, ["conversation_id"], values)
        self._change(
            update(ConversationRow)
            .where(ConversationRow.id == conversation_id)
            .values(scored_at=at)
        )

    def of_conversation(self, conversation_id: str) -> Score | None:
        row = self._first(select(ScoreRow).where(ScoreRow.conversation_id == conversation_id))
        return None if row is None else to_score(row)

    def scored_at(self, conversation_id: str) -> datetime | None:
        return self._session.scalar(
            select(ScoreRow.at).where(ScoreRow.conversation_id == conversation_id)
        )

    def unscored(self, idle_before: datetime, limit: int = 200) -> Sequence[str]:
        """Conversations with a customer's message, idle since, whose score is missing or older."""
        return self._session.scalars(
            select(ConversationRow.id)
            .where(NEEDS_SCORE, ConversationRow.changed_at < idle_before)
            .order_by(ConversationRow.changed_at)
            .limit(limit)
        ).all()
