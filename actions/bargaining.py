"""What is said when the customer wants more than was offered, or something of another kind."""

from actions.base import AmendsAction, Outcome, Say
from actions.compensation import decide_says, offer_is_gone, offer_say, standing_offer, sure_say
from actions.stage import stage_slots
from actions.turn import Turn
from amends.cases.details import stated_wish
from amends.compensation import bargaining
from amends.compensation import use_cases as compensation
from amends.compensation.model import Offer
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App


class Bargain(AmendsAction):
    """More is asked for: another kind if one is named, else the next rung of the ladder.

    On the last rung the offer stands: asking for more never loses what was offered.
    """

    action_name = "action_bargain"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        offer = standing_offer(app, uow, turn)
        if offer is None:
            return offer_is_gone(app, uow, turn)
        says = another_kind_says(app, uow, turn, offer) or self._more(app, uow, turn, offer)
        return Outcome(says, stage_slots(uow, turn.conversation_id))

    def _more(self, app: App, uow: UnitOfWork, turn: Turn, offer: Offer) -> list[Say]:
        if turn.intent == "request":
            return [
                Say("utter_request_briefly"),
                offer_say(offer, "say_offer_stands", turn.language),
            ]
        if not bargaining.has_next_rung(uow, offer):
            return [offer_say(offer, "say_best_offer", turn.language)]
        case = compensation.decline(uow, offer.id, app.clock())
        return decide_says(app, uow, turn, case, "say_offer_next")


class DeclineOffer(AmendsAction):
    """The customer declines: another kind if one is named, else the next rung, or a person."""

    action_name = "action_decline_offer"

    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        offer = standing_offer(app, uow, turn)
        if offer is None:
            return offer_is_gone(app, uow, turn)
        says = another_kind_says(app, uow, turn, offer)
        if not says:
            case = compensation.decline(uow, offer.id, app.clock())
            says = decide_says(app, uow, turn, case, "say_offer_next")
        return Outcome(says, stage_slots(uow, turn.conversation_id))


def another_kind_says(app: App, uow: UnitOfWork, turn: Turn, offer: Offer) -> list[Say]:
    """Answer a wish for something of another kind; nothing when no such wish is stated.

    That the policy has no such remedy here is said once for an offer; whoever insists is taken
    to decline it.
    """
    wish = stated_wish(turn.text)
    if wish is None:
        return []
    fitting = bargaining.alternatives_for(offer, wish)
    if len(fitting) == len(offer.alternatives) or bargaining.was_refused_another_kind(uow, offer):
        return []
    if len(fitting) == 1:
        return [sure_say(offer, fitting[0], turn.language)]
    if fitting:
        return [offer_say(offer, "say_offer_which", turn.language)]
    other = bargaining.offer_another_kind(uow, app.policy, offer, wish, app.clock())
    if other is None:
        return [offer_say(offer, "say_no_other_kind", turn.language)]
    return [offer_say(other, "say_offer_next", turn.language)]
