"""A review tells each criterion, and the share that was met."""

from amends.compensation import use_cases as compensation
from amends.conversations.model import Draft, Role
from amends.satisfaction.quality import course_of, review
from tests.satisfaction.talks import case, talk
from tests.support.shop import Shop


class TestReview:
    def test_given_some_criteria_apply_then_the_share_counts_those(self) -> None:
        course = talk("c: It is very very late", "b: I am sorry.", cases=[case()])

        reviewed = review(course)

        assert reviewed.met == {
            "acknowledged": False,
            "right_apology": True,
            "next_step": False,
            "asked_once": None,
            "own_language": True,
            "person_when_asked": None,
            "apology_with_offer": None,
            "customers_say": None,
        }
        assert reviewed.share == 0.5

    def test_given_nothing_applies_then_there_is_no_share(self) -> None:
        assert review(talk("c: Hi")).share is None

    def test_given_a_chat_from_the_books_then_it_is_reviewed_whole(self, shop: Shop) -> None:
        chat = shop.chat()
        case = chat.complains(text="Order 10045 has still not arrived, where is it?")
        with shop.write() as uow:
            now = shop.clock.forward(seconds=1)
            says = f"I'm sorry that it has not reached you. I have opened case {case.number}."
            uow.conversations.append(chat.id, Draft(Role.BOT, says), now)
            made = compensation.decide_case(
                uow, shop.policy, case.id, shop.clock.forward(seconds=1)
            )
            assert made.offer is not None
            card = {"kind": "offer", "expires_at": made.offer.expires_at.isoformat()}
            draft = Draft(Role.BOT, "Would you like to accept?", card=card)
            uow.conversations.append(chat.id, draft, shop.clock.forward(seconds=1))
            compensation.accept(uow, made.offer.id, 0, shop.clock.forward(seconds=1))

        with shop.db.read() as uow:
            reviewed = review(course_of(uow, chat.id))

        assert reviewed.share == 1
        assert sum(met is None for met in reviewed.met.values()) == 1  # nobody asked for a person
