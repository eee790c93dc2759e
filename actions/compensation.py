"""Decisions, offers and what the customer makes of them."""

import structlog

from actions.base import AmendsAction, Outcome, Say, button
from actions.facts import fact_says
from actions.handoff import person_says
from actions.stage import detail_slots, is_waiting, stage_slots
from actions.turn import Turn
from actions.words import (
    bundle_words,
    choice_words,
    day,
    in_language,
    offer_card,
    offer_words,
    promise_card,
    promise_words,
    title,
)
from amends.cases import use_cases as cases
from amends.cases.model import Case, CaseStatus, NextStep
from amends.compensation import use_cases as compensation
from amends.compensation.acceptance import is_outright
from amends.compensation.errors import FactError, LedgerError
from amends.compensation.model import Offer, Remedy
from amends.compensation.use_cases import Accepted, Settlement
from amends.handoff import waits
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App

log = structlog.get_logger()

SURE_OF_ACCEPTANCE = 0.6
"""Below it, a typed yes may have been something else."""


class Decide(AmendsAction):
    """All details are there: confirm the facts, decide by the policy, offer."""

    action_name = "action_decide"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        case = cases.current_case(uow, turn.conversation_id)
        if case is None:
            return Outcome([Say("utter_ask_problem")], _slots(uow, turn))
        says = fact_says(case, cases.order_of(uow, case), app.clock(), turn.language)
        says += decide_says(app, uow, turn, case, "say_offer_one")
        return Outcome(says, _slots(uow, turn))


def decide_says(app: App, uow: UnitOfWork, turn: Turn, case: Case, words: str) -> list[Say]:
    """Decide a case and say what came of it: an offer, a reasoned refusal, or a person."""
    if is_waiting(uow, turn.conversation_id):
        return _leave_to_staff(app, uow, turn, case)
    try:
        settlement = compensation.decide_case(uow, app.policy, case.id, app.clock())
    except FactError as error:
        # The order system says what the policy does not know: not the customer's fault.
        log.error("compensation.facts.refused", case_id=case.id, reason=str(error))
        return _leave_to_staff(app, uow, turn, case)
    if settlement.offer is not None:
        return [offer_say(settlement.offer, words, turn.language)]
    if settlement.decision.outcome == "none":
        return [_refusal_say(settlement, turn.language)]
    declined = words == "say_offer_next"
    return _leave_to_staff(
        app, uow, turn, case, "say_no_more_to_offer" if declined else "say_staff_decides"
    )


def _leave_to_staff(
    app: App, uow: UnitOfWork, turn: Turn, case: Case, words: str = "say_staff_decides"
) -> list[Say]:
    """A person decides; they are asked unless they were asked before."""
    waiting = is_waiting(uow, turn.conversation_id)
    first = Say("say_staff_has_details" if waiting else words)
    says = person_says(app, uow, turn, ("policy_person",))
    cases.set_progress(uow, case.id, CaseStatus.WITH_STAFF, NextStep.STAFF_ANSWERS, app.clock())
    return [first, *says]


_FOR_A_CHOICE = {
    "say_offer_one": "say_offer_choice",
    "say_offer_next": "say_offer_next_choice",
    "say_offer_stands": "say_offer_stands_choice",
}


def offer_say(offer: Offer, words: str, language: str) -> Say:
    """Word an offer from its ledger rows, each alternative with its own button."""
    if len(offer.alternatives) > 1:
        words = _FOR_A_CHOICE.get(words, words)
    accept = [
        _accept_button(offer, index, _accept_title(offer, index, language))
        for index in range(len(offer.alternatives))
    ]
    values = {"offer": offer_words(offer, language), "expires_on": day(offer.expires_at, language)}
    return Say(words, values, accept + _other_buttons(language), offer_card(offer, language))


def sure_say(offer: Offer, index: int, language: str) -> Say:
    """Ask once more before one alternative of an offer is settled."""
    values = {"offer": bundle_words(offer.alternative(index), language)}
    accept = _accept_button(offer, index, title("accept", language))
    return Say("say_offer_sure", values, [accept, *_other_buttons(language)])


def _accept_button(offer: Offer, index: int, words: str) -> dict[str, str]:
    return button(words, "agree", offer=offer.id, alternative=index)


def _other_buttons(language: str) -> list[dict[str, str]]:
    return [
        button(title("decline", language), "refuse"),
        button(title("person", language), "ask_for_person"),
    ]


def _accept_title(offer: Offer, index: int, language: str) -> str:
    if len(offer.alternatives) == 1:
        return title("accept", language)
    words = choice_words(offer, index, language)
    return words[:1].upper() + words[1:]


def _refusal_say(settlement: Settlement, language: str) -> Say:
    reason = in_language(settlement.decision.customer_reason, language)
    return Say("say_nothing_owed", {"reason": reason})


class RepeatOffer(AmendsAction):
    """Come back to the offer that lies with the customer; decide anew when it has expired."""

    action_name = "action_repeat_offer"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        offer = standing_offer(app, uow, turn)
        if offer is None:
            return offer_is_gone(app, uow, turn)
        return Outcome([offer_say(offer, "say_offer_stands", turn.language)], _slots(uow, turn))


def standing_offer(app: App, uow: UnitOfWork, turn: Turn) -> Offer | None:
    case = cases.current_case(uow, turn.conversation_id)
    if case is None:
        return None
    try:
        return compensation.open_offer(uow, case.id, app.clock())
    except LedgerError:
        return None


class AcceptOffer(AmendsAction):
    """The customer accepts: promises are written, then told.

    What is typed settles an offer only when it is a yes and nothing else; else it is asked once
    more, about what was really offered.
    """

    action_name = "action_accept_offer"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        offer = standing_offer(app, uow, turn)
        if offer is None:
            return offer_is_gone(app, uow, turn)
        index = _chosen_alternative(offer, turn)
        if index is None:
            return Outcome([offer_say(offer, "say_offer_which", turn.language)])
        if not _is_sure(offer, turn):
            return Outcome([sure_say(offer, index, turn.language)])
        accepted = compensation.accept(uow, offer.id, index, app.clock())
        return go_on(app, uow, turn, _accepted_says(accepted, turn.language))


def _chosen_alternative(offer: Offer, turn: Turn) -> int | None:
    """Return the alternative meant: the tapped one, or the only one there is."""
    if turn.values.get("offer") == offer.id:
        index = int(turn.values.get("alternative", 0))
        return index if offer.alternative(index) else None
    return 0 if len(offer.alternatives) == 1 else None


def _is_sure(offer: Offer, turn: Turn) -> bool:
    tapped = turn.values.get("offer") == offer.id
    return tapped or (turn.confidence >= SURE_OF_ACCEPTANCE and is_outright(turn.text))


def _accepted_says(accepted: Accepted, language: str) -> list[Say]:
    values = {
        "case_number": accepted.case.number,
        "promises": promise_words(accepted.remedies, accepted.promises, language),
    }
    card = promise_card(accepted.remedies, accepted.promises, language)
    return [Say("say_accepted", values, card=card), *_where_it_goes(accepted.remedies)]


def _where_it_goes(remedies: tuple[Remedy, ...]) -> list[Say]:
    """Tell where money arrives; nothing else needs an address."""
    kinds = {remedy.kind for remedy in remedies}
    places = {"refund": "say_refund_goes", "voucher": "say_voucher_goes"}
    return [Say(words) for kind, words in places.items() if kind in kinds]


def go_on(app: App, uow: UnitOfWork, turn: Turn, says: list[Say]) -> Outcome:
    """Take up a second problem that was noted, else ask whether there is anything else."""
    now = app.clock()
    due_at = waits.resolution_due(app.thresholds, now)
    problem = cases.take_next_problem(uow, turn.conversation_id, now, due_at)
    slots = _slots(uow, turn)
    if problem is None:
        return Outcome([*says, Say("say_anything_else")], slots)
    says = [
        *says,
        Say("say_next_problem", {"case_number": problem.number}),
        Say(f"say_apology_{problem.category.value}"),
    ]
    return Outcome(says, slots | detail_slots(uow, problem))


def offer_is_gone(app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
    case = cases.current_case(uow, turn.conversation_id)
    if case is None:
        return Outcome([Say("utter_ask_problem")], _slots(uow, turn))
    says = [Say("say_offer_gone"), *decide_says(app, uow, turn, case, "say_offer_one")]
    return Outcome(says, _slots(uow, turn))


class AcceptRefusal(AmendsAction):
    """Nothing is owed and the customer leaves it at that."""

    action_name = "action_accept_refusal"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        case = cases.current_case(uow, turn.conversation_id)
        if case is None:
            return Outcome([Say("say_anything_else")], _slots(uow, turn))
        closed = cases.resolve(uow, case.id, "refusal_accepted", "customer", app.clock())
        says = [Say("say_refusal_accepted", {"case_number": closed.number})]
        return go_on(app, uow, turn, says)


class SecondLook(AmendsAction):
    """Recourse when refused: a person looks again."""

    action_name = "action_second_look"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        says = [Say("say_second_look"), *person_says(app, uow, turn, ("second_look",))]
        case = cases.current_case(uow, turn.conversation_id)
        if case is not None:
            cases.set_progress(
                uow, case.id, CaseStatus.WITH_STAFF, NextStep.STAFF_ANSWERS, app.clock()
            )
        return Outcome(says, _slots(uow, turn))


class ExplainDecision(AmendsAction):
    """Give the reason that the policy states for customers."""

    action_name = "action_explain_decision"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        case = cases.latest_case(uow, turn.conversation_id)
        decisions = uow.ledger.decisions_of_case(case.id) if case else ()
        if not decisions:
            return Outcome([Say("say_explanation_none")])
        reason = in_language(decisions[-1].decision["customer_reason"], turn.language)
        return Outcome([Say("say_explanation", {"reason": reason})])


def _slots(uow: UnitOfWork, turn: Turn) -> dict[str, object]:
    return stage_slots(uow, turn.conversation_id)
