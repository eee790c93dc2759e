"""From what was gathered of a conversation to its record; pure."""

from collections.abc import Mapping, Sequence

from amends.conversations.model import Message, Role
from amends.handoff.help_desk import BRIDGE
from amends.handoff.model import Handoff
from amends.records.log.build_cases import given_in, logged_case, seconds
from amends.records.log.gathered import Gathered, GatheredCase, Read
from amends.records.log.model import (
    VERSION,
    AuthorKind,
    LoggedAssessment,
    LoggedConversation,
    LoggedCriterion,
    LoggedCustomer,
    LoggedMessage,
    LoggedNote,
    LoggedQuality,
    LoggedScore,
    LoggedSurvey,
    LoggedSurveyAsk,
    LoggedValue,
)
from amends.records.log.waits import LoggedHandoff, LoggedWaits
from amends.satisfaction.model import Score, Survey
from amends.satisfaction.quality import Review, review
from amends.satisfaction.surveys.model import SurveyAsk
from amends.satisfaction.telling import first_answer

_KINDS = {
    Role.CUSTOMER: AuthorKind.CUSTOMER,
    Role.BOT: AuthorKind.ASSISTANT,
    Role.SYSTEM: AuthorKind.SYSTEM,
}


def logged(gathered: Gathered, staff: Mapping[str, str], *, personal: bool) -> LoggedConversation:
    """Return the record of a conversation, not masked yet.

    Args:
        gathered: all that is known of it.
        staff: ids of those who answer, by the name under which they do.
        personal: whether it will hold personal data, which the record says of itself.
    """
    talk, cases = gathered.conversation, gathered.cases
    return LoggedConversation(
        version=VERSION,
        personal_data=personal,
        id=talk.id,
        started_at=talk.created_at,
        changed_at=gathered.changed_at,
        closed_at=talk.closed_at,
        language=talk.language,
        mode=talk.mode,
        visits=talk.visit,
        page=talk.page,
        customer=_customer(gathered),
        outcome=_outcome(cases),
        messages=tuple(_message(one, staff) for one in gathered.messages),
        assessments=tuple(map(_assessment, gathered.read)),
        notes=tuple(
            LoggedNote(one.after_seq, one.at, one.author_id, one.text) for one in gathered.notes
        ),
        cases=tuple(map(logged_case, cases)),
        given=given_in(offer for one in cases for offer in one.offers),
        waits=LoggedWaits(first_answer(gathered.messages), tuple(map(_handoff, gathered.handoffs))),
        surveys=tuple(map(_survey, gathered.surveys)),
        survey_asks=tuple(map(_survey_ask, gathered.survey_asks)),
        score=_score(gathered.score, gathered) if gathered.score else None,
        quality=_quality(review(gathered.course)),
    )


def _customer(gathered: Gathered) -> LoggedCustomer | None:
    signed_in = gathered.conversation.customer_id
    known = next(iter(gathered.people), None)
    if known is not None and signed_in in (None, known.id):
        return LoggedCustomer(
            id=known.id,
            signed_in=signed_in is not None,
            name=known.name,
            email=known.email,
            tier=known.tier,
            country=known.country,
            language=known.language,
        )
    # The site vouches for somebody whom the order system does not know.
    return LoggedCustomer(signed_in, True, None, None, None, None, None) if signed_in else None


def _outcome(cases: Sequence[GatheredCase]) -> str:
    if not cases:
        return "no_case"
    return cases[-1].case.outcome or "open"


def _message(message: Message, staff: Mapping[str, str]) -> LoggedMessage:
    author = None
    if message.role is Role.STAFF:
        author = staff.get(message.author or "", message.author)
    at_the_desk = author is not None and author in staff.values() and author != BRIDGE.id
    by_hand = AuthorKind.PERSON if at_the_desk else AuthorKind.HELP_DESK
    return LoggedMessage(
        seq=message.seq,
        role=message.role,
        author_kind=_KINDS.get(message.role, by_hand),
        author=author,
        at=message.at,
        text=message.text,
        in_reply_to=message.in_reply_to,
        card_kind=(message.card or {}).get("kind"),
        choices=tuple(one.title for one in message.choices),
        tapped=message.payload is not None,
        delivery=message.delivery.value if message.delivery else None,
    )


def _assessment(read: Read) -> LoggedAssessment:
    found = read.found
    return LoggedAssessment(
        seq=read.seq,
        at=read.at,
        intent=found.intent,
        confidence=found.confidence,
        complaint=found.complaint,
        category=found.category,
        secondary=found.secondary,
        sentiment=found.sentiment,
        sentiment_label=found.sentiment_label,
        flags=tuple(sorted(found.flags)),
        severity=found.severity,
        waiting_hours=found.waiting_hours,
        language=found.language,
    )


def _handoff(one: Handoff) -> LoggedHandoff:
    contact, passing = one.contact, one.passing
    answered = one.first_answer_at
    return LoggedHandoff(
        id=one.id,
        case_id=one.case_id,
        state=one.state,
        priority=one.priority,
        reasons=one.reasons,
        requested_at=one.requested_at,
        answer_due_at=one.answer_due_at,
        limit_due_at=one.limit_due_at,
        claimed_at=one.claimed_at,
        claimed_by=one.claimed_by,
        first_answer_at=answered,
        ended_at=one.ended_at,
        outcome=one.outcome,
        answer_seconds=seconds(one.requested_at, answered),
        answered_in_time=answered <= one.answer_due_at if answered else None,
        late_told_at=one.late_told_at,
        limit_told_at=one.limit_told_at,
        contact_channel=contact.channel if contact else None,
        contact_address=contact.address if contact else None,
        taken_from=one.taken_from,
        taken_at=one.taken_at,
        passed_at=passing.at if passing else None,
        passed_note=passing.note if passing else None,
        was_needed=one.was_needed,
    )


def _survey(one: Survey) -> LoggedSurvey:
    return LoggedSurvey(
        at=one.at,
        case_id=one.case_id,
        csat=one.csat,
        reason=one.reason,
        comment=one.comment,
        ces=one.ces,
        nps=one.nps,
        expectation=one.expectation,
        servqual=_values(one.servqual),
    )


def _survey_ask(one: SurveyAsk) -> LoggedSurveyAsk:
    return LoggedSurveyAsk(
        case_id=one.case_id,
        channel=one.channel,
        asked_at=one.asked_at,
        questions=one.questions,
        answered=one.answered,
        answered_at=one.answered_at,
    )


def _score(score: Score, gathered: Gathered) -> LoggedScore:
    return LoggedScore(
        at=gathered.scored_at,
        satisfaction=score.satisfaction,
        confidence=score.confidence,
        dimensions=_values(score.dimensions),
        drivers=score.drivers,
        model=score.model,
    )


def _quality(reviewed: Review) -> LoggedQuality:
    return LoggedQuality(
        share=reviewed.share,
        criteria=tuple(
            LoggedCriterion(criterion, found.met, found.seq)
            for criterion, found in reviewed.findings.items()
        ),
    )


def _values(named: Mapping[str, float]) -> tuple[LoggedValue, ...]:
    return tuple(LoggedValue(name, float(value)) for name, value in sorted(named.items()))
