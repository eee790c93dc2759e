"""From rows to the plain values of the rooms."""

from collections.abc import Iterable

from amends.cases.model import (
    Case,
    CaseEntry,
    CaseId,
    Customer,
    Order,
    OrderLine,
    Promise,
    known_category,
)
from amends.compensation.model import DecisionRecord, Offer, Remedy
from amends.conversations.model import (
    Choice,
    Conversation,
    ConversationId,
    Message,
    Seq,
    Understanding,
)
from amends.handoff.model import Contact, Handoff, Passing, StaffMember
from amends.satisfaction.model import Score, Survey
from amends.satisfaction.surveys.model import Question, SurveyAsk
from amends.storage.tables.cases import CaseEntryRow, CaseRow, PromiseRow
from amends.storage.tables.compensation import DecisionRow, OfferRow, RemedyRow
from amends.storage.tables.conversations import (
    ChoiceRow,
    ConversationRow,
    MessageRow,
    UnderstandingRow,
)
from amends.storage.tables.handoff import HandoffRow
from amends.storage.tables.orders import CustomerRow, OrderLineRow, OrderRow
from amends.storage.tables.satisfaction import ScoreRow, SurveyAskRow, SurveyRow
from amends.storage.tables.staff import StaffRow
from amends.values import Money


def to_conversation(row: ConversationRow) -> Conversation:
    return Conversation(
        id=ConversationId(row.id),
        mode=row.mode,
        language=row.language,
        visit=row.visit,
        last_seq=row.last_seq,
        created_at=row.created_at,
        customer_id=row.customer_id,
        staff_id=row.staff_id,
        last_customer_at=row.last_customer_at,
        closed_at=row.closed_at,
        page=row.page,
    )


def to_choice(row: ChoiceRow) -> Choice:
    return Choice(row.id, row.title, row.payload)


def to_message(row: MessageRow, choices: Iterable[ChoiceRow]) -> Message:
    return Message(
        conversation_id=ConversationId(row.conversation_id),
        seq=Seq(row.seq),
        role=row.role,
        text=row.text,
        at=row.at,
        client_message_id=row.client_message_id,
        payload=row.payload,
        choices=tuple(to_choice(choice) for choice in choices),
        card=row.card,
        in_reply_to=None if row.in_reply_to is None else Seq(row.in_reply_to),
        author=row.author,
        delivery=row.delivery,
        attempts=row.attempts,
    )


def to_understanding(row: UnderstandingRow) -> Understanding:
    return Understanding(
        intent=row.intent,
        confidence=row.confidence,
        complaint=row.complaint,
        category=row.category,
        secondary=tuple(row.secondary),
        sentiment=row.sentiment,
        sentiment_label=row.sentiment_label,
        flags=frozenset(row.flags),
        severity=row.severity,
        waiting_hours=row.waiting_hours,
        language=row.language,
        parse=row.parse or {},
    )


def to_case(row: CaseRow) -> Case:
    return Case(
        id=CaseId(row.id),
        number=row.number,
        conversation_id=row.conversation_id,
        category=row.category,
        status=row.status,
        opened_at=row.opened_at,
        opened_by_seq=row.opened_by_seq,
        owner=row.owner,
        next_step=row.next_step,
        secondary=tuple(known_category(word) for word in row.secondary),
        severity=row.severity,
        flags=frozenset(row.flags),
        customer_id=row.customer_id,
        order_number=row.order_number,
        item=row.item,
        what_happened=row.what_happened,
        wish=row.wish,
        wish_text=row.wish_text,
        repeat_complaint=row.repeat_complaint,
        outcome=row.outcome,
        closed_at=row.closed_at,
        root_cause=row.root_cause,
        resolution_due_at=row.resolution_due_at,
    )


def to_entry(row: CaseEntryRow) -> CaseEntry:
    return CaseEntry(CaseId(row.case_id), row.at, row.actor, row.kind, row.data)


def to_promise(row: PromiseRow) -> Promise:
    return Promise(
        id=row.id,
        case_id=CaseId(row.case_id),
        what=row.what,
        due_at=row.due_at,
        made_at=row.made_at,
        made_by=row.made_by,
        state=row.state,
        remedy_id=row.remedy_id,
        ended_at=row.ended_at,
        replaces=row.replaces,
    )


def to_customer(row: CustomerRow) -> Customer:
    return Customer(row.id, row.name, row.email, row.tier, row.country, row.language)


def to_order(row: OrderRow, lines: Iterable[OrderLineRow]) -> Order:
    return Order(
        number=row.number,
        customer_id=row.customer_id,
        state=row.state,
        currency=row.currency,
        lines=tuple(
            OrderLine(line.sku, line.title, line.quantity, line.unit_price_minor) for line in lines
        ),
        shipping_paid_minor=row.shipping_paid_minor,
        placed_at=row.placed_at,
        due_on=row.due_on,
        delivered_on=row.delivered_on,
        cancelled_on=row.cancelled_on,
        return_received_on=row.return_received_on,
        refund_due_minor=row.refund_due_minor,
        refund_paid_minor=row.refund_paid_minor,
        charged_minor=row.charged_minor,
        stock_available=row.stock_available,
        country=row.country,
        warehouse=row.warehouse,
        carrier=row.carrier,
    )


def to_decision(row: DecisionRow) -> DecisionRecord:
    return DecisionRecord(
        id=row.id,
        case_id=row.case_id,
        at=row.at,
        policy=row.policy,
        version=row.version,
        role=row.role,
        rung=row.rung,
        facts=row.facts,
        outcome=row.outcome,
        decision=row.decision,
    )


def to_remedy(row: RemedyRow) -> Remedy:
    amount = None
    if row.amount_minor is not None and row.currency is not None:
        amount = Money(row.amount_minor, row.currency)
    return Remedy(
        id=row.id,
        offer_id=row.offer_id,
        case_id=row.case_id,
        alternative=row.alternative,
        kind=row.kind,
        recovery=row.recovery,
        part=row.part,
        amount=amount,
        clauses=tuple(row.clauses),
        title=row.title,
        due_days=row.due_days,
        state=row.state,
        customer_key=row.customer_key,
        code=row.code,
        order_number=row.order_number,
    )


def to_offer(row: OfferRow, remedies: Iterable[RemedyRow]) -> Offer:
    return Offer(
        id=row.id,
        case_id=row.case_id,
        decision_id=row.decision_id,
        rung=row.rung,
        made_at=row.made_at,
        expires_at=row.expires_at,
        made_by=row.made_by,
        remedies=tuple(to_remedy(remedy) for remedy in remedies),
    )


def to_handoff(row: HandoffRow) -> Handoff:
    return Handoff(
        id=row.id,
        conversation_id=row.conversation_id,
        case_id=row.case_id,
        state=row.state,
        priority=row.priority,
        reasons=tuple(row.reasons),
        requested_at=row.requested_at,
        answer_due_at=row.answer_due_at,
        limit_due_at=row.limit_due_at,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        first_answer_at=row.first_answer_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
        contact=_to_contact(row),
        late_told_at=row.late_told_at,
        limit_told_at=row.limit_told_at,
        taken_from=row.taken_from,
        taken_at=row.taken_at,
        passing=_to_passing(row),
        was_needed=row.was_needed,
    )


def _to_contact(row: HandoffRow) -> Contact | None:
    return Contact(row.contact_channel, row.contact_address) if row.contact_channel else None


def _to_passing(row: HandoffRow) -> Passing | None:
    if row.passed_at is None or row.passed_until is None:
        return None
    return Passing(
        note=row.passed_note or "",
        at=row.passed_at,
        until=row.passed_until,
        to=row.passed_to,
        language=row.passed_language,
        skill=row.passed_skill,
    )


def to_staff_member(row: StaffRow) -> StaffMember:
    return StaffMember(
        id=row.id,
        login=row.login,
        name=row.name,
        role=row.role,
        active=row.active,
        seen_at=row.seen_at,
        language=row.language,
        languages=tuple(row.languages),
        skills=tuple(row.skills),
        has_second_factor=row.totp_enabled_at is not None,
        password_is_made=row.password_is_made,
    )


def to_survey(row: SurveyRow) -> Survey:
    return Survey(
        conversation_id=row.conversation_id,
        case_id=row.case_id,
        csat=row.csat,
        comment=row.comment,
        at=row.at,
        reason=row.reason,
        ces=row.ces,
        nps=row.nps,
        expectation=row.expectation,
        servqual=row.servqual,
    )


def to_survey_ask(row: SurveyAskRow) -> SurveyAsk:
    return SurveyAsk(
        id=row.id,
        conversation_id=row.conversation_id,
        case_id=row.case_id,
        channel=row.channel,
        asked_at=row.asked_at,
        questions=tuple(Question(one) for one in row.questions),
        answered=tuple(Question(one) for one in row.answered),
        answered_at=row.answered_at,
    )


def to_score(row: ScoreRow) -> Score:
    return Score(row.satisfaction, row.confidence, row.dimensions, tuple(row.drivers), row.model)
