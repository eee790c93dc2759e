"""A code by e-mail lets the customer of a case in, and nobody else."""

import re
from datetime import timedelta

import pytest

from amends.cases.access import MOST_PER_CASE, MOST_TRIES, code_of, hash_code
from amends.cases.mail import Mail
from amends.records import access
from tests.records.steps import CONTACT, OWNER, settled
from tests.support.shop import Chat, Shop

SECRET = "a-secret-of-forty-characters-for-tests-x"
CODE = re.compile(r"^    (\d{6})$", re.MULTILINE)


@pytest.fixture
def chat(shop: Shop) -> Chat:
    return settled(shop)


def ask(shop: Shop, number: str, email: str, language: str = "en") -> str:
    with shop.write() as uow:
        request = access.ask(uow, number, email, language, shop.clock())
    return request.id


def answer(shop: Shop, request_id: str) -> bool:
    with shop.write() as uow:
        return access.answer(uow, request_id, SECRET, "Fernhill", shop.clock())


def mails(shop: Shop) -> list[Mail]:
    found = []
    with shop.write() as uow:
        while mail := uow.mails.take(shop.clock(), shop.clock() + timedelta(hours=9)):
            found.append(mail)
    return found


def enter(shop: Shop, request_id: str, code: str) -> str | None:
    with shop.write() as uow:
        return access.enter(uow, request_id, code, SECRET, shop.clock())


def code_sent(shop: Shop, number: str, email: str = OWNER) -> tuple[str, str]:
    request_id = ask(shop, number, email)
    assert answer(shop, request_id)
    (mail,) = mails(shop)
    found = CODE.search(mail.body)
    assert found
    return request_id, found[1]


class TestWhoMay:
    @pytest.mark.parametrize("email", [OWNER, OWNER.upper(), CONTACT])
    def test_given_the_orders_or_the_cases_address_then_the_code_goes_there_and_opens(
        self, shop: Shop, chat: Chat, email: str
    ) -> None:
        request_id, code = code_sent(shop, chat.case.number, email)

        assert enter(shop, request_id, code) == chat.case.number

    @pytest.mark.parametrize(
        ("number", "email"),
        [("right", "me@example.com"), ("right", "someone@else.org"), ("AM-AAAAAA", OWNER)],
    )
    def test_given_a_wrong_pair_then_no_mail_goes_out_and_no_code_opens(
        self, shop: Shop, chat: Chat, number: str, email: str
    ) -> None:
        request_id = ask(shop, chat.case.number if number == "right" else number, email)

        assert not answer(shop, request_id)
        assert mails(shop) == []
        assert enter(shop, request_id, code_of(SECRET, request_id)) is None

    def test_given_chinese_then_the_mail_is_chinese(self, shop: Shop, chat: Chat) -> None:
        answer(shop, ask(shop, chat.case.number, OWNER, "zh"))

        (mail,) = mails(shop)
        assert "验证码" in mail.subject
        assert not re.search(r"\d{6}", mail.subject)


class TestCode:
    def test_given_a_code_when_used_then_it_opens_once(self, shop: Shop, chat: Chat) -> None:
        request_id, code = code_sent(shop, chat.case.number)

        assert enter(shop, request_id, code) == chat.case.number
        assert enter(shop, request_id, code) is None

    def test_given_fifteen_minutes_then_the_code_is_over(self, shop: Shop, chat: Chat) -> None:
        request_id, code = code_sent(shop, chat.case.number)
        shop.clock.forward(minutes=15)

        assert enter(shop, request_id, code) is None

    def test_given_five_wrong_tries_then_the_right_code_opens_nothing(
        self, shop: Shop, chat: Chat
    ) -> None:
        request_id, code = code_sent(shop, chat.case.number)
        wrong = "000000" if code != "000000" else "111111"
        for _ in range(MOST_TRIES):
            assert enter(shop, request_id, wrong) is None

        assert enter(shop, request_id, code) is None

    def test_given_four_wrong_tries_then_the_right_code_still_opens(
        self, shop: Shop, chat: Chat
    ) -> None:
        request_id, code = code_sent(shop, chat.case.number)
        for _ in range(MOST_TRIES - 1):
            enter(shop, request_id, "")

        assert enter(shop, request_id, code) == chat.case.number

    def test_given_the_code_of_another_request_then_it_opens_nothing(
        self, shop: Shop, chat: Chat
    ) -> None:
        first, code = code_sent(shop, chat.case.number)
        second, other = code_sent(shop, chat.case.number)

        assert code != other
        assert enter(shop, second, code) is None
        assert enter(shop, first, other) is None

    def test_given_a_code_then_the_database_holds_a_hash_that_needs_the_secret(
        self, shop: Shop, chat: Chat
    ) -> None:
        request_id, code = code_sent(shop, chat.case.number)

        with shop.db.read() as uow:
            request = uow.access_requests.get(request_id)
        assert request is not None
        assert request.code_hash == hash_code(SECRET, request_id, code)
        assert request.code_hash != hash_code("another secret", request_id, code)

    def test_given_too_many_codes_for_one_case_then_no_more_within_the_hour(
        self, shop: Shop, chat: Chat
    ) -> None:
        for _ in range(MOST_PER_CASE):
            code_sent(shop, chat.case.number)

        assert not answer(shop, ask(shop, chat.case.number, OWNER))
        shop.clock.forward(hours=1, minutes=1)
        assert answer(shop, ask(shop, chat.case.number, OWNER))

    def test_given_a_request_when_answered_twice_then_one_mail_goes_out(
        self, shop: Shop, chat: Chat
    ) -> None:
        request_id = ask(shop, chat.case.number, OWNER)

        assert answer(shop, request_id)
        assert not answer(shop, request_id)
        assert len(mails(shop)) == 1

    def test_given_a_request_that_waited_too_long_then_no_mail_goes_out(
        self, shop: Shop, chat: Chat
    ) -> None:
        request_id = ask(shop, chat.case.number, OWNER)
        shop.clock.forward(minutes=15)

        assert not answer(shop, request_id)
        assert mails(shop) == []
