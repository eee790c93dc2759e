"""Complaints: take them, note details, tell where the case stands."""

from collections.abc import Iterable

from actions.bargaining import another_kind_says
from actions.base import AmendsAction, Outcome, Say, button
from actions.compensation import decide_says, offer_say, standing_offer
from actions.complaint_form import find_order, may_not_guess
from actions.contact import contact_says
from actions.facts import fact_says
from actions.handoff import must_stay, wait_of, wait_says
from actions.problems import other_problems, problem_noun
from actions.stage import detail_slots, is_waiting, stage_slots
from actions.taking_back import take_back_says
from actions.turn import Turn
from actions.words import answer_words, promise_words, promises_listed, title
from amends.cases import use_cases as cases
from amends.cases.details import Detail
from amends.cases.model import Case, CaseStatus, Category, NextStep, PromiseState, known_category
from amends.cases.use_cases import Complaint, Taken
from amends.compensation import use_cases as compensation
from amends.handoff import use_cases as handoff
from amends.handoff import waits
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App


class TakeComplaint(AmendsAction):
    """Acknowledge and apologise for that very thing, open the case and give its number."""

    action_name = "action_take_complaint"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        now = app.clock()
        number = _named_order(uow, turn)
        due_at = waits.resolution_due(app.thresholds, now)
        taken = cases.take_complaint(uow, read_complaint(turn, number), now, due_at)
        if taken.how == "opened":
            handoff.adopt_case(uow, taken.case, now)
        details = detail_slots(uow, taken.case)
        says = _acknowledge(taken, None in details.values(), turn.language)
        if taken.how == "opened" and taken.case.repeat_complaint:
            says.append(Say("say_repeat_complaint"))
            handoff.request(uow, app.thresholds, turn.conversation_id, ("repeat_complaint",), now)
        slots = {"mentioned_order": None, **stage_slots(uow, turn.conversation_id)}
        return Outcome(says, slots | details)


def _named_order(uow: UnitOfWork, turn: Turn) -> str | None:
    """Return the order that the customer named with the complaint, if there is such an order."""
    number = turn.order_numbers[-1] if turn.order_numbers else turn.slots.get("mentioned_order")
    conversation = uow.conversations.get(turn.conversation_id)
    customer_id = conversation.customer_id if conversation else None
    order = find_order(uow, customer_id, number) if number else None
    return order.number if order else None


def read_complaint(turn: Turn, order_number: str | None) -> Complaint:
    said = turn.assessment
    return Complaint(
        conversation_id=turn.conversation_id,
        seq=turn.seq,
        category=_category(turn),
        secondary=_known(said.get("secondary") or []),
        text=turn.text,
        severity=str(said.get("severity") or "low"),
        flags=frozenset(said.get("flags") or []),
        order_number=order_number,
    )


def _category(turn: Turn) -> Category:
    return known_category(turn.intent.removeprefix("report_"))


def _known(names: Iterable[str]) -> tuple[Category, ...]:
    """The model may know a category that is younger than this process."""
    return tuple(Category(name) for name in names if name in set(Category))


def _acknowledge(taken: Taken, details_needed: bool, language: str) -> list[Say]:
    number = {"case_number": taken.case.number}
    if taken.how == "added":
        return [Say("say_words_added", number)]
    if taken.how == "noted":
        return [Say("say_second_problem_noted", number)]
    opened = "say_case_opened" if details_needed else "say_case_opened_complete"
    says = [
        Say(f"say_apology_{taken.case.category.value}"),
        Say(opened, number, card=case_card(taken.case)),
    ]
    if also := other_problems(taken.case.category, taken.case.secondary, language):
        says.append(Say("say_also_noted", {"problems": also}))
    return says


def case_card(case: Case) -> dict[str, object]:
    return {"kind": "case", "case_number": case.number, "next_step": case.next_step}


class NoteDetail(AmendsAction):
    """Keep an order number that is named before any complaint."""

    action_name = "action_note_detail"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        if not turn.order_numbers:
            return Outcome([Say("utter_ask_problem")])
        number = turn.order_numbers[-1]
        return Outcome([Say("say_detail_noted", {"order_number": number})], _mentioned(number))


def _mentioned(number: str) -> dict[str, str]:
    return {"mentioned_order": number}


class AddDetail(AmendsAction):
    """Add what the customer tells later; another order number takes the case back to a decision."""

    action_name = "action_add_detail"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        if says := contact_says(app, uow, turn):
            return Outcome(says, _slots(uow, turn))
        case = cases.current_case(uow, turn.conversation_id)
        if case is None:
            waiting = is_waiting(uow, turn.conversation_id)
            words = "utter_noted_for_staff" if waiting else "utter_ask_problem"
            return Outcome([Say(words)], _slots(uow, turn))
        if turn.order_numbers and turn.order_numbers[-1] != case.order_number:
            return _correct_order(app, uow, turn, case)
        offer = standing_offer(app, uow, turn)
        if offer is not None and (says := another_kind_says(app, uow, turn, offer)):
            return Outcome(says, _slots(uow, turn))
        cases.add_entry(uow, case, app.clock(), "customer", "said", {"seq": turn.seq})
        says = [Say(_added_words(uow, turn))]
        if offer is not None:  # whatever was said, this is what is offered
            says.append(offer_say(offer, "say_offer_stands", turn.language))
        return Outcome(says, _slots(uow, turn))


def _correct_order(app: App, uow: UnitOfWork, turn: Turn, case: Case) -> Outcome:
    number, now = turn.order_numbers[-1], app.clock()
    if may_not_guess(uow, case):
        cases.add_entry(uow, case, now, "customer", "said", {"seq": turn.seq})
        return Outcome([Say(_added_words(uow, turn))], _slots(uow, turn))
    order = find_order(uow, case.customer_id, number)
    if order is None:
        cases.add_entry(uow, case, now, "customer", "unknown_order", {"number": number})
        return Outcome([Say("say_order_not_found", {"order_number": number})])
    compensation.take_back_offers(uow, case.id, now)
    case = cases.record_details(uow, case.id, {Detail.ORDER_NUMBER: order.number}, now)
    says = [Say("say_details_added"), *fact_says(case, order, now, turn.language)]
    if case.status is not CaseStatus.WITH_STAFF:
        says += decide_says(app, uow, turn, case, "say_offer_one")
    return Outcome(says, _slots(uow, turn))


def _added_words(uow: UnitOfWork, turn: Turn) -> str:
    stage = stage_slots(uow, turn.conversation_id)["case_stage"]
    return "utter_noted_for_staff" if stage == "with_staff" else "say_details_added"


def _slots(uow: UnitOfWork, turn: Turn) -> dict[str, object]:
    return stage_slots(uow, turn.conversation_id)


SURE_OF_WITHDRAWAL = 0.6
"""A case is closed on the customer's clear word only; on less, they are asked."""


class Withdraw(AmendsAction):
    """Never mind: close the case on the table as withdrawn."""

    action_name = "action_withdraw"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        if must_stay(uow, turn):
            return Outcome(wait_says(app, uow, turn), _slots(uow, turn))
        case = cases.current_case(uow, turn.conversation_id)
        if case is None:
            undone = take_back_says(app, uow, turn)
            if undone:
                return Outcome(undone, _slots(uow, turn))
            return _no_person_after_all(app, uow, turn)
        if turn.confidence < SURE_OF_WITHDRAWAL:
            return Outcome([_ask_whether_to_close(case, turn.language)], _slots(uow, turn))
        compensation.take_back_offers(uow, case.id, app.clock())
        handoff.cancel(uow, turn.conversation_id, app.clock())
        closed = cases.withdraw(uow, case.id, app.clock())
        says = [Say("say_withdrawn", {"case_number": closed.number}), Say("say_anything_else")]
        return Outcome(says, _slots(uow, turn))


def _ask_whether_to_close(case: Case, language: str) -> Say:
    buttons = [
        button(title("close", language), "withdraw"),
        button(title("go_on", language), "greet"),
    ]
    return Say("say_sure_to_withdraw", {"case_number": case.number}, buttons)


def _no_person_after_all(app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
    """There is no case to withdraw, but perhaps a person was asked for."""
    if not is_waiting(uow, turn.conversation_id):
        return Outcome([Say("say_nothing_to_withdraw")])
    handoff.cancel(uow, turn.conversation_id, app.clock())
    return Outcome([Say("say_person_cancelled")], _slots(uow, turn))


class CaseStatusAction(AmendsAction):
    """Tell where the case stands and what comes next, from its rows alone."""

    action_name = "action_case_status"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        case = cases.current_case(uow, turn.conversation_id) or cases.latest_case(
            uow, turn.conversation_id
        )
        if case is None:
            return Outcome(_nothing_open(app, uow, turn), _slots(uow, turn))
        values = {
            "case_number": case.number,
            "promises": open_promises(uow, case, turn.language),
            "wait": wait_of(app, uow, turn),
        }
        return Outcome(
            [
                Say(
                    f"say_status_{case.status.value}",
                    values | {"problem": problem_noun(case.category, turn.language)},
                    card=case_card(case),
                ),
                Say(f"say_next_{_next_step(case, str(values['promises']))}", values),
            ],
            _slots(uow, turn),
        )


def _next_step(case: Case, promises: str) -> str:
    """Return what comes next; once every promise is kept there is none left to name."""
    kept = case.next_step == NextStep.REMEDY_IS_ISSUED and not promises
    return NextStep.NOTHING.value if kept else case.next_step


def _nothing_open(app: App, uow: UnitOfWork, turn: Turn) -> list[Say]:
    wait = wait_of(app, uow, turn)
    return [Say("say_person_already", {"wait": wait})] if wait else [Say("say_no_case")]


def open_promises(uow: UnitOfWork, case: Case, language: str) -> str:
    """Word the promises that are still to be kept; empty when there are none."""
    promises = tuple(p for p in uow.promises.of_case(case.id) if p.state is PromiseState.OPEN)
    remedies = [uow.ledger.remedy(p.remedy_id) for p in promises if p.remedy_id]
    words = promise_words(tuple(r for r in remedies if r is not None), promises, language)
    answers = [answer_words(p.due_at, language) for p in promises if p.remedy_id is None]
    return promises_listed([words, *answers], language)
