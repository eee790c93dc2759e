"""The same and different messages sent at once: each counts once, in one order."""

from concurrent.futures import ThreadPoolExecutor

from amends.cases.model import CaseStatus
from tests.e2e.test_hostile_input import COMPLAINT, tracker_events
from tests.support.books import Books, read_books
from tests.support.customer import Customer
from tests.support.system import System


def books(system: System, customer: Customer) -> Books:
    return read_books(system.db, customer.conversation_id)


class TestAtOnce:
    def test_given_many_messages_at_once_then_each_is_answered_once_in_its_order(
        self, system: System
    ) -> None:
        customer = system.customer()
        texts = [COMPLAINT, "hello", "99991", "99992", "What is the status?", "thanks"]

        with ThreadPoolExecutor(len(texts)) as pool:
            posted = list(pool.map(lambda text: customer.post({"text": text}), texts))
        seqs = [answer.json()["seq"] for answer in posted]
        for seq in seqs:
            customer.replies_to(seq)

        log = customer.messages()
        assert [m["seq"] for m in log] == list(range(1, len(log) + 1))
        written = [m for m in log if m["role"] == "customer"]
        assert sorted(m["text"] for m in written) == sorted(texts)
        answered = [m["in_reply_to"] for m in log if m["role"] == "bot"]
        assert answered == sorted(answered)
        assert set(answered) == set(seqs)
        turns = [e for e in tracker_events(system, customer) if e["event"] == "user"]
        assert len(turns) == len(texts)

    def test_given_one_message_sent_many_times_at_once_then_it_is_one_message(
        self, system: System
    ) -> None:
        customer = system.customer()
        body = {"text": COMPLAINT, "client_message_id": "the very same"}

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: customer.post(body, wait=30), range(8)))

        assert {answer.status_code for answer in answers} == {200}
        assert {answer.json()["seq"] for answer in answers} == {2}
        first = answers[0].json()["replies"]
        assert all(answer.json()["replies"] == first for answer in answers)
        assert len([m for m in customer.messages() if m["role"] == "customer"]) == 1
        assert len(books(system, customer).cases) == 1

    def test_given_accept_tapped_many_times_at_once_then_promised_once(
        self, system: System, late_order: str
    ) -> None:
        customer = system.customer()
        customer.say(f"My order {late_order} never arrived and I have waited all week")
        customer.tap("A refund")
        choice = customer.choice("Yes, I accept")

        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: customer.post({"choice_id": choice}), range(6)))
        for answer in answers:
            assert answer.status_code in {202, 409}
            if answer.status_code == 202:
                customer.replies_to(answer.json()["seq"])

        kept = books(system, customer)
        assert len(kept.cases) == len(kept.offers) == 1
        assert len(kept.promises) == len(kept.remedies)
        assert kept.case.status is CaseStatus.RESOLVED
