"""Score conversations and write their facts, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.insights.facts import ConversationFacts
from amends.insights.ports import UnitOfWork
from amends.insights.telling import facts_of, scored, stated
from amends.satisfaction.model import Score, Weights


@dataclass(frozen=True, slots=True)
class Looked:
    """What was made of conversations as they stood at `at`."""

    at: datetime
    scores: dict[str, Score]
    facts: tuple[ConversationFacts, ...]


def look_at(
    uow: UnitOfWork, weights: Weights, conversation_ids: Sequence[str], at: datetime
) -> Looked:
    """Read conversations and make scores and facts of them; writes nothing.

    Args:
        uow: an open transaction; reading is enough.
        weights: of the scoring.
        conversation_ids: a few hundred at most; unknown ones are left out.
        at: a moment before they are read. What happens later makes them stale.
    """
    scores: dict[str, Score] = {}
    facts = []
    for gathered in uow.log.gather(conversation_ids):
        survey = stated(gathered)
        csat = survey.csat if survey else None
        scores[gathered.conversation.id] = scored(gathered, weights, csat)
        facts.append(facts_of(gathered, weights))
    return Looked(at, scores, tuple(facts))


def write_down(uow: UnitOfWork, looked: Looked) -> None:
    """Store scores and facts, in place of earlier ones."""
    uow.scores.save_all(looked.scores, looked.at)
    uow.facts.save(looked.facts)
