"""A complaint from the first word to the promise, through the customers' API."""

from amends.cases.model import CaseStatus, Category, Wish
from amends.compensation.model import Step
from amends.compensation.words import money
from tests.support.books import Books, read_books
from tests.support.customer import Customer, Replies
from tests.support.system import System, until
from tests.support.words import says


def books(system: System, customer: Customer) -> Books:
    return read_books(system.db, customer.conversation_id)


def offered(system: System, customer: Customer, order: str) -> Replies:
    """Complain about an order and wish for a refund."""
    customer.say(f"My order {order} never arrived")
    customer.say("It was due last week and there is still no parcel")
    return customer.tap("A refund")


class TestLateOrder:
    def test_given_late_order_then_apology_offer_promise_closing_survey_and_score(
        self, system: System
    ) -> None:
        customer = system.customer()

        first = customer.say("My order has not arrived and it should have been here long ago")
        case = books(system, customer).case
        assert says("say_apology_not_received", first.text)
        assert says("say_case_opened", first.text, case_number=case.number)
        assert first.card("case")["case_number"] == case.number
        assert says("say_ask_order_number", first.text)

        asked = customer.say("10045")
        assert says("say_ask_wish", asked.text)
        offer = customer.tap("A refund")
        assert says("say_fact_late", offer.text, order_number="10045", days_late="6 days")
        self.check_amounts(offer, books(system, customer))

        accepted = customer.tap("Yes, I accept")
        self.check_promises(accepted, books(system, customer))
        assert says("say_accepted", accepted.text, case_number=case.number)
        assert says("say_anything_else", accepted.text)

        closing = customer.tap("No, that's all")
        assert closing.cards == ["survey"]
        assert customer.mode == "closed"
        customer.rate(5, "Quick and fair")
        kept = books(system, customer)
        assert kept.survey is not None
        assert (kept.survey.csat, kept.survey.case_id) == (5, case.id)
        assert kept.score is not None
        assert kept.score.satisfaction > 3
        assert (kept.case.status, kept.case.order_number) == (CaseStatus.RESOLVED, "10045")

    @staticmethod
    def check_amounts(said: Replies, kept: Books) -> None:
        (offer,) = kept.offers
        assert kept.case.wish is Wish.REFUND
        rows = [(r.title["en"], money(r.amount) if r.amount else None) for r in offer.remedies]
        lines = [(line["title"], line["amount"]) for line in said.card("offer")["lines"]]
        assert lines == rows
        amounts = [amount for _, amount in rows if amount]
        assert len(amounts) == 2  # the delivery fee, which is owed, and a voucher
        assert all(amount in said.text for amount in amounts)
        assert said.text.count("£") == len(amounts)

    @staticmethod
    def check_promises(said: Replies, kept: Books) -> None:
        (offer,) = kept.offers
        assert {r.state for r in offer.remedies} <= {Step.ACCEPTED, Step.ISSUED, Step.SETTLED}
        assert {p.remedy_id for p in kept.promises} == {r.id for r in offer.remedies}
        due = [line["due_at"] for line in said.card("promise")["lines"]]
        assert sorted(due) == sorted(p.due_at.isoformat() for p in kept.promises)

    def test_given_accepted_then_the_remedies_are_issued_and_told_once(
        self, system: System, late_order: str
    ) -> None:
        customer = system.customer()
        offered(system, customer, late_order)
        customer.tap("Yes, I accept")

        until(lambda: all(r.state is Step.SETTLED for r in books(system, customer).remedies), 20)

        told = [m["text"] for m in customer.messages() if m["role"] == "system"][1:]
        assert len(set(told)) == len(told) == len(books(system, customer).remedies)

    def test_given_two_declines_then_more_is_offered_and_then_a_person_decides(
        self, system: System, late_order: str
    ) -> None:
        customer = system.customer()
        offered(system, customer, late_order)

        second = customer.tap("No, thank you")
        assert says("say_offer_next", second.text)
        first_offer, second_offer = books(system, customer).offers
        assert {r.state for r in first_offer.remedies} == {Step.DECLINED}
        assert worth(second_offer) > worth(first_offer)

        third = customer.tap("No, thank you")
        assert third.cards == ["handoff"]
        assert customer.mode == "waiting"
        kept = books(system, customer)
        assert {r.state for r in kept.remedies} == {Step.DECLINED}
        assert kept.case.status is CaseStatus.WITH_STAFF
        assert [p.what for p in kept.promises] == ["staff_answer"]


def worth(offer: object) -> int:
    remedies = offer.remedies  # type: ignore[attr-defined]
    return sum(r.amount.amount_minor for r in remedies if r.amount)


class TestNothingOwed:
    def test_given_order_on_time_then_refused_with_a_reason_and_a_second_look(
        self, system: System, order_on_time: str
    ) -> None:
        customer = system.customer()

        refused = offered(system, customer, order_on_time)
        kept = books(system, customer)
        assert says("say_fact_on_time", refused.text, order_number=order_on_time)
        assert kept.decisions[-1].decision["customer_reason"]["en"] in refused.text
        assert kept.decisions[-1].outcome == "none"
        assert not kept.offers
        assert "£" not in refused.text

        second_look = customer.tap("second look")
        assert says("say_second_look", second_look.text)
        assert second_look.card("handoff")["position"] >= 1
        assert customer.mode == "waiting"
        assert books(system, customer).case.status is CaseStatus.WITH_STAFF

    def test_given_the_refusal_is_accepted_then_the_case_is_closed(
        self, system: System, order_on_time: str
    ) -> None:
        customer = system.customer()
        offered(system, customer, order_on_time)

        customer.tap("That's all right")

        case = books(system, customer).case
        assert (case.status, case.outcome) == (CaseStatus.RESOLVED, "refusal_accepted")
        assert customer.mode == "bot"

    def test_given_an_order_settled_before_then_nothing_is_granted_twice(
        self, system: System, late_order: str
    ) -> None:
        first = system.customer()
        offered(system, first, late_order)
        first.tap("Yes, I accept")

        again = system.customer()
        offered(system, again, late_order)

        assert not books(system, again).offers
        assert again.mode == "waiting"


class TestChangesOfMind:
    def test_given_another_order_in_mid_form_then_that_one_is_looked_up(
        self, system: System, late_order: str, order_on_time: str
    ) -> None:
        customer = system.customer()
        customer.say("My parcel never arrived and I have been waiting for it all week")
        customer.say(order_on_time)

        customer.say(f"Sorry, wrong number, it is order {late_order}")
        assert books(system, customer).case.wish is None
        said = customer.tap("A refund")

        assert says("say_fact_late", said.text, order_number=late_order)
        assert books(system, customer).case.order_number == late_order
        assert said.cards == ["offer"]

    def test_given_a_second_problem_then_it_is_noted_and_taken_up_after_the_first(
        self, system: System, late_order: str
    ) -> None:
        customer = system.customer()
        customer.say(f"My order {late_order} never arrived and I waited in all day for nothing")

        noted = customer.say("And your website keeps crashing whenever I try to pay")
        assert says("say_second_problem_noted", noted.text)
        assert len(books(system, customer).cases) == 1
        customer.tap("A refund")
        taken_up = customer.tap("Yes, I accept")

        first, second = books(system, customer).cases
        assert second.category is Category.WEBSITE_APP_PROBLEM
        assert says("say_next_problem", taken_up.text, case_number=second.number)
        assert says("say_apology_website_app_problem", taken_up.text)
        assert (first.status, second.status) == (CaseStatus.RESOLVED, CaseStatus.OPEN)

    def test_given_never_mind_then_withdrawn_and_no_offer_is_left(
        self, system: System, late_order: str
    ) -> None:
        customer = system.customer()
        offered(system, customer, late_order)

        said = customer.say("Never mind, I want to withdraw my complaint")

        kept = books(system, customer)
        assert says("say_withdrawn", said.text, case_number=kept.case.number)
        assert kept.case.status is CaseStatus.WITHDRAWN
        assert not any(r.state is Step.ACCEPTED for r in kept.remedies)
        assert not any(offer.is_open for offer in kept.offers)

    def test_given_a_question_about_the_case_at_every_step_then_the_step_is_told(
        self, system: System, late_order: str
    ) -> None:
        customer = system.customer()
        ask = "What is the status of my case?"

        assert says("say_no_case", customer.say(ask).text)
        customer.say(f"My order {late_order} never arrived")
        number = books(system, customer).case.number
        assert says("say_status_open", customer.say(ask).text, case_number=number)
        customer.say("It was due last week and there is still no parcel")
        customer.tap("A refund")
        waiting = customer.say(ask)
        assert says("say_status_offered", waiting.text, case_number=number)
        assert waiting.cards == ["case", "offer"]  # the offer is put again
        customer.tap("Yes, I accept")
        settled = customer.say(ask)
        assert says("say_status_resolved", settled.text, case_number=number)
        assert len(books(system, customer).offers) == 1


class TestOrders:
    def test_given_three_unknown_numbers_then_it_goes_on_without_an_order(
        self, system: System
    ) -> None:
        customer = system.customer()
        customer.say("My parcel never arrived and I have been waiting for it all week")

        for number in ("88101", "88102"):
            said = customer.say(number)
            assert says("say_order_not_found", said.text, order_number=number)
            assert says("say_ask_order_number", said.text)
        said = customer.say("88103")
        assert says("say_order_given_up", said.text)
        said = customer.tap("A refund")

        assert customer.mode == "waiting"
        kept = books(system, customer)
        assert not kept.offers
        assert "£" not in said.text

    def test_given_signed_in_when_another_customers_order_is_named_then_it_is_unknown(
        self, system: System
    ) -> None:
        customer = system.customer(signed_in="Camille Moreau")

        first = customer.say("My parcel never arrived and I have been waiting for it all week")
        own = [title.split(":")[0] for title in first.choices]
        said = customer.say("It is order 10046")

        assert "10034" in own
        assert "10046" not in own
        assert says("say_order_not_found", said.text, order_number="10046")
        assert books(system, customer).case.order_number is None
        assert "delivered" not in said.text

    def test_given_signed_in_when_own_order_is_tapped_then_it_is_looked_up(
        self, system: System
    ) -> None:
        customer = system.customer(signed_in="Aisha Rahman")
        customer.say("My parcel never arrived and I have been waiting for it all week")

        customer.tap("10047")
        said = customer.tap("A refund")

        assert says("say_fact_lost", said.text, order_number="10047")
